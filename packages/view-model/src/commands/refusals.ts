import { type Fault, type FaultCode, safeText } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { excerptOf } from "../excerpt.ts";
import { faultSentence } from "../fault-sentence.ts";

/** Why a room was not made or entered, with its name; undefined where the fault has nothing to do with which one it is. */
export function roomRefusal(typed: string, { code }: Fault, { classic }: Catalogue): string | undefined {
  const shown = excerptOf(typed);
  switch (code) {
    case "room_exists":
      return classic.roomExists(shown);
    case "room_missing":
      return classic.roomMissing(shown);
    case "room_full":
      return classic.roomFull(shown);
    case "plaintext_refused":
      return classic.roomPlain(shown);
    default:
      return undefined;
  }
}

/** Why a private chat was not opened, with the name; undefined where the fault has nothing to do with whose it is. */
export function personRefusal(typed: string, { code }: Fault, { classic }: Catalogue): string | undefined {
  const shown = excerptOf(typed);
  switch (code) {
    case "identity_changed":
      return classic.peerBlocked(shown);
    case "peer_missing":
      return classic.peerMissing(shown);
    case "peer_offline":
      return classic.peerOffline(shown);
    default:
      return PASSING.has(code) ? classic.peerOutOfReach(shown) : undefined;
  }
}

/** They, or the tracker, or the way to them, are away: to somebody known one can write all the same. */
export function isAway({ code }: Fault): boolean {
  return AWAY_FAULTS.has(code);
}

/** Why a file of the user's choice was not written: one that is there already is the commonest reason. */
export function whyNotWritten(file: string, fault: Fault, texts: Catalogue): string {
  return fault.code === "storage_failed" ? texts.actions.fileNotWritten(safeText(file)) : faultSentence(texts, fault);
}

/** A connection to the other side did not come about or did not last; one attempt says nothing of the next. */
const PASSING: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "lost",
  "closed",
  "dead",
  "timeout",
  "too_slow",
  "wrong_recipient",
]);

const AWAY_FAULTS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "peer_offline",
  "unreachable",
  "tracker_unreachable",
  "lost",
  "closed",
  "dead",
  "timeout",
  "too_slow",
]);
