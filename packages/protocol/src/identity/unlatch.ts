import * as v from "valibot";
import { accountKey, timestamp, trackerKey, username } from "../ids.ts";
import { BINDING_BYTES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/**
 * The account's own word that this tracker may let `name` in with its password alone again, in the seed dialect, until the next login
 * with a key. `date` counts: it must be near the tracker's clock and later than the last one used. docs/protocol/identity.md §7
 */
export const unlatchText = v.object({
  v: v.literal(1),
  account: accountKey,
  tracker: trackerKey,
  name: username,
  date: timestamp,
});
export type UnlatchText = v.InferOutput<typeof unlatchText>;

export const signedUnlatch = signedText(BINDING_BYTES_MAX);
