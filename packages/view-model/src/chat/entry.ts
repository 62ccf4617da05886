import type { Message, RoomNotice } from "@papo/peer/api";
import type { Username } from "@papo/protocol";
import type { ShownLine } from "../feed/shown-line.ts";
import type { MessageItem } from "./chat-view.ts";

/** What a timeline consists of, in its order. Keys are unique within a conversation. */
export type Entry = MessageEntry | HappeningEntry | OutputEntry;

/** `message` is replaced by what it has become. `shown`: the item that was made of it last, in which version of names and words. */
export type MessageEntry = {
  readonly kind: "message";
  readonly key: string;
  message: Message;
  shown?: { readonly item: MessageItem; readonly version: number };
};

/** Somebody came or went, told while it happened and kept nowhere. */
type HappeningEntry = {
  readonly kind: "happening";
  readonly key: string;
  readonly atMs: number;
  readonly what: ComingOrGoing;
  readonly who: Username;
};

/** What a command answered, or the program has to say. */
type OutputEntry = {
  readonly kind: "output";
  readonly key: string;
  readonly atMs: number;
  readonly lines: readonly ShownLine[];
  /** Told to who comes in: it stands below what was said before, which may arrive only then. */
  readonly isGreeting?: boolean;
};

export type ComingOrGoing = "joined" | "left" | "online" | "offline";

export function messageEntry(message: Message): MessageEntry {
  return { kind: "message", key: messageKey(message), message };
}

/** Ids are no secret among members: of what others wrote, one counts for its author alone. */
export function messageKey({ own, author, id }: Message): string {
  return `m ${own ? "" : author} ${id}`;
}

export function noticeIn({ kept }: Message): RoomNotice | null {
  return kept?.notice ?? null;
}

/** Whether it counts as something to be read: what others said, and still say. */
export function isToBeRead(message: Message): boolean {
  return !message.own && noticeIn(message) === null && (message.kept?.gone ?? null) === null;
}
