// Goal: a configuration file is taken as it is meant, or refused with its name, its line and what to write instead.
// Method: files in a temporary folder.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { CommandError } from "../../src/commands/command.ts";
import { type Config, readConfig } from "../../src/settings/config-file.ts";

const texts = catalogueOf("en").papo;

function read(text: string | Uint8Array): Config {
  using home = new TemporaryHome();
  writeFileSync(home.at("config.toml"), text);
  return readConfig(home.path, texts);
}

function refusal(text: string | Uint8Array): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof CommandError) return error.message.replace(/^.*\/(?=config)/u, "");
    throw error;
  }
  return "taken";
}

test("takes what the full screen does beside showing text, and refuses a way of notices that there is not", () => {
  const text = `mouse = false\nbell = true\ndesktop-notices = "osc777"\n`;
  assert.deepEqual({ ...read(text) }, { mouse: false, bell: true, "desktop-notices": "osc777" });
  assert.match(refusal(`bell = true\ndesktop-notices = "osc8"\n`), /^config\.toml:2: .*off, osc9, osc777/u);
});

test("an absent file is an empty one", () => {
  using home = new TemporaryHome();
  assert.deepEqual(readConfig(home.at("nowhere"), texts), {});
});

test("takes every setting", () => {
  const text = `lang = "pt-BR"\ntracker = "papo://a:1"\nprofile = "/p"\nclassic = true\nallow-plaintext = false\nlocal-port = 6070\n`;
  assert.deepEqual(
    { ...read(text) },
    {
      lang: "pt-BR",
      tracker: "papo://a:1",
      profile: "/p",
      classic: true,
      "allow-plaintext": false,
      "local-port": 6070,
    },
  );
});

test("a tracker may have several addresses", () => {
  assert.deepEqual(read(`tracker = ["papo://a:1", "papo://b:2"]`).tracker, ["papo://a:1", "papo://b:2"]);
});

test("names the line of what it does not take", () => {
  assert.equal(refusal(`lang = "en"\ntracker = \n`), "config.toml:2: this is not TOML.");
  assert.equal(refusal(`\n\nclassic = "yes"\n`), "config.toml:3: classic must be true or false.");
  assert.equal(refusal(`trackr = "a"`), `config.toml:1: "trackr" is not a setting. Did you mean "tracker"?`);
  assert.equal(
    refusal(`lang = "en"\n[tracker]\nport = 1`),
    'config.toml:2: tracker must be a text in quotes, or a list of them: ["…", "…"].',
  );
  assert.equal(refusal(`tracker = ["papo://a:1", 2]`), refusal(`tracker = []`));
  assert.equal(refusal(`local-port = 6.5`), "config.toml:1: local-port must be a port from 1 to 65535.");
  assert.equal(refusal(`lang = "fr"`), "config.toml:1: lang must be one of en, pt-BR.");
  assert.equal(refusal(`"__proto__" = 1`), `config.toml:1: "__proto__" is not a setting.`);
  assert.equal(refusal("\u0000\u0001"), "config.toml:1: this is not TOML.");
});

test("S9: a file that cannot be read is told, not ignored", () => {
  using home = new TemporaryHome();
  mkdirSync(home.at("config.toml"));
  assert.throws(() => readConfig(home.path, texts), /config\.toml cannot be read: EISDIR\./u);
  assert.match(refusal(Buffer.alloc(70_000, "#")), /cannot be read/u);
});
