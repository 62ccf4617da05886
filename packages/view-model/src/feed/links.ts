import type { LinkReport } from "@papo/peer/api";
import { type Fault, type FaultCode, FAULTS, type Username } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView, OutOfReach } from "./feed-state.ts";
import { silent, withEntry, withoutEntry } from "./feed-state.ts";
import { textLine } from "./shown-line.ts";
import { withheld } from "./withheld.ts";

/** Somebody's goodbye, as opposed to a connection that broke. */
const GOODBYES: ReadonlySet<FaultCode> = new Set(["closed", "replaced", "idle", "draining", "identity_changed"]);

export function onLinked(state: FeedState, { link }: EventOf<"linked">, view: FeedView): FeedStep {
  const { username, encrypted } = link;
  const count = (state.linkCounts.get(username) ?? 0) + 1;
  const after = withPath(withLinks(state, username, count), link);
  if (count > 1 || !isHere(state, username, view)) return silent(after);
  const told = { ...after, presenceTold: withEntry(after.presenceTold, username, "here" as const) };
  const isNews = !encrypted || state.presenceTold.get(username) !== "here";
  if (!isNews || withheld(state, username, view) !== undefined) return silent(told);
  return { state: told, lines: [textLine(linkedText(link, nameHere(state, username, view), view))] };
}

/** That somebody connected, and by which way if it is not the usual one. */
export function linkedText(
  { encrypted, path }: Pick<LinkReport, "encrypted" | "path">,
  name: string,
  { texts }: FeedView,
): string {
  if (!encrypted) return texts.feed.linkedPlain(name);
  switch (path) {
    case "direct":
      return texts.feed.linked(name);
    case "punched":
      return texts.reach.connectedPunched(name);
    case "relayed":
      return texts.reach.connectedRelayed(name);
  }
}

/** Another link in the place of one is no news, unless it makes a relay superfluous. */
export function onRelinked(state: FeedState, { link }: EventOf<"relinked">, view: FeedView): FeedStep {
  const { username, path } = link;
  const after = withPath(state, link);
  const isBetter = state.relayed.has(username) && path !== "relayed";
  if (!isBetter || !isHere(state, username, view) || withheld(state, username, view) !== undefined)
    return silent(after);
  const { feed, reach } = view.texts;
  return { state: after, lines: [textLine(feed.notice(reach.nowDirect(nameHere(state, username, view))))] };
}

function withPath(state: FeedState, { username, path }: LinkReport): FeedState {
  const others = without(state.relayed, username);
  return { ...state, relayed: path === "relayed" ? new Set([...others, username]) : others };
}

function without(names: ReadonlySet<Username>, username: Username): ReadonlySet<Username> {
  return names.has(username) ? new Set([...names].filter((name) => name !== username)) : names;
}

export function onUnlinked(state: FeedState, event: EventOf<"unlinked">, view: FeedView): FeedStep {
  const { username, reason } = event;
  const count = Math.max(0, (state.linkCounts.get(username) ?? 0) - 1);
  const after = withLinks(state, username, count);
  if (count > 0 || !isHere(state, username, view)) return silent(after);
  const told = { ...after, presenceTold: withEntry(after.presenceTold, username, "away" as const) };
  const isNews = state.presenceTold.get(username) !== "away";
  if (!isNews || withheld(state, username, view) !== undefined) return silent(told);
  const name = nameHere(state, username, view);
  const { unlinked, linkLost } = view.texts.feed;
  if (GOODBYES.has(reason.code)) return { state: told, lines: [textLine(unlinked(name))] };
  const outOfReachTold = withEntry(told.outOfReachTold, username, "lost" as const);
  return { state: { ...told, outOfReachTold }, lines: [textLine(linkLost(name))] };
}

/** Dialling goes on by itself: that it fails is told once, until it succeeds, and not at all of a link that was just lost. */
export function onUnreachable(state: FeedState, event: EventOf<"unreachable">, view: FeedView): FeedStep {
  const { username, reason } = event;
  if (!isHere(state, username, view) || withheld(state, username, view) !== undefined) return silent(state);
  const after = state.presenceTold.get(username) === "here" ? withoutPresence(state, username) : state;
  if (isKnown(state.outOfReachTold.get(username), reason)) return silent(after);
  const { feed } = view.texts;
  const line = textLine(feed.notice(outOfReachText(nameHere(state, username, view), reason, view)));
  const outOfReachTold = withEntry(state.outOfReachTold, username, whyOutOfReach(reason));
  return { state: { ...after, outOfReachTold }, lines: [line] };
}

/** Whether it says nothing new after what was told before. */
function isKnown(told: OutOfReach | undefined, reason: Fault): boolean {
  if (told === undefined) return false;
  const why = whyOutOfReach(reason);
  return why === told || why === "passing" || (told === "lost" && why === "unreachable");
}

function whyOutOfReach(reason: Fault): OutOfReach {
  return passesByItself(reason) ? "passing" : reason.code;
}

function withoutPresence(state: FeedState, username: Username): FeedState {
  return { ...state, presenceTold: withoutEntry(state.presenceTold, username) };
}

/** What ends by itself is not worth its cause; a firewall in the way is. */
function passesByItself({ code }: Fault): boolean {
  return code === "closed" || (FAULTS[code] === "later" && code !== "unreachable");
}

function outOfReachText(name: string, reason: Fault, { texts }: FeedView): string {
  const { feed, faults } = texts;
  if (passesByItself(reason)) return feed.notReachedYet(name);
  const why = reason.code === "unreachable" ? faults.unreachable.advice : faultSentence(texts, reason);
  return feed.unreachable(name, why);
}

function withLinks(state: FeedState, username: Username, count: number): FeedState {
  const { linkCounts, outOfReachTold, relayed } = state;
  return {
    ...state,
    relayed: count === 0 ? without(relayed, username) : relayed,
    linkCounts: count === 0 ? withoutEntry(linkCounts, username) : withEntry(linkCounts, username, count),
    outOfReachTold: withoutEntry(outOfReachTold, username),
  };
}

/** Whether this name belongs to the conversation on the screen. */
function isHere({ focus }: FeedState, username: Username, view: FeedView): boolean {
  if (focus === null) return false;
  if (focus.kind === "private") return focus.username === username;
  return view.room(focus.id)?.members.some((member) => member.username === username) ?? false;
}

function nameHere({ focus }: FeedState, username: Username, view: FeedView): string {
  const room = focus?.kind === "room" ? view.room(focus.id) : undefined;
  return room === undefined ? shownName(username) : memberName(room, username);
}
