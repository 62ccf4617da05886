import { type MessageId, TIMELINE_MESSAGES_MAX, TIMELINES_MAX } from "@papo/protocol";
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
  readonly #messagesByKey = new Map<string, Map<MessageId, Message>>();

  messages(of: Conversation): readonly Message[] {
    return [...(this.#messagesByKey.get(conversationKey(of))?.values() ?? [])];
  }

  /** Adds a message at the end, or takes the place of the one with its id. */
  put(message: Message): void {
    const key = conversationKey(message.conversation);
    const messages = this.#messagesByKey.get(key) ?? new Map<MessageId, Message>();
    const isNew = !messages.has(message.id);
    messages.set(message.id, message);
    if (!isNew) return;

    if (messages.size > TIMELINE_MESSAGES_MAX) dropFirst(messages);
    // Last used, last in the map: the first key is always the one silent for longest.
    this.#messagesByKey.delete(key);
    this.#messagesByKey.set(key, messages);
    if (this.#messagesByKey.size > TIMELINES_MAX) dropFirst(this.#messagesByKey);
  }

  find(of: Conversation, id: MessageId): Message | undefined {
    return this.#messagesByKey.get(conversationKey(of))?.get(id);
  }

  forget(of: Conversation): void {
    this.#messagesByKey.delete(conversationKey(of));
  }
}

function dropFirst<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
