// Goal: a room's name is any text that every screen can show as it is.
// Method: tables of names that are fine and of names that are not, with the reason; then any text at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ROOM_NAME_CHARS_MAX } from "../../src/limits.ts";
import { checkRoomName } from "../../src/names/room-name.ts";
import { safeText } from "../../src/text/safe-text.ts";

function refuses(problem: string, ...names: readonly string[]): void {
  for (const name of names) assert.equal(checkRoomName(name), problem, JSON.stringify(name));
}

test("names with spaces, quotes, emoji and any script are fine", () => {
  const names = [
    "TESTE",
    "Sala de teste",
    'D\'Artagnan "& amigos"',
    "café ☕",
    "família 👨‍👩‍👧‍👦",
    "❤️ 🇧🇷",
    "部屋",
    "غرفة",
    "__x__",
    "Root",
  ];
  for (const name of names) assert.equal(checkRoomName(name), undefined, name);
  assert.equal(checkRoomName("😀".repeat(ROOM_NAME_CHARS_MAX)), undefined);
});

test("empty, too long and ten megabytes are refused", () => {
  refuses("empty", "");
  refuses(
    "too_long",
    "x".repeat(ROOM_NAME_CHARS_MAX + 1),
    "😀".repeat(ROOM_NAME_CHARS_MAX + 1),
    "x".repeat(10_000_000),
  );
});

test("R9: controls, bidi and lone zero-width characters are refused", () => {
  refuses(
    "bad_character",
    "a\nb",
    "a\0",
    "\x1b]0;x\x07",
    "\u202ex",
    "a\u200bb",
    "\u200d",
    "a\u2028b",
    "\ufeffx",
    "\u3164",
    "\u2800",
    "👍‍👍",
  );
  refuses("bad_character", "\ud800", `Z${"\u0301".repeat(5)}`, "\u0301x");
});

test("what NFC would change, and spaces at an edge, are refused", () => {
  refuses("not_nfc", "cafe\u0301");
  refuses("bad_edge", " ", " a", "a ", "a\u3000", "\u00a0");
});

test("T8: members of every object are no rooms", () => {
  refuses("reserved", "__proto__", "constructor", "toString", "hasOwnProperty", "prototype");
});

test("I15: any text gives an answer, and an admitted name is shown as it is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (name) => {
      if (checkRoomName(name) === undefined) assert.equal(safeText(name), name);
    }),
  );
});
