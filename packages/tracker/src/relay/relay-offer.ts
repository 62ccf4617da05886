import type { AccountKey, HelloAnswer, RelayTicket } from "@papo/protocol";
import type { RelayDesk } from "./relay-desk.ts";
import type { Tickets } from "./tickets.ts";

type Place = NonNullable<HelloAnswer["relay"]>["place"];
type TicketPair = { readonly client: RelayTicket; readonly server: RelayTicket };

/** What a tracker can offer to two who do not reach each other. */
export interface RelayOffer {
  /** What HELLO says of it. */
  readonly told: NonNullable<HelloAnswer["relay"]> | null;
  /** One ticket for each side. `full`: not now. Undefined: never here. */
  ticketsFor(client: AccountKey, server: AccountKey): TicketPair | "full" | undefined;
}

export const NO_RELAY: RelayOffer = { told: null, ticketsFor: () => undefined };

/** `desk` is undefined for a relay elsewhere, which sees by itself how many it has. */
export function relayOffer(options: {
  readonly tickets: Tickets;
  readonly place: Place;
  readonly desk: RelayDesk | undefined;
  readonly wallMs: () => number;
}): RelayOffer {
  const { tickets, place, desk, wallMs } = options;
  return {
    told: { place },
    ticketsFor(client, server) {
      const payers = { client: tickets.payerOf(client), server: tickets.payerOf(server) };
      if (desk?.hasRoomFor([payers.client, payers.server]) === false) return "full";
      const pair = tickets.newPair();
      const ticket = (purpose: "client" | "server") =>
        tickets.make({ purpose, pair, payer: payers[purpose] }, wallMs());
      return { client: ticket("client"), server: ticket("server") };
    },
  };
}
