import type { Clock, TicketCaller, Timer } from "@papo/link";
import {
  type IpLiteral,
  OBSERVATIONS_MAX,
  OBSERVATIONS_PER_IP_MAX,
  OBSERVATIONS_PER_SESSION_MAX,
  type Outcome,
  type RelayTicket,
  TICKET_LIFETIME_MS,
  fail,
  isIpLiteral,
  succeed,
} from "@papo/protocol";
import { type Tickets, textOfTicket } from "../relay/tickets.ts";
import { AddressCounts } from "./address-counts.ts";
import type { Outbox } from "./online-session.ts";
import type { Whereabouts } from "./whereabouts.ts";

/** Where this tracker sees a connection come from. */
export type SeenPlace = { readonly address: IpLiteral; readonly port: number };

/** Who asked to be looked at. */
export type Observed = { readonly outbox: Outbox; readonly whereabouts: Whereabouts };

/** One ticket: first nobody has come with it, then its connection is open. */
type Observation = { readonly of: Observed; timer: Timer; caller?: TicketCaller; place?: SeenPlace };

/**
 * Tells programs where they are as the world sees them, by looking at a plain connection that they open beside their session. Such a
 * connection carries nothing more; it stays open while its client wants, for TICKET_LIFETIME_MS at most. docs/protocol/tracker.md §7.1
 */
export class Observations {
  readonly #clock: Clock;
  readonly #tickets: Tickets;
  readonly #byTicket = new Map<RelayTicket, Observation>();
  readonly #ticketsOf = new Map<Outbox, Set<RelayTicket>>();
  readonly #connections: AddressCounts;
  #open = 0;

  /** `connectionsPerAddress`: of the tracker; where so many may come from one address, as many may be looked at. */
  constructor(options: { readonly clock: Clock; readonly tickets: Tickets; readonly connectionsPerAddress: number }) {
    this.#clock = options.clock;
    this.#tickets = options.tickets;
    this.#connections = new AddressCounts(Math.max(OBSERVATIONS_PER_IP_MAX, options.connectionsPerAddress));
  }

  get count(): number {
    return this.#byTicket.size;
  }

  ask(of: Observed): Outcome<RelayTicket> {
    const own = this.#ticketsOf.get(of.outbox) ?? new Set();
    if (own.size >= OBSERVATIONS_PER_SESSION_MAX) return fail("slow_down", "fewer observations at once");
    const pair = this.#tickets.newPair();
    const ticket = this.#tickets.make({ purpose: "observe", pair, payer: NOBODY }, this.#clock.wallMs());
    this.#ticketsOf.set(of.outbox, own.add(ticket));
    this.#byTicket.set(ticket, { of, timer: this.#endLater(ticket) });
    return succeed(ticket);
  }

  /** Somebody came with a ticket of that kind. Each is good for one connection. */
  welcome(caller: TicketCaller): void {
    const ticket = textOfTicket(caller.ticket);
    const observation = this.#byTicket.get(ticket);
    const { remoteAddress, remotePort } = caller.ends;
    if (observation === undefined || observation.caller !== undefined || !isIpLiteral(remoteAddress)) {
      return caller.destroy();
    }
    if (this.#open >= OBSERVATIONS_MAX || !this.#connections.hasRoomFor(remoteAddress)) return caller.destroy();
    this.#open += 1;
    this.#connections.add(remoteAddress);
    // The link tells addresses in their usual spelling, which is what an IpLiteral is.
    const place = { address: remoteAddress as IpLiteral, port: remotePort };
    observation.timer.cancel();
    Object.assign(observation, { caller, place, timer: this.#endLater(ticket) });
    caller.onClosed(() => {
      this.#open -= 1;
      this.#connections.remove(remoteAddress);
      this.#end(ticket);
    });
    observation.of.whereabouts.saw(remoteAddress);
    observation.of.outbox.announce({ kind: "observed", ticket, ...place });
  }

  /** Where the connection with this ticket of that session comes from, while it stands. */
  placeOf(ticket: RelayTicket, outbox: Outbox): SeenPlace | undefined {
    const observation = this.#byTicket.get(ticket);
    return observation?.of.outbox === outbox ? observation.place : undefined;
  }

  /** A session has ended. */
  forget(outbox: Outbox): void {
    for (const ticket of this.#ticketsOf.get(outbox) ?? []) this.#end(ticket);
  }

  close(): void {
    for (const ticket of this.#byTicket.keys()) this.#end(ticket);
  }

  #endLater(ticket: RelayTicket): Timer {
    return this.#clock.after(TICKET_LIFETIME_MS, () => this.#end(ticket));
  }

  #end(ticket: RelayTicket): void {
    const observation = this.#byTicket.get(ticket);
    if (observation === undefined) return;
    observation.timer.cancel();
    observation.caller?.destroy();
    this.#byTicket.delete(ticket);
    const own = this.#ticketsOf.get(observation.of.outbox);
    own?.delete(ticket);
    if (own?.size === 0) this.#ticketsOf.delete(observation.of.outbox);
  }
}

/** Who is only looked at pays nothing. */
const NOBODY = "0000000000";
