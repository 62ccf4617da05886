import * as v from "valibot";
import { accountKey, timestamp, trackerKey, username } from "../ids.ts";
import { BINDING_BYTES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/** A tracker's word that `name` is the account `account`, on that date. docs/protocol/identity.md §4 */
export const nameBinding = v.object({
  v: v.literal(1),
  tracker: trackerKey,
  name: username,
  account: accountKey,
  date: timestamp,
});
export type NameBinding = v.InferOutput<typeof nameBinding>;

export const signedBinding = signedText(BINDING_BYTES_MAX);
