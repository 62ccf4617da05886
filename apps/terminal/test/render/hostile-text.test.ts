// Goal: whatever stands in a run, a link or a notice acts on nothing: no other cell, not the title, not the clipboard, and the terminal answers not one byte.
// Method: hostile texts, raw and made safe, in a part between others on a virtual terminal that counts cells by older tables than we do; bytes held against our own.
import assert from "node:assert/strict";
import test from "node:test";
import { safeText } from "@papo/protocol";
import { type ClusterKind, SAMPLES } from "../../src/render/cluster-widths.ts";
import type { Row, Run } from "../../src/render/frame.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";
import { frameOf, textRow, VirtualScreen } from "./virtual-screen.ts";

/** All that the renderer may write besides text. */
const OURS =
  /\u001b\[(?:\d*m|0;[\d;]+m|\d+;\d+H|\d+G|K|\?25[hl]|\?2026[hl])|\u001b\]8;;\u001b\\|\u001b\]8;id=[a-z\d]+;(?:https?:\/\/|papo:|mailto:)[!-~]+?\u001b\\/gu;
const ACTING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;

const COLUMNS = 60;
const PART = { column: 12, columns: 30 };

function between(runs: readonly Run[]): Row {
  return [
    { column: 0, columns: 11, runs: [{ text: "18:47  nori" }] },
    { column: 11, columns: 1, runs: [{ text: "│" }] },
    { ...PART, runs },
    { column: 43, columns: 1, runs: [{ text: "│" }] },
    { column: 44, columns: 16, runs: [{ text: "gabi, nori, bia." }] },
  ];
}

async function changesNothingElse(runs: readonly Run[]): Promise<void> {
  const screen = new VirtualScreen(COLUMNS, 5);
  const rows = ["topo", "", "", "fim", "estado"].map((text) => textRow(text, COLUMNS));
  screen.renderer.draw(frameOf(rows.with(2, between([])), { row: 4, column: 3 }));
  const before = await screen.grid();
  screen.taken();

  screen.renderer.draw(frameOf(rows.with(2, between(runs)), { row: 4, column: 3 }));
  const after = await screen.grid();
  const outside = (grid: readonly (readonly string[])[]) =>
    grid.map((row, at) => (at === 2 ? row.toSpliced(PART.column, PART.columns) : row));
  assert.deepEqual(outside(after), outside(before));
  assert.equal(screen.replies, "");
  assert.deepEqual(screen.titles, []);
  assert.equal(screen.terminal.buffer.active.cursorY, 4);
  assert.doesNotMatch(screen.taken().replace(OURS, ""), ACTING);
}

for (const [row, texts] of Object.entries(HOSTILE_TEXTS)) {
  test(`${row}: in a run, raw or safe, plain or coloured: no cell outside its part changes, and the terminal answers nothing`, async () => {
    for (const text of texts.flatMap((raw) => [raw, safeText(raw)])) {
      await changesNothingElse([{ text }]);
      await changesNothingElse([
        { text: "oi " },
        { text: text.repeat(30), look: { name: 4, bold: true } },
        { text: "!" },
      ]);
      await changesNothingElse([{ text, link: text, look: { code: true } }]);
    }
  });
}

test("R2: an address that is none, or would end early, becomes no link; one on two rows is one link", async () => {
  const addresses = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://a.test/\u001b]0;title\u0007",
    "https://a.test/\u001b\\x",
    "https://a.test/ b",
    "https://a.test/\u0007",
    "https://á.test/",
    `https://a.test/${"a".repeat(3_000)}`,
    "HTTPS",
    "",
  ];
  for (const link of addresses) {
    const screen = new VirtualScreen(COLUMNS, 2);
    screen.renderer.draw(frameOf([[{ column: 0, columns: COLUMNS, runs: [{ text: "aqui", link }] }]]));
    assert.doesNotMatch(screen.taken(), /\u001b\]/u);
    assert.deepEqual(await screen.texts(), ["aqui", ""]);
  }

  const screen = new VirtualScreen(20, 3);
  const runs: readonly Run[] = [
    { text: "https://papo.example/sala/de/estar", link: "https://papo.example/sala/de/estar" },
  ];
  screen.renderer.draw(frameOf(screen.cells.wrapRuns(runs, 20).map((row) => [{ column: 0, columns: 20, runs: row }])));
  const starts = [
    ...screen.taken().matchAll(/\u001b\]8;id=([a-z\d]+);https:\/\/papo\.example\/sala\/de\/estar\u001b\\/gu),
  ];
  assert.equal(starts.length, 2);
  assert.equal(starts[0]?.[1], starts[1]?.[1]);
  assert.deepEqual(await screen.texts(), ["https://papo.example", "/sala/de/estar", ""]);
});

test("R9: whatever the terminal takes wide, joined and combining characters for, the next part begins in its column", async () => {
  for (const [kind, sample] of Object.entries(SAMPLES)) {
    for (const text of [sample, `${sample}x`, sample.repeat(5), sample.repeat(40), `${"x".repeat(29)}${sample}`]) {
      await changesNothingElse([{ text }]);
      // Neither does it matter how wide we think that they are.
      const screen = new VirtualScreen(COLUMNS, 1);
      screen.cells.learn(new Map([[kind as ClusterKind, 1]]));
      screen.renderer.draw(frameOf([between([{ text }])]));
      const [row = []] = await screen.grid();
      assert.equal(row.slice(0, 12).join(""), "18:47  nori│", kind);
      assert.equal(row.slice(42).join(""), " │gabi, nori, bia.", kind);
    }
  }
});
