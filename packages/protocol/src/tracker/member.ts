import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { accountKey, deviceKey, port, tlsKey, username } from "../ids.ts";
import { signedAddressRecord } from "../identity/address-record.ts";
import { ENDPOINTS_MAX } from "../limits.ts";

/**
 * Where one device can be dialled. `device` and `tls` are null for a program that speaks the seed dialect.
 * They are hints: the statement and the pins decide. docs/protocol/tracker.md §5
 */
export const endpoint = v.object({
  device: v.nullable(deviceKey),
  tls: v.nullable(tlsKey),
  /** As the tracker sees a seed program; null for a Papo program, which is dialled only where it says itself. */
  address: v.nullable(ipLiteral),
  port: v.nullable(port),
  /** Null when the reader may not know them, or the device is to be reached through a relay alone. docs/protocol/peer.md §7.1 */
  addresses: v.optional(v.nullable(signedAddressRecord), null),
});
export type Endpoint = v.InferOutput<typeof endpoint>;

/** A member of a room. Membership is not presence: `online` says whether a session is open now. */
export const member = v.object({
  username,
  /** Null until the account has shown a key: it chats unencrypted. */
  account: v.nullable(accountKey),
  online: v.boolean(),
  endpoints: v.pipe(v.array(endpoint), v.maxLength(ENDPOINTS_MAX)),
});
export type Member = v.InferOutput<typeof member>;
