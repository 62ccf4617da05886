import type { Conversation } from "@papo/peer/api";
import { ONLINE_NAMES_SHOWN_MAX, type Username } from "@papo/protocol";
import type { Span } from "../feed/shown-line.ts";
import type { TimelineItem } from "./chat-view.ts";
import { type ComingOrGoing, type Entry, noticeIn } from "./entry.ts";
import type { Eyes } from "./eyes.ts";
import { shortTime } from "./day-label.ts";

/** Somebody came or went. */
export type Movement = {
  readonly key: string;
  readonly atMs: number;
  readonly what: ComingOrGoing;
  readonly who: Username;
};

/** Undefined for what stands for itself. */
export function movementIn(entry: Entry): Movement | undefined {
  if (entry.kind === "happening") return entry;
  if (entry.kind === "output") return undefined;
  const notice = noticeIn(entry.message);
  if (notice?.kind !== "joined" && notice?.kind !== "left") return undefined;
  const { author, atMs } = entry.message;
  return { key: entry.key, atMs, what: notice.kind, who: notice.about ?? author };
}

/** Comings and goings that follow one another, as one line: of each person only what it came to. */
export function condensed(movements: readonly Movement[], of: Conversation, eyes: Eyes): TimelineItem | undefined {
  const [first] = movements;
  const last = movements.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { cameAndWent } = eyes.texts.chat;
  const namesByWhat = new Map<keyof typeof cameAndWent, Username[]>();
  for (const [who, whats] of byPerson(movements)) {
    const what = outcomeOf(whats);
    if (what === undefined) continue;
    namesByWhat.set(what, [...(namesByWhat.get(what) ?? []), who]);
  }
  if (namesByWhat.size === 0) return undefined;
  const texts = [...namesByWhat].map(([what, names]) => cameAndWent[what](listed(names, of, eyes)));
  return { kind: "notice", key: `n ${first.key}`, time: shortTime(last.atMs), spans: [span(texts.join(" · "))] };
}

function byPerson(movements: readonly Movement[]): ReadonlyMap<Username, readonly ComingOrGoing[]> {
  const whatsByPerson = new Map<Username, ComingOrGoing[]>();
  for (const { who, what } of movements) {
    const whats = whatsByPerson.get(who);
    if (whats === undefined) whatsByPerson.set(who, [what]);
    else whats.push(what);
  }
  return whatsByPerson;
}

/**
 * Undefined where it came to nothing: a connection that was lost and is back. Who belongs to the room counts more than who is there.
 */
function outcomeOf(whats: readonly ComingOrGoing[]): ComingOrGoing | "back" | "again" | undefined {
  const belonging = whats.filter((what) => what === "joined" || what === "left");
  const [first = "online", ...more] = belonging.length > 0 ? belonging : whats;
  const last = more.at(-1) ?? first;
  if (isComing(first) === isComing(last)) return last;
  if (isComing(first)) return "back";
  return last === "online" ? undefined : "again";
}

function isComing(what: ComingOrGoing): boolean {
  return what === "joined" || what === "online";
}

function listed(usernames: readonly Username[], of: Conversation, eyes: Eyes): string {
  const names = usernames.slice(0, ONLINE_NAMES_SHOWN_MAX).map((name) => eyes.nameOf(of, name));
  const rest = usernames.length - names.length;
  return [...names, ...(rest > 0 ? [eyes.texts.chat.andMore(rest)] : [])].join(", ");
}

function span(text: string): Span {
  return { text, tone: "muted" };
}
