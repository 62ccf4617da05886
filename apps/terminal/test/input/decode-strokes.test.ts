// Goal: what terminals send becomes the same strokes whatever the cuts between reads; nothing unknown leaks as text, nothing grows.
// Method: every spelling of keys that we know of, and properties over arbitrary streams cut anywhere.
import assert from "node:assert/strict";
import test from "node:test";
import { INPUT_LINE_CHARS_MAX, KEY_SEQUENCE_CHARS_MAX } from "@papo/protocol";
import fc from "fast-check";
import {
  awaitsMore,
  type DecodeOptions,
  decodeStrokes,
  flushStrokes,
  NO_STROKES,
  type StrokesState,
} from "../../src/input/decode-strokes.ts";
import type { Stroke } from "../../src/input/stroke.ts";

function decoded(chunks: readonly string[], options: DecodeOptions = {}) {
  let state: StrokesState = NO_STROKES;
  const strokes: Stroke[] = [];
  for (const chunk of chunks) {
    const step = decodeStrokes(state, chunk, options);
    state = step.state;
    strokes.push(...step.strokes);
  }
  return { state, strokes };
}

const strokesOf = (sent: string, options?: DecodeOptions) => decoded([sent], options).strokes;

/** Chords by name, everything else by its kind and text: easy to read beside what was sent. */
function shown(strokes: readonly Stroke[]): string {
  return strokes.map((stroke) => (stroke.kind === "chord" ? stroke.chord : JSON.stringify(stroke))).join(" ");
}

/** Neighbouring runs of text are one run: reads cut them anywhere. */
function joined(strokes: readonly Stroke[]): readonly Stroke[] {
  const runs: Stroke[] = [];
  for (const stroke of strokes) {
    const last = runs.at(-1);
    if (stroke.kind === "text" && last?.kind === "text")
      runs[runs.length - 1] = { ...last, text: last.text + stroke.text };
    else runs.push(stroke);
  }
  return runs;
}

const text = (typed: string): Stroke => ({ kind: "text", text: typed });

for (const [name, sent, expected] of [
  [
    "control characters",
    "\u0000\u0001\b\t\n\r\u001c\u001d\u001e\u001f\u007f",
    "ctrl-space ctrl-a backspace tab ctrl-j enter ctrl-\\ ctrl-] ctrl-^ ctrl-_ backspace",
  ],
  [
    "Alt with characters",
    "\u001ba\u001bN\u001b1\u001b/\u001b?\u001bé\u001bÉ\u001b \u001b😀",
    "alt-a alt-shift-n alt-1 alt-/ alt-? alt-é alt-shift-é alt-space alt-😀",
  ],
  [
    "Alt with other keys",
    "\u001b\r\u001b\n\u001b\t\u001b\u007f\u001b\u0002\u001b\u0000",
    "alt-enter ctrl-alt-j alt-tab alt-backspace ctrl-alt-b ctrl-alt-space",
  ],
  ["cursor keys, both modes", "\u001b[A\u001bOB\u001b[C\u001bOD\u001b[H\u001bOF", "up down right left home end"],
  [
    "cursor keys with modifiers, xterm",
    "\u001b[1;2A\u001b[1;3B\u001b[1;4C\u001b[1;5D\u001b[1;6H\u001b[1;7F\u001b[1;8A",
    "shift-up alt-down alt-shift-right ctrl-left ctrl-shift-home ctrl-alt-end ctrl-alt-shift-up",
  ],
  ["cursor keys with Meta, and with locks on", "\u001b[1;9A\u001b[1;69B", "alt-up ctrl-down"],
  ["cursor keys with modifiers, older", "\u001b[5C\u001bO5D\u001bO1;2A", "ctrl-right ctrl-left shift-up"],
  [
    "cursor keys with modifiers, rxvt",
    "\u001b[a\u001bOb\u001b\u001b[C\u001b\u001bOD",
    "shift-up ctrl-down alt-right alt-left",
  ],
  [
    "the editing block",
    "\u001b[1~\u001b[2~\u001b[3~\u001b[4~\u001b[5~\u001b[6~\u001b[7~\u001b[8~",
    "home insert delete end page-up page-down home end",
  ],
  [
    "the editing block with modifiers",
    "\u001b[3;5~\u001b[5;3~\u001b[6;2~\u001b[7^\u001b[8$\u001b[5@\u001b\u001b[6~",
    "ctrl-delete alt-page-up shift-page-down ctrl-home shift-end ctrl-shift-page-up alt-page-down",
  ],
  [
    "F1 to F12, xterm",
    "\u001bOP\u001bOQ\u001bOR\u001bOS\u001b[15~\u001b[17~\u001b[18~\u001b[19~\u001b[20~\u001b[21~\u001b[23~\u001b[24~",
    "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12",
  ],
  [
    "F1 to F5, rxvt and the Linux console",
    "\u001b[11~\u001b[12~\u001b[13~\u001b[14~\u001b[[A\u001b[[B\u001b[[C\u001b[[D\u001b[[E",
    "f1 f2 f3 f4 f1 f2 f3 f4 f5",
  ],
  [
    "function keys with modifiers",
    "\u001b[1;2P\u001b[1;5R\u001bO2Q\u001b[15;3~\u001b[23;5~",
    "shift-f1 ctrl-f3 shift-f2 alt-f5 ctrl-f11",
  ],
  [
    "Shift-Tab and the keypad",
    "\u001b[Z\u001bOM\u001bOp\u001bOk",
    'shift-tab enter {"kind":"text","text":"0"} {"kind":"text","text":"+"}',
  ],
  [
    "CSI u",
    "\u001b[97;5u\u001b[110;4u\u001b[13;2u\u001b[9;5u\u001b[27u\u001b[127;5u\u001b[47;5u\u001b[32;5u",
    "ctrl-a alt-shift-n shift-enter ctrl-tab escape ctrl-backspace ctrl-/ ctrl-space",
  ],
  [
    "CSI u that types",
    "\u001b[97u\u001b[97;2u\u001b[49:33;2u\u001b[32u",
    '{"kind":"text","text":"a"} {"kind":"text","text":"A"} {"kind":"text","text":"!"} {"kind":"text","text":" "}',
  ],
  ["CSI u: a key let go is no key", "\u001b[97;5:1u\u001b[97;5:3u", "ctrl-a"],
  [
    "modifyOtherKeys",
    "\u001b[27;5;9~\u001b[27;2;13~\u001b[27;3;49~\u001b[27;5;109~",
    "ctrl-tab shift-enter alt-1 enter",
  ],
  [
    "keys that most terminals cannot tell apart are one",
    "\u001b[105;5u\u001b[109;5u\u001b[104;5u\u001b[91;5u",
    "tab enter backspace escape",
  ],
  ["focus", "\u001b[I\u001b[O", '{"kind":"focus","isFocused":true} {"kind":"focus","isFocused":false}'],
] as const) {
  test(`keys: ${name}`, () => assert.equal(shown(strokesOf(sent)), expected));
}

