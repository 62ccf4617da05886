import {
  type AccountKey,
  type MessageId,
  RECENT_AUTHORS_MAX,
  RECENT_MESSAGE_IDS_MAX,
  type Username,
} from "@papo/protocol";

/**
 * Ids of messages that were shown, so that one which comes again is confirmed again and not shown again. Kept per author:
 * nobody can push out, or use up, the ids of somebody else.
 */
export class RecentIds {
  /** Last heard, last in the map. */
  readonly #idsByAuthor = new Map<AccountKey | Username, Set<MessageId>>();

  /** False when it was there already. */
  add(author: AccountKey | Username, id: MessageId): boolean {
    const ids = this.#idsByAuthor.get(author) ?? new Set();
    this.#idsByAuthor.delete(author);
    this.#idsByAuthor.set(author, ids);
    if (this.#idsByAuthor.size > RECENT_AUTHORS_MAX) deleteFirst(this.#idsByAuthor);
    if (ids.has(id)) return false;

    ids.add(id);
    if (ids.size > RECENT_MESSAGE_IDS_MAX) deleteFirst(ids);
    return true;
  }
}

function deleteFirst<K>(kept: { keys(): Iterable<K>; delete(key: K): boolean }): void {
  for (const key of kept.keys()) {
    kept.delete(key);
    return;
  }
}
