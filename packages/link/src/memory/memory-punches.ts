import type { Outcome } from "@papo/protocol";
import type { Link } from "../link.ts";
import type { PunchedOptions } from "../network.ts";
import { delayAlong, isBlockedAlong, opposite } from "./ether.ts";
import type { Caller } from "./memory-dial.ts";
import { type Attempt, attempt } from "./patience.ts";
import { type Spot, nameOf } from "./routes.ts";
import { type Party, settleBoth, shakeHands, wire } from "./wiring.ts";

type Knock = {
  readonly caller: Caller;
  readonly target: Spot;
  /** Where it comes from, for whoever is knocked at. */
  readonly seen: Spot;
  readonly local: Spot;
  readonly party: Party;
  readonly attempt: Attempt<Link>;
};

/** Those that try a simultaneous open: two meet where each knocks at the place that the other is seen to come from. */
export class MemoryPunches {
  readonly #knocks = new Set<Knock>();

  knock(caller: Caller, options: PunchedOptions): Promise<Outcome<Link>> {
    const { ether, routes, from } = caller;
    const { host, port, localPort, role, forMs, signal } = options;
    return attempt(ether.clock, { timeoutMs: forMs, signal }, (attempted: Attempt<Link>) => {
      const target = { address: host, port };
      const settle = (outcome: Outcome<Link>): void => {
        this.#knocks.delete(knock);
        attempted.settle(outcome);
      };
      const local = { address: routes.source(from, host) ?? from.name, port: localPort };
      const party = { role, settings: options, settle };
      const knock: Knock = {
        caller,
        target,
        local,
        party,
        attempt: attempted,
        seen: routes.seen(from, localPort, target),
      };
      attempted.onFailed(() => this.#knocks.delete(knock));
      if (routes.canBeMet(from, target)) this.#knocks.add(knock);
      for (const other of this.#knocks) if (isMutual(knock, other)) this.#meetSoon(other, knock);
    });
  }

  #meetSoon(one: Knock, other: Knock): void {
    const { ether } = one.caller;
    const way = [{ from: one.caller.from.name, to: other.caller.from.name }];
    ether.clock.after(delayAlong(ether, way) + delayAlong(ether, opposite(way)), () => {
      const isBlocked = isBlockedAlong(ether, way) || isBlockedAlong(ether, opposite(way));
      if (isBlocked || !this.#knocks.has(one) || !this.#knocks.has(other)) return;
      if (!shakeHands(one.party, other.party)) return;
      const links = wire(ether, "papo", way, [
        { settings: one.party.settings, local: one.local, remote: one.target },
        { settings: other.party.settings, local: other.local, remote: other.target },
      ]);
      settleBoth([one.party, other.party], links);
    });
  }
}

function isMutual(one: Knock, other: Knock): boolean {
  if (one === other) return false;
  return nameOf(one.target) === nameOf(other.seen) && nameOf(other.target) === nameOf(one.seen);
}
