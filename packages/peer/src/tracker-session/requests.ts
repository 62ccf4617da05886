import type { Clock, Timer } from "@papo/link";
import { type Fault, type Outcome, REQUEST_TIMEOUT_MS, REQUESTS_IN_FLIGHT_MAX, fail } from "@papo/protocol";

type Waiting<A> = { readonly resolve: (answer: Outcome<A>) => void; readonly timer: Timer };

/** Requests that await their answers, by id. Each gets exactly one: the tracker's, a time-out, or the end of the line. */
export class Requests<A> {
  readonly #clock: Clock;
  readonly #waitingById = new Map<number, Waiting<A>>();
  #lastId = 0;
  #ended: Fault | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `send` gets the id that the answer will name. */
  ask(send: (id: number) => void): Promise<Outcome<A>> {
    if (this.#ended !== undefined) return Promise.resolve({ ok: false, fault: this.#ended });
    if (this.#waitingById.size >= REQUESTS_IN_FLIGHT_MAX) {
      return Promise.resolve(fail("busy", `at most ${REQUESTS_IN_FLIGHT_MAX} requests at once`));
    }

    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const timer = this.#clock.after(REQUEST_TIMEOUT_MS, () => {
        this.settle(id, fail("timeout", "the tracker did not answer in time"));
      });
      this.#waitingById.set(id, { resolve, timer });
      send(id);
    });
  }

  /** False when nothing waits for this id: late, repeated or made up. */
  settle(id: number, answer: Outcome<A>): boolean {
    const waiting = this.#waitingById.get(id);
    if (waiting === undefined) return false;
    this.#waitingById.delete(id);
    waiting.timer.cancel();
    waiting.resolve(answer);
    return true;
  }

  /** The id asked first among those that wait: where answers carry no id, the next one belongs to it. */
  oldest(): number | undefined {
    for (const id of this.#waitingById.keys()) return id;
    return undefined;
  }

  end(reason: Fault): void {
    this.#ended ??= reason;
    for (const id of [...this.#waitingById.keys()]) this.settle(id, { ok: false, fault: reason });
  }
}
