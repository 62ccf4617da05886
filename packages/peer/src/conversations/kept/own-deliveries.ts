import { DELIVERIES_FOLLOWED_MAX, type EntryId } from "@papo/protocol";
import type { Delivery, Message } from "../../api.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import { isComplete, isSameDelivery } from "./delivery-of-entry.ts";

type Followed = {
  readonly entry: StoredEntry;
  readonly auth: readonly EntryId[];
  delivery: Delivery;
  /** As it was told last; undefined: it is read anew. */
  message: Message | undefined;
};

/**
 * The newest own messages of one room, of which it is told where they stand as often as that changes. Older ones say so when they are looked at: what
 * is known of them is in the store.
 */
export class OwnDeliveries {
  readonly #deliveryNow: (entry: StoredEntry, auth: readonly EntryId[]) => Delivery;
  readonly #tell: (entry: StoredEntry, message: Message | undefined) => void;
  readonly #followedById = new Map<EntryId, Followed>();
  #isDue = false;

  constructor(ports: {
    readonly deliveryNow: (entry: StoredEntry, auth: readonly EntryId[]) => Delivery;
    /** `message`: with where it stands now, where it is known. */
    readonly tell: (entry: StoredEntry, message: Message | undefined) => void;
  }) {
    this.#deliveryNow = ports.deliveryNow;
    this.#tell = ports.tell;
  }

  /** `delivery`: as it was told with the message. */
  follow(entry: StoredEntry, auth: readonly EntryId[], delivery: Delivery, message?: Message): void {
    this.#followedById.set(entry.id, { entry, auth, delivery, message });
    if (this.#followedById.size <= DELIVERIES_FOLLOWED_MAX) return;
    const [oldest] = this.#followedById.keys();
    if (oldest !== undefined) this.#followedById.delete(oldest);
  }

  /** It was told again, with something else of it changed. */
  retold(id: EntryId, message: Message | undefined): void {
    const followed = this.#followedById.get(id);
    if (followed !== undefined) followed.message = message;
  }

  /** It was looked at just now, as this: older ones are followed from then on. */
  seen(entry: StoredEntry, auth: readonly EntryId[], delivery: Delivery): void {
    if (!isComplete(delivery) && !this.#followedById.has(entry.id)) this.follow(entry, auth, delivery);
  }

  /** Something may be otherwise now. Looked at once for everything that changes in one turn. */
  changed(): void {
    if (this.#isDue || this.#followedById.size === 0) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#look();
    });
  }

  #look(): void {
    for (const [id, followed] of this.#followedById) {
      const delivery = this.#deliveryNow(followed.entry, followed.auth);
      if (isSameDelivery(delivery, followed.delivery)) continue;
      followed.delivery = delivery;
      if (followed.message !== undefined) followed.message = { ...followed.message, delivery };
      this.#tell(followed.entry, followed.message);
      const isRead = delivery.kind === "sent" && delivery.read === delivery.of;
      if (isComplete(delivery) && isRead) this.#followedById.delete(id);
    }
  }
}