test("the mouse: buttons and wheel with their place, nothing for moves and releases, in the new and the old form", () => {
  const press = (button: string, row: number, column: number) => ({ kind: "mouse", button, row, column });
  assert.deepEqual(
    strokesOf(
      "\u001b[<0;10;5M\u001b[<0;10;5m\u001b[<35;1;1M\u001b[<2;1;1M\u001b[<64;300;200M\u001b[<65;1;1M\u001b[<4;2;2M",
    ),
    [
      press("left", 4, 9),
      press("right", 0, 0),
      press("wheel-up", 199, 299),
      press("wheel-down", 0, 0),
      press("left", 1, 1),
    ],
  );
  assert.deepEqual(strokesOf("\u001b[M !!\u001b[M#!!\u001b[M`*+x"), [
    press("left", 0, 0),
    press("wheel-up", 10, 9),
    text("x"),
  ]);
  for (const odd of ["\u001b[<M", "\u001b[<;;M", "\u001b[<999;1;1M"]) assert.deepEqual(strokesOf(odd), []);
  assert.deepEqual(strokesOf("\u001b[<0;0;99999999999M"), [press("left", 65_534 + 1, 0)]);
});

test("where the cursor is: only taken as that while it was asked, because F3 looks like it", () => {
  assert.deepEqual(strokesOf("\u001b[12;40R", { awaitsCursor: true }), [{ kind: "cursor-at", row: 11, column: 39 }]);
  assert.deepEqual(strokesOf("\u001b[1;2R", { awaitsCursor: true }), [{ kind: "cursor-at", row: 0, column: 1 }]);
  assert.equal(shown(strokesOf("\u001b[1;2R")), "shift-f3");
  assert.deepEqual(strokesOf("\u001b[12;40R\u001b[1;1R\u001b[1;40R\u001b[R"), []);
});

test("Esc alone, and what might begin something, are keys when nothing follows", () => {
  const alone = (sent: string) => shown(flushStrokes(decodeStrokes(NO_STROKES, sent).state).strokes);
  assert.equal(alone("\u001b"), "escape");
  assert.equal(alone("\u001b\u001b"), "escape escape");
  assert.equal(alone("\u001b["), "alt-[");
  assert.equal(alone("\u001bO"), "alt-shift-o");
  assert.equal(alone("\u001b]"), "alt-]");
  assert.equal(alone("\u001b\u001b["), "escape alt-[");
  const begun = decodeStrokes(NO_STROKES, "\u001b[1;").state;
  assert.equal(awaitsMore(begun), false);
  assert.equal(shown(decodeStrokes(flushStrokes(begun).state, "5A").strokes), "ctrl-up");
  assert.equal(shown(strokesOf("\u001b\u001b\u001ba")), "escape escape alt-a");
});

