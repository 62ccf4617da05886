// Goal: texts are measured, cut and broken so that no row is ever wider than it may be, nothing is lost, and a huge text costs little.
// Method: known texts by hand; random ones of every kind of character against what must always hold; work counted, not timed.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Cells } from "../../src/render/cells.ts";
import { type ClusterKind, SAMPLES } from "../../src/render/cluster-widths.ts";
import type { Run } from "../../src/render/frame.ts";
import { graphemes } from "../../src/graphemes.ts";
import { type Measure, rowRanges } from "../../src/render/line-breaks.ts";
import { textOf } from "./virtual-screen.ts";

const cells = new Cells();

function wrapped(text: string, columns: number, of = cells): readonly string[] {
  return of.wrapRuns([{ text }], columns).map(textOf);
}

test("a text is broken at blanks, which stand in no row; those at its beginning stay", () => {
  assert.deepEqual(wrapped("o gato  subiu no telhado", 10), ["o gato", "subiu no", "telhado"]);
  assert.deepEqual(wrapped("  if (x)", 20), ["  if (x)"]);
  assert.deepEqual(wrapped("", 10), [""]);
  assert.deepEqual(wrapped("    ", 2), [""]);
  assert.deepEqual(wrapped("cem\u00a0mil reais", 10), ["cem\u00a0mil", "reais"]);
});

test("a word that is wider than a row is broken anywhere, from where it stands", () => {
  assert.deepEqual(wrapped("a bbbbbbbbbbbb", 6), ["a bbbb", "bbbbbb", "bb"]);
  assert.deepEqual(wrapped("xy", 1), ["x", "y"]);
});

test("a web address stays in one piece as long as a row holds it, and begins a row of its own where none does", () => {
  assert.deepEqual(wrapped("veja https://papo.example/a", 24), ["veja", "https://papo.example/a"]);
  assert.deepEqual(wrapped("veja https://papo.example/a/bcdefg aqui", 20), [
    "veja",
    "https://papo.example",
    "/a/bcdefg aqui",
  ]);
});

test("what is written without blanks is broken between its characters, not in front of what closes a sentence", () => {
  assert.deepEqual(wrapped("今日は。元気", 6), ["今日", "は。元", "気"]);
});

test("runs keep their look and their link in every piece", () => {
  const runs: readonly Run[] = [
    { text: "nori: ", look: { name: 2 } },
    { text: "https://papo.example/abcdef", link: "https://papo.example/abcdef" },
    { text: "!", look: { bold: true } },
  ];
  assert.deepEqual(cells.wrapRuns(runs, 16, { first: 2, further: 4 }), [
    [{ text: "  " }, { text: "nori:", look: { name: 2 } }],
    [{ text: "    " }, { text: "https://papo", link: "https://papo.example/abcdef" }],
    [{ text: "    " }, { text: ".example/abc", link: "https://papo.example/abcdef" }],
    [{ text: "    " }, { text: "def", link: "https://papo.example/abcdef" }, { text: "!", look: { bold: true } }],
  ]);
});

test("what is too wide is cut between characters, and says so", () => {
  assert.equal(cells.cut("papo", 4), "papo");
  assert.equal(cells.cut("conversa", 5), "conv…");
  assert.equal(cells.cut("漢字漢字", 6), "漢字…");
  assert.equal(cells.cut("👩‍👩‍👧👩‍👩‍👧", 3), "👩‍👩‍👧…");
  assert.equal(cells.cut("conversa", 0), "");
  assert.deepEqual(cells.cutRuns([{ text: "abc" }, { text: "def", look: { bold: true } }], 5), [
    { text: "abc" },
    { text: "d…", look: { bold: true } },
  ]);
});

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.values(SAMPLES)),
      fc.constantFrom(
        " ",
        "  ",
        "\u3000",
        " \u0301",
        "https://papo.example/a/b",
        "ação",
        "、",
        "🇧",
        "\u0301",
        "ｶﾞ",
        "-",
      ),
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(""));

