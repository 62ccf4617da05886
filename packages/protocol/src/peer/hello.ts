import * as v from "valibot";
import { features, protocolVersion } from "../features.ts";
import { accountKey, username } from "../ids.ts";
import { signedStatement } from "../identity/account-statement.ts";
import { signedEpoch } from "../identity/device-epoch.ts";
import { signedBinding } from "../identity/name-binding.ts";

/**
 * The first message of each side of a link, the dialler's first. `to` is the account that the dialler means to reach; it is null only where no tracker
 * tells accounts (an original tracker), and in the listener's answer it is the dialler's account. docs/protocol/peer.md §2
 */
export const peerHello = v.object({
  cmd: v.literal("HELLO"),
  version: protocolVersion,
  features,
  to: v.nullable(accountKey),
  statement: signedStatement,
  /** The tracker's word for the name; null where there is no tracker that gives one. */
  binding: v.nullable(signedBinding),
  /** What this side calls itself; believed only as far as the binding or the pins go. */
  username,
  /** Which start of this device this is: two that differ show a copy. docs/protocol/identity.md §10 */
  epoch: v.optional(signedEpoch),
});
export type PeerHello = v.InferOutput<typeof peerHello>;
