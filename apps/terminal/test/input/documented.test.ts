// Goal: docs/keys.md has every action once, with its usual keys and what help says of it, and nothing else.
// Method: compare its rows, and the keys that it speaks of, with the tables.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { catalogueOf } from "@papo/view-model";
import { ACTIONS } from "../../src/input/actions.ts";
import { parseChord } from "../../src/input/chords.ts";
import { bindingProblem, DEFAULT_KEYMAP } from "../../src/input/keymap.ts";

const PAGE = await readFile(new URL("../../../../docs/keys.md", import.meta.url), "utf8");

test("every action stands there once, in the order of the code, with its usual keys", () => {
  const { keys } = catalogueOf("en");
  const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));
  const expected = ACTIONS.map((action) => {
    const chords = [...DEFAULT_KEYMAP].flatMap(([chord, does]) => (does === action ? [`\`${chord}\``] : []));
    return `| \`${action}\` | ${chords.join(" ")} | ${keys[action]} |`;
  });
  assert.deepEqual(rows, expected);
});

test("its example binds what can be bound, and its keys are keys", () => {
  const [, example = ""] = /```toml\n([^`]+)```/u.exec(PAGE) ?? [];
  const bound = Array.from(
    example.matchAll(/^"([^"]+)" = (?:"([^"]*)"|false)/gmu),
    ([, chord = "", does = ""]) => [chord, does] as const,
  );
  assert.equal(bound.length, 3);
  for (const [chord, does] of bound) assert.equal(bindingProblem(chord, does), undefined, chord);
  for (const [, chord = ""] of PAGE.matchAll(/\*\*((?:Ctrl|Alt)-[^*]+)\*\*/gu))
    assert.notEqual(parseChord(chord.replace("←", "left").replace("→", "right")), undefined, chord);
});
