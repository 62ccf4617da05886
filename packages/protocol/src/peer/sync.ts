import * as v from "valibot";
import { FAULT_CODES } from "../faults.ts";
import { deviceKey, entryId, inviteId, roomId, sha256, signature } from "../ids.ts";
import { RECEIPT_DEVICES_MAX, SYNC_HEADS_PAGE_MAX, SYNC_RANGES_MAX } from "../limits.ts";
import { signedBinding } from "../identity/name-binding.ts";
import { chain } from "../room-log/entry-header.ts";
import { signedReceipt } from "../room-log/receipt.ts";

// How two devices bring each other up to date about a room. Entries themselves travel in frames of their own kind
// (room-log/entry-batch.ts). docs/protocol/room-log.md §7

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Hashes over everything that the sender has of a room: equal ones mean that there is nothing to exchange. */
export const syncDigest = v.object({ cmd: v.literal("SYNC_DIGEST"), room: roomId, control: sha256, content: sha256 });
export type SyncDigest = v.InferOutput<typeof syncDigest>;

/** How far the sender has one device's chains, without gaps: number and id of the last entry, null where it has none. */
const deviceHeads = v.object({
  device: deviceKey,
  control: v.nullable(v.tuple([count, entryId])),
  content: v.nullable(v.tuple([count, entryId])),
});
export type DeviceHeads = v.InferOutput<typeof deviceHeads>;

/** One page of the sender's heads, by device key; `last` on the last. Whoever reads them asks for what it lacks. */
export const syncHeads = v.object({
  cmd: v.literal("SYNC_HEADS"),
  room: roomId,
  heads: v.pipe(v.array(deviceHeads), v.maxLength(SYNC_HEADS_PAGE_MAX)),
  last: v.boolean(),
  /** The other side is to tell its own, unless it has just done so. */
  ask: v.boolean(),
});
export type SyncHeads = v.InferOutput<typeof syncHeads>;

const range = v.object({
  device: deviceKey,
  chain,
  from: v.pipe(count, v.minValue(1)),
  to: v.pipe(count, v.minValue(1)),
});
export type SyncRange = v.InferOutput<typeof range>;

/** Send me these, control first, then in the room's order, at most about `credit` bytes; I ask again for the rest. The last one about a room holds. */
export const syncWant = v.object({
  cmd: v.literal("SYNC_WANT"),
  room: roomId,
  ranges: v.pipe(v.array(range), v.minLength(1), v.maxLength(SYNC_RANGES_MAX)),
  credit: v.pipe(count, v.minValue(1)),
});
export type SyncWant = v.InferOutput<typeof syncWant>;

/** That was all for the last SYNC_WANT about this room: everything asked for (`more: false`), or what the credit allowed. */
export const syncDone = v.object({ cmd: v.literal("SYNC_DONE"), room: roomId, more: v.boolean() });
export type SyncDone = v.InferOutput<typeof syncDone>;

/** These chains are durable at the sender up to these numbers, every entry before included; 0: nothing. Only what changed is told. */
export const syncStored = v.object({
  cmd: v.literal("STORED"),
  room: roomId,
  heads: v.pipe(
    v.array(v.object({ device: deviceKey, control: count, content: count })),
    v.minLength(1),
    v.maxLength(SYNC_HEADS_PAGE_MAX),
  ),
});
export type SyncStored = v.InferOutput<typeof syncStored>;

/** A device's newest receipt, its own or passed on. */
export const syncReceipt = v.object({ cmd: v.literal("RECEIPT"), receipt: signedReceipt });
export type SyncReceipt = v.InferOutput<typeof syncReceipt>;

/**
 * The sender has no link with these devices: what they write in this room, and their receipts, are to be passed on to it as they come. The last such
 * list about a room holds.
 */
export const syncCarry = v.object({
  cmd: v.literal("CARRY"),
  room: roomId,
  devices: v.pipe(v.array(deviceKey), v.maxLength(RECEIPT_DEVICES_MAX)),
});
export type SyncCarry = v.InferOutput<typeof syncCarry>;

/** Everything by which two devices bring a room together, entries aside. */
export type SyncSays = SyncDigest | SyncHeads | SyncWant | SyncDone | SyncStored | SyncReceipt | SyncCarry;

/** The sender holds an invite to this room; `proof` is by the invite's key over `room | account of this link`. */
export const useInvite = v.object({
  cmd: v.literal("USE_INVITE"),
  room: roomId,
  invite: inviteId,
  proof: signature,
  binding: v.nullable(signedBinding),
});
export type UseInvite = v.InferOutput<typeof useInvite>;

/** What became of it: null when the sender was admitted, and the entries follow. */
export const inviteAnswer = v.object({
  cmd: v.literal("INVITE_ANSWER"),
  room: roomId,
  refused: v.nullable(v.picklist(FAULT_CODES)),
});
export type InviteAnswer = v.InferOutput<typeof inviteAnswer>;
