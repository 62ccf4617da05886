import type { KeyChange } from "@papo/peer/api";
import type { AccountKey, Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { shownName } from "../names/shown-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { type ShownLine, textLine } from "./shown-line.ts";

/** Characters of a key between two spaces, to compare it by eye or aloud. */
const KEY_GROUP_CHARS = 6;
/** Fits on the narrowest terminal on which lines are wrapped at all. */
const BORDER = "!".repeat(24);

export function onKeyChanged(state: FeedState, { change }: EventOf<"key-changed">, view: FeedView): FeedStep {
  return { state, lines: keyChangeLines(change, view.texts) };
}

/** Every link of either of the two tells it anew; a person needs it once. */
export function onNameConflict(state: FeedState, event: EventOf<"name-conflict">, view: FeedView): FeedStep {
  const { username } = event;
  if (state.conflictsTold.has(username)) return silent(state);
  const { feed } = view.texts;
  return {
    state: { ...state, conflictsTold: new Set([...state.conflictsTold, username]) },
    lines: [textLine(feed.notice(feed.nameConflict(shownName(username))))],
  };
}

/** The user has answered the question of a changed key. */
export function decided(state: FeedState, username: Username, decision: "accept" | "block"): FeedState {
  const others = (names: ReadonlySet<Username>) => [...names].filter((name) => name !== username);
  return {
    ...state,
    conflictsTold: new Set(others(state.conflictsTold)),
    blocked: new Set([...others(state.blocked), ...(decision === "block" ? [username] : [])]),
  };
}

/** A block of its own: it asks for a decision and must not scroll by as one line among others. */
export function keyChangeLines(change: KeyChange, { feed }: Catalogue): readonly ShownLine[] {
  const name = shownName(change.username);
  return [
    BORDER,
    feed.keyChanged(name),
    feed.keyChangedWhy,
    feed.keyChangedHold,
    `  ${feed.keyKnown(shownKey(change.known))}`,
    `  ${feed.keyOffered(shownKey(change.offered))}`,
    feed.keyCompare,
    `  ${feed.keyAccept(name)}`,
    `  ${feed.keyBlock(name)}`,
    BORDER,
  ].map(textLine);
}

/** `/users`: what somebody who asks for this user's key is told. */
export function ownKeyLine(key: AccountKey, { feed }: Catalogue): ShownLine {
  return textLine(feed.ownKey(shownKey(key)));
}

/** In groups, to be compared by eye or aloud. */
export function shownKey(key: AccountKey): string {
  return key.match(new RegExp(`.{1,${KEY_GROUP_CHARS}}`, "gu"))?.join(" ") ?? key;
}
