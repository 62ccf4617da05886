import { TIMELINE_MESSAGES_MAX, TIMELINES_MAX } from "@papo/protocol";
import type { Conversation, Message } from "../api.ts";

/** One text for one conversation, for keys of maps. */
export function conversationKey(conversation: Conversation): string {
  return conversation.kind === "room" ? `room:${conversation.id}` : `private:${conversation.username}`;
}

/**
 * What was said, oldest first, in memory and bounded. When the room log and its store exist (`storage/`), this becomes
 * the window of them that a screen looks at.
 */
export class Timelines {
  readonly #messagesByKey = new Map<string, Map<string, Message>>();

  messages(of: Conversation): readonly Message[] {
    return [...(this.#messagesByKey.get(conversationKey(of))?.values() ?? [])];
  }

  /** Adds a message at the end, or takes the place of the same author's with its id: ids are no secret among members. */
  put(message: Message): void {
    const key = conversationKey(message.conversation);
    const messages = this.#messagesByKey.get(key) ?? new Map<string, Message>();
    const messageKey = keyOf(message);
    const isNew = !messages.has(messageKey);
    messages.set(messageKey, message);
    if (!isNew) return;

    if (messages.size > TIMELINE_MESSAGES_MAX) dropFirst(messages);
    // Last used, last in the map: the first key is always the one silent for longest.
    this.#messagesByKey.delete(key);
    this.#messagesByKey.set(key, messages);
    if (this.#messagesByKey.size > TIMELINES_MAX) dropFirst(this.#messagesByKey);
  }

  has(message: Message): boolean {
    return this.#messagesByKey.get(conversationKey(message.conversation))?.has(keyOf(message)) ?? false;
  }

  forget(of: Conversation): void {
    this.#messagesByKey.delete(conversationKey(of));
  }
}

function keyOf({ own, author, id }: Message): string {
  return `${own ? "" : author} ${id}`;
}

function dropFirst<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
