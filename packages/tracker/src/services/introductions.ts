import { randomBytes } from "node:crypto";
import type { Clock, Timer } from "@papo/link";
import {
  type AccountKey,
  CALLS_OF_ONE_ACCOUNT_MAX,
  CALLS_OF_STRANGERS_PENDING_MAX,
  CALLS_PENDING_MAX,
  CALL_TIMEOUT_MS,
  type CallId,
  DIALLED_PORT_MIN,
  type DeviceKey,
  type FaultCode,
  type LinkRole,
  type Outcome,
  type Paths,
  type TlsKey,
  type Username,
  callId,
  decodeWith,
  fail,
  succeed,
} from "@papo/protocol";
import type { RelayOffer } from "../relay/relay-offer.ts";
import { type CallEffect, type CallEvent, type CallState, type Terms, canMeet, stepCall } from "./call-state.ts";
import type { SeenPlace } from "./observations.ts";
import type { OnlineSession } from "./online-session.ts";

/** A session of one of our programs, which is what can call and be called. */
export type Callable = OnlineSession & {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly tls: TlsKey;
};

type Call = {
  readonly id: CallId;
  /** The two devices, in an order that does not depend on who called. */
  readonly pair: string;
  readonly client: Callable;
  readonly server: Callable;
  state: CallState;
  timer: Timer;
};

/**
 * Brings two devices together that do not reach each other: each says what the other may use, and hears what there is. Nobody is told
 * anything of the other that the other did not give for it. docs/protocol/tracker.md §7
 */
export class Introductions {
  readonly #clock: Clock;
  readonly #relay: RelayOffer;
  readonly #areNear: (one: Username, other: Username) => boolean;
  readonly #calls = new Map<CallId, Call>();
  readonly #callByPair = new Map<string, Call>();
  readonly #callsOf = new Map<OnlineSession, Set<Call>>();

  /** `areNear`: whether two share a room. */
  constructor(options: {
    readonly clock: Clock;
    readonly relay: RelayOffer;
    readonly areNear: (one: Username, other: Username) => boolean;
  }) {
    this.#clock = options.clock;
    this.#relay = options.relay;
    this.#areNear = options.areNear;
  }

  get count(): number {
    return this.#calls.size;
  }

  /** The call that the two have from now on. Who is being called by the other already has answered with this. */
  connect(by: Callable, to: Callable, terms: Terms): Outcome<CallId> {
    const known = this.#callByPair.get(pairOf(by, to));
    if (known?.state.kind === "ringing") {
      if (known.client === by && known.server === to) return succeed(known.id);
      if (known.server === by && known.client === to) return this.#answerInstead(known, terms);
    }
    if (known !== undefined) this.#step(known, { kind: "left", role: "client" });
    return this.#ring(by, to, terms);
  }

  answer(by: Callable, id: CallId, answer: Terms & { readonly accept: boolean }): Outcome<object> {
    const call = this.#calls.get(id);
    if (call?.server !== by || call.state.kind !== "ringing") return fail("timeout", "a call that waits for an answer");
    const { accept, ...server } = answer;
    this.#step(call, accept ? { kind: "accepted", server } : { kind: "declined" });
    return succeed({});
  }

  /** One side's connection stands there: once the other's does as well, both are told to open at once. */
  punch(by: Callable, id: CallId, place: SeenPlace): Outcome<object> {
    const call = this.#calls.get(id);
    const role = call === undefined ? undefined : roleOf(by, call);
    if (call?.state.kind !== "meeting" || role === undefined) return fail("timeout", "a call that is under way");
    const other = call.state.seen[role === "client" ? "server" : "client"];
    const isOdd = place.port < DIALLED_PORT_MIN || (other !== undefined && !canMeet(place, other));
    if (isOdd) return fail("unreachable", "a place that the other side can reach");
    this.#step(call, { kind: "stands", role, place });
    return succeed({});
  }

  /** The session is over, and with it its calls. */
  forget(session: OnlineSession): void {
    for (const call of this.#callsOf.get(session) ?? []) {
      this.#step(call, { kind: "left", role: call.client === session ? "client" : "server" });
    }
  }

