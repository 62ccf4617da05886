// Goal: what is said shows soon, much of it costs few frames, what is typed never waits, and nothing is drawn for nothing.
// Method: a clock of the test's own, on which changes come at a rate; frames are counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME_BUSY_MS, FRAME_MS, FRAMES_BEFORE_BUSY } from "@papo/protocol";
import { Pacer } from "../../src/screen/pacer.ts";

class Frames {
  readonly drawnAt: number[] = [];
  readonly pacer: Pacer;
  #nowMs = 1_000_000;
  #due: { atMs: number; callback: () => void } | undefined;

  constructor() {
    const after = (delayMs: number, callback: () => void) => {
      const due = { atMs: this.#nowMs + delayMs, callback };
      this.#due = due;
      return { cancel: () => (this.#due = this.#due === due ? undefined : this.#due) };
    };
    this.pacer = new Pacer({ wallMs: () => this.#nowMs, after }, () => this.drawnAt.push(this.#nowMs));
  }

  /** Milliseconds, one by one. */
  pass(durationMs: number, each: (ms: number) => void = () => {}): void {
    for (let ms = 0; ms < durationMs; ms += 1) {
      this.#nowMs += 1;
      each(ms);
      while (this.#due !== undefined && this.#due.atMs <= this.#nowMs) {
        const { callback } = this.#due;
        this.#due = undefined;
        callback();
      }
    }
  }

  /** How many were drawn in the last so many milliseconds. */
  inLast(durationMs: number): number {
    return this.drawnAt.filter((atMs) => atMs > this.#nowMs - durationMs).length;
  }
}

test("a change is drawn soon, and without one nothing is", () => {
  const frames = new Frames();
  frames.pacer.soon();
  frames.pass(FRAME_MS);
  assert.equal(frames.drawnAt.length, 1);
  frames.pass(10_000);
  assert.equal(frames.drawnAt.length, 1);
});

test("changes in every millisecond cost so many frames a second, and fewer when it goes on", () => {
  const frames = new Frames();
  frames.pass(1_000, () => frames.pacer.soon());
  assert.ok(frames.drawnAt.length <= Math.ceil(1_000 / FRAME_MS) + 1);
  assert.ok(frames.drawnAt.length >= FRAMES_BEFORE_BUSY - 1);
  frames.pass(3_000, () => frames.pacer.soon());
  assert.ok(frames.inLast(2_000) <= 2_000 / FRAME_BUSY_MS + 1);
  assert.ok(frames.inLast(2_000) >= 2_000 / FRAME_BUSY_MS - 1);
});

test("after a pause changes are drawn as soon as before", () => {
  const frames = new Frames();
  frames.pass(4_000, () => frames.pacer.soon());
  frames.pass(1_000);
  const before = frames.drawnAt.length;
  frames.pass(500, () => frames.pacer.soon());
  assert.ok(frames.drawnAt.length - before >= Math.floor(500 / FRAME_MS) - 1);
});

test("what is typed is drawn at once, however much is being said", () => {
  const frames = new Frames();
  frames.pass(4_000, (ms) => {
    frames.pacer.soon();
    if (ms % 250 !== 249) return;
    const before = frames.drawnAt.length;
    frames.pacer.now();
    assert.equal(frames.drawnAt.length, before + 1);
  });
});
