// Goal: the line being typed is what readline would make of the keys, character by character as a reader sees them.
// Method: examples per key, and properties over arbitrary sequences of keys.
import assert from "node:assert/strict";
import test from "node:test";
import { INPUT_LINE_CHARS_MAX, KILLS_KEPT_MAX, UNDO_STEPS_MAX } from "@papo/protocol";
import fc from "fast-check";
import { wholeBoundary } from "../../src/graphemes.ts";
import type { Action } from "../../src/input/actions.ts";
import { type EditorState, emptyEditor } from "../../src/line-editor/editor-state.ts";
import { editKey, type Key } from "../../src/line-editor/keys.ts";

const ACTIONS: readonly Action[] = [
  "delete-backward",
  "delete-forward",
  "move-left",
  "move-right",
  "history-previous",
  "history-next",
  "move-to-start",
  "move-to-end",
  "move-word-left",
  "move-word-right",
  "kill-to-end",
  "kill-to-start",
  "kill-blank-word",
  "kill-word-left",
  "kill-word-right",
  "yank",
  "transpose",
  "end-of-input",
  "insert-newline",
  "history-previous-global",
  "history-next-global",
  "yank-pop",
  "undo",
];
const press = (action: Action): Key => ({ kind: "press", action });
const text = (typed: string): Key => ({ kind: "text", text: typed });

function typed(...keys: readonly (string | Key)[]): EditorState {
  return keys.reduce<EditorState>(
    (state, key) => editKey(state, typeof key === "string" ? text(key) : key),
    emptyEditor({ tab: ["primeira", "segunda"], all: ["primeira", "segunda", "noutra"] }),
  );
}

/** The line with a bar where the cursor stands. */
function shown({ text: line, cursor }: EditorState): string {
  return `${line.slice(0, cursor)}|${line.slice(cursor)}`;
}

test("moving and deleting goes by what a reader takes for a character", () => {
  assert.equal(shown(typed("a👩‍👩‍👧é日", press("move-left"), press("move-left"), press("move-left"))), "a|👩‍👩‍👧é日");
  assert.equal(shown(typed("a👩‍👩‍👧", press("delete-backward"))), "a|");
  assert.equal(shown(typed("e\u0301x", press("move-to-start"), press("delete-forward"))), "|x");
  assert.equal(shown(typed("🇧🇷🇵🇹", press("move-left"))), "🇧🇷|🇵🇹");
});

test("Ctrl-W, Alt-D, Ctrl-U, Ctrl-K take out, Ctrl-Y puts back what was taken in a row", () => {
  assert.equal(shown(typed("ola, tudo bem", press("kill-blank-word"), press("kill-blank-word"))), "ola, |");
  assert.equal(
    shown(typed("ola, tudo bem", press("kill-blank-word"), press("kill-blank-word"), press("yank"))),
    "ola, tudo bem|",
  );
  assert.equal(shown(typed("a-b c", press("kill-word-left"))), "a-b |");
  assert.equal(
    shown(typed("a-b c", press("move-to-start"), press("move-word-right"), press("kill-word-right"))),
    "a| c",
  );
  assert.equal(
    shown(typed("ola mundo", press("move-word-left"), press("kill-to-end"), press("move-to-start"), press("yank"))),
    "mundo|ola ",
  );
  assert.equal(shown(typed("ola mundo", press("move-word-left"), press("kill-to-start"))), "|mundo");
  assert.equal(shown(typed("ab", press("transpose"))), "ba|");
});

test("↑ and ↓ walk through history and come back to the draft", () => {
  assert.equal(shown(typed("rascunho", press("history-previous"))), "segunda|");
  assert.equal(
    shown(typed("rascunho", press("history-previous"), press("history-previous"), press("history-previous"))),
    "primeira|",
  );
  assert.equal(
    shown(
      typed(
        "rascunho",
        press("history-previous"),
        press("history-previous"),
        press("history-next"),
        press("history-next"),
        press("history-next"),
      ),
    ),
    "rascunho|",
  );
});

test("R13: a paste keeps its line breaks as characters and loses its control characters", () => {
  const pasted = typed({ kind: "paste", text: "um\r\n/deletar_sala\r\u001b[2J\u0003\tdois\u2028tres" });
  assert.equal(pasted.text, "um\n/deletar_sala\n[2J dois\ntres");
});

