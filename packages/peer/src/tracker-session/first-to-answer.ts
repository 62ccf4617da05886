import type { Clock, Timer } from "@papo/link";
import { FAULTS, type Fault, type Outcome, TRACKER_NEXT_ADDRESS_AFTER_MS, fault } from "@papo/protocol";

export type Attempts<A, T> = {
  readonly clock: Clock;
  /** In the order in which to try them; at least one. */
  readonly addresses: readonly A[];
  readonly attempt: (address: A, signal: AbortSignal) => Promise<Outcome<T>>;
  /** What came too late to be the first. */
  readonly letGo: (value: T) => void;
  readonly failed?: (address: A, reason: Fault) => void;
  readonly signal: AbortSignal;
};

/**
 * Tries the addresses of one and the same thing: the next one when one has failed, or has not answered for a while. The first that answers ends the
 * attempts at the others. When none does, what time may mend is the reason before what it does not.
 */
export function firstToAnswer<A, T>(attempts: Attempts<A, T>): Promise<Outcome<{ address: A; value: T }>> {
  return new Race(attempts).run();
}

class Race<A, T> {
  readonly #attempts: Attempts<A, T>;
  readonly #answer = Promise.withResolvers<Outcome<{ address: A; value: T }>>();
  readonly #running = new Set<AbortController>();
  readonly #faults: Fault[] = [];
  #next = 0;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(attempts: Attempts<A, T>) {
    this.#attempts = attempts;
  }

  run(): Promise<Outcome<{ address: A; value: T }>> {
    this.#tryNext();
    return this.#answer.promise;
  }

  #tryNext(): void {
    const { addresses, clock } = this.#attempts;
    this.#timer?.cancel();
    const address = addresses[this.#next];
    if (this.#isOver || address === undefined) return this.#endIfNoneIsLeft();
    this.#next += 1;
    void this.#try(address);
    if (this.#next < addresses.length) this.#timer = clock.after(TRACKER_NEXT_ADDRESS_AFTER_MS, () => this.#tryNext());
  }

  async #try(address: A): Promise<void> {
    const { attempt, letGo, failed, signal } = this.#attempts;
    const own = new AbortController();
    this.#running.add(own);
    const tried = await attempt(address, AbortSignal.any([signal, own.signal]));
    this.#running.delete(own);
    if (this.#isOver) return tried.ok ? letGo(tried.value) : undefined;
    if (tried.ok) return this.#end({ ok: true, value: { address, value: tried.value } });
    this.#faults.push(tried.fault);
    failed?.(address, tried.fault);
    if (signal.aborted) this.#end(tried);
    else this.#tryNext();
  }

  #endIfNoneIsLeft(): void {
    if (this.#isOver || this.#running.size > 0) return;
    const best = this.#faults.find(({ code }) => FAULTS[code] === "later") ?? this.#faults[0];
    this.#end({ ok: false, fault: best ?? fault("tracker_unreachable", "no address") });
  }

  #end(answer: Outcome<{ address: A; value: T }>): void {
    this.#isOver = true;
    this.#timer?.cancel();
    for (const other of this.#running) other.abort();
    this.#answer.resolve(answer);
  }
}
