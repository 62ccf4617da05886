import type { Explanation, PersonExplanation, Reach } from "@papo/peer/api";
import type { Fault, FaultCode } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { faultSentence } from "../fault-sentence.ts";
import { shownName } from "../names/shown-name.ts";
import { attemptLines } from "../reach/attempt-lines.ts";
import { type OwnSide, reachCauses } from "../reach/causes.ts";
import { dayOf, clockTime, type ShownLine, textLine } from "./shown-line.ts";

/** People of one explanation that are listed; the rest is counted. */
const PEOPLE_SHOWN_MAX = 15;

/** `/why`: one screen that says where a message stands, or how somebody can be reached, and what helps. */
export function explanationLines(explanation: Explanation, seen: Seen): readonly ShownLine[] {
  const { texts, nowMs } = seen;
  const people = explanation.people.slice(0, PEOPLE_SHOWN_MAX).map((person) => personLine(person, texts));
  const rest = explanation.people.length - people.length;
  return [
    title(explanation, texts),
    ...(explanation.people.length === 0 ? [texts.kept.whyNobody] : people),
    ...(rest > 0 ? [texts.classic.andMore(rest)] : []),
    ...explanation.people.flatMap(({ attempts }) => attemptLines(attempts, nowMs, texts)),
    ...advice(explanation, seen),
  ].map(textLine);
}

/** Who looks at it, and when: milliseconds since 1970. */
type Seen = { readonly texts: Catalogue; readonly nowMs: number; readonly own: OwnSide };

function title({ about }: Explanation, texts: Catalogue): string {
  const { kept } = texts;
  if (about.kind === "person") return kept.whyPerson(shownName(about.username));
  const { delivery } = about.message;
  if (delivery === null) return kept.whyReceived;
  switch (delivery.kind) {
    case "held":
      return delivery.reason.code === "not_accepted" ? kept.whyAsking : kept.whyHeld;
    case "undeliverable":
      return kept.whyUndeliverable(faultSentence(texts, delivery.reason));
    case "sent": {
      const { received, of, read = 0, atLeast = false } = delivery;
      return kept.whyStored(received, of, read, atLeast);
    }
  }
}

function personLine(person: PersonExplanation, texts: Catalogue): string {
  const { kept, feed } = texts;
  const isAsked = person.reason?.code === "not_accepted";
  const has = isAsked ? [kept.has.asked] : person.has === null ? [] : [kept.has[person.has]];
  const seen =
    (person.reach.kind === "offline" || person.reach.kind === "unknown") && person.lastSeenMs !== null
      ? [kept.lastSeen(`${dayOf(person.lastSeenMs)} ${clockTime(person.lastSeenMs)}`)]
      : [];
  const facts = [...has, reachText(person.reach, texts), ...seen, feed.trust[person.trust]];
  return `- ${shownName(person.username)}: ${facts.join(", ")}`;
}

/** How somebody is reached, in a few words. */
export function reachText(reach: Reach, texts: Catalogue): string {
  const { feed } = texts;
  switch (reach.kind) {
    case "self":
      return feed.you;
    case "offline":
      return feed.reachOffline;
    case "unknown":
      return feed.reachUnknown;
    case "connecting":
      return feed.reachConnecting;
    case "linked":
      return reach.encrypted ? texts.reach.linked[reach.path] : feed.reachPlain;
    case "unreachable":
      return feed.reachNone;
  }
}

/** Each different cause once, with what helps: first what is between the two programs, then how the network between them is. */
function advice({ people }: Explanation, { texts, own }: Seen): readonly string[] {
  const causes = new Set(people.flatMap((person) => reachCauses(person, own)));
  const isExplained = causes.size > 0;
  const reasons = people
    .flatMap(({ reason, reach }) => reason ?? (reach.kind === "unreachable" ? reach.reason : []))
    .filter(({ code }) => !(isExplained && OF_THE_WAY.has(code)));
  const byCode = new Map(reasons.map((reason) => [reason.code, reason]));
  return [
    ...[...byCode.values()].map((reason) => whatHelps(reason, texts)),
    ...[...causes].map((cause) => texts.reach.causes[cause]),
  ].map((text) => `→ ${text}`);
}

/** Say less than what was tried does. */
const OF_THE_WAY: ReadonlySet<FaultCode> = new Set(["unreachable", "timeout", "closed", "lost", "dead"]);

/** Of what is kept, nobody has to try anything again. */
function whatHelps(reason: Fault, texts: Catalogue): string {
  return reason.code === "peer_offline" ? texts.kept.whyOffline : faultSentence(texts, reason);
}
