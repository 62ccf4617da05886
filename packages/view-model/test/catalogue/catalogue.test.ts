// Goal: every text exists in both languages, says what it was handed, and is fit to be written to a terminal.
// Method: walk both catalogues; call every function with marks that must come out again.
import assert from "node:assert/strict";
import test from "node:test";
import { FAULT_CODES, safeText } from "@papo/protocol";
import { catalogueOf, commandNamed, LANGUAGES } from "@papo/view-model";

type Found = { readonly path: string; readonly texts: readonly string[]; readonly marks: readonly string[] };

/** Every text of a catalogue; those of functions once with words and once with numbers. */
function textsOf(value: unknown, path = ""): readonly Found[] {
  if (typeof value === "string") return [{ path, texts: [value], marks: [] }];
  // What a doctor found is told by facts of many kinds: test/doctor/doctor-lines.test.ts
  if (path === ".papo.doctor.findings") return [];
  if (typeof value === "function") return [called(value as (...words: unknown[]) => unknown, path)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

/** For those that take more than words and numbers. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  ".kept.keyLine": [{ name: "Wone", key: "Wtwo", trust: "Wthree", since: "Wfour", former: 77 }],
  ".kept.whyStored": [7, 8, 9, true],
  ".kept.inviteMade": [7, 8],
  ".reach.tried": [{ ago: "Wone", way: "Wtwo", times: 77, answer: "Wthree", took: "Wfour" }],
  ".reach.trying": [{ ago: "Wone", way: "Wtwo", times: 77 }],
};
const MARKS: Readonly<Record<string, readonly string[]>> = {
  ".kept.keyLine": ["Wone", "Wtwo", "Wthree", "Wfour", "77"],
  ".kept.whyStored": ["7", "8", "9"],
  ".kept.inviteMade": ["7", "8"],
  ".reach.tried": ["Wone", "Wtwo", "77", "Wthree", "Wfour"],
  ".reach.trying": ["Wone", "Wtwo", "77"],
  // Whether this is the device in use is said in words.
  ".kept.deviceLine": ["Wone", "Wtwo", "Wthree"],
};

function called(make: (...words: unknown[]) => unknown, path: string): Found {
  const words = ["Wone", "Wtwo", "Wthree", "Wfour"].slice(0, make.length);
  return { path, texts: [String(make(...(ARGUMENTS[path] ?? words)))], marks: MARKS[path] ?? words };
}

for (const language of LANGUAGES) {
  const texts = catalogueOf(language);
  const found = textsOf(texts);

  test(`${language}: no text is empty, and none needs to be made safe`, () => {
    for (const { path, texts: all } of found) {
      for (const text of all) {
        assert.notEqual(text.trim(), "", path);
        assert.equal(safeText(text, { multiline: true }), text, path);
      }
    }
  });

  test(`${language}: what a screen's text is handed comes out again`, () => {
    const own = found.filter(({ path }) => /^\.(feed|classic|kept|reach)\./u.test(path));
    assert.ok(own.length > 100);
    for (const { path, texts: all, marks } of own) {
      for (const mark of marks.filter((_, index) => !(path.endsWith("peerLine") && index === 1))) {
        assert.ok(
          all.some((text) => text.includes(mark)),
          `${path} does not show ${mark}`,
        );
      }
    }
  });

  test(`${language}: every fault says what happened and what helps, in sentences`, () => {
    for (const code of FAULT_CODES) {
      const { happened, advice } = texts.faults[code];
      assert.match(happened, /^\p{Lu}.*[.!]$/u, code);
      assert.match(advice, /^\p{Lu}.*[.!]$/u, code);
    }
  });

  test(`${language}: the commands that texts speak of exist`, () => {
    for (const { path, texts: all } of found.filter((entry) => !entry.path.startsWith(".papo."))) {
      for (const text of all) {
        for (const [, name = ""] of text.matchAll(/(?<![\w/<])(\/[a-z_]{3,})/gu)) {
          assert.ok(name === "/text" || name === "/texto" || commandNamed(name) !== undefined, `${path}: ${name}`);
        }
      }
    }
  });
}
