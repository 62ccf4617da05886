import type { FaultCode, Username } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { shownName } from "../names/shown-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { memberName } from "./messages.ts";
import { textLine } from "./shown-line.ts";

/** Somebody's goodbye, as opposed to a connection that broke. */
const GOODBYES: ReadonlySet<FaultCode> = new Set(["closed", "replaced", "idle", "draining"]);

export function onLinked(state: FeedState, { link }: EventOf<"linked">, view: FeedView): FeedStep {
  const count = (state.linkCounts.get(link.username) ?? 0) + 1;
  const after = withLinks(state, link.username, count);
  if (count > 1 || !isHere(state, link.username, view)) return silent(after);
  const name = nameHere(state, link.username, view);
  const { linked, linkedPlain } = view.texts.feed;
  return { state: after, lines: [textLine(link.encrypted ? linked(name) : linkedPlain(name))] };
}

export function onUnlinked(state: FeedState, event: EventOf<"unlinked">, view: FeedView): FeedStep {
  const count = Math.max(0, (state.linkCounts.get(event.username) ?? 0) - 1);
  const after = withLinks(state, event.username, count);
  if (count > 0 || !isHere(state, event.username, view)) return silent(after);
  const name = nameHere(state, event.username, view);
  const { unlinked, linkLost } = view.texts.feed;
  return { state: after, lines: [textLine(GOODBYES.has(event.reason.code) ? unlinked(name) : linkLost(name))] };
}

/** Dialling goes on by itself; that it fails is told once, until it succeeds. */
export function onUnreachable(state: FeedState, event: EventOf<"unreachable">, view: FeedView): FeedStep {
  const { username, reason } = event;
  if (state.unreachableTold.has(username) || !isHere(state, username, view)) return silent(state);
  const { feed } = view.texts;
  const text = feed.unreachable(nameHere(state, username, view), faultSentence(view.texts, reason));
  const unreachableTold = new Set([...state.unreachableTold, username]);
  return { state: { ...state, unreachableTold }, lines: [textLine(feed.notice(text))] };
}

function withLinks(state: FeedState, username: Username, count: number): FeedState {
  const linkCounts = new Map(state.linkCounts);
  if (count === 0) linkCounts.delete(username);
  else linkCounts.set(username, count);
  const unreachableTold = new Set(state.unreachableTold);
  unreachableTold.delete(username);
  return { ...state, linkCounts, unreachableTold };
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
