import {
  BINDING_BYTES_MAX,
  type Outcome,
  type RoomTicket,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type TrackerKey,
  fail,
  roomTicket,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/room-log.md §4.3

export function signRoomTicket(tracker: KeyPair<TrackerKey>, ticket: RoomTicket): SignedText {
  if (ticket.tracker !== tracker.publicKey) throw new TypeError("a ticket is signed by its own tracker");
  return signText(tracker, SIGNATURE_CONTEXTS.roomTicket, JSON.stringify(ticket));
}

/** The ticket in a signed text, if that tracker has signed it. Which room and account it is for is the caller's to compare. */
export function openRoomTicket(signed: SignedText, tracker: TrackerKey): Outcome<RoomTicket> {
  const opened = openSigned(signed, {
    schema: roomTicket,
    context: SIGNATURE_CONTEXTS.roomTicket,
    bytesMax: BINDING_BYTES_MAX,
    signer: () => tracker,
  });
  if (opened.ok && opened.value.tracker !== tracker) return fail("invalid_message", "tracker: expected another one");
  return opened;
}
