import type { Clock, Timer } from "@papo/link";
import {
  CALL_TIMEOUT_MS,
  CALLS_PENDING_MAX,
  type CallId,
  type Observed,
  type Outcome,
  type Paths,
  type Punch,
  type RelayTicket,
  fail,
  succeed,
} from "@papo/protocol";
import type { AskLine, CallAnswer, CallRequest } from "../../tracker-session/tracker-line.ts";

export type CallPorts = { readonly clock: Clock; readonly withLine: AskLine };

type Waiting<T> = { readonly settle: (outcome: Outcome<T>) => void; readonly timer: Timer };

/**
 * What we ask a tracker about calls, and what it says of them: each waits for one word, a moment, or the end of the session. Words that nobody waits
 * for are passed over. docs/protocol/tracker.md §7
 */
export class Calls {
  readonly #ports: CallPorts;
  readonly #pathsById = new Map<CallId, Waiting<Paths>>();
  readonly #punchById = new Map<CallId, Waiting<Punch>>();
  readonly #seenByTicket = new Map<RelayTicket, Waiting<Observed>>();
  /** Calls that we have asked for and whose id has not come. What the tracker says next may be about them. */
  #asking = 0;
  readonly #early = new Map<CallId, Paths>();
  #passedOver = 0;

  constructor(ports: CallPorts) {
    this.#ports = ports;
  }

  /** Words about calls that nobody had asked for. */
  get passedOver(): number {
    return this.#passedOver;
  }

  async connect(request: CallRequest, signal: AbortSignal): Promise<Outcome<Paths>> {
    if (this.#asking + this.#pathsById.size >= CALLS_PENDING_MAX) return fail("busy", "too many calls at once");
    this.#asking += 1;
    const asked = await this.#ports.withLine((line) => line.connect(request));
    this.#asking -= 1;
    const early = asked.ok ? this.#early.get(asked.value) : undefined;
    if (asked.ok) this.#early.delete(asked.value);
    if (this.#asking === 0) this.#early.clear();
    if (!asked.ok) return asked;
    return early === undefined ? this.#wait(this.#pathsById, asked.value, signal) : succeed(early);
  }

  async answer(answer: CallAnswer, signal: AbortSignal): Promise<Outcome<Paths>> {
    const told = this.#wait(this.#pathsById, answer.call, signal);
    const answered = await this.#ports.withLine((line) => line.answer(answer));
    if (!answered.ok) this.#settle(this.#pathsById, answer.call, answered);
    return told;
  }

  /** Nobody is here for them. */
  decline(call: CallId): void {
    const nothing = { addresses: null, relay: false };
    void this.#ports.withLine((line) => line.answer({ call, accept: false, ...nothing }));
  }

  observe(): Promise<Outcome<RelayTicket>> {
    return this.#ports.withLine((line) => line.observe());
  }

  /** Resolves when the tracker has seen a connection with this ticket. */
  seen(ticket: RelayTicket, signal: AbortSignal): Promise<Outcome<Observed>> {
    return this.#wait(this.#seenByTicket, ticket, signal);
  }

  /** Resolves when the other side is ready too. */
  async punch(call: CallId, ticket: RelayTicket, signal: AbortSignal): Promise<Outcome<Punch>> {
    const told = this.#wait(this.#punchById, call, signal);
    const asked = await this.#ports.withLine((line) => line.punch(call, ticket));
    if (!asked.ok) this.#settle(this.#punchById, call, asked);
    return told;
  }

  // ---- what the tracker says

  heard(news: Paths | Punch): void {
    if (news.status === "PUNCH" && this.#settle(this.#punchById, news.call, succeed(news))) return;
    if (news.status === "PATHS" && this.#settle(this.#pathsById, news.call, succeed(news))) return;
    if (news.status === "PATHS" && this.#asking > 0 && this.#early.size < CALLS_PENDING_MAX)
      return void this.#early.set(news.call, news);
    this.#passedOver += 1;
  }

  observed(observed: Observed): void {
    this.#settle(this.#seenByTicket, observed.ticket, succeed(observed));
  }

  /** The session is over, and its calls with it. */
  offline(): void {
    const gone = fail("tracker_unreachable", "the session ended");
    for (const call of [...this.#pathsById.keys()]) this.#settle(this.#pathsById, call, gone);
    for (const call of [...this.#punchById.keys()]) this.#settle(this.#punchById, call, gone);
    for (const ticket of [...this.#seenByTicket.keys()]) this.#settle(this.#seenByTicket, ticket, gone);
    this.#early.clear();
  }

  #wait<K, T>(waitingByKey: Map<K, Waiting<T>>, key: K, signal: AbortSignal): Promise<Outcome<T>> {
    if (signal.aborted) return Promise.resolve(GIVEN_UP);
    this.#settle(waitingByKey, key, fail("replaced", "asked again"));
    return new Promise((resolve) => {
      const abort = (): void => void this.#settle(waitingByKey, key, GIVEN_UP);
      const settle = (outcome: Outcome<T>): void => {
        signal.removeEventListener("abort", abort);
        resolve(outcome);
      };
      const late = fail("timeout", "nothing came of the call in time");
      const timer = this.#ports.clock.after(CALL_TIMEOUT_MS, () => void this.#settle(waitingByKey, key, late));
      signal.addEventListener("abort", abort, { once: true });
      waitingByKey.set(key, { settle, timer });
    });
  }

  #settle<K, T>(waitingByKey: Map<K, Waiting<T>>, key: K, outcome: Outcome<T>): boolean {
    const waiting = waitingByKey.get(key);
    if (waiting === undefined) return false;
    waitingByKey.delete(key);
    waiting.timer.cancel();
    waiting.settle(outcome);
    return true;
  }
}

const GIVEN_UP = fail("closed", "given up");
