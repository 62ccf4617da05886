// Goal: keys typed while nobody reads are kept, bounded, and a paste that does not fit neither swallows the keys after it nor becomes keys itself.
// Method: what was kept, and what comes after it, through the decoder that reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUT_AHEAD_CHARS_MAX } from "@papo/protocol";
import { decodeStrokes, NO_STROKES } from "../../src/input/decode-strokes.ts";
import { KeptKeys } from "../../src/screen/kept-keys.ts";

const BEGINS = "\u001b[200~";
const ENDS = "\u001b[201~";
const HUGE = "x\n".repeat(INPUT_AHEAD_CHARS_MAX);

function strokesOf(chunks: readonly string[], after: string) {
  const kept = new KeptKeys();
  for (const chunk of chunks) kept.add(chunk);
  assert.ok(kept.text.length <= INPUT_AHEAD_CHARS_MAX + BEGINS.length);
  return decodeStrokes(NO_STROKES, kept.text + after).strokes;
}

test("what fits is kept as it came", () => {
  assert.deepEqual(strokesOf(["oi", `${BEGINS}dois\ntr`, `ês${ENDS}`], "!"), [
    { kind: "text", text: "oi" },
    { kind: "paste", text: "dois\ntrês" },
    { kind: "text", text: "!" },
  ]);
});

test("R13: after a paste that does not fit, keys are keys again, wherever its mark was cut", () => {
  for (let cut = 0; cut <= ENDS.length; cut += 1) {
    const chunks = ["oi", BEGINS, HUGE, ENDS.slice(0, cut), ENDS.slice(cut)];
    assert.deepEqual(strokesOf(chunks, "\u0003").at(-1), { kind: "chord", chord: "ctrl-c" });
  }
});

test("R13: a paste that begins after what fits is a paste still, and its line breaks send nothing", () => {
  const strokes = strokesOf([HUGE, `${BEGINS}um`], `dois\n${ENDS}`);
  assert.deepEqual(strokes, [{ kind: "paste", text: "dois\n" }]);
});
