import { type AccountKey, type MessageId, RECENT_MESSAGE_IDS_MAX, type Username } from "@papo/protocol";

/**
 * Ids of messages that were shown, so that one which comes again is confirmed again and not shown again. Kept per author:
 * nobody can push out, or use up, the ids of somebody else.
 */
export class RecentIds {
  readonly #idsByAuthor = new Map<AccountKey | Username, Set<MessageId>>();

  /** False when it was there already. */
  add(author: AccountKey | Username, id: MessageId): boolean {
    const ids = this.#idsByAuthor.get(author) ?? new Set();
    this.#idsByAuthor.set(author, ids);
    if (ids.has(id)) return false;

    ids.add(id);
    if (ids.size > RECENT_MESSAGE_IDS_MAX) {
      for (const oldest of ids) {
        ids.delete(oldest);
        break;
      }
    }
    return true;
  }
}