test("no row is ever wider than it may be, and only blanks are left out", () => {
  const blank = /[ \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]/gu;
  fc.assert(
    fc.property(
      fc.array(anyText, { maxLength: 4 }),
      fc.integer({ min: 0, max: 40 }),
      fc.nat(8),
      fc.nat(8),
      (texts, columns, first, further) => {
        const runs = texts.map((text) => ({ text }));
        const rows = cells.wrapRuns(runs, columns, { first, further });
        assert.ok(rows.length > 0);
        for (const row of rows) assert.ok(cells.width(textOf(row)) <= Math.max(0, columns));
        if (columns < 10) return;
        assert.equal(rows.map(textOf).join("").replaceAll(blank, ""), texts.join("").replaceAll(blank, ""));
      },
    ),
    { numRuns: 200 },
  );
});

test("characters are told apart as Unicode has it, whatever is known to stand alone", () => {
  fc.assert(
    fc.property(anyText, fc.string({ unit: "binary", maxLength: 20 }), (text, other) => {
      assert.deepEqual(cells.graphemes(text + other), graphemes(text + other));
    }),
    { numRuns: 200 },
  );
});

test("what is cut always fits, and is the beginning of what was there", () => {
  fc.assert(
    fc.property(anyText, fc.nat(30), (text, columns) => {
      const cut = cells.cut(text, columns);
      assert.ok(cells.width(cut) <= columns);
      assert.ok(cut === text || cut === "" || (cut.endsWith("…") && text.startsWith(cut.slice(0, -1))));
      assert.equal(textOf(cells.cutRuns([{ text }], columns)), cut);
    }),
    { numRuns: 200 },
  );
});

test("R11: a line of 50,000 characters is measured once at most, and not once for each of its rows", () => {
  for (const text of [
    "x".repeat(50_000),
    "漢".repeat(50_000),
    "o gato subiu ".repeat(4_000),
    "👍🏽".repeat(20_000),
    " \u0301".repeat(25_000),
  ]) {
    let measured = 0;
    const counting: Measure = {
      isPlain: (part) => cells.isPlain(part),
      clustersOf: (part) => {
        measured += part.length;
        return cells.clustersOf(part);
      },
    };
    const rows = rowRanges(text, counting, { first: 60, further: 60 });
    assert.ok(rows.length > 400);
    assert.ok(measured <= text.length);
  }
});

test("a terminal that counts otherwise is believed, for everything of that kind", () => {
  const counts = (kind: ClusterKind, columns: number) => {
    const own = new Cells();
    assert.equal(own.learn(new Map([[kind, columns]])), true);
    assert.equal(own.generation, 1);
    assert.equal(own.width(SAMPLES[kind]), columns);
    return own;
  };
  assert.equal(counts("joined-emoji", 6).width("👨‍👩‍👧‍👦"), 8);
  assert.equal(counts("toned-emoji", 4).width("🙏🏿"), 4);
  assert.equal(counts("presented", 1).width("☀️"), 1);
  assert.equal(counts("keycap", 1).width("9️⃣"), 1);
  assert.equal(counts("flag", 4).width("🇵🇹"), 4);
  assert.equal(counts("ambiguous", 2).width("→α"), 4);
  assert.equal(counts("latin", 2).width("ação"), 4);
  assert.equal(counts("marked", 2).width("a\u0303"), 2);
  assert.equal(counts("spacing-mark", 1).width("கி"), 1);
  assert.equal(counts("wide", 1).width("漢字"), 2);
  assert.equal(counts("recent-emoji", 1).width("🪿😀"), 3);
});

test("a terminal that counts as the tables do changes nothing", () => {
  const own = new Cells();
  const same = new Map(Object.entries(SAMPLES).map(([kind, sample]) => [kind as ClusterKind, own.width(sample)]));
  assert.equal(own.learn(same), false);
  assert.equal(own.generation, 0);
});
