import type { Conversation, Message, NotifyLevel } from "@papo/peer/api";
import { ROOM_CAPACITY_MAX, type Username } from "@papo/protocol";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { ChatPeer } from "./chat-ports.ts";
import type { Attention, TabKey, TabRow } from "./chat-view.ts";
import { InputHistory } from "./input-history.ts";
import type { People } from "./people.ts";
import type { Presences } from "./presences.ts";
import { TabTimeline } from "./tab-timeline.ts";
import { louder } from "./attention.ts";

export type TabParts = { readonly peer: ChatPeer; readonly people: People; readonly presences: Presences };

/** One conversation as long as its tab is open, or the home of all. */
export class Tab {
  readonly key: TabKey;
  readonly number: number;
  readonly of: Conversation | null;
  readonly timeline: TabTimeline;
  readonly history = new InputHistory();
  /** The message that the next line answers. */
  answers: Message | undefined;
  /** Who spoke when, the last one last. */
  readonly #spokeMs = new Map<Username, number>();
  readonly #parts: TabParts;
  #title = "";
  #kind: TabRow["roomKind"] = null;
  #room: RoomFacts | undefined;
  #draft = "";
  #unread = 0;
  #mentions = 0;
  #attention: Attention = "none";
  #level: NotifyLevel | undefined;
  #row: TabRow | undefined;

  constructor(key: TabKey, number: number, of: Conversation | null, parts: TabParts) {
    this.key = key;
    this.number = number;
    this.of = of;
    this.#parts = parts;
    this.timeline = new TabTimeline(of, parts.peer, parts.people);
  }

  get draft(): string {
    return this.#draft;
  }

  set draft(text: string) {
    if ((text === "") !== (this.#draft === "")) this.touch();
    this.#draft = text;
  }

  get unread(): number {
    return this.#unread;
  }

  get level(): NotifyLevel {
    return (this.#level ??= this.of === null ? "all" : this.#parts.peer.notifyLevel(this.of));
  }

  /** How much is to be told of it may be another. */
  levelChanged(): void {
    this.#level = undefined;
    this.touch();
  }

  // ---- what waits here

  count(unread: number, mentions: number, attention: Attention): void {
    this.#unread += unread;
    this.#mentions += mentions;
    this.#attention = louder(this.#attention, attention);
    this.touch();
  }

  /** It is known exactly now. */
  setUnread(unread: number, mentions: number, attention: Attention): void {
    this.#unread = unread;
    this.#mentions = mentions;
    this.#attention = attention;
    this.touch();
  }

  spoke({ author, atMs, own }: Message): void {
    if (own) return;
    this.#spokeMs.delete(author);
    this.#spokeMs.set(author, atMs);
    const [first] = this.#spokeMs.keys();
    if (this.#spokeMs.size > ROOM_CAPACITY_MAX && first !== undefined) this.#spokeMs.delete(first);
  }

  spokeAt(username: Username): number {
    return this.#spokeMs.get(username) ?? 0;
  }

  // ---- its line in the list

  /** Something in its line may be another. */
  touch(): void {
    this.#row = undefined;
  }

  /** The room is called or stands otherwise than before. */
  roomChanged(): void {
    this.#room = undefined;
    this.touch();
  }

  row(): TabRow {
    return (this.#row ??= this.#makeRow());
  }

  #makeRow(): TabRow {
    const { presences } = this.#parts;
    const { title, roomKind, standing } = (this.#room ??= this.#lookAtRoom());
    return {
      key: this.key,
      number: this.number,
      kind: this.of?.kind ?? "home",
      conversation: this.of,
      title,
      unread: this.#unread,
      mentions: this.#mentions,
      attention: this.#attention,
      notify: this.level,
      presence: this.of?.kind === "private" ? presences.of(this.of.username) : null,
      roomKind,
      standing,
      isPlaintext: roomKind === "plain",
      hasDraft: this.#draft !== "",
    };
  }

  /** Costs a look at the disk, and changes seldom. A room that is gone is called what it was called. */
  #lookAtRoom(): RoomFacts {
    const { peer, people } = this.#parts;
    if (this.of === null) return { title: people.texts.chat.home, roomKind: null, standing: null };
    if (this.of.kind === "private") return { title: shownName(this.of.username), roomKind: null, standing: null };
    const room = peer.room(this.of.id);
    if (room === undefined) return { title: this.#title, roomKind: this.#kind, standing: "closed" };
    this.#title = shownRoomName(room.name);
    this.#kind = room.kind;
    return { title: this.#title, roomKind: room.kind, standing: room.log?.standing ?? "live" };
  }
}

type RoomFacts = Pick<TabRow, "title" | "roomKind" | "standing">;
