// Goal: what a terminal sends becomes the same keys whatever the cuts between reads; a paste is only ever text.
// Method: examples of every sequence we know, and properties over arbitrary input cut anywhere.
import assert from "node:assert/strict";
import test from "node:test";
import { INPUT_LINE_CHARS_MAX } from "@papo/protocol";
import fc from "fast-check";
import type { Action } from "../../src/input/actions.ts";
import { decodeKeys, type Key, NO_KEYS } from "../../src/line-editor/keys.ts";

function keysOf(...chunks: readonly string[]): readonly Key[] {
  let state = NO_KEYS;
  return chunks.flatMap((chunk) => {
    const step = decodeKeys(state, chunk);
    state = step.state;
    return step.keys;
  });
}

/** Neighbouring runs of text are one run: reads cut them anywhere. */
function joined(keys: readonly Key[]): readonly Key[] {
  const runs: Key[] = [];
  for (const key of keys) {
    const last = runs.at(-1);
    if (key.kind === "text" && last?.kind === "text") runs[runs.length - 1] = { ...last, text: last.text + key.text };
    else runs.push(key);
  }
  return runs;
}

const press = (action: Action): Key => ({ kind: "press", action });

test("cursor keys in each of their spellings, and Alt", () => {
  assert.deepEqual(keysOf("\u001b[A\u001bOB\u001b[1~\u001b[4~\u001b[H\u001bOF\u001b[3~"), [
    press("history-previous"),
    press("history-next"),
    ...[press("move-to-start"), press("move-to-end"), press("move-to-start"), press("move-to-end")],
    press("delete-forward"),
  ]);
  assert.deepEqual(keysOf("\u001bb\u001bf\u001bd\u001b\u007f\u001b[1;5C\u001b[1;5D"), [
    ...[press("move-word-left"), press("move-word-right"), press("kill-word-right"), press("kill-word-left")],
    ...[press("move-word-right"), press("move-word-left")],
  ]);
});

test("Enter is \\r, \\n or both together", () => {
  assert.deepEqual(keysOf("a\rb\nc\r\nd\r", "\n\n"), [
    { kind: "text", text: "a" },
    press("submit"),
    { kind: "text", text: "b" },
    press("submit"),
    { kind: "text", text: "c" },
    press("submit"),
    { kind: "text", text: "d" },
    press("submit"),
    press("submit"),
  ]);
});

test("unknown sequences and lone control characters are swallowed", () => {
  assert.deepEqual(keysOf("\u001b[15;2~\u001b[?1;2c\u001bOP\u0000\u001c\u001b[<0;1;1Mx"), [
    { kind: "text", text: "x" },
  ]);
  assert.deepEqual(keysOf(`\u001b[${"1;".repeat(100)}mx`), [{ kind: "text", text: "x" }]);
});

test("R13: a paste is one piece of text, whatever it holds, however it is cut", () => {
  const pasted = "linha um\r/deletar_sala\r\u0003\u0004\u001b[A\u001b[2J";
  const sent = `\u001b[200~${pasted}\u001b[201~\r`;
  const expected = [{ kind: "paste", text: pasted }, press("submit")];
  for (let cut = 0; cut <= sent.length; cut += 1)
    assert.deepEqual(keysOf(sent.slice(0, cut), sent.slice(cut)), expected);
});

test("a paste without end takes no more memory than a line may", () => {
  let state = decodeKeys(NO_KEYS, "\u001b[200~").state;
  for (let count = 0; count < 20; count += 1) state = decodeKeys(state, "x".repeat(10_000)).state;
  assert.ok((state.pasted?.length ?? 0) <= INPUT_LINE_CHARS_MAX);
  assert.ok(state.pending.length < 10);
});

test("any input gives the same keys cut anywhere, and text keys hold no control character", () => {
  const piece = fc.oneof(
    fc.constantFrom("\u001b", "[", "O", "A", "200~", "\u001b[200~", "\u001b[201~", "\r", "\n", "\u0003", ";5C"),
    fc.string({ unit: "grapheme", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 5 }), (pieces, cuts) => {
      const sent = pieces.join("");
      const at = [0, ...cuts.map((cut) => Math.min(cut, sent.length)).sort((one, other) => one - other), sent.length];
      const chunks = at.slice(1).map((end, index) => sent.slice(at[index], end));
      const keys = joined(keysOf(...chunks));
      assert.deepEqual(keys, joined(keysOf(sent)));
      for (const key of keys) if (key.kind === "text") assert.doesNotMatch(key.text, /\p{Cc}/u);
    }),
  );
});
