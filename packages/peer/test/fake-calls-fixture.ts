import { type Clock, type TicketCaller, systemClock } from "@papo/link";
import {
  CALL_TIMEOUT_MS,
  type FaultCode,
  RELAY_IDLE_TIMEOUT_MS,
  RELAY_MEET_TIMEOUT_MS,
  type SignedText,
  type TrackerRequest,
} from "@papo/protocol";
import { randomBytes } from "node:crypto";
import type { FakeSession } from "./fake-tracker-fixture.ts";

type Says = { readonly addresses: SignedText | null; readonly relay: boolean };
type Side = { readonly session: FakeSession; readonly says: Says | undefined };
type Asked<C extends TrackerRequest["cmd"]> = Extract<TrackerRequest, { cmd: C }>;

/** One meeting of two devices. */
type FakeCall = {
  readonly id: string;
  readonly caller: Side;
  callee: Side;
  isOver: boolean;
  readonly connectionBySession: Map<FakeSession, TicketCaller>;
  waiting: TicketCaller | undefined;
};

type Ticket =
  | { readonly kind: "observe"; readonly session: FakeSession }
  | { readonly kind: "relay"; readonly call: FakeCall };

/** Calls, tickets and the relay of a tracker that believes everybody: docs/protocol/tracker.md §7, §8. */
export class FakeCalls {
  /** False: it introduces people, and gives nobody a ticket for a relay. */
  relays = true;
  /** False: CALLs are never told, as if the other side were busy with something else. */
  rings = true;
  clock: Clock = systemClock;
  /** Connections that were brought together here. */
  spliced = 0;
  /** Where it says that its relay is. */
  relayPlace: { readonly host: string; readonly port: number } | null = null;
  /** Where it says that the other side of every PUNCH is. */
  punchPlace: { readonly address: string; readonly port: number } | undefined;
  /** Every record that somebody gave for a call. */
  readonly recordsTold: SignedText[] = [];
  readonly #sessions: ReadonlySet<FakeSession>;
  readonly #calls = new Set<FakeCall>();
  readonly #ticketByText = new Map<string, Ticket>();
  readonly #seenByText = new Map<string, TicketCaller>();

  constructor(sessions: ReadonlySet<FakeSession>) {
    this.#sessions = sessions;
  }

