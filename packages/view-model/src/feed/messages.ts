import type { Message, Reaction, RoomNotice } from "@papo/peer/api";
import { OWN_MESSAGES_REMEMBERED_MAX, safeText, SHOWN_MESSAGE_LINES_MAX } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { sameConversation } from "../conversation-key.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { actionOf } from "./action-text.ts";
import { onDelivery } from "./deliveries.ts";
import { type FeedState, type FeedStep, type FeedView, silent } from "./feed-state.ts";
import { noticeText } from "./room-notice.ts";
import { nameSpan, type ShownLine, type Span, timedLine } from "./shown-line.ts";

const TOLD_OTHERWISE: ReadonlySet<RoomNotice["kind"]> = new Set(["created", "joined", "left", "closed"]);

export function onMessage(state: FeedState, message: Message, view: FeedView): FeedStep {
  const focused = sameConversation(message.conversation, state.focus);
  const notice = message.kept?.notice ?? null;
  if (notice !== null) {
    // Who comes and goes, and that a room ends, is told as it happens by events of its own.
    const isTold = TOLD_OTHERWISE.has(notice.kind);
    return focused && !isTold ? { state, lines: [noticeOf(message, notice, view)] } : silent(state);
  }
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

/** What a message that was shown before says now: a line of its own, because lines that were printed stay. */
export function onMessageChanged(state: FeedState, message: Message, view: FeedView): FeedStep {
  const { kept } = message;
  if (kept === undefined || !sameConversation(message.conversation, state.focus)) return silent(state);
  const { texts } = view;
  const name = authorName(message, view);
  if (kept.gone === "deleted") return { state, lines: [timedLine(view.atMs, texts.kept.tookBack(name))] };
  if (kept.gone !== null || kept.needsNewer) return silent(state);
  if (kept.reactions.length > 0) {
    const reactions = reactionsText(kept.reactions, view);
    return { state, lines: [timedLine(view.atMs, texts.kept.reacted(name, reactions))] };
  }
  if (!kept.edited) return silent(state);
  return { state, lines: [contentLine(message, [{ text: texts.kept.changed(name, "").trimEnd() }], view)] };
}

/** `[18:47:41] <gabi> olaaaa`, as on the report's screens (§6.7); `* gabi waves` of what somebody does. */
export function messageLine(message: Message, view: FeedView): ShownLine {
  return contentLine(message, authorHead(message, view), view);
}

function authorHead(message: Message, view: FeedView): readonly Span[] {
  const name = nameSpan(message.author, authorName(message, view));
  return isAction(message, view) ? [{ text: "* " }, name] : [{ text: "<" }, name, { text: ">" }];
}

function isAction(message: Message, { texts }: FeedView): boolean {
  return actionOf(shownContent(message, texts)) !== undefined;
}

/** What happened in a room, as its log says. */
export function noticeOf(message: Message, notice: RoomNotice, view: FeedView): ShownLine {
  return timedLine(message.atMs, noticeText(notice, authorName(message, view), view.texts));
}

/** A message for a conversation that is not on the screen: `[18:47:41] [PRIVADO de gabi] oi`. */
function noticeLine(message: Message, view: FeedView): ShownLine {
  const { feed } = view.texts;
  if (message.conversation.kind === "private") {
    const from = feed.privateFrom(authorName(message, view));
    const head = isAction(message, view) ? [{ text: " " }, ...authorHead(message, view)] : [];
    return contentLine(message, [{ text: from }, ...head], view);
  }
  const room = view.room(message.conversation.id);
  const place = feed.inRoom(room === undefined ? "?" : shownRoomName(room.name));
  return contentLine(message, [{ text: `${place} ` }, ...authorHead(message, view)], view);
}

function contentLine(message: Message, head: readonly Span[], view: FeedView): ShownLine {
  const { feed } = view.texts;
  const mark = message.encrypted ? "" : ` ${feed.plaintextMark}`;
  const content = shownContent(message, view.texts);
  const [first = "", ...rest] = (actionOf(content) ?? content).trimEnd().split(/\r\n|\n/u);
  const linesMax = view.isWhole === true ? rest.length + 1 : SHOWN_MESSAGE_LINES_MAX;
  const more = rest.slice(0, linesMax - 1).map((line) => safeText(line));
  const hidden = rest.length - more.length;
  if (hidden > 0) more.push(feed.moreLines(hidden));
  const spans = [...head, { text: `${mark} ${safeText(first)}` }, ...marksOf(message, view)];
  return { atMs: message.atMs, spans, ...(more.length > 0 ? { more } : {}) };
}

/** What stands in the place of a text that is not there. */
export function shownContent({ content, kept }: Message, texts: Catalogue): string {
  if (kept === undefined) return content;
  if (kept.gone !== null) return texts.kept[kept.gone];
  return kept.needsNewer ? texts.kept.needsNewer : content;
}

/** When it came is of interest on a screen alone. */
function marksOf({ kept }: Message, view: FeedView): readonly Span[] {
  if (kept === undefined) return [];
  const { texts, isWhole = false } = view;
  const marks = [
    ...(kept.edited && kept.gone === null ? [texts.kept.edited] : []),
    ...(kept.late && !isWhole ? [texts.kept.late] : []),
    ...(kept.afterGap ? [texts.kept.afterGap] : []),
    ...(kept.reactions.length === 0 ? [] : [`[${reactionsText(kept.reactions, view)}]`]),
  ];
  return marks.map((mark) => ({ text: ` ${mark}` }));
}

function reactionsText(reactions: readonly Reaction[], { texts }: FeedView): string {
  return reactions
    .map(({ emoji, by }) => texts.kept.reaction(safeText(emoji), by.map((name) => shownName(name)).join(", ")))
    .join(" · ");
}

function authorName(message: Message, view: FeedView): string {
  const room = message.conversation.kind === "room" ? view.room(message.conversation.id) : undefined;
  return room === undefined ? shownName(message.author) : memberName(room, message.author);
}
