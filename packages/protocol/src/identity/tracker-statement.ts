import * as v from "valibot";
import { tlsKey, trackerKey } from "../ids.ts";
import { BINDING_BYTES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/** A tracker's word that the TLS key of this session is its own. docs/protocol/identity.md §5 */
export const trackerStatement = v.object({ v: v.literal(1), key: trackerKey, tls: tlsKey });
export type TrackerStatement = v.InferOutput<typeof trackerStatement>;

export const signedTrackerStatement = signedText(BINDING_BYTES_MAX);
