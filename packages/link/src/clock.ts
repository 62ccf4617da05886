/** A timer that was started. Cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as a port: the system's in production, a virtual one in tests. Nothing else in Papo reads a clock. */
export interface Clock {
  /** Whole milliseconds since 1970, as a label for people. It may step back. */
  wallMs(): number;
  /** Milliseconds that only grow. For every duration and time-out. */
  monotonicMs(): number;
  /** Calls back once, `delayMs` from now; what is overdue, as soon as it can. Does not keep the process alive by itself. */
  after(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    // Between a reckoning of what is left and this line the system's clock has moved on.
    const timeout = setTimeout(callback, Math.max(0, delayMs));
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** RFC 3339 in UTC, for labels. */
export function timestampOf(clock: Clock): string {
  return new Date(clock.wallMs()).toISOString();
}
