import type { Delivery, Message, Room } from "@papo/peer/api";
import { FAULTS, ONLINE_NAMES_SHOWN_MAX, OWN_MESSAGES_REMEMBERED_MAX } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { faultSentence } from "../fault-sentence.ts";
import { memberName } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import type { FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent, withEntry, withoutEntry } from "./feed-state.ts";
import { type ShownLine, textLine } from "./shown-line.ts";
import { withheld } from "./withheld.ts";

type Held = Extract<Delivery, { kind: "held" }>;
type Sent = Extract<Delivery, { kind: "sent" }>;

/** Progress of a message in a room where nobody else is. */
const NOBODY = "0/0";

/** Says when an own message waits and why, when it got out after all, and when it did not reach everyone. */
export function onDelivery(state: FeedState, message: Message, view: FeedView): FeedStep {
  const { delivery } = message;
  if (!message.own || delivery === null) return silent(state);
  const lastOwn = state.lastOwn?.id === message.id ? { id: message.id, delivery } : state.lastOwn;
  const told = { ...state, lastOwn };
  if (delivery.kind === "held") return onHeld(told, message, delivery, view);
  if (delivery.kind === "undeliverable") return silent(told);
  if (delivery.of === 0) return onSaidToNobody(told, message, view);
  if (delivery.received + delivery.silent === 0) return silent(told);
  if (state.held.has(message.id)) return onReleased(told, message, delivery, view);
  return onReceived(told, message, delivery, view);
}

/** Told once: whoever talks to an empty room should know, and need not be told at each line. */
function onSaidToNobody(state: FeedState, message: Message, view: FeedView): FeedStep {
  if (message.conversation.kind !== "room" || state.partialTold === NOBODY) return silent(state);
  return {
    state: { ...state, partialTold: NOBODY },
    lines: [notice((message.kept === undefined ? view.texts.feed : view.texts.kept).nobodyElse, view)],
  };
}

/** Told once while it stays so, and not for each message that joins those that wait. */
function onHeld(state: FeedState, message: Message, delivery: Held, view: FeedView): FeedStep {
  const text = heldText(state, message, delivery, view);
  const isTold = [...state.held.values()].includes(text);
  const held = new Map(withEntry(state.held, message.id, text));
  for (const id of held.keys()) {
    if (held.size <= OWN_MESSAGES_REMEMBERED_MAX) break;
    held.delete(id);
  }
  return { state: { ...state, held }, lines: isTold ? [] : [notice(text, view)] };
}

/** What passes by itself needs no cause and no advice; what the user has to change does. */
function heldText(state: FeedState, { conversation, kept }: Message, { reason }: Held, view: FeedView): string {
  const { feed } = view.texts;
  const { heldRoom, heldPrivate } = kept === undefined ? feed : view.texts.kept;
  const passes = FAULTS[reason.code] === "later";
  if (conversation.kind === "room") return passes ? heldRoom : feed.held(faultSentence(view.texts, reason));
  const name = shownName(conversation.username);
  if (reason.code === "not_accepted") return view.texts.kept.heldForAnswer(name);
  if (passes) return heldPrivate(name);
  if (reason.code !== "identity_changed") return feed.held(faultSentence(view.texts, reason));
  const why = withheld(state, conversation.username, view);
  if (why === "asked") return feed.heldUntilDecided(name);
  return why === "blocked" ? feed.heldBlocked(name) : feed.heldForOldKey(name);
}

function onReleased(state: FeedState, message: Message, { received }: Sent, view: FeedView): FeedStep {
  const accepted = acceptedText(message, view);
  // Said once for all that waited for it.
  if (accepted !== undefined && state.held.get(message.id) === accepted.waited) {
    const held = new Map([...state.held].filter(([, text]) => text !== accepted.waited));
    return { state: { ...state, held }, lines: [notice(accepted.now, view)] };
  }
  const { delivered, sentNow } = view.texts.feed;
  const text = (received > 0 ? delivered : sentNow)(excerptOf(message.content));
  return { state: { ...state, held: withoutEntry(state.held, message.id) }, lines: [notice(text, view)] };
}

function acceptedText(
  { conversation }: Message,
  { texts: { kept } }: FeedView,
): { readonly waited: string; readonly now: string } | undefined {
  if (conversation.kind === "room") return undefined;
  const name = shownName(conversation.username);
  return { waited: kept.heldForAnswer(name), now: kept.requestAccepted(name) };
}

/** Silent while confirmations still come in; once everybody who is connected has it, those who lack it are told of. */
function onReceived(state: FeedState, message: Message, delivery: Sent, view: FeedView): FeedStep {
  const reached = delivery.received + delivery.silent; // A seed program never confirms; it was written to.
  if (reached >= delivery.of) return onReceivedByAll(state, message, view);
  const progress = `${reached}/${delivery.of}`;
  const room = message.conversation.kind === "room" ? view.room(message.conversation.id) : undefined;
  if (room === undefined || reached < linkedCount(room)) return silent(state);
  const told = { ...state, partialTold: progress, partial: message.id };
  const text = state.partialTold === progress ? undefined : whoLacksIt(told, room, message, view);
  return text === undefined ? silent(told) : { state: told, lines: [notice(text, view)] };
}

/** News of the last of those messages that somebody was said to lack. */
function onReceivedByAll(state: FeedState, message: Message, view: FeedView): FeedStep {
  const isAwaited = state.partial !== null;
  if (isAwaited && state.partial !== message.id) return silent(state);
  const after = { ...state, partialTold: "", partial: null };
  return isAwaited
    ? { state: after, lines: [notice(view.texts.feed.deliveredAll(excerptOf(message.content)), view)] }
    : silent(after);
}

/** Undefined where only those lack it whom the user has blocked. */
function whoLacksIt(state: FeedState, room: Room, { delivery, kept }: Message, view: FeedView): string | undefined {
  if (delivery?.kind !== "sent") return undefined;
  const { feed } = view.texts;
  const reached = delivery.received + delivery.silent;
  const apart = room.members.filter(({ username }) => withheld(state, username, view) !== undefined);
  if (delivery.of - reached > apart.length) {
    if (kept !== undefined) return view.texts.kept.deliveredSome(reached, delivery.of);
    return (delivery.silent === 0 ? feed.deliveredSome : feed.sentSome)(reached, delivery.of);
  }
  const asked = apart
    .filter(({ username }) => withheld(state, username, view) === "asked")
    .slice(0, ONLINE_NAMES_SHOWN_MAX)
    .map(({ username }) => memberName(room, username));
  return asked.length === 0 ? undefined : feed.notToNewKey(asked.join(", "));
}

function linkedCount(room: Room): number {
  return room.members.filter(({ reach }) => reach.kind === "linked").length;
}

function notice(text: string, view: FeedView): ShownLine {
  return textLine(view.texts.feed.notice(text));
}
