import { type Answerer, type Clock, pause, type Random } from "@papo/link";

/** A tracker that runs in this process. */
export interface HostedTracker {
  /** Tells everyone, writes what is pending, frees port and data. Idempotent. */
  drain(): Promise<void>;
}

/** `taken`: another process has the data or the port, perhaps only for another moment. */
export type HostAttempt =
  | { readonly kind: "hosting"; readonly tracker: HostedTracker }
  | { readonly kind: "taken"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export type Settled =
  | { readonly kind: "answers" }
  | { readonly kind: "hosting" }
  | { readonly kind: "stranger"; readonly answerer: Answerer }
  | { readonly kind: "failed"; readonly reason: string };

export type LocalTrackerPorts = {
  readonly clock: Clock;
  readonly random: Random;
  /** Who answers at the default address. */
  readonly probe: () => Promise<Answerer>;
  /** One try to host there. The data lock, then the bind decide between several processes. */
  readonly host: () => Promise<HostAttempt>;
  /** Resolves when there is reason to doubt that the tracker still answers, or `signal` aborts. */
  readonly doubt: (signal: AbortSignal) => Promise<void>;
  /** This process hosts what another one hosted, or was believed to host, before. */
  readonly onTakeOver: () => void;
};

/** How long a starting process waits for a port or data folder that somebody else is letting go of. */
const SETTLE_MS = 15_000;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 150;
/** Between looks at a place that a stranger has taken. */
const STRANGER_PAUSE_MS = 1_000;

/**
 * The tracker at the default address as this machine's Papos share it: whoever finds none hosts one, and when its
 * process goes away, one of the others hosts it again, with the same data. No election and no leader file: the system
 * gives the data lock and the port to exactly one, and takes both back however that one ends.
 */
export class LocalTracker {
  readonly #ports: LocalTrackerPorts;
  readonly #stop = new AbortController();
  #hosted: HostedTracker | undefined;
  #wasThere = false;
  #settling: Promise<Settled> | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(ports: LocalTrackerPorts) {
    this.#ports = ports;
  }

  get hosted(): HostedTracker | undefined {
    return this.#hosted;
  }

  /** Finds the tracker or hosts it. Safe against any number of processes that do the same at the same moment. */
  async settle(): Promise<Settled> {
    if (this.#hosted !== undefined) return { kind: "hosting" };
    this.#settling ??= this.#settleOnce().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  /** From now on takes the tracker over when it goes away. */
  keep(): void {
    this.#keeping = this.#keep();
  }

  /** Stops watching; a hosted tracker is drained, so that another process can take it over. Idempotent. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
    await this.#settling;
    await this.#hosted?.drain();
  }

  async #settleOnce(): Promise<Settled> {
    const { clock, probe, host } = this.#ports;
    const giveUpAt = clock.monotonicMs() + SETTLE_MS;
    for (;;) {
      const answerer = await probe();
      if (answerer.kind === "papo") return this.#answers();
      if (answerer.kind !== "nobody") return { kind: "stranger", answerer };
      const attempt = await host();
      if (attempt.kind === "hosting") return this.#hosts(attempt.tracker);
      if (attempt.kind === "failed" || clock.monotonicMs() >= giveUpAt)
        return { kind: "failed", reason: attempt.reason };
      await pause(clock, this.#retryMs(), this.#stop.signal);
      if (this.#stop.signal.aborted) return { kind: "failed", reason: attempt.reason };
    }
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#hosted === undefined && !signal.aborted) {
      await this.#ports.doubt(signal);
      if (signal.aborted) return;
      const settled = await this.settle();
      if (settled.kind === "stranger" || settled.kind === "failed") {
        await pause(this.#ports.clock, STRANGER_PAUSE_MS, signal);
      }
    }
  }

  #answers(): Settled {
    this.#wasThere = true;
    return { kind: "answers" };
  }

  #hosts(tracker: HostedTracker): Settled {
    this.#hosted = tracker;
    if (this.#wasThere) this.#ports.onTakeOver();
    return { kind: "hosting" };
  }

  #retryMs(): number {
    return RETRY_MS_MIN + this.#ports.random.fraction() * (RETRY_MS_MAX - RETRY_MS_MIN);
  }
}
