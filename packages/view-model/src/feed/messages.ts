import type { Delivery, Message, Room } from "@papo/peer/api";
import { type Fault, FAULTS, OWN_MESSAGES_REMEMBERED_MAX, safeText, SHOWN_MESSAGE_LINES_MAX } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { sameConversation } from "../conversation-key.ts";
import { faultSentence } from "../fault-sentence.ts";
import { shownMembers } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { nameSpan, type ShownLine, type Span, textLine } from "./shown-line.ts";

/** Characters of an own message that are enough to recognise it. */
const EXCERPT_CHARS = 30;

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

export function memberName(room: Room, username: Message["author"]): string {
  return shownMembers(room.members).get(username) ?? shownName(username);
}

/** Says when an own message waits and why, when it got out after all, and when it did not reach everyone. */
export function onDelivery(state: FeedState, message: Message, view: FeedView): FeedStep {
  const { delivery } = message;
  if (!message.own || delivery === null) return silent(state);
  const lastOwn = state.lastOwn?.id === message.id ? { id: message.id, delivery } : state.lastOwn;
  const told = { ...state, lastOwn };
  if (delivery.kind === "held") return onHeld(told, message, delivery, view);
  if (delivery.received + delivery.silent === 0) return silent(told);
  if (state.held.has(message.id)) return onReleased(told, message, view);
  return onReceived(told, message, delivery, view);
}

function onHeld(
  state: FeedState,
  message: Message,
  delivery: Extract<Delivery, { kind: "held" }>,
  view: FeedView,
): FeedStep {
  if (state.held.get(message.id) === delivery.reason.code) return silent(state);
  const held = new Map([...state.held, [message.id, delivery.reason.code]] as const);
  for (const id of held.keys()) {
    if (held.size <= OWN_MESSAGES_REMEMBERED_MAX) break;
    held.delete(id);
  }
  return { state: { ...state, held }, lines: [notice(heldText(message, delivery, view), view)] };
}

function heldText(message: Message, { reason }: Extract<Delivery, { kind: "held" }>, { texts }: FeedView): string {
  if (reason.code !== "peer_offline") return texts.feed.held(whyHeld(reason, texts));
  if (message.conversation.kind === "room") return texts.feed.heldRoom;
  return texts.feed.heldPrivate(shownName(message.conversation.username));
}

/** What passes by itself needs no advice on every line; what the user has to change does. */
function whyHeld(reason: Fault, texts: Catalogue): string {
  return FAULTS[reason.code] === "later" ? texts.faults[reason.code].happened : faultSentence(texts, reason);
}

function onReleased(state: FeedState, message: Message, view: FeedView): FeedStep {
  const held = new Map(state.held);
  held.delete(message.id);
  return { state: { ...state, held }, lines: [notice(view.texts.feed.delivered(excerpt(message.content)), view)] };
}

/** Silent while confirmations still come in; once everybody who is connected has it, those who lack it are told of. */
function onReceived(
  state: FeedState,
  message: Message,
  delivery: Extract<Delivery, { kind: "sent" }>,
  view: FeedView,
): FeedStep {
  const { of } = delivery;
  const received = delivery.received + delivery.silent; // A seed program never confirms; it was written to.
  if (received >= of) return silent({ ...state, partialTold: "" });
  const progress = `${received}/${of}`;
  const room = message.conversation.kind === "room" ? view.room(message.conversation.id) : undefined;
  if (room === undefined || received < linkedCount(room) || state.partialTold === progress) return silent(state);
  const lines = [notice(view.texts.feed.deliveredSome(received, of), view)];
  return { state: { ...state, partialTold: progress }, lines };
}

function linkedCount(room: Room): number {
  return room.members.filter(({ reach }) => reach.kind === "linked").length;
}

function excerpt(content: string): string {
  const characters = [...safeText(content)];
  return characters.length > EXCERPT_CHARS ? `${characters.slice(0, EXCERPT_CHARS).join("")}…` : characters.join("");
}

function notice(text: string, view: FeedView): ShownLine {
  return textLine(view.texts.feed.notice(text));
}
