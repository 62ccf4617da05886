// Goal: the line being typed is drawn in rows that fit any screen, the cursor on the cell of its character, nothing shown that is not safe.
// Method: rows as text, and properties over arbitrary texts and sizes.
import assert from "node:assert/strict";
import test from "node:test";
import { INPUT_ROWS_MAX } from "@papo/protocol";
import { catalogueOf, type Span } from "@papo/view-model";
import fc from "fast-check";
import { boundaryBefore } from "../../src/graphemes.ts";
import type { ComposerView } from "../../src/input/composer.ts";
import { type ComposerSurroundings, drawComposer } from "../../src/input/draw-composer.ts";
import { Cells } from "../../src/render/cells.ts";

const cells = new Cells();
const AREA = { row: 0, column: 0, rows: 24, columns: 40 };

function view(shown: string, more: Partial<ComposerView> = {}): ComposerView {
  const cursor = shown.includes("|") ? shown.indexOf("|") : shown.length;
  return { text: shown.replace("|", ""), cursor, mode: { kind: "line" }, candidates: null, isCut: false, ...more };
}

function drawn(shown: ComposerView, size: Partial<typeof AREA> = {}, more: Partial<ComposerSurroundings> = {}) {
  const around = { prompt: [{ text: "gabi › " }], reply: null, hint: null, texts: catalogueOf("en"), cells, ...more };
  const { rows, cursor } = drawComposer(shown, { ...AREA, ...size }, around);
  const texts = rows.map((row) => row.flatMap(({ runs }) => runs.map(({ text }) => text)).join(""));
  return { rows: texts, cursor: [cursor.row, cursor.column] };
}

test("rows further down stand under the first, with a mark where the text has a line break", () => {
  assert.deepEqual(drawn(view("ola|")), { rows: ["gabi › ola"], cursor: [0, 10] });
  assert.deepEqual(drawn(view("abcdefghijklmnop\n|xy"), { columns: 21 }), {
    rows: ["gabi › abcdefghijklmn", "       op", "     ┆ xy"],
    cursor: [2, 7],
  });
});

test("behind a full row the cursor stands on the next one; a wide character that does not fit goes there whole", () => {
  assert.deepEqual(drawn(view("abcde|"), { columns: 5 }, { prompt: [] }), { rows: ["abcde", ""], cursor: [1, 0] });
  assert.deepEqual(drawn(view("abcd日|"), { columns: 5 }, { prompt: [] }), { rows: ["abcd", "日"], cursor: [1, 2] });
  assert.deepEqual(drawn(view("abcd|日"), { columns: 5 }, { prompt: [] }), { rows: ["abcd", "日"], cursor: [1, 0] });
  assert.deepEqual(drawn(view("abcde\u0301|x"), { columns: 5 }, { prompt: [] }).rows, ["abcde\u0301", "x"]);
  assert.deepEqual(drawn(view("日本|"), { columns: 1 }, { prompt: [] }).rows, ["?", "?", ""]);
});

test("what cannot be seen is shown as what it is", () => {
  assert.deepEqual(drawn(view("a\u202eb\u0007\u0301c")).rows, ["gabi › a⟨RLO⟩b␇◌\u0301c"]);
});

test("of many rows those around the cursor are shown, with a mark that there are more", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `linha ${index}`);
  const atEnd = drawn(view(lines.join("\n")));
  assert.equal(atEnd.rows.length, INPUT_ROWS_MAX);
  assert.deepEqual([atEnd.rows[0], atEnd.rows.at(-1)], ["     ↑ linha 12", "     ┆ linha 19"]);
  const atStart = drawn(view(`|${lines.join("\n")}`));
  assert.deepEqual([atStart.rows[0], atStart.rows.at(-1)], ["gabi › linha 0", "     ↓ linha 7"]);
  assert.deepEqual(drawn(view(lines.join("\n")), { rows: 1 }).rows, ["     ↑ linha 19"]);
});

