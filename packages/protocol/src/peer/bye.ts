import * as v from "valibot";
import { FAULT_CODES } from "../faults.ts";

/** The last message of a link that is closed on purpose. A link that ends without one was lost. docs/protocol/peer.md §5 */
export const bye = v.object({ cmd: v.literal("BYE"), code: v.picklist(FAULT_CODES) });
export type Bye = v.InferOutput<typeof bye>;
