import type { EntryId, MessageId } from "@papo/protocol";
import { TIMELINE_BYTES_MAX, TIMELINE_MESSAGES_MAX, TIMELINES_BYTES_MAX, TIMELINES_MAX } from "@papo/protocol";
import type { Conversation, Message } from "../api.ts";

/** One text for one conversation, for keys of maps. */
export function conversationKey(conversation: Conversation): string {
  return conversation.kind === "room" ? `room:${conversation.id}` : `private:${conversation.username}`;
}

type Timeline = {
  readonly messageByKey: Map<string, Message>;
  /** Of two authors with one id the one that came first. */
  readonly keyById: Map<MessageId | EntryId, string>;
  bytes: number;
};

/**
 * What was said, oldest first, in memory and bounded. When the room log and its store exist (`storage/`), this becomes
 * the window of them that a screen looks at.
 */
export class Timelines {
  /** Last used, last in the map: the first one has been silent for longest. */
  readonly #timelineByKey = new Map<string, Timeline>();
  #bytes = 0;

  messages(of: Conversation): readonly Message[] {
    return [...(this.#timelineByKey.get(conversationKey(of))?.messageByKey.values() ?? [])];
  }

  message(of: Conversation, id: MessageId | EntryId): Message | undefined {
    const timeline = this.#timelineByKey.get(conversationKey(of));
    const key = timeline?.keyById.get(id);
    return key === undefined ? undefined : timeline?.messageByKey.get(key);
  }

  /** Adds a message at the end, or takes the place of the same author's with its id: ids are no secret among members. */
  put(message: Message): void {
    const key = conversationKey(message.conversation);
    const timeline = this.#timelineByKey.get(key) ?? { messageByKey: new Map(), keyById: new Map(), bytes: 0 };
    const isNew = !timeline.messageByKey.has(keyOf(message));
    timeline.messageByKey.set(keyOf(message), message);
    if (!isNew) return;
    if (!timeline.keyById.has(message.id)) timeline.keyById.set(message.id, keyOf(message));

    this.#timelineByKey.delete(key);
    this.#timelineByKey.set(key, timeline);
    this.#grow(timeline, bytesOf(message));
    this.#makeRoom(timeline);
  }

  has(message: Message): boolean {
    return this.#timelineByKey.get(conversationKey(message.conversation))?.messageByKey.has(keyOf(message)) ?? false;
  }

  forget(of: Conversation): void {
    this.#drop(conversationKey(of));
  }

  #grow(timeline: Timeline, bytes: number): void {
    timeline.bytes += bytes;
    this.#bytes += bytes;
  }

  /** The oldest of this conversation go, then whole conversations. */
  #makeRoom(timeline: Timeline): void {
    for (const [key, oldest] of timeline.messageByKey) {
      if (timeline.messageByKey.size <= TIMELINE_MESSAGES_MAX && timeline.bytes <= TIMELINE_BYTES_MAX) break;
      timeline.messageByKey.delete(key);
      if (timeline.keyById.get(oldest.id) === key) timeline.keyById.delete(oldest.id);
      this.#grow(timeline, -bytesOf(oldest));
    }
    for (const key of this.#timelineByKey.keys()) {
      if (this.#timelineByKey.size <= TIMELINES_MAX && this.#bytes <= TIMELINES_BYTES_MAX) break;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#timelineByKey.get(key)?.bytes ?? 0;
    this.#timelineByKey.delete(key);
  }
}

function keyOf({ own, author, id }: Message): string {
  return `${own ? "" : author} ${id}`;
}

/** As UTF-16, at most, which is what matters of it. */
function bytesOf({ content }: Message): number {
  return 2 * content.length;
}
