import * as v from "valibot";
import { accountKey, roomId, timestamp, trackerKey, username } from "../ids.ts";
import { BINDING_BYTES_MAX } from "../limits.ts";
import { signedText } from "../identity/signed-text.ts";

/** A tracker's word that it lets this account into this open room. docs/protocol/room-log.md §4.3 */
export const roomTicket = v.object({
  v: v.literal(1),
  tracker: trackerKey,
  room: roomId,
  account: accountKey,
  name: username,
  date: timestamp,
});
export type RoomTicket = v.InferOutput<typeof roomTicket>;

export const signedRoomTicket = signedText(BINDING_BYTES_MAX);
