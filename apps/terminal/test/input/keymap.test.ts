// Goal: every action has its usual keys and its words; what a user binds otherwise is understood as people write it, or refused.
// Method: the tables against each other, examples of chords, and a round trip.
import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf, LANGUAGES } from "@papo/view-model";
import { ACTIONS } from "../../src/input/actions.ts";
import { parseChord, shownChord } from "../../src/input/chords.ts";
import { decodeStrokes, NO_STROKES } from "../../src/input/decode-strokes.ts";
import { bindingProblem, DEFAULT_KEYMAP, helpKeys, keymapWith, shownKeys } from "../../src/input/keymap.ts";

test("every action has words in every language, and a usual key", () => {
  for (const language of LANGUAGES)
    assert.deepEqual(Object.keys(catalogueOf(language).keys).sort(), [...ACTIONS].sort());
  for (const action of ACTIONS) assert.notEqual(shownKeys(DEFAULT_KEYMAP, action), "", action);
});

test("no usual key does two things, and each is written as the decoder writes it", () => {
  const pairs = ACTIONS.flatMap((action) => [...DEFAULT_KEYMAP].filter(([, does]) => does === action));
  assert.equal(pairs.length, DEFAULT_KEYMAP.size);
  for (const chord of DEFAULT_KEYMAP.keys()) assert.equal(parseChord(chord), chord);
});

test("chords as people write them", () => {
  for (const [written, chord] of [
    ["Ctrl-A", "ctrl-a"],
    ["shift-alt-N", "alt-shift-n"],
    ["Alt-Ctrl-x", "ctrl-alt-x"],
    ["M-a", "alt-a"],
    ["C-a", "ctrl-a"],
    ["meta-control-q", "ctrl-alt-q"],
    ["PgUp", "page-up"],
    ["esc", "escape"],
    ["F5", "f5"],
    ["ctrl-m", "enter"],
    ["ctrl-i", "tab"],
    ["ctrl--", "ctrl--"],
    ["alt-/", "alt-/"],
    ["alt-shift-?", "alt-?"],
    ["alt-space", "alt-space"],
    ["alt-ç", "alt-ç"],
    ["m-m", "alt-m"],
  ] as const)
    assert.equal(parseChord(written), chord, written);
  for (const written of ["", "a", "A", "shift-a", "space", "ctrl-", "f13", "hyper-a", "ctrl-aa", "alt-\u0007", "alt"])
    assert.equal(parseChord(written), undefined, written);
});

test("keys are shown as they are printed on a keyboard", () => {
  const shown = [
    "ctrl-a",
    "alt-shift-n",
    "alt-page-up",
    "escape",
    "f1",
    "ctrl-_",
    "alt-/",
    "alt-left",
    "shift-tab",
  ].map(shownChord);
  assert.deepEqual(shown, ["Ctrl-A", "Alt-Shift-N", "Alt-PgUp", "Esc", "F1", "Ctrl-_", "Alt-/", "Alt-←", "Shift-Tab"]);
});

test("a user's keys come over the usual ones: other actions, own commands, nothing", () => {
  const keymap = keymapWith(
    new Map([
      ["Ctrl-K", "switcher"],
      ["F5", "/users"],
      ["alt-a", ""],
      ["ctrl-k ", "search"],
      ["x", "search"],
    ]),
  );
  assert.equal(keymap.get("ctrl-k"), "search");
  assert.equal(keymap.get("f5"), "/users");
  assert.equal(keymap.get("alt-a"), undefined);
  assert.equal(keymap.has("x"), false);
  assert.equal(keymap.get("ctrl-a"), "move-to-start");
  assert.deepEqual([...keymapWith(new Map())], [...DEFAULT_KEYMAP]);
});

test("what cannot be bound is told apart: no key, or nothing to do", () => {
  assert.equal(bindingProblem("alt-a", "tab-next-active"), undefined);
  assert.equal(bindingProblem("f5", "/users"), undefined);
  assert.equal(bindingProblem("f5", ""), undefined);
  assert.equal(bindingProblem("hyper-a", "search"), "chord");
  assert.equal(bindingProblem("f5", "serch"), "action");
});

test("help tells the keys as they are bound, the ten tabs in one line, own commands last and safe", () => {
  const texts = catalogueOf("en");
  const usual = helpKeys(DEFAULT_KEYMAP, texts);
  assert.equal(usual.length, ACTIONS.length - 9);
  assert.deepEqual(
    usual.find(({ keys }) => keys.startsWith("Alt-1")),
    { keys: "Alt-1 … Alt-0", says: "tab 1 … 10" },
  );
  const own = helpKeys(
    keymapWith(
      new Map([
        ["alt-1", ""],
        ["alt-a", ""],
        ["f5", "/say \u001b[2J"],
      ]),
    ),
    texts,
  );
  assert.deepEqual(own.at(-1), { keys: "F5", says: "/say ␛[2J" });
  assert.equal(
    own.some(({ says }) => says === texts.keys["tab-next-active"]),
    false,
  );
  assert.equal(
    own.some(({ keys }) => keys === "Alt-2"),
    true,
  );
});

test("the usual keys are what terminals send for them", () => {
  for (const [sent, action] of [
    ["\u001bOP", "help"],
    ["\u001b[1;3C", "tab-next"],
    ["\u001b\r", "insert-newline"],
    ["\u001f", "undo"],
    ["\u001b[5;3~", "scroll-up"],
    ["\u001b\u007f", "kill-word-left"],
    ["\u001b0", "tab-10"],
    ["\u0012", "history-search"],
    ["\u001b[1;5A", "history-previous-global"],
    ["\u001b[Z", "complete-back"],
  ] as const) {
    const [stroke] = decodeStrokes(NO_STROKES, sent).strokes;
    assert.equal(stroke?.kind === "chord" ? DEFAULT_KEYMAP.get(stroke.chord) : undefined, action, JSON.stringify(sent));
  }
});
