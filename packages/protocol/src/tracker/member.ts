import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { accountKey, deviceKey, port, tlsKey, username } from "../ids.ts";
import { ENDPOINTS_MAX } from "../limits.ts";

/**
 * Where one device can be dialled. `device` and `tls` are null for a program that speaks the seed dialect.
 * They are hints: the statement and the pins decide. docs/protocol/tracker.md §5
 */
export const endpoint = v.object({
  device: v.nullable(deviceKey),
  tls: v.nullable(tlsKey),
  address: ipLiteral,
  port,
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
