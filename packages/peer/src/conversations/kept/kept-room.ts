import {
  type AccountKey,
  type DeviceKey,
  type EntryId,
  type Fault,
  type RoomName,
  TIMELINE_MESSAGES_MAX,
  type Username,
  decodeWith,
  fault,
  roomName,
} from "@papo/protocol";
import type { Delivery, Message, Room, RoomStanding } from "../../api.ts";
import type { HistoryChange, StoredEntry, StoredRoom } from "../../storage/history/history.ts";
import type { Draft, Received, RoomReplica } from "../log/room-replica.ts";
import type { RoomState } from "../log/room-state.ts";
import type { UpTo } from "../sync/sync-ports.ts";
import { deliveryOf } from "./delivery-of-entry.ts";
import type { KeptPorts } from "./kept-ports.ts";
import { ForkTelling } from "./fork-telling.ts";
import { standingOf } from "./kept-standing.ts";
import { MemberNames } from "./member-names.ts";
import type { RoomScene } from "./message-of-entry.ts";
import { OwnDeliveries } from "./own-deliveries.ts";
import { presentKeptRoom } from "./present-kept-room.ts";
import { forkIn, headerOf } from "./read-entry.ts";
import { Recipients } from "./recipients.ts";
import { NOTHING_ABOUT, type Presented, type RemarksByEntry, RoomTimeline } from "./room-timeline.ts";
import { RoomWriter } from "./room-writer.ts";
import { ToldEntries } from "./told-entries.ts";

/** What a room tells of itself, in this order. */
export type KeptRoomNews = {
  /** The control set is another one. */
  readonly stateChanged: (room: KeptRoom, before: RoomState) => void;
};

/** One room whose messages are kept: its log, what the user sees of it, and what they are told, each thing once and only when it is durable. */
export class KeptRoom {
  readonly replica: RoomReplica;
  readonly names: MemberNames;
  readonly timeline: RoomTimeline;
  readonly writer: RoomWriter;
  readonly #ports: KeptPorts;
  readonly #news: KeptRoomNews;
  readonly #told: ToldEntries;
  readonly #deliveries: OwnDeliveries;
  #mustMarkRead = false;
  #markingRead: Promise<void> | undefined;
  #readUpTo: UpTo = [];
  /** Entries that others are known to have and that are not here. */
  missing = 0;
  /** Messages that were told since the start, the newest ones: what of them counts no more is told as well. */
  readonly #toldIds = new Set<EntryId>();
  /** As they were told: whoever wrote one is answered with it. */
  readonly #messageByEntry = new WeakMap<StoredEntry, Message>();
  readonly #recipients: Recipients;
  #stored: StoredRoom;
  #knownState: RoomState;
  readonly #forks: ForkTelling;
  /** Forks that the user knows of, or had the chance to. */
  readonly #forksTold: Set<DeviceKey>;

