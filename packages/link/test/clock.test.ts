// Goal: the system's clock and the virtual one take what is overdue alike: at once, and without a word of Node's on standard error.
// Method: timers whose moment has passed, in this process, and whatever Node warns of meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, systemClock } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { eventually } from "@papo/testing";

/** Overdue by more than a millisecond, and by less than one. */
function overdue(clock: Clock): { fired: number } {
  const timers = { fired: 0 };
  for (const delayMs of [-3, -0.25]) clock.after(delayMs, () => (timers.fired += 1));
  return timers;
}

test("a timer of the system's clock whose moment has passed fires, and Node warns of nothing", async () => {
  const warnings: string[] = [];
  // Others are the test runner's own.
  const noted = ({ name }: Error): void => void (name.startsWith("Timeout") && warnings.push(name));
  process.on("warning", noted);
  const timers = overdue(systemClock);
  await eventually("the timers fire", () => (timers.fired === 2 ? true : undefined));
  process.off("warning", noted);
  assert.deepEqual(warnings, []);
});

test("a timer of the virtual clock whose moment has passed fires without time going on", async () => {
  const clock = new VirtualClock();
  const timers = overdue(clock);
  await clock.advance(0);
  assert.deepEqual([timers.fired, clock.monotonicMs()], [2, 0]);
});
