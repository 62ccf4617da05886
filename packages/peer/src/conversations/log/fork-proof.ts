import { verifyEntrySignature } from "@papo/link";
import type { ForkBody, RoomId } from "@papo/protocol";
import { openHeader } from "./opened-entry.ts";

/** Two different entries of one number, both vouched for by the device. */
export type ForkProof = {
  readonly seq: number;
  /** Both follow the same entry: this is where the branches part. */
  readonly isParting: boolean;
};

/** What the branches prove; undefined: nothing. Never throws. docs/protocol/room-log.md §4.9 */
export function openForkProof(room: RoomId, { device, chain, branches }: ForkBody): ForkProof | undefined {
  const [one, other] = branches.map((branch) => firstOf(room, branch.headers, { device, chain, sig: branch.sig }));
  if (one === undefined || other === undefined || one.id === other.id || one.seq !== other.seq) return undefined;
  return { seq: one.seq, isParting: one.prev === other.prev };
}

type Author = Pick<ForkBody, "device" | "chain"> & { readonly sig: ForkBody["branches"][0]["sig"] };
type First = { readonly id: string; readonly seq: number; readonly prev: string | null };

/** The first of a run of headers of one chain of this room, each naming the one before, the last one signed. */
function firstOf(room: RoomId, headers: readonly string[], { device, chain, sig }: Author): First | undefined {
  let first: First | undefined;
  let before: First | undefined;
  for (const text of headers) {
    const opened = openHeader(Buffer.from(text, "utf8"));
    if (!opened.ok) return undefined;
    const { id, header } = opened.value;
    if (header.author !== device || header.chain !== chain || (header.room ?? id) !== room) return undefined;
    if (before !== undefined && (header.prev !== before.id || header.seq !== before.seq + 1)) return undefined;
    before = { id, seq: header.seq, prev: header.prev };
    first ??= before;
  }
  const last = headers.at(-1);
  const isSigned =
    last !== undefined && verifyEntrySignature(device, Buffer.from(last, "utf8"), Buffer.from(sig, "base64url"));
  return isSigned ? first : undefined;
}
