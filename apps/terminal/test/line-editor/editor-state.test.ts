// Goal: the line being typed is what readline would make of the keys, character by character as a reader sees them.
// Method: examples per key, and properties over arbitrary sequences of keys.
import assert from "node:assert/strict";
import test from "node:test";
import { INPUT_LINE_CHARS_MAX } from "@papo/protocol";
import fc from "fast-check";
import { wholeBoundary } from "../../src/graphemes.ts";
import { editKey, type EditorState, emptyEditor } from "../../src/line-editor/editor-state.ts";
import type { Key, KeyName } from "../../src/line-editor/keys.ts";

const NAMES: readonly KeyName[] = [
  "backspace",
  "delete",
  "left",
  "right",
  "up",
  "down",
  "home",
  "end",
  "word-left",
  "word-right",
  "kill-to-end",
  "kill-to-start",
  "kill-blank-word",
  "kill-word-left",
  "kill-word-right",
  "yank",
  "transpose",
  "end-or-delete",
  "line-break",
];
const press = (name: KeyName): Key => ({ kind: "press", name });
const text = (typed: string): Key => ({ kind: "text", text: typed });

function typed(...keys: readonly (string | Key)[]): EditorState {
  return keys.reduce<EditorState>(
    (state, key) => editKey(state, typeof key === "string" ? text(key) : key),
    emptyEditor(["primeira", "segunda"]),
  );
}

/** The line with a bar where the cursor stands. */
function shown({ text: line, cursor }: EditorState): string {
  return `${line.slice(0, cursor)}|${line.slice(cursor)}`;
}

test("moving and deleting goes by what a reader takes for a character", () => {
  assert.equal(shown(typed("a👩‍👩‍👧é日", press("left"), press("left"), press("left"))), "a|👩‍👩‍👧é日");
  assert.equal(shown(typed("a👩‍👩‍👧", press("backspace"))), "a|");
  assert.equal(shown(typed("e\u0301x", press("home"), press("delete"))), "|x");
  assert.equal(shown(typed("🇧🇷🇵🇹", press("left"))), "🇧🇷|🇵🇹");
});

test("Ctrl-W, Alt-D, Ctrl-U, Ctrl-K take out, Ctrl-Y puts back what was taken in a row", () => {
  assert.equal(shown(typed("ola, tudo bem", press("kill-blank-word"), press("kill-blank-word"))), "ola, |");
  assert.equal(
    shown(typed("ola, tudo bem", press("kill-blank-word"), press("kill-blank-word"), press("yank"))),
    "ola, tudo bem|",
  );
  assert.equal(shown(typed("a-b c", press("kill-word-left"))), "a-b |");
  assert.equal(shown(typed("a-b c", press("home"), press("word-right"), press("kill-word-right"))), "a| c");
  assert.equal(
    shown(typed("ola mundo", press("word-left"), press("kill-to-end"), press("home"), press("yank"))),
    "mundo|ola ",
  );
  assert.equal(shown(typed("ola mundo", press("word-left"), press("kill-to-start"))), "|mundo");
  assert.equal(shown(typed("ab", press("transpose"))), "ba|");
});

test("↑ and ↓ walk through history and come back to the draft", () => {
  assert.equal(shown(typed("rascunho", press("up"))), "segunda|");
  assert.equal(shown(typed("rascunho", press("up"), press("up"), press("up"))), "primeira|");
  assert.equal(
    shown(typed("rascunho", press("up"), press("up"), press("down"), press("down"), press("down"))),
    "rascunho|",
  );
});

test("R13: a paste keeps its line breaks as characters and loses its control characters", () => {
  const pasted = typed({ kind: "paste", text: "um\r\n/deletar_sala\r\u001b[2J\u0003\tdois\u2028tres" });
  assert.equal(pasted.text, "um\n/deletar_sala\n[2J dois\ntres");
});

test("whatever the keys, the cursor stands between characters, within the line, and the line within its limit", () => {
  const key = fc.oneof(
    fc.constantFrom(...NAMES).map(press),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).map(text),
    fc.constantFrom("\u0301", "\u200d", "👩", "🇧", "\u1100", "\u1161").map(text),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
      for (let length = 0; length <= keys.length; length += 1) {
        const state = typed(...keys.slice(0, length));
        assert.ok(state.cursor >= 0 && state.cursor <= state.text.length);
        assert.equal(wholeBoundary(state.text, state.cursor), state.cursor);
      }
    }),
    { numRuns: 60 },
  );
});

test("a line does not grow beyond its limit, and long ones stay fast to edit", () => {
  const long = typed({ kind: "paste", text: `${"palavra ".repeat(10_000)}` });
  assert.equal(long.text.length, INPUT_LINE_CHARS_MAX);
  assert.equal(editKey(editKey(long, press("kill-blank-word")), text("fim")).text.endsWith("fim"), true);
  assert.equal(editKey(long, text("x")).text.length, INPUT_LINE_CHARS_MAX);
});
