type RigTimer = { readonly atMs: number; readonly callback: () => void };

/** Time that only a test moves; it begins at 18:46:19 local time, as on the report's screens. */
export class RigClock {
  #atMs = new Date(2025, 5, 14, 18, 46, 19).getTime();
  readonly #timers = new Set<RigTimer>();

  wallMs(): number {
    return this.#atMs;
  }

  after(delayMs: number, callback: () => void): { cancel(): void } {
    const timer = { atMs: this.#atMs + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Fires what comes due on the way, in order. */
  passes(ms: number): void {
    const untilMs = this.#atMs + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ atMs }) => atMs <= untilMs)
        .toSorted((one, other) => one.atMs - other.atMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#atMs = Math.max(this.#atMs, next.atMs);
      next.callback();
    }
    this.#atMs = untilMs;
  }
}
