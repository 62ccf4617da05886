import type { Conversation, HistoryCursor, PeerApi, Room } from "@papo/peer/api";
import { entryId, messageId, type Outcome, roomKind, roomName, succeed, username } from "@papo/protocol";
import * as v from "valibot";
import {
  conversationMeant,
  type ConversationReference,
  conversationReference,
  writtenAs,
} from "./conversation-reference.ts";
import { NO_ROOM } from "./refusals.ts";
import { type Method, method } from "./method.ts";

const text = v.string();
const nothing = v.object({});
const ofRoom = v.object({ room: conversationReference });
const of = conversationReference;
const reference = v.object({ of, id: v.union([messageId, entryId]) });
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** What an earlier page gave: the engine reads it, and refuses what it did not give. */
const cursor = v.custom<HistoryCursor>((value) => typeof value === "string");
const level = v.picklist(["all", "mentions", "none"]);
const role = v.picklist(["owner", "moderator", "member"]);

/** What a program at the socket may ask, by the engine's own names. What a person has to decide is not among it: keys, passwords, backups. docs/socket.md */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  // ---- this account
  [
    "self",
    method(nothing, (peer) =>
      succeed({ username: peer.self ?? null, account: peer.account ?? null, tracker: peer.trackerState() }),
    ),
  ],
  ["diagnostics", method(nothing, (peer) => succeed(peer.diagnostics()))],
  ["setAway", method(v.object({ text: v.nullable(text) }), (peer, params) => peer.setAway(params.text))],
  [
    "setNotifyLevel",
    method(v.object({ of, level }), (peer, params) =>
      within(peer, params.of, (it) => peer.setNotifyLevel(it, params.level)),
    ),
  ],

  // ---- rooms and people
  ["rooms", method(nothing, (peer) => succeed(peer.rooms().map(withoutMembers)))],
  ["room", method(ofRoom, (peer, params) => inRoom(peer, params.room, (id) => found(peer.room(id))))],
  [
    "listRooms",
    method(v.object({ query: v.exactOptional(text), after: v.exactOptional(roomName) }), (peer, page) =>
      peer.listRooms(page),
    ),
  ],
  [
    "listPeers",
    method(v.object({ query: v.exactOptional(text), after: v.exactOptional(username) }), (peer, page) =>
      peer.listPeers(page),
    ),
  ],
  [
    "createRoom",
    method(v.object({ name: text, kind: v.exactOptional(roomKind), capacity: v.exactOptional(count) }), (peer, room) =>
      peer.createRoom(room),
    ),
  ],
  [
    "joinRoom",
    method(v.object({ name: text }), (peer, { name }) => peer.joinRoom(name.startsWith("#") ? name.slice(1) : name)),
  ],
  ["joinByInvite", method(v.object({ link: text }), (peer, { link }) => peer.joinByInvite(link))],
  ["leaveRoom", method(ofRoom, (peer, params) => inRoom(peer, params.room, (id) => peer.leaveRoom(id)))],
  [
    "setTopic",
    method(v.object({ room: of, text }), (peer, params) =>
      inRoom(peer, params.room, (id) => peer.setTopic(id, params.text)),
    ),
  ],
  [
    "setRole",
    method(v.object({ room: of, username, role }), (peer, params) =>
      inRoom(peer, params.room, (id) => peer.setRole(id, params.username, params.role)),
    ),
  ],
  [
    "removeMember",
    method(v.object({ room: of, username, bar: v.exactOptional(v.boolean()) }), (peer, { bar = false, ...params }) =>
      inRoom(peer, params.room, (id) => peer.removeMember(id, params.username, { bar })),
    ),
  ],
  [
    "createInvite",
    method(
      v.object({ room: of, uses: v.exactOptional(count), days: v.exactOptional(count) }),
      (peer, { room, ...terms }) => inRoom(peer, room, (id) => peer.createInvite(id, terms)),
    ),
  ],
  ["invites", method(ofRoom, (peer, params) => inRoom(peer, params.room, (id) => succeed(peer.invites(id))))],
  [
    "revokeInvite",
    method(v.object({ room: of, link: text }), (peer, params) =>
      inRoom(peer, params.room, (id) => peer.revokeInvite(id, params.link)),
    ),
  ],
  ["openPrivate", method(v.object({ username }), (peer, params) => peer.openPrivate(params.username))],
  ["pins", method(nothing, (peer) => succeed(peer.pins()))],
  ["keyChanges", method(nothing, (peer) => succeed(peer.keyChanges()))],
  ["contactRequests", method(nothing, (peer) => succeed(peer.contactRequests()))],
  [
    "answerContact",
    method(v.object({ username, answer: v.picklist(["accept", "ignore", "block"]) }), (peer, params) =>
      peer.answerContact(params.username, params.answer),
    ),
  ],

  // ---- what is said
  [
    "send",
    method(
      v.object({ to: of, text, replyTo: v.exactOptional(v.union([messageId, entryId])) }),
      (peer, { to, text: content, replyTo }) =>
        within(peer, to, (it) => peer.send(it, content, replyTo === undefined ? {} : { replyTo })),
    ),
  ],
  [
    "conversation",
    method(v.object({ of }), (peer, params) =>
      within(peer, params.of, (conversation) =>
        succeed({
          conversation,
          written: writtenAs(peer, conversation) ?? (typeof params.of === "string" ? params.of : "#?"),
        }),
      ),
    ),
  ],
  ["conversations", method(nothing, (peer) => succeed(peer.conversations()))],
  ["messages", method(v.object({ of }), (peer, params) => within(peer, params.of, (it) => succeed(peer.messages(it))))],
  [
    "message",
    method(reference, (peer, params) =>
      within(peer, params.of, (conversation) => peer.message({ conversation, id: params.id })),
    ),
  ],
  [
    "history",
    method(
      v.object({ of, before: v.exactOptional(cursor), after: v.exactOptional(cursor), limit: v.exactOptional(count) }),
      (peer, { of: whose, ...page }) => within(peer, whose, (it) => peer.history(it, page)),
    ),
  ],
  [
    "search",
    method(
      v.object({
        text,
        in: v.exactOptional(of),
        offset: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      }),
      search,
    ),
  ],
  ["unread", method(v.object({ of }), (peer, params) => within(peer, params.of, (it) => succeed(peer.unread(it))))],
  [
    "markRead",
    method(v.object({ of }), (peer, params) => within(peer, params.of, async (it) => succeed(await peer.markRead(it)))),
  ],
  [
    "edit",
    method(v.object({ ...reference.entries, text }), (peer, params) =>
      within(peer, params.of, (conversation) => peer.edit({ conversation, id: params.id }, params.text)),
    ),
  ],
  [
    "deleteMessage",
    method(reference, (peer, params) =>
      within(peer, params.of, (conversation) => peer.deleteMessage({ conversation, id: params.id })),
    ),
  ],
  [
    "react",
    method(v.object({ ...reference.entries, emoji: text, on: v.optional(v.boolean(), true) }), (peer, params) =>
      within(peer, params.of, (conversation) => peer.react({ conversation, id: params.id }, params.emoji, params.on)),
    ),
  ],
  [
    "why",
    method(v.union([v.object({ username }), reference]), (peer, about) =>
      "username" in about
        ? peer.why(about)
        : within(peer, about.of, (conversation) => peer.why({ conversation, id: about.id })),
    ),
  ],
]);

