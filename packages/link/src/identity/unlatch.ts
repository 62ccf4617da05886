import {
  type AccountKey,
  BINDING_BYTES_MAX,
  type Outcome,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type UnlatchText,
  fail,
  unlatchText,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/identity.md §7

export function signUnlatch(account: KeyPair<AccountKey>, request: UnlatchText): SignedText {
  if (request.account !== account.publicKey) throw new TypeError("a request to unlatch is signed by its own account");
  return signText(account, SIGNATURE_CONTEXTS.unlatch, JSON.stringify(request));
}

/** The request in a signed text, if that account has signed it. Tracker, name and date are the caller's to judge. */
export function openUnlatch(signed: SignedText, account: AccountKey): Outcome<UnlatchText> {
  const opened = openSigned(signed, {
    schema: unlatchText,
    context: SIGNATURE_CONTEXTS.unlatch,
    bytesMax: BINDING_BYTES_MAX,
    signer: () => account,
  });
  if (opened.ok && opened.value.account !== account) return fail("invalid_message", "account: expected another one");
  return opened;
}