  constructor(stored: StoredRoom, ports: KeptPorts, news: KeptRoomNews) {
    this.#ports = ports;
    this.#news = news;
    this.#stored = stored;
    const { history, clock, random } = ports;
    this.replica = ports.replicas.open(stored.id);
    this.#knownState = this.replica.state;
    this.names = new MemberNames(this.replica, history, ports.people);
    this.timeline = new RoomTimeline(this.replica, history, () => this.#scene());
    this.writer = new RoomWriter(this.replica, (entries) => this.#written(entries));
    this.#deliveries = new OwnDeliveries({
      deliveryNow: (entry, auth) => this.#deliveryOf(entry, auth),
      tell: ({ id }, message) =>
        message === undefined ? this.#tellOf(id, "delivery") : this.#ports.emit({ kind: "delivery", message }),
    });
    this.#recipients = new Recipients(this.self);
    this.#told = new ToldEntries({
      clock,
      isAfterGap: (entry) => this.timeline.isAfterGap(entry),
      tell: (entries) => this.#tell(entries),
    });
    this.#forksTold = new Set(this.state.forked);
    this.#forks = new ForkTelling({
      ...{ clock, random },
      forks: () => this.replica.forks(),
      draft: (device) => this.#forkDraft(device),
      write: (draft) => this.writer.write(draft),
      memberCount: () => this.state.memberByAccount.size,
    });
  }

  get id(): StoredRoom["id"] {
    return this.#stored.id;
  }

  get stored(): StoredRoom {
    return this.#stored;
  }

  get state(): RoomState {
    return this.replica.state;
  }

  get self(): AccountKey {
    return this.#ports.own().keys.root.publicKey;
  }

  /** Those of this account, revoked ones included. */
  get ownDevices(): readonly DeviceKey[] {
    return this.#ports.own().statement.statement.devices.map(({ device }) => device);
  }

  get ownDevice(): DeviceKey {
    return this.#ports.own().keys.device.publicKey;
  }

  get standing(): RoomStanding {
    return standingOf(this.#stored.state, this.state, this.self);
  }

  get name(): RoomName {
    const decoded = decodeWith(roomName, this.state.genesis?.name ?? this.#stored.name);
    if (!decoded.ok) throw new TypeError("a kept name does not read back");
    return decoded.value;
  }

  present(): Room {
    return presentKeptRoom(this, this.#ports);
  }

  // ---- what is kept of it beside its log

  /** The change that makes the store remember where we stand; whoever commits it calls `keep` with the same room. */
  withState(state: StoredRoom["state"]): StoredRoom {
    return { ...this.#stored, name: this.name, kind: this.state.genesis?.room ?? this.#stored.kind, state };
  }

  keep(stored: StoredRoom): void {
    this.#stored = stored;
  }

  async commit(stored: StoredRoom): Promise<boolean> {
    const change: HistoryChange = { kind: "put-room", room: stored };
    const committed = await this.#ports.history.commit([change]);
    if (committed.ok) this.keep(stored);
    return committed.ok;
  }

  /** Everything up to now has been looked at. While one mark is on its way to the disk, the next one waits and covers all that came. */
  async markRead(): Promise<void> {
    this.#mustMarkRead = true;
    this.#markingRead ??= this.#markAllRead().finally(() => (this.#markingRead = undefined));
    await this.#markingRead;
  }

  async #markAllRead(): Promise<void> {
    while (this.#mustMarkRead) {
      this.#mustMarkRead = false;
      const arrival = this.#ports.history.arrival(this.id);
      const upTo = this.#contentHeads();
      if (arrival <= this.#stored.readUpTo || !(await this.commit({ ...this.#stored, readUpTo: arrival }))) continue;
      this.#readUpTo = upTo;
      this.#ports.spread.readMarksChanged(this.id);
    }
  }

  /** What others have written since, ignored people left out. */
  unread(): ReturnType<RoomTimeline["unread"]> {
    return this.timeline.unread([...this.ownDevices, ...this.#ignoredDevices()]);
  }

  #ignoredDevices(): readonly DeviceKey[] {
    return this.#ports.ignored().flatMap((name) => {
      const account = this.accountOf(name);
      return account === undefined ? [] : (this.state.memberByAccount.get(account)?.devices ?? []);
    });
  }

  #contentHeads(): UpTo {
    return this.replica.heads().map(({ device, content }) => [device, content?.[0] ?? 0]);
  }

  /** How far the user has read what each device wrote. */
  readUpTo(): UpTo {
    const isAllRead = (): boolean => this.timeline.unread(this.ownDevices).count === 0;
    if (this.#readUpTo.length === 0 && isAllRead()) this.#readUpTo = this.#contentHeads();
    return this.#readUpTo;
  }

  // ---- what comes

  /** From others, durable now. */
  received({ stored, stateChanged }: Received): void {
    if (stateChanged) this.#stateChanged();
    this.timeline.arrived(stored);
    this.#told.arrived(stored);
    this.#forks.look();
  }

  /** Whoever finds the proof tells the room; where nothing may be written, others will. A device that forked itself writes no more. */
  #forkDraft(device: DeviceKey): Draft | undefined {
    const mayTell = this.standing === "member" && this.mayWrite(this.ownDevice) && device !== this.ownDevice;
    return mayTell ? this.replica.forkDraft(device) : undefined;
  }

  #written(entries: readonly StoredEntry[]): void {
    this.#ports.spread.appended(this.id, entries);
    this.timeline.arrived(entries);
    if (this.state !== this.#knownState) this.#stateChanged();
    // Own words are shown at once, and nobody can have said anything about them yet.
    this.#tell(entries, NOTHING_ABOUT);
    // Whoever writes has seen what stands above.
    if (entries.some(({ shown }) => shown)) void this.markRead();
  }

  #stateChanged(): void {
    const before = this.#knownState;
    this.#knownState = this.state;
    this.#withdraw(before);
    this.#deliveries.changed();
    this.#news.stateChanged(this, before);
  }

  /** What was told and counts no more, now that more is known. */
  #withdraw(before: RoomState): void {
    const isSame =
      before.formerByAccount.size === this.state.formerByAccount.size && before.forked.size === this.state.forked.size;
    if (isSame) return;
    for (const id of this.#toldIds)
      if (this.#ports.history.entry(this.id, id)?.isVoid === true) this.#tellOf(id, "message-changed");
  }

  // ---- what is told

  #tell(entries: readonly StoredEntry[], about?: RemarksByEntry): void {
    const changed = new Set<EntryId>();
    // Who comes in is not told of everybody who came before.
    const isIn = this.#stored.state === "member";
    const fresh = entries.filter(
      (entry) => entry.shown || (entry.chain === "control" && !this.#isOldFork(entry) && isIn),
    );
    for (const message of this.timeline.presentAll(fresh, about)) this.#tellMessage(message);
    for (const { target, isVoid } of entries) if (target !== null && !isVoid) changed.add(target);
    for (const id of changed) if (!this.#told.isWaiting(id)) this.#tellOf(id, "message-changed");
  }

  /** Several may tell of one fork at once. */
  #isOldFork(entry: StoredEntry): boolean {
    const device = forkIn(entry);
    if (device === undefined) return false;
    const isKnown = this.#forksTold.has(device);
    this.#forksTold.add(device);
    return isKnown;
  }

  #tellMessage({ entry, message }: Presented): void {
    if (this.#toldIds.has(entry.id)) return;
    if (message.own) this.#messageByEntry.set(entry, message);
    this.#toldIds.add(entry.id);
    if (this.#toldIds.size > TIMELINE_MESSAGES_MAX) {
      const [oldest] = this.#toldIds;
      if (oldest !== undefined) this.#toldIds.delete(oldest);
    }
    if (message.delivery !== null) this.#deliveries.follow(entry, this.authOf(entry), message.delivery, message);
    this.#ports.emit({ kind: "message", message });
  }

  /** As it is now; a line that is not shown any more is told as withdrawn, if it was shown. */
  #tellOf(id: EntryId, kind: "message-changed" | "delivery"): void {
    const message = this.timeline.message(id);
    this.#deliveries.retold(id, message);
    if (message !== undefined) return this.#ports.emit({ kind, message });
    const withdrawn = this.#toldIds.delete(id) ? this.timeline.withdrawn(id) : undefined;
    if (withdrawn !== undefined) this.#ports.emit({ kind: "message-changed", message: withdrawn });
  }

  /** The message that an own entry is, as it was told a moment ago or as it is now. */
  messageOf(entry: StoredEntry): Message | undefined {
    return this.#messageByEntry.get(entry) ?? this.timeline.message(entry.id);
  }

  // ---- where own messages stand

  deliveriesChanged(): void {
    this.#deliveries.changed();
  }

  #scene(): RoomScene {
    return {
      state: this.state,
      names: this.names,
      self: this.self,
      isBlocked: (account) => this.#ports.people.isBlocked(account),
      delivery: (entry, auth) => {
        const delivery = this.#deliveryOf(entry, auth);
        this.#deliveries.seen(entry, auth, delivery);
        return delivery;
      },
    };
  }

  #deliveryOf(entry: StoredEntry, auth: readonly EntryId[]): Delivery {
    const { spread } = this.#ports;
    const storedBy = spread.storedBy(this.id, entry.author, entry.seq);
    return deliveryOf({
      recipients: this.#recipients.of({ entry, auth, storedBy, state: this.state }),
      storedBy,
      readBy: spread.readBy(this.id, entry.author, entry.seq),
      ended: this.#whyEnded(entry),
      reach: (account) => this.#ports.people.reach(this.names.of(account)),
    });
  }

  /** Those for whom an own entry is. */
  recipients(entry: StoredEntry): ReadonlySet<AccountKey> {
    const storedBy = this.#ports.spread.storedBy(this.id, entry.author, entry.seq);
    return this.#recipients.of({ entry, auth: this.authOf(entry), storedBy, state: this.state });
  }

  #whyEnded({ isVoid }: StoredEntry): Fault | undefined {
    const { standing } = this;
    if (standing === "removed" || isVoid) return fault("removed", "room: we were removed from it");
    if (standing === "left") return fault("not_member", "room: we left it");
    return undefined;
  }

  // ---- people

  accountOf(username: Username): AccountKey | undefined {
    return this.names.accountOf(username);
  }

  /** Who can write now from which devices: ours among them once we have begun. */
  mayWrite(device: DeviceKey): boolean {
    return this.state.memberByAccount.get(this.self)?.devices.includes(device) ?? false;
  }

  authOf(entry: StoredEntry): readonly EntryId[] {
    return headerOf(entry)?.auth ?? [];
  }

  stop(): void {
    this.#forks.stop();
    this.#told.stop();
  }
}
