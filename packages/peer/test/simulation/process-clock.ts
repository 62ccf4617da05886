import type { Clock, Timer } from "@papo/link";

/** The clock of one process: its wall may be wrong, and when the process ends none of its timers fires any more. */
export class ProcessClock implements Clock {
  readonly #clock: Clock;
  readonly #skewMs: number;
  #isDead = false;

  constructor(clock: Clock, skewMs: number) {
    this.#clock = clock;
    this.#skewMs = skewMs;
  }

  wallMs(): number {
    return Math.floor(this.#clock.wallMs()) + this.#skewMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#clock.after(delayMs, () => {
      if (!this.#isDead) callback();
    });
  }

  end(): void {
    this.#isDead = true;
  }
}
