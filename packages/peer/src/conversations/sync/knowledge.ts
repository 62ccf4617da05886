import type { AccountKey, DeviceHeads, DeviceKey, SyncStored } from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import type { Growth, Held, Holdings } from "./holdings.ts";
import type { Receipts } from "./receipts.ts";
import { type SharedRoom, digestOf } from "./shared-room.ts";
import type { RoomSyncPorts } from "./sync-ports.ts";

export type KnowledgePorts = {
  readonly replica: RoomReplica;
  readonly self: RoomSyncPorts["self"];
  readonly holdings: Holdings;
  readonly receipts: Receipts;
  readonly receiver: Pick<RoomSyncPorts["receiver"], "delivery">;
  /** Something that cannot be true. */
  readonly passedOver: () => void;
};

/** Who has what of one room, as far as it is known here: what is told, what follows from it. docs/protocol/room-log.md §8 */
export class Knowledge {
  readonly #ports: KnowledgePorts;

  constructor(ports: KnowledgePorts) {
    this.#ports = ports;
  }

  isOfRoom(device: DeviceKey): boolean {
    return this.#ports.replica.state.accountOf(device) !== undefined;
  }

  // ---- what is learned

  stored(shared: SharedRoom, heads: SyncStored["heads"]): void {
    const { holdings, passedOver } = this.#ports;
    for (const { device, control, content } of heads) {
      const held = { control, content };
      if (!this.isOfRoom(device)) passedOver();
      else if (this.#isBeyondUs(device, held)) this.#claimed(shared, held);
      else this.#learned(shared, device, holdings.stored(shared.link, device, held));
    }
  }

  /** Heads of devices that the room does not know yet say nothing here: they are asked about. */
  shown(shared: SharedRoom, heads: readonly DeviceHeads[]): void {
    for (const { device, control, content } of heads) {
      if (!this.isOfRoom(device)) continue;
      const held = { control: control?.[0] ?? 0, content: content?.[0] ?? 0 };
      if (this.#isBeyondUs(device, held)) this.#claimed(shared, held);
      else this.#learned(shared, device, this.#ports.holdings.shown(shared.link, device, held));
    }
  }

  /** Whoever sends entries has them. */
  sent({ link }: SharedRoom, entries: readonly StoredEntry[]): void {
    for (const { author, chain, seq } of entries) {
      this.#ports.holdings.stored(link, author, { control: 0, content: 0, [chain]: seq });
    }
  }

  /** More is known of who has what these authors wrote: it matters where they are of our account. */
  grown(authors: Iterable<DeviceKey>): void {
    const { replica, self, receiver } = this.#ports;
    for (const author of authors) {
      if (replica.state.accountOf(author) === self.account) receiver.delivery(replica.id, author);
    }
  }

  /** Entries of this device that it had lost itself: what others said before that they have of them counts now. */
  ownCameBack(members: Iterable<SharedRoom>): void {
    const { self, holdings } = this.#ports;
    for (const shared of members) {
      const { claimed } = shared;
      if (claimed === undefined || this.#isBeyondUs(self.device, claimed)) continue;
      shared.claimed = undefined;
      this.#learned(shared, self.device, holdings.stored(shared.link, self.device, claimed));
    }
  }

  #claimed(shared: SharedRoom, held: Held): void {
    shared.claimed = held;
    this.#ports.passedOver();
  }

  #learned(shared: SharedRoom, author: DeviceKey, growth: Growth): void {
    if (growth === "none") return;
    shared.offers.progressed();
    if (growth === "content") this.grown([author]);
  }

  /** P15: nobody has more of what this device wrote than it has written. */
  #isBeyondUs(author: DeviceKey, { control, content }: Held): boolean {
    const { replica, self } = this.#ports;
    if (author !== self.device) return false;
    return control > replica.head(author, "control") || content > replica.head(author, "content");
  }

  // ---- what follows

  /** They have not shown that they have all of ours that they may have. */
  theyLag(shared: SharedRoom): boolean {
    const { replica, holdings } = this.#ports;
    if (!shared.isPeer) return false;
    if (shared.isJoining) return true;
    if (shared.theirDigest === digestOf(replica)) return false;
    const right = replica.readingRight(shared.link.account);
    const base = right.kind === "from" ? right.base : undefined;
    return replica.heads().some(({ device, control, content }) => {
      if (device === shared.link.device) return false;
      const held = holdings.of(shared.link, device);
      const readFrom = Math.max(held.content, base?.get(device) ?? 0);
      return (control?.[0] ?? 0) > held.control || (content?.[0] ?? 0) > readFrom;
    });
  }

  /** They have not shown to have all of this device's own control entries: until they do, they may take us for a stranger, whatever else they say. */
  lackUs({ link }: SharedRoom): boolean {
    const { replica, holdings, self } = this.#ports;
    return holdings.of(link, self.device).control < replica.head(self.device, "control");
  }

  /** They have shown something that is not here. */
  weLag({ link, standing }: SharedRoom): boolean {
    const { replica, holdings } = this.#ports;
    if (standing !== "member") return false;
    for (const [author, { control, content }] of holdings.authors(link)) {
      if (control > replica.head(author, "control") || content > replica.head(author, "content")) return true;
    }
    return false;
  }

  /** Other accounts with a device that has stored everything of this author up to this number. */
  storedBy(author: DeviceKey, seq: number): ReadonlySet<AccountKey> {
    const { holdings, receipts, self } = this.#ports;
    const accounts = new Set<AccountKey>();
    holdings.addAccountsWith(author, seq, accounts);
    for (const [device, { stored }] of receipts.all())
      if ((stored.get(author) ?? 0) >= seq) this.#addAccountOf(device, accounts);
    accounts.delete(self.account);
    return accounts;
  }

  /** Other accounts that tell that they have read so far. */
  readBy(author: DeviceKey, seq: number): ReadonlySet<AccountKey> {
    const { receipts, self } = this.#ports;
    const accounts = new Set<AccountKey>();
    for (const [device, { read }] of receipts.all())
      if ((read?.get(author) ?? 0) >= seq) this.#addAccountOf(device, accounts);
    accounts.delete(self.account);
    return accounts;
  }

  #addAccountOf(device: DeviceKey, accounts: Set<AccountKey>): void {
    const account = this.#ports.replica.state.accountOf(device);
    if (account !== undefined) accounts.add(account);
  }
}
