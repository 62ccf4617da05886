import { FRAME_MS } from "@papo/protocol";
import type { ChatClock } from "@papo/view-model";

/** When a frame is drawn: at once for what was typed, else at most once in FRAME_MS, and never when nothing has changed. */
export class Pacer {
  readonly #clock: ChatClock;
  readonly #draw: () => void;
  #due: { cancel(): void } | undefined;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: ChatClock, draw: () => void) {
    this.#clock = clock;
    this.#draw = draw;
  }

  /** Something that is shown may be another. */
  soon(): void {
    if (this.#due !== undefined) return;
    const passed = this.#clock.wallMs() - this.#drawnAtMs;
    // The clock on the wall may step back.
    const delay = passed < 0 ? FRAME_MS : Math.max(0, FRAME_MS - passed);
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
