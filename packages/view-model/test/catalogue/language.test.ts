// Goal: the language of the screens is the one asked for, else the one that the locale says, else English.
// Method: examples of environments as POSIX systems set them.
import assert from "node:assert/strict";
import test from "node:test";
import { languageOf, parseLanguage } from "@papo/view-model";

test("the first of LC_ALL, LC_MESSAGES and LANG that is set decides", () => {
  assert.equal(languageOf({ LANG: "pt_BR.UTF-8" }), "pt-BR");
  assert.equal(languageOf({ LC_ALL: "en_US.UTF-8", LANG: "pt_BR.UTF-8" }), "en");
  assert.equal(languageOf({ LC_ALL: "", LC_MESSAGES: "pt_PT", LANG: "en_US" }), "pt-BR");
  assert.equal(languageOf({ LC_ALL: "C", LANG: "pt_BR.UTF-8" }), "en");
});

test("C, POSIX, nothing, and languages that we do not speak mean English", () => {
  for (const LANG of [undefined, "", "C", "C.UTF-8", "POSIX", "ja_JP.UTF-8", "ptolemaic", "../../pt"]) {
    assert.equal(languageOf({ LANG }), "en", String(LANG));
  }
});

test("what is asked for wins; what cannot be read does not", () => {
  assert.equal(languageOf({ LANG: "pt_BR" }, "en"), "en");
  assert.equal(languageOf({ LANG: "en_US" }, "pt-BR"), "pt-BR");
  assert.equal(languageOf({ LANG: "pt_BR" }, "klingon"), "pt-BR");
  assert.deepEqual(["PT", "pt_br", "EN-gb", "fr", ""].map(parseLanguage), [
    "pt-BR",
    "pt-BR",
    "en",
    undefined,
    undefined,
  ]);
});
