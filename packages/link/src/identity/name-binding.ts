import {
  BINDING_BYTES_MAX,
  type NameBinding,
  type Outcome,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type TrackerKey,
  fail,
  nameBinding,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/identity.md §4

export function signBinding(tracker: KeyPair<TrackerKey>, binding: NameBinding): SignedText {
  if (binding.tracker !== tracker.publicKey) throw new TypeError("a binding is signed by its own tracker");
  return signText(tracker, SIGNATURE_CONTEXTS.nameBinding, JSON.stringify(binding));
}

/** The binding in a signed text, if that tracker has signed it. */
export function openBinding(signed: SignedText, tracker: TrackerKey): Outcome<NameBinding> {
  const opened = openSigned(signed, {
    schema: nameBinding,
    context: SIGNATURE_CONTEXTS.nameBinding,
    bytesMax: BINDING_BYTES_MAX,
    signer: () => tracker,
  });
  if (opened.ok && opened.value.tracker !== tracker) return fail("invalid_message", "tracker: expected another one");
  return opened;
}
