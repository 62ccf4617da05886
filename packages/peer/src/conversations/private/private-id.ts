import { createHash } from "node:crypto";
import { type AccountKey, type DeviceKey, type MessageId, type PeerMessage, messageId } from "@papo/protocol";
import * as v from "valibot";

/** A numbered private message: what its id is made of. */
export type NumberedText = Pick<PeerMessage, "content" | "sent" | "supersedes"> & {
  readonly seq: number;
  readonly prev: MessageId | null;
};

/** Whose chain it is in: a device's, with one other account. */
export type ChainName = { readonly from: AccountKey; readonly device: DeviceKey; readonly to: AccountKey };

const CONTEXT = "papo/private/1";
const ID_BYTES = 16;

/**
 * The id says everything about a message and, through `prev`, about all before it: nobody can show two devices different texts under one id.
 * It proves nothing to anybody else. docs/protocol/private-chats.md §2
 */
export function privateId({ from, device, to }: ChainName, text: NumberedText): MessageId {
  const { seq, prev, sent, supersedes, content } = text;
  const replaced = supersedes === undefined ? "" : `${supersedes.device} ${supersedes.id}`;
  // None of the fields before the content can hold a NUL.
  const fields = [CONTEXT, from, device, to, String(seq), prev ?? "", sent, replaced, content];
  const digest = createHash("sha256").update(fields.join("\0"), "utf8").digest();
  return v.parse(messageId, digest.subarray(0, ID_BYTES).toString("base64url"));
}