type Answer = Promise<Outcome<unknown>> | Outcome<unknown>;

function within(peer: PeerApi, whose: ConversationReference, use: (conversation: Conversation) => Answer): Answer {
  const meant = conversationMeant(peer, whose);
  return meant.ok ? use(meant.value) : meant;
}

function inRoom(peer: PeerApi, whose: ConversationReference, use: (id: Room["id"]) => Answer): Answer {
  return within(peer, whose, (conversation) =>
    conversation.kind === "room" ? use(conversation.id) : { ok: false, fault: NO_ROOM },
  );
}

function found(room: Room | undefined): Outcome<Room> {
  return room === undefined ? { ok: false, fault: NO_ROOM } : succeed(room);
}

/** A list of rooms is not to gather everybody's state. */
export function withoutMembers({ id, name, kind, owner, capacity, memberCount, log }: Room): object {
  return { id, name, kind, owner, capacity, memberCount, ...(log === undefined ? {} : { log }) };
}

function search(
  peer: PeerApi,
  {
    text: sought,
    in: whose,
    offset,
  }: { readonly text: string; readonly in?: ConversationReference | undefined; readonly offset?: number | undefined },
): Answer {
  const from = offset === undefined ? {} : { offset };
  return whose === undefined
    ? peer.search(sought, from)
    : within(peer, whose, (it) => peer.search(sought, { in: it, ...from }));
}