  close(): void {
    for (const call of this.#calls.values()) call.timer.cancel();
    this.#calls.clear();
    this.#callByPair.clear();
    this.#callsOf.clear();
  }

  #ring(client: Callable, server: Callable, terms: Terms): Outcome<CallId> {
    if (this.#isCrowded(client, server)) return fail("slow_down", "fewer calls at once");
    const id = newCallId();
    const state: CallState = { kind: "ringing", client: terms };
    const call: Call = { id, pair: pairOf(client, server), client, server, state, timer: this.#endLater(id) };
    this.#calls.set(id, call);
    this.#callByPair.set(call.pair, call);
    for (const session of [client, server]) {
      this.#callsOf.set(session, (this.#callsOf.get(session) ?? new Set()).add(call));
    }
    const { username, account, device, tls } = client;
    server.outbox.announce({ kind: "called", call: id, username, account, device, tls, addresses: terms.addresses });
    return succeed(id);
  }

  /**
   * In each role by itself: who is called by many can still call. A call that nobody answers stands for its whole time: so neither one account with many
   * devices nor all strangers together may take every place there is to call somebody.
   */
  #isCrowded(client: Callable, server: Callable): boolean {
    const calls = this.#callsAs("server", server);
    const ofAccount = calls.filter((call) => call.client.account === client.account);
    const isStranger = ({ username }: Callable): boolean => !this.#areNear(username, server.username);
    const ofStrangers = isStranger(client) ? calls.filter((call) => isStranger(call.client)) : [];
    return (
      this.#callsAs("client", client).length >= CALLS_PENDING_MAX ||
      calls.length >= CALLS_PENDING_MAX ||
      ofAccount.length >= CALLS_OF_ONE_ACCOUNT_MAX ||
      ofStrangers.length >= CALLS_OF_STRANGERS_PENDING_MAX
    );
  }

  #callsAs(role: LinkRole, session: OnlineSession): readonly Call[] {
    return [...(this.#callsOf.get(session) ?? [])].filter((call) => call[role] === session);
  }

  /** Later, so that the one who called learns the call's id before what comes of it. */
  #answerInstead(call: Call, server: Terms): Outcome<CallId> {
    this.#clock.after(0, () => this.#step(call, { kind: "accepted", server }));
    return succeed(call.id);
  }

  #endLater(id: CallId): Timer {
    return this.#clock.after(CALL_TIMEOUT_MS, () => {
      const call = this.#calls.get(id);
      if (call !== undefined) this.#step(call, { kind: "timed_out" });
    });
  }

  #step(call: Call, event: CallEvent): void {
    const wasRinging = call.state.kind === "ringing";
    const { state, effect } = stepCall(call.state, event);
    call.state = state;
    if (state.kind === "over") this.#remove(call);
    else if (wasRinging && state.kind === "meeting") {
      call.timer.cancel();
      call.timer = this.#endLater(call.id);
    }
    if (effect !== undefined) this.#perform(call, effect);
  }

  #remove(call: Call): void {
    call.timer.cancel();
    this.#calls.delete(call.id);
    if (this.#callByPair.get(call.pair) === call) this.#callByPair.delete(call.pair);
    for (const session of [call.client, call.server]) {
      const calls = this.#callsOf.get(session);
      calls?.delete(call);
      if (calls?.size === 0) this.#callsOf.delete(session);
    }
  }

  #perform(call: Call, effect: CallEffect): void {
    switch (effect.kind) {
      case "refuse":
        return this.#tellPaths(call, "client", { ...NO_PATHS, refused: effect.why });
      case "tell_paths":
        return this.#tellBoth(call, effect);
      case "tell_punch":
        this.#tellPunch(call, "client", effect.server);
        this.#tellPunch(call, "server", effect.client);
    }
  }

  #tellBoth(call: Call, { client, server }: Extract<CallEffect, { kind: "tell_paths" }>): void {
    const wanted = client.relay && server.relay;
    const tickets = wanted ? this.#relay.ticketsFor(call.client.account, call.server.account) : undefined;
    // With no address and no relay nothing is left but to punch, to which neither is bound.
    const isHopeless = tickets === "full" && client.addresses === null && server.addresses === null;
    const refused: FaultCode | null = isHopeless ? "limit_reached" : null;
    const place = this.#relay.told?.place ?? null;
    const relay = (role: LinkRole) =>
      tickets === undefined || tickets === "full" ? null : { ticket: tickets[role], place };
    this.#tellPaths(call, "client", { refused, addresses: server.addresses, relay: relay("client") });
    this.#tellPaths(call, "server", { refused, addresses: client.addresses, relay: relay("server") });
    if (isHopeless) this.#step(call, { kind: "timed_out" });
  }

  #tellPaths(call: Call, role: LinkRole, paths: Pick<Paths, "refused" | "addresses" | "relay">): void {
    call[role].outbox.announce({ kind: "paths", call: call.id, role, ...paths });
  }

  #tellPunch(call: Call, role: LinkRole, { address, port }: SeenPlace): void {
    call[role].outbox.announce({ kind: "punch", call: call.id, role, address, port, delayMs: 0 });
  }
}

/** An original program has no device, and no way to be called. */
export function isCallable(session: OnlineSession): session is Callable {
  return session.account !== null && session.device !== null && session.tls !== null;
}

const NO_PATHS = { addresses: null, relay: null } as const;

function roleOf(session: OnlineSession, { client, server }: Call): LinkRole | undefined {
  if (session === client) return "client";
  return session === server ? "server" : undefined;
}

/** With their accounts: anybody can list another's device key as one of their own. */
function pairOf(one: Callable, other: Callable): string {
  return [one, other]
    .map(({ account, device }) => `${account} ${device}`)
    .toSorted()
    .join(" ");
}

function newCallId(): CallId {
  const decoded = decodeWith(callId, randomBytes(16).toString("base64url"));
  if (!decoded.ok) throw new TypeError("a new call id does not read back");
  return decoded.value;
}
