import type { Message } from "@papo/peer/api";
import { OWN_MESSAGES_REMEMBERED_MAX, safeText, SHOWN_MESSAGE_LINES_MAX } from "@papo/protocol";
import { sameConversation } from "../conversation-key.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { onDelivery } from "./deliveries.ts";
import type { FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { nameSpan, type ShownLine, type Span } from "./shown-line.ts";

export function onMessage(state: FeedState, message: Message, view: FeedView): FeedStep {
  const focused = sameConversation(message.conversation, state.focus);
  if (!message.own) {
    const line = focused ? messageLine(message, view) : noticeLine(message, view);
    return { state, lines: [line] };
  }
  if (!focused || state.ownShown.includes(message.id)) return onDelivery(state, message, view);
  const ownShown = [...state.ownShown, message.id].slice(-OWN_MESSAGES_REMEMBERED_MAX);
  const shown = { ...state, ownShown, lastOwn: { id: message.id, delivery: message.delivery } };
  const after = onDelivery(shown, message, view);
  return { state: after.state, lines: [messageLine(message, view), ...after.lines] };
}

/** `[18:47:41] <gabi> olaaaa`, as on the report's screens (§6.7). */
export function messageLine(message: Message, view: FeedView): ShownLine {
  const name = nameSpan(message.author, authorName(message, view));
  return contentLine(message, [{ text: "<" }, name, { text: ">" }], view);
}

/** A message for a conversation that is not on the screen: `[18:47:41] [PRIVADO de gabi] oi`. */
function noticeLine(message: Message, view: FeedView): ShownLine {
  const { feed } = view.texts;
  if (message.conversation.kind === "private") {
    return contentLine(message, [{ text: feed.privateFrom(authorName(message, view)) }], view);
  }
  const room = view.room(message.conversation.id);
  const place = feed.inRoom(room === undefined ? "?" : shownRoomName(room.name));
  const name = nameSpan(message.author, authorName(message, view));
  return contentLine(message, [{ text: `${place} <` }, name, { text: ">" }], view);
}

function contentLine(message: Message, head: readonly Span[], view: FeedView): ShownLine {
  const { feed } = view.texts;
  const mark = message.encrypted ? "" : ` ${feed.plaintextMark}`;
  const [first = "", ...rest] = message.content.replace(/\s+$/u, "").split(/\r\n|\n/u);
  const more = rest.slice(0, SHOWN_MESSAGE_LINES_MAX - 1).map((line) => safeText(line));
  const hidden = rest.length - more.length;
  if (hidden > 0) more.push(feed.moreLines(hidden));
  const spans = [...head, { text: `${mark} ${safeText(first)}` }];
  return { atMs: message.atMs, spans, ...(more.length > 0 ? { more } : {}) };
}

function authorName(message: Message, view: FeedView): string {
  const room = message.conversation.kind === "room" ? view.room(message.conversation.id) : undefined;
  return room === undefined ? shownName(message.author) : memberName(room, message.author);
}
