// A full screen without anything behind it, for tests that run it behind a real terminal. It takes its orders from the keyboard, one letter each.
import { appendFileSync } from "node:fs";
import { WriteStream } from "node:tty";
import { readText } from "../../src/console/input-stream.ts";
import { Cells } from "../../src/render/cells.ts";
import { CLUSTER_KINDS, SAMPLES } from "../../src/render/cluster-widths.ts";
import type { Row } from "../../src/render/frame.ts";
import { Renderer } from "../../src/render/renderer.ts";
import { ScreenModes } from "../../src/render/screen-modes.ts";
import { Theme } from "../../src/render/theme.ts";
import { WidthProbe } from "../../src/render/width-probe.ts";
import { TerminalOutput } from "../../src/terminal-output.ts";

const TEXT_COLUMNS = 20;

const input = process.stdin;
const output = new TerminalOutput(new WriteStream(1));
const cells = new Cells();
const renderer = new Renderer(output, { cells, theme: new Theme("256"), links: true });
const probe = new WidthProbe(cells, drawAll);
const modes = new ScreenModes({ input, output, mouse: true, onResumed: drawAll });
let state = "ready";
let answers = 0;

/** One row for each kind of cluster: the sample, alone and crowded, between texts that have their column. */
function rowsOfSamples(): readonly Row[] {
  return CLUSTER_KINDS.map((kind): Row => {
    const sample = SAMPLES[kind];
    return [
      { column: 0, columns: 1, runs: [{ text: "[" }] },
      { column: 1, columns: TEXT_COLUMNS, runs: cells.cutRuns([{ text: sample }], TEXT_COLUMNS) },
      { column: 1 + TEXT_COLUMNS, columns: 3, runs: [{ text: "│" }, { text: "ok", look: { name: 1 } }] },
      { column: 24, columns: TEXT_COLUMNS, runs: [{ text: cells.cut(`${sample}x`.repeat(20), TEXT_COLUMNS) }] },
      { column: 44, columns: 3, runs: [{ text: "│ok" }] },
    ];
  });
}

function drawAll(): void {
  renderer.invalidate();
  const widths = CLUSTER_KINDS.map((kind) => cells.width(SAMPLES[kind])).join(",");
  const status: Row = [
    { column: 0, columns: 60, runs: [{ text: `${state} ${cells.generation} ${widths}` }], fill: { bar: "status" } },
  ];
  renderer.draw({ rows: [...rowsOfSamples(), status], cursor: { row: CLUSTER_KINDS.length, column: 0 } });
}

function obey(order: string): void {
  if (order === "q") {
    renderer.close();
    modes.leave();
    input.destroy();
  } else if (order === "t") throw new Error("thrown on purpose");
  else if (order === "r") void Promise.reject(new Error("rejected on purpose"));
  else if (order === "x") {
    process.exitCode = 3;
    input.destroy();
  } else if (order === "z") modes.suspend();
  else if (order === "h") handleSignals();
  else if (order === "m") modes.setMouse(false);
  else {
    state = order;
    drawAll();
  }
}

/** As the program does: the first signal is for it to end by itself, the next one meets nobody. */
function handleSignals(): void {
  const told = () => {
    process.off("SIGTERM", told);
    state = "told";
    drawAll();
  };
  process.on("SIGTERM", told);
}

/** Draws until the terminal takes no more, and tells in a file that it still does something else. */
function fill(): void {
  const diary = process.env["DIARY"] ?? "";
  for (let frame = 0; frame < 1_000 && !output.isFull; frame += 1) drawAll();
  appendFileSync(diary, output.isFull ? "full\n" : "idle\n");
}

output.write(`node=${process.pid}\r\n`);
modes.enter();
probe.ask(output, { after: () => ({ cancel: () => {} }) });
// Before anything says that it is ready: a signal that nobody takes would end it.
process.on("SIGUSR2", fill);
drawAll();
readText(input, {
  text: (text) => {
    for (const [, row, column] of text.matchAll(/\u001b\[(\d+);(\d+)R/gu)) {
      probe.take({ kind: "cursor-at", row: Number(row) - 1, column: Number(column) - 1 });
      answers += 1;
      if (answers > CLUSTER_KINDS.length) obey("answered");
    }
    for (const [order] of text.replaceAll(/\u001b\[[\d;<]*[A-Za-z]/gu, "").matchAll(/[a-z]/gu)) obey(order);
  },
  end: () => modes.leave(),
});
