import {
  type AccountKey,
  type InviteId,
  type RoomId,
  SIGNATURE_CONTEXTS,
  type Signature,
  inviteProofText,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { signText, verifyText } from "./signing.ts";

// docs/protocol/room-log.md §4.4

/** Made by whoever holds the invite's link, for one account and one room: of no use to anybody else. */
export function signInviteProof(key: KeyPair<InviteId>, room: RoomId, account: AccountKey): Signature {
  return signText(key, SIGNATURE_CONTEXTS.inviteProof, inviteProofText(room, account)).sig;
}

export function verifyInviteProof(
  invite: InviteId,
  claim: { readonly room: RoomId; readonly account: AccountKey; readonly proof: Signature },
): boolean {
  const signed = { text: inviteProofText(claim.room, claim.account), sig: claim.proof };
  return verifyText(invite, SIGNATURE_CONTEXTS.inviteProof, signed);
}
