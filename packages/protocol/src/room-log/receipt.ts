import * as v from "valibot";
import { deviceKey, roomId } from "../ids.ts";
import { RECEIPT_BYTES_MAX, RECEIPT_DEVICES_MAX } from "../limits.ts";
import { signedText } from "../identity/signed-text.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Everything of these devices' content chains up to these numbers. */
const upTo = v.pipe(v.array(v.tuple([deviceKey, count])), v.maxLength(RECEIPT_DEVICES_MAX));

/**
 * What one device durably holds of a room, and what its user has read if they tell. The one with the highest `count` holds. docs/protocol/room-log.md §8
 */
export const receipt = v.object({
  v: v.literal(1),
  room: roomId,
  device: deviceKey,
  count: v.pipe(count, v.minValue(1)),
  stored: upTo,
  read: v.nullable(upTo),
});
export type Receipt = v.InferOutput<typeof receipt>;

export const signedReceipt = signedText(RECEIPT_BYTES_MAX);
