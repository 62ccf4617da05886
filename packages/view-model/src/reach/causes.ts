import type { PathAttempt, PersonExplanation, TrackerState } from "@papo/peer/api";
import type { FaultCode } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";

/** Why somebody is reached as they are, as far as there is something to be said or done about it. */
export type ReachCause = keyof Catalogue["reach"]["causes"];

/** What is known of this side. */
export type OwnSide = { readonly tracker: TrackerState["kind"]; readonly hidden: boolean };

/** So many causes at once help nobody. */
const CAUSES_MAX = 3;

/** The likeliest first. Pure: what was tried, and how it ended, decides. */
export function reachCauses({ reach, attempts }: PersonExplanation, own: OwnSide): readonly ReachCause[] {
  switch (reach.kind) {
    case "self":
      return [];
    case "linked":
      return reach.path === "relayed" ? [whyRelayed(attempts, own)] : [];
    case "offline":
    case "unknown":
      return own.tracker === "online" ? [] : ["trackerGone"];
    case "connecting":
    case "unreachable":
      return withDoctor(whyNotAtAll(attempts, own));
  }
}

function whyRelayed(attempts: readonly PathAttempt[], own: OwnSide): ReachCause {
  if (own.hidden) return "hiddenHere";
  const wasTried = attempts.some(({ way }) => way === "direct" || way === "lan" || way === "punch");
  return wasTried || attempts.length === 0 ? "relayWorks" : "noAddress";
}

function whyNotAtAll(attempts: readonly PathAttempt[], own: OwnSide): readonly ReachCause[] {
  const failed = lastOfEach(attempts).filter(({ outcome }) => outcome === "failed");
  const causes: readonly (ReachCause | undefined)[] = [
    own.tracker === "online" ? undefined : "trackerGone",
    ...failed.flatMap((attempt) => (attempt.way === "call" ? whyNoCall(attempt) : [])),
    whyNoDial(failed.filter(({ way }) => way === "direct" || way === "lan")),
    ...failed.flatMap((attempt) => (attempt.way === "relay" ? whyNoRelay(attempt) : [])),
  ];
  return [...new Set(causes.filter((cause) => cause !== undefined))];
}

/** How each way to each place ended last. */
function lastOfEach(attempts: readonly PathAttempt[]): readonly PathAttempt[] {
  const oldestFirst = attempts.toSorted((one, other) => one.startedMs - other.startedMs);
  return [...new Map(oldestFirst.map((attempt) => [`${attempt.way} ${attempt.where}`, attempt])).values()];
}

/** What several dials say together: who answers wrongly tells most, silence least. */
function whyNoDial(dials: readonly PathAttempt[]): ReachCause | undefined {
  const told = dials.flatMap((dial) => dialCause(dial) ?? []);
  return DIAL_CAUSES.find((cause) => told.includes(cause));
}

const DIAL_CAUSES = ["someoneElse", "refused", "blocked", "noRoute"] as const;
const SOMEONE_ELSE: ReadonlySet<FaultCode> = new Set(["identity_changed", "wrong_recipient", "statement_invalid"]);

function dialCause({ reason }: PathAttempt): (typeof DIAL_CAUSES)[number] | undefined {
  if (reason?.socket === "refused") return "refused";
  if (reason?.socket === "no-route") return "noRoute";
  if (reason !== null && SOMEONE_ELSE.has(reason.code)) return "someoneElse";
  return reason?.code === "timeout" || reason?.code === "unreachable" ? "blocked" : undefined;
}

function whyNoCall({ reason }: PathAttempt): readonly ReachCause[] {
  return reason?.code === "timeout" || reason?.code === "unreachable" ? ["notTaken"] : [];
}

const RELAY_FULL: ReadonlySet<FaultCode> = new Set(["limit_reached", "busy", "slow_down"]);

function whyNoRelay({ reason }: PathAttempt): readonly ReachCause[] {
  if (reason === null || reason.code === "closed") return [];
  if (reason.code === "unsupported") return ["relayOff"];
  return [RELAY_FULL.has(reason.code) ? "relayFull" : "relayLost"];
}

/** What is about the way, and not about the other side, can be looked at from here. */
const OWN_SIDE: ReadonlySet<ReachCause> = new Set(["trackerGone", "blocked", "noRoute", "relayOff", "relayLost"]);

function withDoctor(causes: readonly ReachCause[]): readonly ReachCause[] {
  const shown = causes.slice(0, CAUSES_MAX);
  return shown.some((cause) => OWN_SIDE.has(cause)) ? [...shown, "doctor"] : shown;
}
