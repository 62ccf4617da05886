import type { Conversation, PeerApi } from "@papo/peer/api";
import { decodeWith, type Outcome, type RoomId, roomId, succeed, username } from "@papo/protocol";
import * as v from "valibot";
import { NO_PERSON, NO_ROOM } from "./refusals.ts";

const TEXT_CHARS_MAX = 1_024;

/** As the engine has it, or as a person writes it: `#TESTE` (or `TESTE`), `@gabi`. */
export const conversationReference = v.union([
  v.pipe(v.string(), v.minLength(1), v.maxLength(TEXT_CHARS_MAX)),
  v.object({ kind: v.literal("room"), id: roomId }),
  v.object({ kind: v.literal("private"), username }),
]);
export type ConversationReference = v.InferOutput<typeof conversationReference>;

/** Rooms by their name, whatever the capitals where only one is meant; people as they are written. */
export function conversationMeant(peer: PeerApi, reference: ConversationReference): Outcome<Conversation> {
  if (typeof reference !== "string") return succeed(reference);
  if (!reference.startsWith("@")) return roomNamed(peer, reference.startsWith("#") ? reference.slice(1) : reference);
  const name = decodeWith(username, reference.slice(1));
  return name.ok ? succeed({ kind: "private", username: name.value }) : { ok: false, fault: NO_PERSON };
}

/** Names are free again when a room ends: one that is there comes before one that is only kept. */
function roomNamed(peer: PeerApi, written: string): Outcome<Conversation> {
  const rooms = roomsKnown(peer);
  const near = rooms.filter(({ title }) => title.toLowerCase() === written.toLowerCase());
  const room = rooms.find(({ title }) => title === written) ?? (near.length === 1 ? near[0] : undefined);
  if (room === undefined) return { ok: false, fault: NO_ROOM };
  return succeed({ kind: "room", id: room.id });
}

function roomsKnown(peer: PeerApi): readonly { readonly id: RoomId; readonly title: string }[] {
  const live = peer.rooms().map(({ id, name }) => ({ id, title: name as string }));
  const ids = new Set(live.map(({ id }) => id));
  const kept = peer.conversations().flatMap(({ conversation, title }) => {
    return conversation.kind === "room" && !ids.has(conversation.id) ? [{ id: conversation.id, title }] : [];
  });
  return [...live, ...kept];
}

/** How a person writes it; undefined for a room that is not there any more. */
export function writtenAs(peer: PeerApi, conversation: Conversation): string | undefined {
  if (conversation.kind === "private") return `@${conversation.username}`;
  const name = peer.room(conversation.id)?.name;
  return name === undefined ? undefined : `#${name}`;
}
