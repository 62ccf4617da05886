import * as v from "valibot";
import { deviceKey, messageId, roomId, timestamp } from "../ids.ts";
import { MESSAGE_CONTENT_BYTES_MAX } from "../limits.ts";

/**
 * A chat line, in a room or (`room: null`) in private. The author is the link's account, whatever else is claimed.
 * docs/protocol/peer.md §3
 */
export const peerMessage = v.object({
  cmd: v.literal("MESSAGE"),
  id: messageId,
  room: v.nullable(roomId),
  content: v.pipe(v.string(), v.minLength(1), v.maxBytes(MESSAGE_CONTENT_BYTES_MAX)),
  sent: timestamp,
  /**
   * Private messages of programs that keep them: the number of this message in the sending device's chain with the receiving account, and the
   * id of the one before it (null before the first). `id` is then a hash over all of it. docs/protocol/private-chats.md §2
   */
  seq: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  prev: v.optional(v.nullable(messageId)),
  /** The same text was sent before by another device of this account, whose keys are gone. docs/protocol/private-chats.md §7 */
  supersedes: v.optional(v.object({ device: deviceKey, id: messageId })),
});
export type PeerMessage = v.InferOutput<typeof peerMessage>;

/**
 * The message with this id has reached the other program. With `seq`, of a numbered message: it and everything before it in that chain is on
 * the other side's disk. docs/protocol/peer.md §3.1, docs/protocol/private-chats.md §3
 */
export const received = v.object({
  cmd: v.literal("RECEIVED"),
  id: messageId,
  seq: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});
export type Received = v.InferOutput<typeof received>;

/** The sender left the room, or (`null`) the private chat. The link stays. docs/protocol/peer.md §4 */
export const peerLeave = v.object({ cmd: v.literal("LEAVE"), room: v.nullable(roomId) });
export type PeerLeave = v.InferOutput<typeof peerLeave>;
