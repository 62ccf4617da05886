import type { Timer } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  ENTRIES_PER_BATCH_MAX,
  ENTRY_BATCH_BYTES,
  FULL_MESH_MEMBERS_MAX,
  type InviteAnswer,
  type Member,
  type Outcome,
  RETENTION_LOOK_INTERVAL_MS,
  type RoomId,
  type UseInvite,
  type WireEntry,
  batchBytesOf,
  succeed,
} from "@papo/protocol";
import type { Invite, Message, MessageReference, Room, RoomRole } from "../../api.ts";
import type { EnteredRoom } from "../../tracker-session/tracker-line.ts";
import type { Received, RoomReplica } from "../log/room-replica.ts";
import type { RoomState } from "../log/room-state.ts";
import type { RoomSyncReceiver, UpTo } from "../sync/sync-ports.ts";
import { InviteBook } from "./invite-book.ts";
import { InviteDesk } from "./invite-desk.ts";
import { InviteErrands } from "./invite-errands.ts";
import type { InviteChannel, KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { storedState } from "./kept-standing.ts";
import { Meetings } from "./meetings.ts";
import { OwnDevices } from "./own-devices.ts";
import { OwnPlaces } from "./own-places.ts";
import { type NewKeptRoom, RoomEntrances, storedRoom } from "./room-entrances.ts";
import { RoomModeration } from "./room-moderation.ts";
import { tellNews } from "./room-news.ts";
import { RoomReading } from "./room-reading.ts";
import { RoomSending } from "./room-sending.ts";
import { RoomShelf } from "./room-shelf.ts";
import { TrackerErrands } from "./tracker-errands.ts";

const READ_RECEIPTS_SETTING = "read-receipts";
/** Bodies that one look drops at most of one room. */
const RETIRED_AT_ONCE = 1_000;

/**
 * Everything a user does with rooms whose messages are kept. Wires their parts together: the shelf (which rooms), the entrances (in and out), the desk and the
 * errands (invites, both sides), moderation, sending; and what others tell of them: the tracker who is there, RoomSync what came and who has what.
 */
export class KeptRooms implements RoomSyncReceiver {
  /** What was said, as it is now. */
  readonly reading: RoomReading;
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #places: OwnPlaces;
  readonly #errands: TrackerErrands;
  readonly #entrances: RoomEntrances;
  readonly #devices: OwnDevices;
  readonly #moderation: RoomModeration;
  readonly #sending: RoomSending;
  readonly #meetings: Meetings;
  readonly #book: InviteBook;
  readonly #desk: InviteDesk;
  readonly #invites: InviteErrands;
  /** Rooms that the tracker says are ours, and of which nothing is kept here: this device is new, or has lost what it had. */
  readonly #unknown = new Set<RoomId>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(ports: KeptPorts) {
    this.#ports = ports;
    this.#shelf = new RoomShelf(ports, { stateChanged: (room, before) => this.#stateChanged(room, before) });
    this.reading = new RoomReading(ports, this.#shelf);
    this.#places = new OwnPlaces(ports);
    this.#errands = new TrackerErrands(ports, this.#shelf, this.#places);
    this.#entrances = new RoomEntrances(ports, this.#shelf, this.#errands);
    this.#devices = new OwnDevices(ports, this.#shelf, this.#entrances);
    this.#moderation = new RoomModeration(ports, this.#shelf, this.#errands);
    this.#sending = new RoomSending(ports, this.#shelf);
    this.#meetings = new Meetings(ports);
    this.#book = new InviteBook(ports.history);
    this.#desk = new InviteDesk(ports, { shelf: this.#shelf, book: this.#book, errands: this.#errands });
    this.#invites = new InviteErrands(ports, { shelf: this.#shelf, meetings: this.#meetings, places: this.#places });
  }

  // ---- life

  /** Brings back what the last run left. Before anything else is asked or told. */
  async start(): Promise<void> {
    this.#shelf.load();
    for (const id of this.#errands.toUndo()) await this.#shelf.forget(id);
    this.#invites.load();
    for (const room of this.#shelf.all()) this.#follow(room);
    void this.#retire();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#meetings.stop();
    this.#invites.stop();
    this.#places.stop();
    this.#shelf.stop();
  }

  /** Drops what the rooms' retention has outlived, and looks again now and then. */
  async #retire(): Promise<void> {
    for (const { replica, state } of this.#shelf.all()) {
      if ((state.genesis?.retentionDays ?? null) === null) continue;
      for (let dropped = RETIRED_AT_ONCE; dropped > 0 && !this.#isStopped; ) {
        const retired = await replica.retire(RETIRED_AT_ONCE);
        dropped = retired.ok ? retired.value : 0;
      }
    }
    if (this.#isStopped) return;
    this.#timer = this.#ports.clock.after(RETENTION_LOOK_INTERVAL_MS, () => void this.#retire());
  }

  /** The tracker has taken our statement, now or before: from here on it may stand in logs. */
  known(): void {
    this.#devices.known();
  }

  // ---- what the tracker says

  /** A session began; `rooms`: of which the tracker says that we are a member. */
  online(rooms: readonly RoomId[]): void {
    this.#errands.online(rooms);
    this.#meetings.online();
    for (const room of this.#shelf.all()) void this.#entrances.resume(room);
    this.known();
    this.#unknown.clear();
    const undone = new Set(this.#errands.toUndo());
    for (const id of rooms) if (!this.has(id) && !undone.has(id)) this.#unknown.add(id);
    for (const id of this.#unknown) this.#takeUp(id);
  }

  /** Its members know us, and show us what they have. */
  #takeUp(id: RoomId): void {
    const view = this.#unknown.has(id) ? this.#ports.view(id) : undefined;
    if (view === undefined) return;
    this.#unknown.delete(id);
    const { name, kind } = view.room;
    if (kind === "plain" || this.has(id)) return;
    const room = this.#shelf.lay(storedRoom(id, name, kind, "joining"));
    this.#ports.emit({ kind: "room-changed", room: room.present() });
  }

  /** Its list of who is in a room is another one. */
  viewChanged(id: RoomId): void {
    this.#takeUp(id);
    const room = this.#shelf.get(id);
    if (room === undefined) return;
    this.#ports.spread.membersChanged(id);
    this.#errands.look(room);
  }

  /** Whom to dial though no room of the tracker's brings them: those who are to let us in. */
  wantedMembers(): readonly Member[] {
    return this.#meetings.members();
  }

  // ---- what links say

  /** A link with a device of this account may be spoken on. */
  linked(channel: InviteChannel): void {
    this.#invites.linked(channel);
  }

  async heardInvite(channel: InviteChannel, said: UseInvite | InviteAnswer): Promise<void> {
    if (said.cmd === "USE_INVITE") await this.#desk.used(channel, said);
    else await this.#invites.answered(channel, said);
  }

  /** Somebody can be reached otherwise than before: why things wait may be another reason. */
  reachChanged(): void {
    for (const room of this.#shelf.all()) room.deliveriesChanged();
  }

  /** A name is pinned to another key, or to one at all; somebody was blocked, or is no more. */
  peopleChanged(): void {
    for (const room of this.#shelf.all()) room.names.changed();
  }

  // ---- RoomSyncReceiver

  received(id: RoomId, received: Received): void {
    this.#shelf.get(id)?.received(received);
  }

  progress(id: RoomId, missing: number): void {
    const room = this.#shelf.get(id);
    if (room === undefined || room.missing === missing) return;
    room.missing = missing;
    this.#ports.emit({ kind: "room-changed", room: room.present() });
  }

  delivery(id: RoomId, _author: DeviceKey): void {
    this.#shelf.get(id)?.deliveriesChanged();
  }

  caughtUp(id: RoomId): void {
    const room = this.#shelf.get(id);
    if (room !== undefined) this.#devices.look(room);
  }

  // ---- what RoomSync asks

  replica(id: RoomId): RoomReplica | undefined {
    return this.#shelf.get(id)?.replica;
  }

  /** Newest activity first. */
  roomIds(): readonly RoomId[] {
    return this.reading.byActivity().map(({ id }) => id);
  }

  /** What their logs say. */
  states(): readonly RoomState[] {
    return this.#shelf.all().map((room) => room.state);
  }

  isExpected(id: RoomId, account: AccountKey): boolean {
    if (this.#invites.isAwaiting(id, account)) return true;
    for (const member of this.#ports.view(id)?.memberByName.values() ?? []) if (member.account === account) return true;
    return false;
  }

  /** By which those who do not know us yet learn that we belong there. */
  ownControl(id: RoomId): readonly WireEntry[] {
    const { device } = this.#ports.own().keys;
    const entries = this.#ports.history.range(id, device.publicKey, "control", 1, ENTRIES_PER_BATCH_MAX);
    const fitting: WireEntry[] = [];
    let bytes = 0;
    for (const { header, signature, body } of entries) {
      bytes += batchBytesOf({ header, signature, body });
      if (bytes > ENTRY_BATCH_BYTES) break;
      fitting.push({ header, signature, body });
    }
    return fitting;
  }

  readUpTo(id: RoomId): UpTo | null {
    return this.tellsRead ? (this.#shelf.get(id)?.readUpTo() ?? null) : null;
  }

  // ---- news of a room

  #stateChanged(room: KeptRoom, before: RoomState): void {
    tellNews(room, before, this.#ports);
    this.#follow(room);
    this.#ports.spread.membersChanged(room.id);
    // In a large room a few links do, and how large it is its log says.
    if (isLarge(room.state) !== isLarge(before) || before.genesis === undefined) this.#ports.contactsChanged();
    this.#errands.look(room);
    this.#ports.emit({ kind: "room-changed", room: room.present() });
  }

  /** What follows from where we stand now: begin to write where we were let in, and remember where we are out. */
  #follow(room: KeptRoom): void {
    const { standing, stored } = room;
    this.#devices.look(room);
    if (standing === "member") void this.#invites.admitted(room);
    const state = storedState(standing);
    if (state === stored.state) return;
    room.keep(room.withState(state));
    void room.commit(room.stored);
    const { id, name } = room;
    if (state === "closed") this.#ports.emit({ kind: "room-closed", id, name, reason: "deleted" });
    if (state === "removed") this.#ports.emit({ kind: "room-closed", id, name, reason: "removed" });
  }

  // ---- rooms

  /** Those of which we are a member by their logs. */
  joined(): readonly KeptRoom[] {
    return this.#shelf.all().filter(({ standing }) => standing === "member" || standing === "read-only");
  }

  /** Those of which we are a member, or are to become one. */
  rooms(): readonly Room[] {
    const isIn = ({ standing }: KeptRoom): boolean => ["member", "read-only", "joining"].includes(standing);
    return this.#shelf
      .all()
      .filter(isIn)
      .map((room) => room.present());
  }

  has(id: RoomId): boolean {
    return this.#shelf.get(id) !== undefined;
  }

  /** Also one that was left, closed or lost: it can be read. */
  room(id: RoomId): Room | undefined {
    return this.#shelf.get(id)?.present();
  }

  async create(room: NewKeptRoom): Promise<Outcome<Room>> {
    return presented(await this.#entrances.create(room));
  }

  /** After JOIN_ROOM: `page` is its answer. */
  async entered(page: EnteredRoom): Promise<Outcome<Room>> {
    this.#unknown.delete(page.room.id);
    return presented(await this.#entrances.entered(page));
  }

  leave(id: RoomId): Promise<Outcome<RoomId>> {
    return this.#entrances.leave(id);
  }

  close(id: RoomId): Promise<Outcome<RoomId>> {
    return this.#entrances.close(id);
  }

  async forget(id: RoomId): Promise<Outcome<RoomId>> {
    await this.#invites.cancel(id);
    const forgotten = await this.#entrances.forget(id);
    if (forgotten.ok) this.#book.forget(id);
    return forgotten;
  }

  // ---- invites

  createInvite(id: RoomId, terms?: { readonly uses?: number; readonly days?: number }): Promise<Outcome<Invite>> {
    return this.#desk.create(id, terms);
  }

  invites(id: RoomId): readonly Invite[] {
    return this.#desk.list(id);
  }

  revokeInvite(id: RoomId, link: string): Promise<Outcome<RoomId>> {
    return this.#desk.revoke(id, link);
  }

  pardon(id: RoomId, username: Room["members"][number]["username"]): Promise<Outcome<Invite>> {
    return this.#desk.pardon(id, username);
  }

  barred(id: RoomId): readonly Room["members"][number]["username"][] {
    return this.#desk.barred(id);
  }

  joinByInvite(link: string): Promise<Outcome<Room>> {
    return this.#invites.use(link);
  }

  // ---- people of a room

  setRole(id: RoomId, username: Room["members"][number]["username"], role: RoomRole): Promise<Outcome<RoomId>> {
    return this.#moderation.setRole(id, username, role);
  }

  removeMember(
    id: RoomId,
    username: Room["members"][number]["username"],
    { bar = false }: { readonly bar?: boolean } = {},
  ): Promise<Outcome<RoomId>> {
    return this.#moderation.remove(id, username, bar);
  }

  setTopic(id: RoomId, text: string): Promise<Outcome<RoomId>> {
    return this.#moderation.setTopic(id, text);
  }

  // ---- what is said

  send(id: RoomId, text: string, replyTo?: MessageReference["id"]): Promise<Outcome<Message>> {
    return this.#sending.send(id, text, replyTo);
  }

  edit(message: MessageReference, text: string): Promise<Outcome<Message>> {
    return this.#sending.edit(message, text);
  }

  deleteMessage(message: MessageReference): Promise<Outcome<Message>> {
    return this.#sending.delete(message);
  }

  react(message: MessageReference, emoji: string, on: boolean): Promise<Outcome<Message>> {
    return this.#sending.react(message, emoji, on);
  }

  // ---- what was said

  async markRead(id: RoomId): Promise<void> {
    const room = this.#shelf.get(id);
    if (room === undefined) return;
    await room.markRead();
    this.#ports.emit({ kind: "room-changed", room: room.present() });
  }

  // ---- whether reading is told

  get tellsRead(): boolean {
    return this.#ports.history.setting(READ_RECEIPTS_SETTING) === "on";
  }

  async setReadReceipts(on: boolean): Promise<Outcome<boolean>> {
    const value = on ? "on" : null;
    const kept = await this.#ports.history.commit([{ kind: "put-setting", name: READ_RECEIPTS_SETTING, value }]);
    if (!kept.ok) return kept;
    for (const { id } of this.#shelf.all()) this.#ports.spread.readMarksChanged(id);
    return succeed(on);
  }
}

function isLarge({ memberByAccount }: RoomState): boolean {
  return memberByAccount.size > FULL_MESH_MEMBERS_MAX;
}

function presented(room: Outcome<KeptRoom>): Outcome<Room> {
  return room.ok ? succeed(room.value.present()) : room;
}
