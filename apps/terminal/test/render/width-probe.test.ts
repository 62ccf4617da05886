// Goal: what this terminal counts is learned from it, unseen, and whatever it answers does no harm.
// Method: a virtual terminal that answers by its own older tables; answers that are late, wrong, few or of somebody else by hand.
import assert from "node:assert/strict";
import test from "node:test";
import type { Stroke } from "../../src/input/stroke.ts";
import { CLUSTER_KINDS, SAMPLES } from "../../src/render/cluster-widths.ts";
import { WidthProbe } from "../../src/render/width-probe.ts";
import { frameOf, textRow, VirtualScreen } from "./virtual-screen.ts";

class ManualClock {
  #late: (() => void) | undefined;
  after(_delayMs: number, callback: () => void): { cancel(): void } {
    this.#late = callback;
    return { cancel: () => (this.#late = undefined) };
  }
  passes(): void {
    this.#late?.();
  }
}

function asked(
  columns = 40,
  rows = 4,
): { screen: VirtualScreen; probe: WidthProbe; clock: ManualClock; learned: () => number } {
  const screen = new VirtualScreen(columns, rows);
  const clock = new ManualClock();
  let learned = 0;
  const probe = new WidthProbe(screen.cells, () => (learned += 1));
  probe.ask(screen.output, clock);
  return { screen, probe, clock, learned: () => learned };
}

const at = (column: number, row = 1): Stroke => ({ kind: "cursor-at", row, column });

async function answersOf(screen: VirtualScreen): Promise<readonly Stroke[]> {
  await screen.grid();
  return [...screen.replies.matchAll(/\u001b\[(\d+);(\d+)R/gu)].map(([, row, column]) =>
    at(Number(column) - 1, Number(row) - 1),
  );
}

test("one write, of which nothing stays on the screen, and the terminal's own counts are learned from its answers", async () => {
  const { screen, probe, learned } = asked();
  assert.equal(screen.stream.writes.length, 1);
  assert.deepEqual(await screen.texts(), ["", "", "", ""]);
  const answers = await answersOf(screen);
  assert.equal(answers.length, CLUSTER_KINDS.length + 1);
  // The first frame does not wait for them.
  screen.renderer.draw(frameOf([textRow("pronto", 40)]));
  for (const answer of answers) assert.equal(probe.take(answer), true);
  assert.equal(learned(), 1);
  for (const kind of CLUSTER_KINDS) {
    const plain = new VirtualScreen(40, 1);
    plain.terminal.write(SAMPLES[kind]);
    await plain.grid();
    assert.equal(screen.cells.width(SAMPLES[kind]), plain.terminal.buffer.active.cursorX, kind);
  }
});

test("answers that are late, too few, or make no sense change nothing, and are still nobody else's", async () => {
  const many = Array.from({ length: CLUSTER_KINDS.length + 1 }, () => at(2));
  for (const answers of [
    [at(9), ...many.slice(1)],
    many.slice(1),
    [at(2, 0), ...many],
    [at(2), at(39), ...many],
    [at(1), ...many],
  ]) {
    const { screen, probe, clock, learned } = asked();
    for (const answer of answers) assert.equal(probe.take(answer), true);
    clock.passes();
    assert.equal(probe.take(at(2)), true);
    assert.equal(learned(), 0);
    assert.equal(screen.cells.generation, 0);
  }
  const { screen, probe, clock } = asked();
  clock.passes();
  for (const answer of await answersOf(screen)) assert.equal(probe.take(answer), true);
  assert.equal(screen.cells.generation, 0);
});

test("what is typed meanwhile is not an answer; a terminal with no room for it is not asked", () => {
  const { probe } = asked();
  assert.equal(probe.take({ kind: "text", text: "a" }), false);
  assert.equal(probe.take({ kind: "chord", chord: "shift-f3" }), false);
  assert.equal(asked(40, 1).screen.taken(), "");
  assert.equal(asked(8, 20).screen.taken(), "");
});