test("whatever the keys, the cursor stands between characters, within the line, and the line within its limit", () => {
  const key = fc.oneof(
    fc.constantFrom(...ACTIONS).map(press),
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

test("up and down move between the lines of a text before they walk through history, and keep their column", () => {
  const two = [text("primeira"), press("insert-newline"), text("ab"), press("insert-newline"), text("terceira")];
  assert.equal(shown(typed(...two, press("history-previous"))), "primeira\nab|\nterceira");
  assert.equal(shown(typed(...two, press("history-previous"), press("history-previous"))), "primeira|\nab\nterceira");
  const up = Array.from({ length: 3 }, () => press("history-previous"));
  assert.equal(shown(typed(...two, ...up)), "segunda|");
  assert.equal(shown(typed(...two, ...up, press("history-next"))), "primeira\nab\nterceira|");
  const wide = [text("日本語é"), press("insert-newline"), text("abc"), press("history-previous")];
  assert.equal(shown(typed(...wide)), "日本語|é\nabc");
});

test("start, end and cutting go by lines; at the end of one, the line break is cut", () => {
  const two = [text("um dois"), press("insert-newline"), text("tres")];
  assert.equal(shown(typed(...two, press("move-to-start"))), "um dois\n|tres");
  assert.equal(shown(typed(...two, press("kill-to-start"))), "um dois\n|");
  assert.equal(shown(typed(...two, press("kill-to-start"), press("kill-to-start"))), "um dois|");
  assert.equal(shown(typed(...two, press("kill-to-start"), press("kill-to-start"), press("yank"))), "um dois\ntres|");
  const atFirst = [...two, press("history-previous"), press("move-to-start")];
  assert.equal(shown(typed(...atFirst, press("kill-to-end"))), "|\ntres");
  assert.equal(shown(typed(...atFirst, press("kill-to-end"), press("kill-to-end"))), "|tres");
});

test("the global history is another walk, from the same draft", () => {
  assert.equal(shown(typed("rascunho", press("history-previous-global"))), "noutra|");
  assert.equal(shown(typed("rascunho", press("history-previous"), press("history-previous-global"))), "noutra|");
  assert.equal(
    shown(typed("rascunho", press("history-previous"), press("history-previous-global"), press("history-next-global"))),
    "rascunho|",
  );
});

test("Alt-Y goes through what was cut before", () => {
  const cuts = [text("um"), press("kill-to-start"), text("dois"), press("kill-to-start"), press("yank")];
  assert.equal(shown(typed(...cuts)), "dois|");
  assert.equal(shown(typed(...cuts, press("yank-pop"))), "um|");
  assert.equal(shown(typed(...cuts, press("yank-pop"), press("yank-pop"))), "dois|");
  assert.equal(shown(typed(...cuts, text("x"), press("yank-pop"))), "doisx|");
});

test("undo takes typing back in groups, everything else step by step", () => {
  const letters = Array.from("uma frase bem comprida para dois grupos", (one) => text(one));
  assert.equal(typed(...letters, press("undo")).text, "uma frase bem compri");
  assert.equal(typed(...letters, press("undo"), press("undo")).text, "");
  const cut = [text("ola mundo"), press("kill-blank-word"), press("undo")];
  assert.equal(shown(typed(...cut)), "ola mundo|");
  assert.equal(shown(typed(text("novo"), press("history-previous"), press("undo"))), "novo|");
});

test("after any sequence, undo as often as there were changes brings back where it began", () => {
  const key = fc.oneof(
    fc.constantFrom(...ACTIONS.filter((action) => action !== "undo")).map(press),
    fc.constantFrom("a", "b c", "日", "e\u0301", "👩‍👩‍👧").map(text),
    fc.constantFrom("x\ny", "z").map((pasted): Key => ({ kind: "paste", text: pasted })),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
      let state = typed(...keys);
      for (let count = 0; state.undo.length > 0; count += 1) {
        assert.ok(count <= keys.length);
        state = editKey(state, press("undo"));
        assert.equal(wholeBoundary(state.text, state.cursor), state.cursor);
      }
      assert.deepEqual([state.text, state.cursor, state.walk], ["", 0, null]);
    }),
  );
});

test("what is kept of changes and cuts is bounded", () => {
  const many = Array.from({ length: 400 }, () => [text("ab"), press("move-left"), press("kill-to-start"), text("c")]);
  const state = typed(...many.flat());
  assert.equal(state.undo.length, UNDO_STEPS_MAX);
  assert.equal(state.kills.length, KILLS_KEPT_MAX);
});
