import * as v from "valibot";
import { deviceKey, startId } from "../ids.ts";
import { BINDING_BYTES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/**
 * A device says how often it has started and which start this is, signed by itself: two that contradict each other prove that there are two copies of
 * it. docs/protocol/identity.md §10
 */
export const deviceEpoch = v.object({
  v: v.literal(1),
  device: deviceKey,
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  start: startId,
});
export type DeviceEpoch = v.InferOutput<typeof deviceEpoch>;

export const signedEpoch = signedText(BINDING_BYTES_MAX);
