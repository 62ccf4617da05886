import { type Outcome, fail } from "@papo/protocol";
import type { Clock } from "../clock.ts";

export type Limits = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

export type Attempt<T> = {
  settle(outcome: Outcome<T>): void;
  readonly isOver: boolean;
  /** Told when it came to nothing, whoever ended it. */
  onFailed(done: () => void): void;
};

/** Something that comes to an end by itself, by its time limit or by its signal, whichever is first. */
export function attempt<T>(clock: Clock, limits: Limits, begin: (attempt: Attempt<T>) => void): Promise<Outcome<T>> {
  const { signal, timeoutMs } = limits;
  if (signal?.aborted === true) return Promise.resolve(fail("closed", "given up"));
  return new Promise((resolve) => {
    let isOver = false;
    const failed: (() => void)[] = [];
    const settle = (outcome: Outcome<T>): void => {
      if (isOver) return;
      isOver = true;
      timeout.cancel();
      signal?.removeEventListener("abort", abort);
      if (!outcome.ok) for (const tell of failed) tell();
      resolve(outcome);
    };
    const abort = (): void => settle(fail("closed", "given up"));
    const timeout = clock.after(timeoutMs, () => settle(fail("timeout", `no connection in ${timeoutMs} ms`)));
    signal?.addEventListener("abort", abort, { once: true });
    begin({
      settle,
      get isOver() {
        return isOver;
      },
      onFailed: (done) => void failed.push(done),
    });
  });
}
