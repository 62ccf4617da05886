import {
  ENTRY_BODY_BYTES_MAX,
  ENTRY_SALT_BYTES,
  type EntryId,
  type MessageId,
  type Outcome,
  REACTION_KINDS_SHOWN_MAX,
  type RoomId,
  decodeWith,
  entryId,
  fail,
  succeed,
} from "@papo/protocol";
import type { Message, MessageReference } from "../../api.ts";
import type { EntryLine } from "../../storage/history/history.ts";
import type { Draft } from "../log/room-replica.ts";
import { isReaction } from "./entry-remarks.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { whyNotWritable } from "./kept-standing.ts";
import type { RoomShelf } from "./room-shelf.ts";

type Found = { readonly room: KeptRoom; readonly line: EntryLine };

/** What the user says in kept rooms. Nothing counts as said before it is on disk; a full disk refuses it, and it is shown nowhere. */
export class RoomSending {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;

  constructor(ports: KeptPorts, shelf: RoomShelf) {
    this.#ports = ports;
    this.#shelf = shelf;
  }

  /** Resolves when it is durable here; the `message` event has been told by then. */
  async send(id: RoomId, text: string, replyTo?: MessageReference["id"]): Promise<Outcome<Message>> {
    if (replyTo !== undefined) return this.#reply({ conversation: { kind: "room", id }, id: replyTo }, text);
    const room = this.#shelf.find(id);
    return room.ok ? this.#write(room.value, text, { chain: "content", kind: "message", body: { text } }) : room;
  }

  /** To what stands as a line of its own. */
  async #reply({ conversation, id }: MessageReference, text: string): Promise<Outcome<Message>> {
    const found = this.#find(conversation, id);
    if (!found.ok) return found;
    const { room, line } = found.value;
    if (line.chain !== "content" || !line.shown) return fail("message_missing", "message: expected a text");
    return this.#write(room, text, { chain: "content", kind: "message", body: { text, replyTo: line.id } });
  }

  async edit({ conversation, id }: MessageReference, text: string): Promise<Outcome<Message>> {
    const found = this.#find(conversation, id);
    if (!found.ok) return found;
    const { room, line } = found.value;
    if (room.state.accountOf(line.author) !== room.self) return fail("not_allowed", "message: expected one of our own");
    if (line.kind !== "message" || line.body === null) return fail("message_missing", "message: expected a text");
    return this.#write(room, text, { chain: "content", kind: "edit", body: { target: line.id, text } }, line.id);
  }

  async delete({ conversation, id }: MessageReference): Promise<Outcome<Message>> {
    const found = this.#find(conversation, id);
    if (!found.ok) return found;
    const { room, line } = found.value;
    const author = room.state.accountOf(line.author);
    const { state, self } = room;
    const mayDelete = author === self || (author !== undefined && state.outranks(state.heads, self, author));
    if (!mayDelete) return fail("not_allowed", "message: expected one of our own, or of a lower rank");
    if (line.chain !== "content") return fail("message_missing", "message: expected a text");
    return this.#write(room, undefined, { chain: "content", kind: "delete", body: { target: line.id } }, line.id);
  }

  async react({ conversation, id }: MessageReference, emoji: string, on: boolean): Promise<Outcome<Message>> {
    if (!isReaction(emoji)) return fail("bad_text", "reaction: expected one emoji");
    const found = this.#find(conversation, id);
    if (!found.ok) return found;
    const { room, line } = found.value;
    const reactions = room.timeline.message(line.id)?.kept?.reactions ?? [];
    const present = reactions.find((reaction) => reaction.emoji === emoji);
    if (on && present === undefined && reactions.length >= REACTION_KINDS_SHOWN_MAX)
      return fail("limit_reached", `reactions: at most ${REACTION_KINDS_SHOWN_MAX} kinds at one message`);
    const shown = room.timeline.message(line.id);
    if ((present?.own ?? false) === on && shown !== undefined) return succeed(shown);
    const body = { target: line.id, emoji, on };
    return this.#write(room, undefined, { chain: "content", kind: "reaction", body }, line.id);
  }

  #find(conversation: MessageReference["conversation"], id: MessageId | EntryId): Outcome<Found> {
    if (conversation.kind !== "room") return fail("message_missing", "message: expected one of a kept room");
    const room = this.#shelf.find(conversation.id);
    if (!room.ok) return room;
    const entry = decodeWith(entryId, id);
    const line = entry.ok ? this.#ports.history.entry(conversation.id, entry.value) : undefined;
    if (line === undefined || line.isVoid) return fail("message_missing", "message: expected one that is kept here");
    return succeed({ room: room.value, line });
  }

  async #write(room: KeptRoom, text: string | undefined, draft: Draft, about?: EntryId): Promise<Outcome<Message>> {
    const refused = whyNotWritable(room.standing);
    if (refused !== undefined) return { ok: false, fault: refused };
    if (room.standing === "joining") return fail("peer_offline", "room: nobody who could show it has been met yet");
    if (text !== undefined && (text === "" || !text.isWellFormed()))
      return fail("bad_text", "text: expected some text");
    const bytes = Buffer.byteLength(JSON.stringify(draft.body)) + ENTRY_SALT_BYTES;
    if (bytes > ENTRY_BODY_BYTES_MAX) return fail("frame_too_large", `text: limit ${ENTRY_BODY_BYTES_MAX} bytes`);

    const written = await room.writer.write(draft);
    if (!written.ok) return written;
    const message = about === undefined ? room.messageOf(written.value) : room.timeline.message(about);
    return message === undefined ? fail("message_missing", "message: not shown any more") : succeed(message);
  }
}
