import { FRAME_BUSY_MS, FRAME_MS, FRAMES_BEFORE_BUSY } from "@papo/protocol";
import type { ChatClock } from "@papo/view-model";

/**
 * When a frame is drawn: at once for what was typed, else at most once in FRAME_MS, or in FRAME_BUSY_MS once much has been said for a while, and never when
 * nothing has changed.
 */
export class Pacer {
  readonly #clock: ChatClock;
  readonly #draw: () => void;
  #due: { cancel(): void } | undefined;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  /** Frames so far of which each was wanted soon after the one before. */
  #inARow = 0;

  constructor(clock: ChatClock, draw: () => void) {
    this.#clock = clock;
    this.#draw = draw;
  }

  /** Something that is shown may be another. */
  soon(): void {
    if (this.#due !== undefined) return;
    const passed = this.#clock.wallMs() - this.#drawnAtMs;
    this.#inARow = passed < 2 * FRAME_MS ? this.#inARow + 1 : 0;
    const interval = this.#inARow > FRAMES_BEFORE_BUSY ? FRAME_BUSY_MS : FRAME_MS;
    // The clock on the wall may step back.
    const delay = passed < 0 ? interval : Math.max(0, interval - passed);
    this.#due = this.#clock.after(delay, () => this.now());
  }

  now(): void {
    this.stop();
    this.#drawnAtMs = this.#clock.wallMs();
    this.#draw();
  }

  stop(): void {
    this.#due?.cancel();
    this.#due = undefined;
  }
}
