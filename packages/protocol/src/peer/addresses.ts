import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { signedAddressRecord } from "../identity/address-record.ts";
import { ADDRESS_RECORDS_PER_MESSAGE_MAX } from "../limits.ts";

/**
 * Where devices can be dialled: the sender's own, and those of devices that it has links with and that share a room with both. `seen`: the address from which the sender
 * itself has a direct link with that device; null for its own. docs/protocol/peer.md §7.3
 */
export const peerAddresses = v.object({
  cmd: v.literal("ADDRESSES"),
  records: v.pipe(
    v.array(v.object({ record: signedAddressRecord, seen: v.nullable(ipLiteral) })),
    v.minLength(1),
    v.maxLength(ADDRESS_RECORDS_PER_MESSAGE_MAX),
  ),
});
export type PeerAddresses = v.InferOutput<typeof peerAddresses>;