  get underWay(): number {
    return [...this.#calls].filter(({ isOver }) => !isOver).length;
  }

  connect({ username, device, addresses, relay }: Asked<"CONNECT">, session: FakeSession): object {
    const callee = [...this.#sessions].find((one) => one.username === username && one.device === device);
    if (addresses !== null) this.recordsTold.push(addresses);
    if (callee === session) return refusal("wrong_recipient");
    if (callee === undefined) return refusal("peer_offline");
    const says = { addresses, relay };
    const theirs = this.#waiting(callee, session);
    if (theirs !== undefined) {
      theirs.callee = { session, says };
      queueMicrotask(() => this.#tellPaths(theirs));
      return { call: theirs.id };
    }
    const known = this.#waiting(session, callee);
    if (known !== undefined) return { call: known.id };
    return { call: this.#ring({ session, says }, callee).id };
  }

  #waiting(caller: FakeSession, callee: FakeSession): FakeCall | undefined {
    return [...this.#calls].find(
      (call) => !call.isOver && call.caller.session === caller && call.callee.session === callee && !call.callee.says,
    );
  }

  #ring(caller: Side, callee: FakeSession): FakeCall {
    const id = randomBytes(16).toString("base64url");
    const to: Side = { session: callee, says: undefined };
    const call: FakeCall = {
      ...{ id, caller, callee: to, isOver: false, waiting: undefined },
      connectionBySession: new Map(),
    };
    this.#calls.add(call);
    const { username, account, device, link } = caller.session;
    const who = { username, account, device, tls: link.security?.remoteKey, addresses: caller.says?.addresses ?? null };
    if (this.rings) callee.link.sendJson({ status: "CALL", call: id, ...who });
    this.clock.after(CALL_TIMEOUT_MS, () => {
      if (call.callee.says === undefined && !call.isOver) this.#refuse(call, "timeout");
      call.isOver = true;
    });
    return call;
  }

  answer({ call: id, accept, addresses, relay }: Asked<"ANSWER">, session: FakeSession): object {
    const call = [...this.#calls].find((one) => one.id === id && one.callee.session === session && !one.isOver);
    if (call === undefined || call.callee.says !== undefined) return refusal("timeout");
    if (addresses !== null) this.recordsTold.push(addresses);
    if (accept) {
      call.callee = { session, says: { addresses, relay } };
      queueMicrotask(() => this.#tellPaths(call));
    } else this.#refuse(call, "unreachable");
    return {};
  }

  #refuse(call: FakeCall, refused: FaultCode): void {
    call.isOver = true;
    const nothing = { role: "client", refused, addresses: null, relay: null };
    call.caller.session.link.sendJson({ status: "PATHS", call: call.id, ...nothing });
  }

  #tellPaths(call: FakeCall): void {
    const { caller, callee } = call;
    const mayRelay = this.relays && caller.says?.relay === true && callee.says?.relay === true;
    for (const [own, other, role] of [
      [caller, callee, "client"],
      [callee, caller, "server"],
    ] as const) {
      const relay = mayRelay ? { ticket: this.#ticket({ kind: "relay", call }), place: this.relayPlace } : null;
      const said = { call: call.id, role, refused: null, addresses: other.says?.addresses ?? null, relay };
      own.session.link.sendJson({ status: "PATHS", ...said });
    }
  }

  observe(session: FakeSession): object {
    return { ticket: this.#ticket({ kind: "observe", session }) };
  }

  #ticket(ticket: Ticket): string {
    const text = randomBytes(32).toString("base64url");
    this.#ticketByText.set(text, ticket);
    return text;
  }

  punch({ call: id, ticket }: Asked<"PUNCH">, session: FakeSession): object {
    const call = [...this.#calls].find((one) => one.id === id && !one.isOver);
    const connection = this.#seenByText.get(ticket);
    if (call === undefined) return refusal("timeout");
    if (connection === undefined || connection.isClosed) return refusal("invalid_message");
    call.connectionBySession.set(session, connection);
    const one = call.connectionBySession.get(call.caller.session);
    const other = call.connectionBySession.get(call.callee.session);
    if (one === undefined || other === undefined) return {};
    this.#tellPunch(call, { to: call.caller.session, at: other, role: "client" });
    this.#tellPunch(call, { to: call.callee.session, at: one, role: "server" });
    return {};
  }

  #tellPunch({ id }: FakeCall, told: { to: FakeSession; at: TicketCaller; role: "client" | "server" }): void {
    const { remoteAddress: address, remotePort: port } = told.at.ends;
    const where = this.punchPlace ?? { address, port };
    told.to.link.sendJson({ status: "PUNCH", call: id, role: told.role, ...where, delayMs: 0 });
  }

  /** A plain connection with a ticket. */
  came(connection: TicketCaller): void {
    const text = Buffer.from(connection.ticket).toString("base64url");
    const ticket = this.#ticketByText.get(text);
    this.#ticketByText.delete(text);
    if (ticket === undefined) return connection.destroy();
    if (ticket.kind === "relay") return this.#meet(ticket.call, connection);
    this.#seenByText.set(text, connection);
    const { remoteAddress: address, remotePort: port } = connection.ends;
    ticket.session.link.sendJson({ status: "OBSERVED", ticket: text, address, port });
  }

  #meet(call: FakeCall, connection: TicketCaller): void {
    const first = call.waiting;
    if (first === undefined || first.isClosed) {
      call.waiting = connection;
      this.clock.after(RELAY_MEET_TIMEOUT_MS, () => {
        if (call.waiting === connection) connection.destroy();
      });
      return;
    }
    call.waiting = undefined;
    this.spliced += 1;
    first.spliceWith(connection, {
      ...{ clock: this.clock, idleTimeoutMs: RELAY_IDLE_TIMEOUT_MS },
      spend: () => 0,
      ended: () => {},
    });
  }
}

function refusal(code: FaultCode): object {
  return { status: "ERROR", code };
}
