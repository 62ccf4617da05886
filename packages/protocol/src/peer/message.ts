import * as v from "valibot";
import { messageId, roomId, timestamp } from "../ids.ts";
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
   * id of the one before it. docs/protocol/private-chats.md §2
   */
  seq: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  prev: v.optional(v.nullable(messageId)),
});
export type PeerMessage = v.InferOutput<typeof peerMessage>;

/** The message with this id has reached the other program. docs/protocol/peer.md §3.1 */
export const received = v.object({ cmd: v.literal("RECEIVED"), id: messageId });
export type Received = v.InferOutput<typeof received>;

/** The sender left the room, or (`null`) the private chat. The link stays. docs/protocol/peer.md §4 */
export const peerLeave = v.object({ cmd: v.literal("LEAVE"), room: v.nullable(roomId) });
export type PeerLeave = v.InferOutput<typeof peerLeave>;
