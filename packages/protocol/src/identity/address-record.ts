import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { deviceKey, port, timestamp } from "../ids.ts";
import { ADDRESS_RECORD_BYTES_MAX, ADDRESSES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/** One place where a device can be dialled. */
export const deviceAddress = v.object({ address: ipLiteral, port });
export type DeviceAddress = v.InferOutput<typeof deviceAddress>;

/**
 * Where a device can be dialled, signed by itself: of two, the one with the higher `seq` counts. `seq` is the time in milliseconds when it was signed, or one
 * more than the last if that is not less. No address in it: the device is to be reached through a relay alone. docs/protocol/peer.md §7.1
 */
export const addressRecord = v.object({
  v: v.literal(1),
  device: deviceKey,
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  time: timestamp,
  addresses: v.pipe(v.array(deviceAddress), v.maxLength(ADDRESSES_MAX)),
});
export type AddressRecord = v.InferOutput<typeof addressRecord>;

export const signedAddressRecord = signedText(ADDRESS_RECORD_BYTES_MAX);
