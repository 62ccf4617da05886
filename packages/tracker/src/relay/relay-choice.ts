import { randomBytes } from "node:crypto";
import type { Clock } from "@papo/link";
import type { IpLiteral } from "@papo/protocol";
import type { TrackerLog } from "../log/tracker-log.ts";
import { RELAY_DEFAULTS, type RelayLimits } from "./relay-budgets.ts";
import { RelayDesk } from "./relay-desk.ts";
import type { RelayMetrics } from "./relay-metrics.ts";
import { NO_RELAY, type RelayOffer, relayOffer } from "./relay-offer.ts";
import { TICKET_SECRET_BYTES, Tickets } from "./tickets.ts";

/** Where a tracker lets links be relayed. `elsewhere` runs `papo relay` with the same secret, of TICKET_SECRET_BYTES. */
export type RelayChoice =
  | { readonly at: "nowhere" }
  | { readonly at: "here"; readonly limits?: Partial<RelayLimits> }
  | {
      readonly at: "elsewhere";
      readonly place: { readonly host: IpLiteral; readonly port: number };
      readonly secret: Uint8Array;
    };

type Parts = {
  readonly clock: Clock;
  readonly log: TrackerLog;
  readonly metrics: RelayMetrics;
  /** Of the tracker: where so many may come from one address, a relay beside it lets as many come. */
  readonly connectionsPerAddress: number;
};

export type Relaying = {
  /** What this tracker itself gives out and knows again: a secret of this one run. */
  readonly tickets: Tickets;
  readonly offer: RelayOffer;
  /** Undefined when nothing is relayed here. */
  readonly desk: RelayDesk | undefined;
};

export function buildRelaying(choice: RelayChoice, parts: Parts): Relaying {
  const tickets = new Tickets(randomBytes(TICKET_SECRET_BYTES));
  const wallMs = () => parts.clock.wallMs();
  switch (choice.at) {
    case "nowhere":
      return { tickets, offer: NO_RELAY, desk: undefined };
    case "here": {
      const connectionsPerAddress = Math.max(RELAY_DEFAULTS.connectionsPerAddress, parts.connectionsPerAddress);
      const limits = { ...RELAY_DEFAULTS, connectionsPerAddress, ...choice.limits };
      const desk = new RelayDesk({ ...parts, limits });
      return { tickets, offer: relayOffer({ tickets, place: null, desk, wallMs }), desk };
    }
    case "elsewhere": {
      const shared = new Tickets(choice.secret);
      return {
        tickets,
        offer: relayOffer({ tickets: shared, place: choice.place, desk: undefined, wallMs }),
        desk: undefined,
      };
    }
  }
}
