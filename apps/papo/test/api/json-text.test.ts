// Goal: whatever a text holds, its JSON holds exactly that, on one line, with nothing that a terminal would obey or a reader not see.
// Method: fast-check over whole Unicode, lone surrogates included.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonText } from "../../src/api/json-text.ts";

test("R12: JSON of any text is exact, on one line, and of plain characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = jsonText({ text });
      assert.deepEqual(JSON.parse(json), { text });
      assert.match(json, /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/v);
    }),
  );
});

test("R12: what would move a cursor, turn the writing round or hide is escaped", () => {
  const json = jsonText("\u001b[2J\u009b1m\u202e\u2066\u200b\u2028\u{e0041}\t");
  assert.equal(json, String.raw`"\u001b[2J\u009b1m\u202e\u2066\u200b\u2028\udb40\udc41\t"`);
});
