import {
  type AccountKey,
  type MessageId,
  OUTBOX_BYTES_PER_MEMBER_MAX,
  OUTBOX_MEMBERS_MAX,
  OUTBOX_MESSAGES_PER_MEMBER_MAX,
  type RoomId,
  type Username,
} from "@papo/protocol";
import type { Saying } from "../mesh/peer-link.ts";

/** For whom: a message never goes to another key than the one it was written for. Null: no key was known yet. */
export type Recipient = { readonly username: Username; readonly account: AccountKey | null };

export type Parcel = Extract<Saying, { kind: "message" }>;

/** `on`: the links over which it went and that still stand; none means that it waits. */
type Entry<L> = {
  readonly parcel: Parcel;
  account: AccountKey | null;
  readonly on: Set<L>;
  readonly bytes: number;
};
type Queue<L> = { readonly entryById: Map<MessageId, Entry<L>>; bytes: number };

/**
 * What is still to reach whom, in memory, in the order in which it was written. A message leaves it when the other side has
 * confirmed it, or at once where nobody confirms. When the room log exists (`storage/`) it outlives the program.
 */
export class Outbox<L extends { readonly party: Recipient }> {
  readonly #queueByName = new Map<Username, Queue<L>>();

  /** False when too much waits for this member already. */
  add({ username, account }: Recipient, parcel: Parcel): boolean {
    const queue = this.#queueByName.get(username) ?? { entryById: new Map(), bytes: 0 };
    const bytes = Buffer.byteLength(parcel.content);
    const isFull =
      queue.entryById.size >= OUTBOX_MESSAGES_PER_MEMBER_MAX || queue.bytes + bytes > OUTBOX_BYTES_PER_MEMBER_MAX;
    const isNew = !this.#queueByName.has(username);
    if (isFull || (isNew && this.#queueByName.size >= OUTBOX_MEMBERS_MAX)) return false;

    queue.entryById.set(parcel.id, { parcel, account, on: new Set(), bytes });
    queue.bytes += bytes;
    this.#queueByName.set(username, queue);
    return true;
  }

  /**
   * What may go to this name with this key, oldest first: what waits, or (`all`) also what is under way over another link
   * and may come late or never. Sent again in this order over one link, it arrives in order, and is shown once by its id.
   */
  pendingFor({ username, account }: Recipient, which: "waiting" | "all"): readonly Parcel[] {
    const entries = [...(this.#queueByName.get(username)?.entryById.values() ?? [])];
    return entries
      .filter((entry) => which === "all" || entry.on.size === 0)
      .filter((entry) => entry.account === null || entry.account === account)
      .map(({ parcel }) => parcel);
  }

  /** From here on it is for that link's key alone, also if none was known before. */
  wentOver(link: L, username: Username, id: MessageId): void {
    const entry = this.#queueByName.get(username)?.entryById.get(id);
    if (entry === undefined) return;
    entry.on.add(link);
    entry.account ??= link.party.account;
  }

  /** False when nothing with this id was on its way to that name. */
  remove(username: Username, id: MessageId): boolean {
    const queue = this.#queueByName.get(username);
    const entry = queue?.entryById.get(id);
    if (queue === undefined || entry === undefined) return false;
    queue.entryById.delete(id);
    queue.bytes -= entry.bytes;
    if (queue.entryById.size === 0) this.#queueByName.delete(username);
    return true;
  }

  /** What went over it and was not confirmed may be lost: it waits again, unless it also went over another. Gives its ids. */
  linkEnded(link: L, username: Username): readonly MessageId[] {
    const waiting: MessageId[] = [];
    for (const [id, { on }] of this.#queueByName.get(username)?.entryById ?? []) {
      if (on.delete(link) && on.size === 0) waiting.push(id);
    }
    return waiting;
  }

  /** What was written in a room for who is no longer its member. Gives its ids. */
  dropRoom(username: Username, room: RoomId): readonly MessageId[] {
    const entries = [...(this.#queueByName.get(username)?.entryById.values() ?? [])];
    const dropped = entries.filter(({ parcel }) => parcel.room?.id === room).map(({ parcel }) => parcel.id);
    for (const id of dropped) this.remove(username, id);
    return dropped;
  }
}
