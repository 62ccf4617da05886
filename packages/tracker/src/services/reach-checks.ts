import type { Clock } from "@papo/link";
import {
  PINGS_CONCURRENT_MAX,
  REACH_CHECKS_OF_ONE_IP_MAX,
  REACH_CHECKS_WAITING_MAX,
  REACH_KEPT_MS,
} from "@papo/protocol";
import { addressGroup, isLoopback } from "./address-group.ts";
import { BoundedWork } from "./bounded-work.ts";
import type { AskAlive } from "./liveness.ts";

type Place = { readonly host: string; readonly port: number };
type Finding = { readonly reached: Promise<boolean | "full">; readonly untilMs: number };

/**
 * Whether somebody's own observed address takes a connection from outside: a PING there, bounded like those of liveness. What was found is
 * told again for a moment. docs/protocol/tracker.md §7.2
 */
export class ReachChecks {
  readonly #clock: Clock;
  readonly #ask: AskAlive;
  readonly #work = new BoundedWork({ concurrent: PINGS_CONCURRENT_MAX, waiting: REACH_CHECKS_WAITING_MAX });
  /** In the order in which they end. */
  readonly #findings = new Map<string, Finding>();
  /** Under way or waiting, by what counts as one address. */
  readonly #openByGroup = new Map<string, number>();
  readonly #stopped = new AbortController();

  constructor(options: { readonly clock: Clock; readonly ask: AskAlive }) {
    this.#clock = options.clock;
    this.#ask = options.ask;
  }

  /** What was found there a moment ago, or is being found out. */
  known(place: Place): Promise<boolean | "full"> | undefined {
    this.#forget();
    return this.#findings.get(nameOf(place))?.reached;
  }

  /** Asks there. `full`: too many wait, or of that address: who lets us wait takes no turns from others. */
  async look(place: Place): Promise<boolean | "full"> {
    const group = addressGroup(place.host);
    const open = this.#openByGroup.get(group) ?? 0;
    if (open >= REACH_CHECKS_OF_ONE_IP_MAX && !isLoopback(place.host)) return "full";
    this.#openByGroup.set(group, open + 1);
    try {
      return await this.#lookAt(place);
    } finally {
      const left = (this.#openByGroup.get(group) ?? 1) - 1;
      if (left === 0) this.#openByGroup.delete(group);
      else this.#openByGroup.set(group, left);
    }
  }

  #lookAt(place: Place): Promise<boolean | "full"> {
    const name = nameOf(place);
    const reached = this.#work.run(async () => {
      return !this.#stopped.signal.aborted && (await this.#ask(place, this.#stopped.signal));
    });
    this.#findings.delete(name);
    this.#findings.set(name, { reached, untilMs: this.#clock.monotonicMs() + REACH_KEPT_MS });
    const forget = () => this.#findings.delete(name);
    reached.then((found) => found !== "full" || forget(), forget);
    return reached;
  }

  stop(): void {
    this.#stopped.abort();
  }

  #forget(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [name, { untilMs }] of this.#findings) {
      if (untilMs > nowMs) return;
      this.#findings.delete(name);
    }
  }
}

function nameOf({ host, port }: Place): string {
  return `${host} ${port}`;
}
