import {
  BINDING_BYTES_MAX,
  type Outcome,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type TlsKey,
  type TrackerKey,
  type TrackerStatement,
  fail,
  trackerStatement,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/identity.md §5

/** A tracker's word that `tls` is its own key. */
export function signTrackerStatement(tracker: KeyPair<TrackerKey>, tls: TlsKey): SignedText {
  const statement: TrackerStatement = { v: 1, key: tracker.publicKey, tls };
  return signText(tracker, SIGNATURE_CONTEXTS.trackerStatement, JSON.stringify(statement));
}

export type TrackerExpectation = {
  /** The key that the far end of this very channel has proven to hold. */
  readonly channelKey: TlsKey;
  /** From the tracker's address or an earlier visit; undefined at the first one. */
  readonly expectedKey?: TrackerKey | undefined;
};

/** Who the tracker at the other end is. `tracker_key_changed` if it is another one than expected. */
export function openTrackerStatement(
  signed: SignedText,
  { channelKey, expectedKey }: TrackerExpectation,
): Outcome<TrackerStatement> {
  const opened = openSigned(signed, {
    schema: trackerStatement,
    context: SIGNATURE_CONTEXTS.trackerStatement,
    bytesMax: BINDING_BYTES_MAX,
    signer: (statement) => statement.key,
  });
  if (!opened.ok) return opened;
  if (opened.value.tls !== channelKey) return fail("invalid_message", "tls: expected the key of this channel");
  if (expectedKey !== undefined && opened.value.key !== expectedKey) {
    return fail("tracker_key_changed", "key: expected another one");
  }
  return opened;
}
