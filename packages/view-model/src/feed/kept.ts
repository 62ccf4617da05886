import type { ContactRequest } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { type ShownLine, textLine } from "./shown-line.ts";

// Told wherever the user is: each of these asks for a look.

export function onContactRequest(state: FeedState, { request }: EventOf<"contact-request">, view: FeedView): FeedStep {
  return { state, lines: requestLines(request, view.texts) };
}

/** Somebody who wants to write, and what can be answered. */
export function requestLines({ username, text }: ContactRequest, { feed, kept }: Catalogue): readonly ShownLine[] {
  const name = shownName(username);
  return [feed.notice(kept.contactRequest(name, safeText(text))), kept.requestAnswers(name)].map(textLine);
}

/** With the reason it would say twice that an invite does not work. */
export function onInviteRefused(state: FeedState, event: EventOf<"invite-refused">, view: FeedView): FeedStep {
  const { feed, kept } = view.texts;
  const text = kept.inviteRefused(shownName(event.username), shownRoomName(event.room.name));
  return { state, lines: [textLine(feed.notice(text))] };
}

export function onForked(state: FeedState, { room, username }: EventOf<"forked">, view: FeedView): FeedStep {
  return { state, lines: [textLine(view.texts.kept.forked(memberName(room, username)))] };
}

export function onCopied(state: FeedState, view: FeedView): FeedStep {
  return { state, lines: [textLine(view.texts.feed.notice(view.texts.kept.copied))] };
}