test("of a very long text only what is around the cursor is laid out, and it stays as it was from key to key", () => {
  const text = "ação 日本 e\u0301 ".repeat(2_500);
  const shown = { ...view(""), text, cursor: text.length };
  const { rows, cursor } = drawn(shown);
  assert.equal(rows.length, INPUT_ROWS_MAX);
  assert.match(rows[0] ?? "", /^ {5}↑ /u);
  assert.deepEqual(drawn({ ...shown, text: `${text}x`, cursor: text.length + 1 }).rows.slice(0, -1), rows.slice(0, -1));
  assert.equal(cursor[0], INPUT_ROWS_MAX - 1);
  const middle = drawn({ ...shown, cursor: text.length / 2 });
  assert.match(middle.rows[0] ?? "", /^ {5}↑ /u);
  assert.match(drawn({ ...shown, cursor: 0 }).rows.at(-1) ?? "", /^ {5}↓ /u);
});

test("above it: what it answers, then how a command is used; the line goes before both where rows are few", () => {
  const reply: readonly Span[] = [{ text: "nori", colour: 1 }, { text: ": um texto que não cabe aqui" }];
  const hint: readonly Span[] = [
    { text: "/topic", tone: "key" },
    { text: " [TEXT]", tone: "muted" },
  ];
  const full = drawn(view("/topic"), { columns: 60 }, { reply, hint });
  assert.deepEqual(full.rows.slice(1), ["/topic [TEXT]", "gabi › /topic"]);
  assert.match(full.rows[0] ?? "", /^Answering nori: um texto.*…  Esc: do not answer it$/u);
  assert.equal(cells.width(full.rows[0] ?? ""), 60);
  assert.deepEqual(drawn(view("/topic"), { rows: 2 }, { reply, hint }).rows, ["/topic [TEXT]", "gabi › /topic"]);
  assert.deepEqual(drawn(view("/topic"), { rows: 1 }, { reply, hint }).rows, ["gabi › /topic"]);
});

test("R13: the question about a paste says what Enter does, and that a command is not run", () => {
  const paste = { kind: "paste", lines: 7, characters: 90, isCommand: false } as const;
  assert.deepEqual(drawn(view("a\nb", { mode: paste }), { columns: 100 }).rows, [
    "Paste 7 lines?  Enter sends it  Ctrl-E edits it first  Esc throws it away ",
    "gabi › a",
    "     ┆ b",
  ]);
  const command = { ...paste, lines: 1, isCommand: true };
  const [question] = drawn(view("/x", { mode: command }), { columns: 121 }).rows;
  assert.equal(
    question,
    "Paste 90 characters?  Enter puts it into the line  Esc throws it away  It begins like a command: it is not run from here.",
  );
  assert.match(drawn(view("x", { isCut: true }), { columns: 80 }).rows[0] ?? "", /32768/u);
});

test("the search in what was sent before stands in place of the prompt, its query safe", () => {
  const mode = { kind: "search", query: "o\u202el", isFailed: false } as const;
  const { rows } = drawn(view("|ola", { mode }), { columns: 100 });
  assert.match(rows[1] ?? "", /^\(search.*o⟨RLO⟩l.* ola$/u);
});

test("candidates: the page with the chosen one on it, what it is about behind them", () => {
  const all = ["nori: ", "nilo: ", "nara: ", "nina: ", "nuno: "].map((text) => ({ text, help: `ajuda de ${text}` }));
  const at = (index: number) => drawn(view("n", { candidates: { all, index } }), { columns: 40 }).rows[0];
  assert.equal(at(0), "nori:  nilo:  nara: … — ajuda de nori: ".trimEnd() + " ");
  assert.match(at(4) ?? "", /^nina: {2}nuno:/u);
});

test("any text at any size: rows fit and are no more than there is room for, the cursor is among them", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
          fc.constantFrom("\n", "日", "\u202e", "e\u0301"),
        ),
        maxLength: 120,
      }),
      fc.nat(240),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 12 }),
      (text, at, columns, rows) => {
        const cursor = boundaryBefore(text, Math.min(at, text.length));
        const shown = { ...view(""), text, cursor };
        const { rows: texts, cursor: place } = drawn(
          shown,
          { columns, rows },
          { reply: [{ text: "日本語" }], hint: [{ text: "x".repeat(30) }] },
        );
        assert.ok(texts.length >= 1 && texts.length <= rows);
        for (const row of texts) {
          assert.ok(cells.width(row) <= columns, JSON.stringify([row, columns]));
          assert.doesNotMatch(row, /[\p{Cc}\u202e]/u);
        }
        assert.ok((place[0] ?? -1) >= 0 && (place[0] ?? 99) < texts.length);
        assert.ok((place[1] ?? -1) >= 0 && (place[1] ?? 99) < columns);
      },
    ),
    { numRuns: 300 },
  );
});
