import { accountKey, signedBinding, signedStatement, timestamp, username } from "@papo/protocol";
import * as v from "valibot";

/** A key that claimed a name, with the account's latest statement and the tracker's word for the name. */
const offeredKey = v.object({
  account: accountKey,
  statement: signedStatement,
  binding: v.nullable(signedBinding),
});
export type OfferedKey = v.InferOutput<typeof offeredKey>;

/**
 * What is remembered of one name at one tracker. `offered` waits for the user's decision; `former` and `blocked` keep what was
 * decided, bindings included, so that it can be shown who vouched for whom.
 */
export const pin = v.object({
  ...offeredKey.entries,
  name: username,
  verified: v.boolean(),
  blocked: v.array(accountKey),
  offered: v.nullable(offeredKey),
  former: v.array(offeredKey),
  firstSeen: timestamp,
});
export type Pin = v.InferOutput<typeof pin>;
