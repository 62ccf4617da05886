import type { Clock } from "@papo/link";
import { DOCTOR_STEP_TIMEOUT_MS, DOCTOR_TOTAL_MS, type Outcome, fail } from "@papo/protocol";

/** How long is waited: for each answer, and for all of them together. */
export class Patience {
  readonly #clock: Clock;
  readonly #endMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#endMs = clock.monotonicMs() + DOCTOR_TOTAL_MS;
  }

  /** Milliseconds that the next answer may take; at least 1. */
  get stepMs(): number {
    return this.#atMost(DOCTOR_STEP_TIMEOUT_MS);
  }

  #atMost(ms: number): number {
    return Math.max(1, Math.min(ms, this.#endMs - this.#clock.monotonicMs()));
  }

  /** `timeout` if it takes longer. */
  wait<T>(work: Promise<Outcome<T>>, longestMs: number = DOCTOR_STEP_TIMEOUT_MS): Promise<Outcome<T>> {
    const stepMs = this.#atMost(longestMs);
    return new Promise((resolve) => {
      const timer = this.#clock.after(stepMs, () => resolve(fail("timeout", `no answer in ${stepMs} ms`)));
      void work.then((outcome) => {
        timer.cancel();
        resolve(outcome);
      });
    });
  }
}
