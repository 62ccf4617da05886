import type { FaultCode, LinkRole, SignedText } from "@papo/protocol";
import { isIpv6 } from "@papo/protocol";
import { isLoopback } from "./address-group.ts";
import type { SeenPlace } from "./observations.ts";

/** What one side of a call lets the other use. */
export type Terms = { readonly addresses: SignedText | null; readonly relay: boolean };

/**
 * Two devices on their way to each other; who called is the TLS client.
 *
 *   ringing ──accepted──▶ meeting ──both may be punched──▶ meeting (told)
 *      └──declined, timed out, somebody left──▶ over ◀──timed out──┘
 */
export type CallState =
  | { readonly kind: "ringing"; readonly client: Terms }
  | { readonly kind: "meeting"; readonly seen: { readonly [R in LinkRole]?: SeenPlace } }
  | { readonly kind: "over" };

export type CallEvent =
  | { readonly kind: "accepted"; readonly server: Terms }
  | { readonly kind: "declined" }
  | { readonly kind: "timed_out" }
  | { readonly kind: "left"; readonly role: LinkRole }
  /** From there this side can be met by both opening at once. */
  | { readonly kind: "stands"; readonly role: LinkRole; readonly place: SeenPlace };

export type CallEffect =
  /** Both sides learn by which ways they may meet. */
  | { readonly kind: "tell_paths"; readonly client: Terms; readonly server: Terms }
  | { readonly kind: "refuse"; readonly why: FaultCode }
  | { readonly kind: "tell_punch"; readonly client: SeenPlace; readonly server: SeenPlace };

export type CallStep = { readonly state: CallState; readonly effect?: CallEffect };

const OVER: CallState = { kind: "over" };

/** Pure. The driver owns the timer and who is told. */
export function stepCall(state: CallState, event: CallEvent): CallStep {
  if (state.kind === "ringing") return ring(state, event);
  if (state.kind === "meeting") return meet(state, event);
  return { state };
}

function ring(state: Extract<CallState, { kind: "ringing" }>, event: CallEvent): CallStep {
  switch (event.kind) {
    case "accepted": {
      const { client } = state;
      return { state: { kind: "meeting", seen: {} }, effect: { kind: "tell_paths", client, server: event.server } };
    }
    case "declined":
      return { state: OVER, effect: { kind: "refuse", why: "unreachable" } };
    case "timed_out":
      return { state: OVER, effect: { kind: "refuse", why: "timeout" } };
    case "left":
      return event.role === "client"
        ? { state: OVER }
        : { state: OVER, effect: { kind: "refuse", why: "peer_offline" } };
    case "stands":
      return { state };
  }
}

function meet(state: Extract<CallState, { kind: "meeting" }>, event: CallEvent): CallStep {
  if (event.kind === "timed_out" || event.kind === "left") return { state: OVER };
  if (event.kind !== "stands") return { state };
  const seen = { ...state.seen, [event.role]: event.place };
  const { client, server } = seen;
  if (client === undefined || server === undefined) return { state: { kind: "meeting", seen } };
  // From now on another try needs two new places.
  return { state: { kind: "meeting", seen: {} }, effect: { kind: "tell_punch", client, server } };
}

/** Whether a connection between the two is thinkable: of one family, and both on this machine or neither. */
export function canMeet(one: SeenPlace, other: SeenPlace): boolean {
  const isSameFamily = isIpv6(one.address) === isIpv6(other.address);
  return isSameFamily && isLoopback(one.address) === isLoopback(other.address);
}
