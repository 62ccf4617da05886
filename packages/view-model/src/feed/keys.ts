import type { KeyChange } from "@papo/peer/api";
import type { AccountKey } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { shownName } from "../names/shown-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { type ShownLine, textLine } from "./shown-line.ts";

/** Characters of a key between two spaces, to compare it by eye or aloud. */
const KEY_GROUP_CHARS = 6;

export function onKeyChanged(state: FeedState, { change }: EventOf<"key-changed">, view: FeedView): FeedStep {
  return { state, lines: keyChangeLines(change, view.texts) };
}

export function onNameConflict(state: FeedState, event: EventOf<"name-conflict">, view: FeedView): FeedStep {
  const { feed } = view.texts;
  return { state, lines: [textLine(feed.notice(feed.nameConflict(shownName(event.username))))] };
}

/** A block of its own: it asks for a decision and must not scroll by as one line among others. */
export function keyChangeLines(change: KeyChange, { feed }: Catalogue): readonly ShownLine[] {
  const name = shownName(change.username);
  const border = "!".repeat(60);
  return [
    border,
    feed.keyChanged(name),
    feed.keyChangedWhy,
    feed.keyChangedHold,
    `  ${feed.keyKnown(grouped(change.known))}`,
    `  ${feed.keyOffered(grouped(change.offered))}`,
    feed.keyChoices(name),
    border,
  ].map(textLine);
}

function grouped(key: AccountKey): string {
  return key.match(new RegExp(`.{1,${KEY_GROUP_CHARS}}`, "gu"))?.join(" ") ?? key;
}
