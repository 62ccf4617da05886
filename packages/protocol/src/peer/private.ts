import * as v from "valibot";
import { FAULT_CODES } from "../faults.ts";

// What two accounts say about their private chat beside its messages. Every number is one of the chain that the device at the other end of the
// link writes to the account at this one, or this one to that. docs/protocol/private-chats.md

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const number = v.pipe(count, v.minValue(1));

/** The sender takes what comes after `after` in your chain (0: from the beginning). docs/protocol/private-chats.md §4 */
export const privateWant = v.object({ cmd: v.literal("PRIVATE_WANT"), after: count });
export type PrivateWant = v.InferOutput<typeof privateWant>;

/** Of my chain, the next after `after` that you can have is `next`: what lies between is not for you, or not kept. §4 */
export const privateLost = v.object({ cmd: v.literal("PRIVATE_LOST"), after: count, next: number });
export type PrivateLost = v.InferOutput<typeof privateLost>;

/**
 * Nothing after `after` of your chain is taken now, and why; a PRIVATE_WANT follows when it is. `not_accepted` is also the answer to a contact request that
 * is kept, with `after` 0: it is confirmed when the user accepts it. §5
 */
export const privateRefused = v.object({
  cmd: v.literal("PRIVATE_REFUSED"),
  after: count,
  code: v.picklist(FAULT_CODES),
});
export type PrivateRefused = v.InferOutput<typeof privateRefused>;

/** The user has read your chain up to this number. Only from those who chose to tell. §6 */
export const privateRead = v.object({ cmd: v.literal("PRIVATE_READ"), seq: number });
export type PrivateRead = v.InferOutput<typeof privateRead>;
