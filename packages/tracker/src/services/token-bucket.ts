/** Lets `burst` units through at once and `perSecond` later. Time is handed in, so that it can be tested without a clock. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(options: { readonly burst: number; readonly perSecond: number; readonly nowMs: number }) {
    this.#burst = options.burst;
    this.#perMs = options.perSecond / 1_000;
    this.#tokens = options.burst;
    this.#filledAtMs = options.nowMs;
  }

  /** Takes `cost` in any case and says how long to wait before acting on it: a debt is paid by waiting. */
  spend(cost: number, nowMs: number): number {
    this.#fill(nowMs);
    this.#tokens -= cost;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }

  /** Takes `cost` only if it is there. Else says after how many milliseconds it will be. */
  tryTake(cost: number, nowMs: number): number {
    this.#fill(nowMs);
    const missing = cost - this.#tokens;
    if (missing > 0) return Math.ceil(missing / this.#perMs);
    this.#tokens -= cost;
    return 0;
  }

  #fill(nowMs: number): void {
    // A clock that stepped back fills nothing and empties nothing.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedMs * this.#perMs);
    this.#filledAtMs = nowMs;
  }
}
