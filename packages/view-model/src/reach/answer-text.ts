import type { PathAttempt } from "@papo/peer/api";
import type { FaultCode } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";

type Answer = keyof Catalogue["reach"]["answers"];
type Meanings = Readonly<Partial<Record<FaultCode, Answer>>>;

/** What a dial, a call and the like came to, in a few words. */
export function answerText({ way, outcome, reason }: PathAttempt, { reach, faults }: Catalogue): string {
  if (outcome === "linked") return way === "call" ? reach.answers.introduced : reach.answers.linked;
  if (reason === null) return reach.answers.notReached;
  if (reason.socket !== undefined) return reach.answers[SOCKET[reason.socket]];
  const answer = OF_WAY[way][reason.code] ?? EVERYWHERE[reason.code];
  // What is left is no answer of a network: the sentence that every fault has, without its full stop.
  return answer === undefined ? faults[reason.code].happened.replace(/[.!]$/u, "") : reach.answers[answer];
}

const SOCKET = { refused: "refused", "no-route": "noRoute" } as const;

/** Whatever was tried. */
const EVERYWHERE: Meanings = {
  timeout: "silent",
  unreachable: "notReached",
  identity_changed: "someoneElse",
  wrong_recipient: "someoneElse",
  statement_invalid: "someoneElse",
  unsupported: "otherProgram",
  plaintext_refused: "otherProgram",
  peer_offline: "offline",
  closed: "notNeeded",
  replaced: "notNeeded",
  slow_down: "tooMuch",
  busy: "tooMuch",
  limit_reached: "tooMuch",
  tracker_unreachable: "noTracker",
  draining: "noTracker",
  login_required: "noTracker",
  lost: "brokeOff",
  dead: "brokeOff",
  idle: "brokeOff",
  too_slow: "brokeOff",
};

/** Where the same fault means something else than elsewhere. */
const OF_WAY: Readonly<Record<PathAttempt["way"], Meanings>> = {
  direct: {},
  lan: {},
  call: { timeout: "notTaken", unreachable: "notTaken", lost: "noTracker", dead: "noTracker" },
  punch: { timeout: "notThrough", unreachable: "notThrough" },
  relay: { unsupported: "noRelay", limit_reached: "full", busy: "full", slow_down: "full", timeout: "otherMissing" },
};
