import type { TicketCaller } from "@papo/link";
import type { RelayDesk } from "./relay-desk.ts";
import type { RelayMetrics } from "./relay-metrics.ts";
import type { Tickets } from "./tickets.ts";
import type { Observations } from "../services/observations.ts";

/** Where those go who come with a ticket: to be looked at, or to a relay. Undefined: there is none here. */
export type TicketDesks = {
  readonly tickets: Tickets;
  readonly observations: Observations | undefined;
  readonly desk: RelayDesk | undefined;
  readonly metrics: RelayMetrics;
};

/** Sends everybody to the desk that their ticket is for; whose ticket is not one of ours is hung up on. */
export function welcomeTicket({ tickets, observations, desk, metrics }: TicketDesks, caller: TicketCaller): void {
  const ticket = tickets.read(caller.ticket);
  if (ticket?.purpose === "observe" && observations !== undefined) return observations.welcome(caller);
  if (ticket !== undefined && ticket.purpose !== "observe" && desk !== undefined) return desk.welcome(caller, ticket);
  metrics.refused("forged");
  caller.destroy();
}
