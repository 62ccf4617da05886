// Goal: a reaction is one emoji and nothing else.
// Method: emoji that phones send, and what else could be in that field.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isReaction } from "../../../src/conversations/kept/entry-remarks.ts";

test("P19: emoji are reactions; words, several, controls, and piles of marks are not", () => {
  for (const emoji of ["👍", "❤️", "❤", "🇧🇷", "👩‍👩‍👧", "👍🏽", "🏳️‍🌈", "1️⃣"]) assert.ok(isReaction(emoji), emoji);
  const others = [
    "",
    "ok",
    "👍👍",
    " 👍",
    "👍\u202e",
    "\u001b[2J",
    "á",
    "👍\u0301",
    "\u200d",
    `👍${"\u200d👍".repeat(20)}`,
  ];
  for (const text of others) assert.ok(!isReaction(text), JSON.stringify(text));
});
