import * as v from "valibot";
import { signature } from "../ids.ts";

/**
 * A signed JSON text. What is signed is the context, a NUL and the UTF-8 bytes of `text` exactly as they stand:
 * it is passed on and stored as it came and never written anew. docs/protocol/identity.md §2
 */
export function signedText(bytesMax: number) {
  return v.object({ text: v.pipe(v.string(), v.maxBytes(bytesMax)), sig: signature });
}

export type SignedText = { readonly text: string; readonly sig: v.InferOutput<typeof signature> };

/** What a signature is about: no text signed for one purpose passes for another. */
export const SIGNATURE_CONTEXTS = {
  accountStatement: "papo/account-statement/1",
  nameBinding: "papo/name-binding/1",
  trackerStatement: "papo/tracker-statement/1",
  roomTicket: "papo/room-ticket/1",
  deviceEpoch: "papo/device-epoch/1",
  receipt: "papo/receipt/1",
  inviteProof: "papo/invite-proof/1",
  unlatch: "papo/unlatch/1",
  addressRecord: "papo/address-record/1",
} as const;

export type SignatureContext = (typeof SIGNATURE_CONTEXTS)[keyof typeof SIGNATURE_CONTEXTS];
