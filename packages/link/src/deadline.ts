import type { Clock, Timer } from "./clock.ts";

/**
 * A time limit that is moved often and passes rarely. Moving it costs no timer: the one that runs looks, when it
 * fires, whether it fired too early.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #onPassed: () => void;
  #dueMs: number | undefined;
  #timer: Timer | undefined;
  #timerMs = 0;

  constructor(clock: Clock, onPassed: () => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
  }

  /** Passes `delayMs` from now unless moved or cleared before. */
  set(delayMs: number): void {
    this.#dueMs = this.#clock.monotonicMs() + delayMs;
    if (this.#timer !== undefined && this.#timerMs <= this.#dueMs) return;
    this.#timer?.cancel();
    this.#arm(delayMs);
  }

  /** Forgets the limit; the timer may stay for the next one. */
  clear(): void {
    this.#dueMs = undefined;
  }

  /** Forgets the limit and its timer. */
  stop(): void {
    this.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timerMs = this.#clock.monotonicMs() + delayMs;
    this.#timer = this.#clock.after(delayMs, () => this.#fired());
  }

  #fired(): void {
    this.#timer = undefined;
    if (this.#dueMs === undefined) return;
    const restMs = this.#dueMs - this.#clock.monotonicMs();
    if (restMs > 0) return this.#arm(Math.ceil(restMs));
    this.#dueMs = undefined;
    this.#onPassed();
  }
}
