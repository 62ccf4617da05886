import type { Conversation, HistoryCursor, Message } from "@papo/peer/api";
import { HISTORY_PAGE_MAX } from "@papo/protocol";
import type { ChatPeer } from "./chat-ports.ts";
import { messageKey } from "./entry.ts";

/** A place in a conversation: a cursor where it is kept, else the message that stands there; or its end. */
export type Place = { readonly cursor: HistoryCursor } | { readonly key: string } | "end";

/** Oldest first; null where nothing more is. */
export type Page = {
  readonly messages: readonly Message[];
  readonly before: Place | null;
  readonly after: Place | null;
};

const NOTHING: Page = { messages: [], before: null, after: null };

/** What was said in one conversation, page by page: from disk where it is kept, else what the engine still holds. */
export class PageSource {
  readonly #peer: ChatPeer;
  readonly #of: Conversation;

  constructor(peer: ChatPeer, of: Conversation) {
    this.#peer = peer;
    this.#of = of;
  }

  newest(limit: number): Page {
    const read = this.#peer.history(this.#of, { limit: Math.min(limit, HISTORY_PAGE_MAX) });
    if (!read.ok || (read.value.messages.length === 0 && this.#of.kind === "private")) return this.#live(limit);
    const { messages, before } = read.value;
    const page = { messages, before: placeAt(before), after: null };
    return this.#of.kind === "private" ? { ...page, messages: this.#withLive(messages, before === null) } : page;
  }

  before(place: Place, limit: number): Page {
    if (place === "end") return this.newest(limit);
    if ("key" in place) return this.#livePage(place.key, -limit);
    return this.#kept({ before: place.cursor, limit });
  }

  after(place: Place, limit: number): Page {
    if (place === "end") return NOTHING;
    if ("key" in place) return this.#livePage(place.key, limit);
    return this.#kept({ after: place.cursor, limit });
  }

  #kept(request: { readonly before?: HistoryCursor; readonly after?: HistoryCursor; readonly limit: number }): Page {
    const read = this.#peer.history(this.#of, { ...request, limit: Math.min(request.limit, HISTORY_PAGE_MAX) });
    if (!read.ok) return NOTHING;
    const { messages, before, after } = read.value;
    return { messages, before: placeAt(before), after: placeAt(after) };
  }

  #live(limit: number): Page {
    const all = this.#peer.messages(this.#of);
    return pageOf(all, Math.max(0, all.length - limit), all.length);
  }

  #livePage(key: string, count: number): Page {
    const all = this.#peer.messages(this.#of);
    const at = all.findIndex((message) => messageKey(message) === key);
    if (at === -1) return NOTHING;
    return count < 0
      ? pageOf(all, Math.max(0, at + count), at)
      : pageOf(all, at + 1, Math.min(all.length, at + 1 + count));
  }

  /** In a private chat some may have gone to or come from a program that keeps nothing. */
  #withLive(messages: readonly Message[], isWhole: boolean): readonly Message[] {
    const fromMs = isWhole ? 0 : (messages[0]?.atMs ?? 0);
    const live = this.#peer.messages(this.#of).filter(({ kept, atMs }) => kept === undefined && atMs >= fromMs);
    if (live.length === 0) return messages;
    return [...messages, ...live].toSorted((one, other) => one.atMs - other.atMs);
  }
}

export function placeOf(message: Message): Place {
  return message.kept === undefined ? { key: messageKey(message) } : { cursor: message.kept.cursor };
}

function placeAt(cursor: HistoryCursor | null): Place | null {
  return cursor === null ? null : { cursor };
}

function pageOf(all: readonly Message[], from: number, to: number): Page {
  const messages = all.slice(from, to);
  const [first] = messages;
  const last = messages.at(-1);
  return {
    messages,
    before: from > 0 && first !== undefined ? { key: messageKey(first) } : null,
    after: to < all.length && last !== undefined ? { key: messageKey(last) } : null,
  };
}
