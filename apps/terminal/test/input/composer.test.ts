// Goal: keys, completion, search and pastes make the line that its user meant, and nothing is sent or run that they did not send.
// Method: what terminals send, through the decoder and the usual keys, into a composer whose ports are written down; a property over arbitrary input.
import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { INPUT_LINE_CHARS_MAX, PASTE_ASK_CHARS } from "@papo/protocol";
import type { Completion } from "@papo/view-model";
import fc from "fast-check";
import { wholeBoundary } from "../../src/graphemes.ts";
import { Composer } from "../../src/input/composer.ts";
import { decodeStrokes, flushStrokes, NO_STROKES } from "../../src/input/decode-strokes.ts";
import { DEFAULT_KEYMAP } from "../../src/input/keymap.ts";

class Desk {
  readonly sent: string[] = [];
  readonly left: string[] = [];
  readonly asked: [string, number][] = [];
  completion: Completion | undefined;
  all = ["ola gente", "/topico novo", "OLA de novo", "ola gente"];
  readonly composer = new Composer({
    history: () => ({ tab: this.sent, all: [...this.all, ...this.sent] }),
    complete: (line, at) => {
      this.asked.push([line, at]);
      return Promise.resolve(this.completion);
    },
    submit: (line) => void this.sent.push(line),
    changed: () => undefined,
  });

  /** As a terminal sends it; what is no key of the line is written down. */
  type(sent: string): this {
    const decoded = decodeStrokes(NO_STROKES, sent);
    for (const stroke of [...decoded.strokes, ...flushStrokes(decoded.state).strokes]) {
      const does = stroke.kind === "chord" ? DEFAULT_KEYMAP.get(stroke.chord) : undefined;
      if (!this.composer.take(stroke, does)) this.left.push(does ?? stroke.kind);
    }
    return this;
  }

  /** The line with a bar where the cursor stands. */
  get line(): string {
    const { text, cursor } = this.composer.view;
    return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  }
}

const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;
const names: Completion = {
  from: 0,
  to: 1,
  candidates: ["nori: ", "nilo: ", "nara: "].map((text) => ({ text, help: "" })),
};

test("what is typed is sent by Enter, and an empty line is not", () => {
  const desk = new Desk().type("ola\r\r  \r");
  assert.deepEqual(desk.sent, ["ola"]);
  assert.equal(desk.type("x\u001b\ry\r").sent.at(-1), "  x\ny");
  assert.equal(desk.type("\u001b[A").line, "  x\ny|");
});

test("Ctrl-C clears and undo brings back; on an empty line it is the screen's, as Ctrl-D and Esc are", () => {
  const desk = new Desk().type("ola\u0003");
  assert.equal(desk.line, "|");
  assert.equal(desk.type("\u001f").line, "ola|");
  desk.type("\u0003\u0003\u0004\u001b");
  assert.deepEqual(desk.left, ["interrupt", "end-of-input", "cancel"]);
});

test("keys of the screen are left to it, whatever stands in the line", () => {
  const desk = new Desk().type("ola\u001b1\u001b[5~\u000c\u0006\u001bOP\u001b[<64;1;1M\u001b[I\u001b[99~");
  assert.deepEqual(desk.left, ["tab-1", "page-up", "redraw", "search", "help", "mouse", "focus"]);
  assert.equal(desk.line, "ola|");
});

test("Tab goes through the candidates, Shift-Tab back, another key takes the one that stands there", async () => {
  const desk = new Desk().type("n");
  desk.completion = names;
  desk.type("\t");
  await nextTurn();
  assert.deepEqual(desk.asked, [["n", 1]]);
  assert.equal(desk.line, "nori: |");
  assert.equal(desk.type("\t\t").line, "nara: |");
  assert.equal(desk.type("\t").line, "nori: |");
  assert.equal(desk.type("\u001b[Z").line, "nara: |");
  assert.equal(desk.composer.view.candidates?.index, 2);
  assert.equal(desk.type("oi").line, "nara: oi|");
  assert.equal(desk.composer.view.candidates, null);
  assert.equal(desk.type("\u001f\u001f").line, "n|");
  assert.equal(desk.asked.length, 1);
});

test("Esc gives back what stood there before Tab; Shift-Tab begins at the end; the only candidate is taken at once", async () => {
  const desk = new Desk().type("n");
  desk.completion = names;
  desk.type("\u001b[Z");
  await nextTurn();
  assert.equal(desk.line, "nara: |");
  assert.equal(desk.type("\u001b").line, "n|");
  assert.deepEqual(desk.left, []);
  desk.completion = { from: 0, to: 1, candidates: [{ text: "nori: ", help: "" }] };
  desk.type("\t");
  await nextTurn();
  assert.equal(desk.line, "nori: |");
  assert.equal(desk.composer.view.candidates, null);
});

test("candidates that come after the line has changed are too late; Tab twice before they come is two", async () => {
  const late = new Desk().type("n");
  late.completion = names;
  late.type("\tx");
  await nextTurn();
  assert.equal(late.line, "nx|");
  const twice = new Desk().type("n");
  twice.completion = names;
  twice.type("\t\t");
  await nextTurn();
  assert.equal(twice.line, "nilo: |");
  assert.equal(twice.asked.length, 1);
  const elsewhere = new Desk().type("n");
  elsewhere.completion = names;
  elsewhere.type("\t");
  elsewhere.composer.open("n");
  await nextTurn();
  assert.equal(elsewhere.line, "n|");
});

