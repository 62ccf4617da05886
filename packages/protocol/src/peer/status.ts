import * as v from "valibot";
import { AWAY_TEXT_BYTES_MAX } from "../limits.ts";

/** What the user of this link's device says of being there: null while they are, else where they are, in their own words or in none. docs/protocol/peer.md §4.1 */
export const peerStatus = v.object({
  cmd: v.literal("STATUS"),
  away: v.nullable(v.pipe(v.string(), v.maxBytes(AWAY_TEXT_BYTES_MAX))),
});
export type PeerStatus = v.InferOutput<typeof peerStatus>;
