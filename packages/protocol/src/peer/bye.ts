import * as v from "valibot";
import { FAULT_CODES } from "../faults.ts";
import { signedEpoch } from "../identity/device-epoch.ts";

/** The last message of a link that is closed on purpose. A link that ends without one was lost. docs/protocol/peer.md §5 */
export const bye = v.object({
  cmd: v.literal("BYE"),
  code: v.picklist(FAULT_CODES),
  /** With `profile_copied`: what another copy of the receiver has signed. docs/protocol/identity.md §10 */
  proof: v.optional(signedEpoch),
});
export type Bye = v.InferOutput<typeof bye>;