test("Ctrl-R searches the lines sent before: further back, shorter, taken, sent, given up", () => {
  const desk = new Desk().type("rascunho\u0012");
  assert.equal(desk.composer.view.mode.kind, "search");
  assert.equal(desk.type("ola").line, "|ola gente");
  assert.equal(desk.type("\u0012").line, "|OLA de novo");
  assert.equal(desk.type("\u0012").line, "|ola gente");
  assert.equal(desk.type("\u0012").line, "|ola gente");
  assert.deepEqual(desk.composer.view.mode, { kind: "search", query: "ola", isFailed: true });
  assert.equal(desk.type("\u007f\u007f\u007ftop").line, "/|topico novo");
  assert.equal(desk.type("\u001b").line, "rascunho|");
  assert.equal(desk.type("\u0012gente\u0005!").line, "ola gente!|");
  assert.equal(desk.type("\u001f\u001f").line, "rascunho|");
  assert.deepEqual(desk.type("\u0012gente\r").sent, ["ola gente"]);
  assert.deepEqual(desk.type("\u0012gente\u0007").left, []);
});

test("Enter on a search that found nothing sends nothing", () => {
  const desk = new Desk().type("rascunho\u0012zzz\r");
  assert.deepEqual(desk.sent, []);
  assert.equal(desk.line, "rascunho|");
});

test("R13: a paste of several lines asks first, shows itself, and is one message when Enter sends it", () => {
  const desk = new Desk().type(`antes ${paste("um\r\nFIM\u001b[2J\r/deletar_sala\r\r")}`);
  assert.deepEqual(desk.sent, []);
  assert.deepEqual(desk.composer.view.mode, { kind: "paste", lines: 3, characters: 23, isCommand: false });
  assert.equal(desk.line, "antes um\nFIM[2J\n/deletar_sala|");
  assert.deepEqual(desk.type("x\u0017\u001b[A\t").sent, []);
  assert.deepEqual(desk.type("\r").sent, ["antes um\nFIM[2J\n/deletar_sala"]);
  assert.equal(desk.line, "|");
});

test("R13: the question about a paste: Ctrl-K sends, Ctrl-E edits, Esc and Ctrl-C throw it away", () => {
  assert.deepEqual(new Desk().type(`${paste("a\nb")}\u000b`).sent, ["a\nb"]);
  const edited = new Desk().type(`${paste("a\nb")}\u0005`);
  assert.deepEqual([edited.line, edited.sent], ["a\nb|", []]);
  assert.equal(edited.type("\u001f").line, "|");
  for (const away of ["\u001b", "\u0003"]) {
    const desk = new Desk().type(`x${paste("a\nb")}${away}`);
    assert.deepEqual([desk.line, desk.sent, desk.left], ["x|", [], []]);
  }
});

test("R13: what begins like a command is never run from the question, and one pasted line waits for Enter", () => {
  const several = new Desk().type(`${paste("/deletar_sala\rdepois")}\r`);
  assert.deepEqual([several.line, several.sent], ["/deletar_sala\ndepois|", []]);
  assert.deepEqual(several.type("\r").sent, ["/deletar_sala\ndepois"]);
  const one = new Desk().type(paste("/deletar_sala\r"));
  assert.deepEqual([one.line, one.sent, one.composer.view.mode.kind], ["/deletar_sala|", [], "line"]);
});

test("R13: a paste while another is asked about joins it; leaving for another tab keeps it as a draft, unsent", () => {
  const desk = new Desk().type(`${paste("a\nb")}${paste("c")}`);
  assert.equal(desk.line, "a\nb\nc|");
  assert.equal(desk.type("\u001b2").left.at(-1), "tab-2");
  assert.equal(desk.composer.text, "a\nb\nc");
  desk.composer.open("outra");
  assert.deepEqual([desk.line, desk.sent], ["outra|", []]);
});

test("a long line pasted is asked about too; what is too long for a line is cut, and said to be", () => {
  assert.equal(new Desk().type(paste("x".repeat(PASTE_ASK_CHARS))).composer.view.mode.kind, "line");
  assert.equal(new Desk().type(paste("x".repeat(PASTE_ASK_CHARS + 1))).composer.view.mode.kind, "paste");
  assert.equal(new Desk().type(paste("x".repeat(INPUT_LINE_CHARS_MAX + 1))).composer.view.isCut, true);
  const desk = new Desk().type(`abc${paste("x".repeat(INPUT_LINE_CHARS_MAX * 2))}`);
  assert.equal(desk.composer.view.isCut, true);
  for (let count = 0; count < 5; count += 1) desk.type(paste("y".repeat(INPUT_LINE_CHARS_MAX)));
  assert.equal(desk.type("\u0005").composer.text.length, INPUT_LINE_CHARS_MAX);
});

test("what was cut in one tab can be put back in another; undo does not lead there", () => {
  const desk = new Desk().type("segredo\u0015");
  desk.composer.open("");
  assert.equal(desk.type("\u001f\u0019").line, "segredo|");
});

test("R13: whatever comes, only Enter and Ctrl-K send, the cursor stands between characters, and the line is bounded", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "\t",
      "\u001b[Z",
      "\u0012",
      "\u007f",
      "\u001b",
      "\u0003",
      "\u001f",
      "\u0019",
      "\u001by",
      "\u001b[A",
      "\u0005",
      "\u001b\r",
    ),
    fc.constantFrom(paste("/sair\r"), paste("a\rb\r\u001b[2J"), paste("e\u0301👩‍👩‍👧\n"), paste("")),
    fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => text.replaceAll(/\p{Cc}/gu, "")),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const desk = new Desk();
      for (const one of pieces) {
        desk.type(one);
        const { text, cursor } = desk.composer.view;
        assert.equal(wholeBoundary(text, cursor), cursor);
        assert.ok(text.length <= INPUT_LINE_CHARS_MAX);
      }
      assert.deepEqual(desk.sent, []);
    }),
  );
});
