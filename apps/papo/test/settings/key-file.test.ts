// Goal: a file of keys is taken as it is meant, or refused with its name, its line and what to write instead.
// Method: files in temporary folders.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { KEY_BINDINGS_MAX } from "@papo/protocol";
import { TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { CommandError } from "../../src/commands/command.ts";
import { readKeys } from "../../src/settings/key-file.ts";

function read(ofUser: string, ofProfile?: string): object {
  using home = new TemporaryHome();
  mkdirSync(home.at("profile"));
  writeFileSync(home.at("keys.toml"), ofUser);
  if (ofProfile !== undefined) writeFileSync(home.at("profile", "keys.toml"), ofProfile);
  return Object.fromEntries(readKeys([home.path, home.at("profile")], catalogueOf("en").papo));
}

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof CommandError) return error.message.replace(/^.*\/(?=keys\.toml)/u, "");
    throw error;
  }
  return "taken";
}

test("no file changes nothing", () => {
  using home = new TemporaryHome();
  assert.equal(readKeys([home.path, home.at("nowhere")], catalogueOf("en").papo).size, 0);
});

test("actions, commands and nothing, whatever way a key is written", () => {
  assert.deepEqual(
    read(
      `Ctrl-K = "switcher"\n"alt-/" = "search"\nf5 = "/users"\n'alt-a' = false\nPgUp = ""\n"Alt-Shift-N" = "redraw"\n`,
    ),
    {
      ...{ "ctrl-k": "switcher", "alt-/": "search", f5: "/users", "alt-a": "", "page-up": "" },
      "alt-shift-n": "redraw",
    },
  );
});

test("the profile's keys win, however they are written", () => {
  assert.deepEqual(read(`ctrl-k = "switcher"\nf5 = "/users"`, `"Ctrl-K" = false`), { "ctrl-k": "", f5: "/users" });
});

test("names the line of what it does not take", () => {
  assert.equal(
    refusal(`f5 = "/users"\n"hyper-a" = "search"`),
    'keys.toml:2: "hyper-a" is not a key. Keys are written like ctrl-a, alt-shift-n, f5 and page-up.',
  );
  assert.equal(refusal(`\n"x" = "search"`).slice(0, 27), 'keys.toml:2: "x" is not a k');
  assert.equal(refusal(`f5 = "serch"`), 'keys.toml:1: "serch" is nothing that a key can do. Did you mean "search"?');
  assert.equal(
    refusal(`'f5' = "users"`),
    'keys.toml:1: "users" is nothing that a key can do. The actions stand in docs/keys.md; a command begins with "/".',
  );
  assert.equal(
    refusal(`# mine\n"F5" = 5`),
    'keys.toml:2: f5 must be an action or a command in quotes, or false: "search", "/users".',
  );
  assert.equal(refusal(`[ctrl-a]\nx = 1`), refusal(`ctrl-a = "/x\\u0007"`));
  assert.equal(refusal(`f5 =`), "keys.toml:1: this is not TOML.");
  assert.equal(refusal(`"a\\u001b[2J" = "search"`).includes("\u001b"), false);
});

test("a file of more keys than any keyboard has is refused", () => {
  const many = Array.from({ length: KEY_BINDINGS_MAX + 1 }, (_, index) => `"alt-${index}" = "search"`).join("\n");
  assert.equal(refusal(many), `keys.toml: more than ${KEY_BINDINGS_MAX} keys.`);
});