test("answers of the terminal that nobody waits for, and what is no key, are swallowed whole", () => {
  const answers = [
    "\u001b[?1;2c\u001b[>41;354;0c\u001b[?2026;2$y\u001b[0n\u001b[4;600;800t\u001b[48;24;80;600;800t\u001b[?62;c",
    "\u001b]11;rgb:1111/2222/3333\u0007\u001b]10;rgb:ffff/ffff/ffff\u001b\\\u001bP1$r0m\u001b\\\u001bP>|term 1.0\u001b\\",
    "\u001b[25~\u001b[34~\u001b[99~\u001b[1;2;3;4A\u001b[57441u\u001b[9999999u\u0085\u009b",
    `\u001b[${"1;".repeat(1_000)}m`,
  ];
  for (const answer of answers) assert.deepEqual(joined(strokesOf(`${answer}x`)), [text("x")], JSON.stringify(answer));
  assert.equal(shown(strokesOf(`\u001b]11;${"z".repeat(10_000)}\r`)), "enter");
});

test("R13: a paste is one piece of text, whatever it holds, however it is cut", () => {
  const pasted = "linha um\r/deletar_sala\r\u0003\u0004\u001b[A\u001b[2J\u001b]11;1\u0007\u001b[200~";
  const sent = `\u001b[200~${pasted}\u001b[201~\r`;
  for (let cut = 0; cut <= sent.length; cut += 1)
    assert.deepEqual(decoded([sent.slice(0, cut), sent.slice(cut)]).strokes, [
      { kind: "paste", text: pasted },
      { kind: "chord", chord: "enter" },
    ]);
});

test("R13: nothing that takes long makes Enter of a paste: a paste waits for its end", () => {
  const open = decodeStrokes(NO_STROKES, "\u001b[200~/deletar_sala\r\u001b").state;
  assert.equal(awaitsMore(open), false);
  assert.deepEqual(flushStrokes(open).strokes, []);
});

test("what is kept between reads is bounded, whatever never ends", () => {
  for (const [begin, filler] of [
    ["\u001b[200~", "x"],
    ["\u001b[200~", "\u001b[20"],
    ["\u001b[", "1"],
    ["\u001b[", "1;"],
    ["\u001b[", " "],
    ["\u001b[<", "0;"],
    ["\u001bO", "1"],
    ["\u001b]1", "x"],
    ["\u001bP1", "\u001b"],
    ["\u001b", "\u001b"],
    ["\u001b[M", "\ud800"],
  ] as const) {
    let { state } = decoded([begin]);
    for (let count = 0; count < 20; count += 1) state = decodeStrokes(state, filler.repeat(5_000)).state;
    assert.ok(state.pending.length <= KEY_SEQUENCE_CHARS_MAX, JSON.stringify([begin, filler]));
    assert.ok((state.pasted ?? "").length <= INPUT_LINE_CHARS_MAX);
  }
});

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      "\u001b",
      "[",
      "O",
      "A",
      "M",
      "R",
      "u",
      "~",
      "<",
      ";5",
      "1",
      "27",
      "$",
      "\\",
      "]",
      "P",
      "[[",
      "[M",
      " !!",
      "200~",
    ],
    ...["\u001b[200~", "\u001b[201~", "\r", "\n", "\u0003", "\u0007", "\u0085", "\u001b[1;2R", "\u001b]11;"],
  ),
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.nat(70).map((count) => "1".repeat(count)),
);

test("any stream gives the same strokes cut anywhere, and neither text nor chords hold control characters", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.nat(200), { maxLength: 6 }),
      fc.boolean(),
      (pieces, cuts, awaitsCursor) => {
        const sent = pieces.join("");
        const at = [0, ...cuts.map((cut) => Math.min(cut, sent.length)).sort((one, other) => one - other), sent.length];
        const chunks = at.slice(1).map((end, index) => sent.slice(at[index], end));
        const whole = decoded([sent], { awaitsCursor });
        const inParts = decoded(chunks, { awaitsCursor });
        assert.deepEqual(joined(inParts.strokes), joined(whole.strokes));
        assert.deepEqual(inParts.state, whole.state);
        for (const stroke of whole.strokes) {
          if (stroke.kind === "text") assert.doesNotMatch(stroke.text, /\p{Cc}/u);
          if (stroke.kind === "chord") assert.doesNotMatch(stroke.chord, /\p{Cc}/u);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("arbitrary characters, a read for each: never throws, and a flush at any moment leaves a state that goes on", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.nat(80), (sent, flushAt) => {
      let state: StrokesState = NO_STROKES;
      for (const [index, character] of Array.from(sent).entries()) {
        state = decodeStrokes(state, character).state;
        if (index === flushAt) state = flushStrokes(state).state;
      }
      const { strokes } = decodeStrokes(state, "\u001b[201~\u0018\u001b\\\u001b[201~x");
      assert.deepEqual(strokes.at(-1), text("x"));
    }),
  );
});
