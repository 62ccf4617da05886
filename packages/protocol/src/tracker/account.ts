import * as v from "valibot";
import { newUsername, passwordHash, port, requestId, roomId, roomName, startId, username } from "../ids.ts";
import { signedStatement } from "../identity/account-statement.ts";
import { signedAddressRecord } from "../identity/address-record.ts";
import { signedBinding } from "../identity/name-binding.ts";
import { signedUnlatch } from "../identity/unlatch.ts";
import { CLAIMED_ADDRESS_CHARS_MAX, ROOMS_JOINED_MAX } from "../limits.ts";

const claimedAddress = v.optional(v.pipe(v.string(), v.maxLength(CLAIMED_ADDRESS_CHARS_MAX)));

/** Where this device listens and whether it may be shown to programs that do not encrypt. */
const presenceFields = {
  address: claimedAddress,
  port,
  /** Where it can be dialled, once it knows: each address is one that this tracker has seen it at, or the record is refused. */
  addresses: v.optional(v.nullable(signedAddressRecord), null),
  /** True when this device runs with `--allow-plaintext`. */
  plaintext: v.optional(v.boolean(), false),
};

/**
 * How often this device has started, and which start this is; both or neither. A lower epoch than the last, or the same one from another
 * start, is a copy of the profile. docs/protocol/tracker.md §3.4
 */
const startFields = {
  epoch: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  start: v.optional(startId),
};

/** Peer → tracker. A new account; the session is then logged in. docs/protocol/tracker.md §3.1 */
export const registerRequest = v.object({
  cmd: v.literal("REGISTER"),
  id: requestId,
  username: newUsername,
  password: passwordHash,
  statement: signedStatement,
  ...presenceFields,
  ...startFields,
});
export type RegisterRequest = v.InferOutput<typeof registerRequest>;

/**
 * Peer → tracker. With no `password` the session's TLS key is the credential. With one, an account that has no root yet takes
 * the root of `statement`; one that has another is only replaced when `newIdentity` asks for it. docs/protocol/tracker.md §3.2
 */
export const loginRequest = v.object({
  cmd: v.literal("LOGIN"),
  id: requestId,
  username,
  password: v.optional(passwordHash),
  newIdentity: v.optional(v.boolean(), false),
  statement: signedStatement,
  ...presenceFields,
  ...startFields,
});
export type LoginRequest = v.InferOutput<typeof loginRequest>;

/** The answer to both: the binding of the name, and the rooms of which the account is a member. */
export const loginAnswer = v.object({
  username,
  binding: signedBinding,
  rooms: v.pipe(v.array(v.object({ id: roomId, name: roomName })), v.maxLength(ROOMS_JOINED_MAX)),
});
export type LoginAnswer = v.InferOutput<typeof loginAnswer>;

/** Peer → tracker. Ends the session; the tracker answers and closes. docs/protocol/tracker.md §3.3 */
export const logoutRequest = v.object({ cmd: v.literal("LOGOUT"), id: requestId });
export type LogoutRequest = v.InferOutput<typeof logoutRequest>;

/** Peer → tracker. Lets the account in through the seed dialect again, until its next login. docs/protocol/tracker.md §3.5 */
export const unlatchRequest = v.object({ cmd: v.literal("UNLATCH"), id: requestId, request: signedUnlatch });
export type UnlatchRequest = v.InferOutput<typeof unlatchRequest>;
