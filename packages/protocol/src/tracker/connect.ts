import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { FAULT_CODES } from "../faults.ts";
import { accountKey, callId, deviceKey, port, relayTicket, requestId, tlsKey, username } from "../ids.ts";
import { signedAddressRecord } from "../identity/address-record.ts";
import { MSG_CHARS_MAX, PUNCH_DELAY_MS_MAX } from "../limits.ts";

// How two devices that do not reach each other are brought together: docs/protocol/tracker.md §7

const msg = v.optional(v.pipe(v.string(), v.maxLength(MSG_CHARS_MAX)));

/** Who is the client of the TLS handshake, and so the dialler of docs/protocol/peer.md §2: never both, never neither. */
const linkRole = v.picklist(["client", "server"]);
export type LinkRole = v.InferOutput<typeof linkRole>;

/** Peer → tracker. Where this device can be dialled is another list now. */
export const addressesRequest = v.object({
  cmd: v.literal("ADDRESSES"),
  id: requestId,
  addresses: signedAddressRecord,
});

/** Peer → tracker. A ticket for a plain connection whose address and port the tracker will tell, as it sees them. */
export const observeRequest = v.object({ cmd: v.literal("OBSERVE"), id: requestId });
export const observeAnswer = v.object({ ticket: relayTicket });

/** Tracker → the session that asked OBSERVE: the connection with that ticket came from here. It stays open until its client closes it. */
export const observed = v.object({
  status: v.literal("OBSERVED"),
  msg,
  ticket: relayTicket,
  address: ipLiteral,
  port,
});
export type Observed = v.InferOutput<typeof observed>;

/**
 * Peer → tracker. Whether the address that the tracker sees takes a connection from outside, at the port told at LOGIN or, before that and for another one, at `port`.
 */
export const checkReachRequest = v.object({ cmd: v.literal("CHECK_REACH"), id: requestId, port: v.optional(port) });
export const checkReachAnswer = v.object({ reached: v.boolean(), address: ipLiteral, port });
export type CheckReachAnswer = v.InferOutput<typeof checkReachAnswer>;

/** Where a relay is; null stands for the place where the session's tracker was reached. */
const relayPlace = v.nullable(v.object({ host: ipLiteral, port }));

/**
 * Peer → tracker. Wants a link with a device that is online, by whatever way there is. `addresses`: its own, if the other side may know them. `relay`:
 * whether it would take a relay. Two that call each other at once share one call.
 */
export const connectRequest = v.object({
  cmd: v.literal("CONNECT"),
  id: requestId,
  username,
  device: deviceKey,
  addresses: v.nullable(signedAddressRecord),
  relay: v.boolean(),
});
export const connectAnswer = v.object({ call: callId });

/** Tracker → the device that is called. */
export const call = v.object({
  status: v.literal("CALL"),
  msg,
  call: callId,
  username,
  account: accountKey,
  device: deviceKey,
  tls: tlsKey,
  addresses: v.nullable(signedAddressRecord),
});
export type Call = v.InferOutput<typeof call>;

/** Peer → tracker. What the device that is called makes of it. Who does not accept says no more; the caller learns that nobody is to be reached. */
export const answerRequest = v.object({
  cmd: v.literal("ANSWER"),
  id: requestId,
  call: callId,
  accept: v.boolean(),
  addresses: v.nullable(signedAddressRecord),
  relay: v.boolean(),
});

/** Tracker → both sides of a call: what ways there are. `refused`: there will be none, and why. */
export const paths = v.object({
  status: v.literal("PATHS"),
  msg,
  call: callId,
  role: linkRole,
  refused: v.nullable(v.picklist(FAULT_CODES)),
  addresses: v.nullable(signedAddressRecord),
  relay: v.nullable(v.object({ ticket: relayTicket, place: relayPlace })),
});
export type Paths = v.InferOutput<typeof paths>;

/** Peer → tracker. A connection with this ticket (of OBSERVE) stands: its port may be told to the other side of the call, for both to open at once. */
export const punchRequest = v.object({ cmd: v.literal("PUNCH"), id: requestId, call: callId, ticket: relayTicket });

/** Tracker → both sides of a call, when both asked: open TCP from the port of your own ticket's connection to here, `delayMs` after this comes. */
export const punch = v.object({
  status: v.literal("PUNCH"),
  msg,
  call: callId,
  role: linkRole,
  address: ipLiteral,
  port,
  delayMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(PUNCH_DELAY_MS_MAX)),
});
export type Punch = v.InferOutput<typeof punch>;
