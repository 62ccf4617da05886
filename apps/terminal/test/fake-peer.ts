import type {
  Conversation,
  Delivery,
  Diagnostics,
  KeyChange,
  KnownAccount,
  LinkReport,
  ListedRoom,
  LogIn,
  Message,
  MessageReference,
  PeerApi,
  PeerEvent,
  Room,
  RoomMember,
  SignIn,
  TrackerState,
} from "@papo/peer/api";
import {
  type AccountKey,
  decodeWith,
  fail,
  type FaultCode,
  type ListedPeer,
  messageId,
  type MessageId,
  type Outcome,
  parseTrackerAddress,
  type RoomId,
  roomId,
  type RoomKind,
  type RoomName,
  roomName,
  succeed,
  type TrackerAddress,
  type Username,
  username,
} from "@papo/protocol";

import { FakeKept } from "./fake-kept.ts";

// A peer that talks to nobody: it keeps accounts and rooms in maps, and the test says what others do.

function made<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`a test made a bad value: ${outcome.fault.detail}`);
}

export const user = (name: string): Username => made(decodeWith(username, name));
export const roomCalled = (name: string): RoomName => made(decodeWith(roomName, name));
export const keyOf = (seed: string): AccountKey => `${seed.padEnd(42, "x").slice(0, 42)}A` as AccountKey;

const idOf = (count: number): RoomId => made(decodeWith(roomId, `${String(count).padStart(42, "r")}A`));
const messageIdOf = (count: number): MessageId => made(decodeWith(messageId, `${String(count).padStart(21, "m")}A`));

export function memberOf(name: string, more: Partial<RoomMember> = {}): RoomMember {
  const reach = { kind: "linked", encrypted: true, path: "direct" } as const;
  return { username: user(name), account: keyOf(name), online: true, trust: "unverified", reach, ...more };
}

export class FakePeer extends FakeKept implements PeerApi {
  readonly trackerAddress: TrackerAddress = made(parseTrackerAddress("papo://127.0.0.1:6060"));
  readonly passwords = new Map<string, string>();
  readonly listed: ListedPeer[] = [];
  readonly sent: { to: Conversation; content: string; replyTo?: MessageReference["id"] }[] = [];
  readonly decisions: string[] = [];
  accounts: KnownAccount[] = [];
  /** What happens to a message that is sent. */
  delivery: Delivery = { kind: "sent", received: 0, silent: 0, of: 1 };
  /** Accounts whose key is elsewhere. */
  readonly elsewhere = new Set<string>();
  changes: KeyChange[] = [];
  readonly blocked = new Set<Username>();
  /** Requests that fail, and why. */
  readonly refusals = new Map<"resume" | "listPeers" | "listRooms" | "joinRoom" | "openPrivate" | "send", FaultCode>();
  pageSize = 100;
  loggedOut = 0;
  /** What the answer to REGISTER waits for. */
  before: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  readonly #rooms = new Map<RoomId, Room>();
  readonly #strangers: ListedRoom[] = [];
  readonly #messages: Message[] = [];
  readonly #clock: { wallMs(): number };
  #self: Username | undefined;
  #state: TrackerState = { kind: "idle" };
  #count = 0;

  constructor(clock: { wallMs(): number }) {
    super();
    this.#clock = clock;
  }

  get self(): Username | undefined {
    return this.#self;
  }

  get account(): AccountKey | undefined {
    return this.#self === undefined ? undefined : keyOf(this.#self);
  }

  /** Tells the screens. A room in it replaces the one that was. */
  emit(event: PeerEvent): void {
    if ("room" in event) this.#rooms.set(event.room.id, event.room);
    if (event.kind === "tracker") this.#state = event.state;
    if (event.kind === "room-closed" && this.#rooms.get(event.id)?.log === undefined) this.#rooms.delete(event.id);
    for (const listener of this.#listeners) listener(event);
  }

  /** A room that is kept here, standing so. */
  keep(name: string, log: Partial<NonNullable<Room["log"]>> = {}, more: Partial<Room> = {}): Room {
    this.#count += 1;
    const details: NonNullable<Room["log"]> = {
      ...{ standing: "member", topic: "", history: "all", role: "member", unread: 0, missing: 0 },
      ...{ unproven: [], unlisted: [], ...log },
    };
    const members = [memberOf("ana", { role: "owner" }), memberOf("gabi", { reach: { kind: "self" }, role: "member" })];
    const room: Room = {
      ...{ id: idOf(this.#count), name: roomCalled(name), kind: "open", owner: user("ana"), capacity: 50 },
      ...{ members, memberCount: members.length, log: details, ...more },
    };
    this.#rooms.set(room.id, room);
    return room;
  }

  /** A room of somebody else's. */
  offer(name: string, members: number, capacity: number, kind: RoomKind = "open"): void {
    this.#count += 1;
    const counts = { members, online: members, capacity, version: 1 };
    this.#strangers.push({
      id: idOf(this.#count),
      name: roomCalled(name),
      kind,
      owner: user("ana"),
      ...counts,
      joined: false,
    });
  }

  roomNamed(name: string): Room {
    const room = [...this.#rooms.values()].find((candidate) => candidate.name === name);
    if (room === undefined) throw new Error("the test asks for a room that is not there");
    return room;
  }

  withMember(room: Room, member: RoomMember): Room {
    const members = [...room.members.filter(({ username: name }) => name !== member.username), member];
    return { ...room, members, memberCount: members.length };
  }

  join(room: Room, name: string, more: Partial<RoomMember> = {}): void {
    this.emit({ kind: "member-joined", room: this.withMember(room, memberOf(name, more)), username: user(name) });
  }

  link(name: string, encrypted = true): void {
    const link: LinkReport = {
      username: user(name),
      device: null,
      encrypted,
      group: null,
      path: "direct",
      dialledByUs: true,
      openedAtMs: this.#clock.wallMs(),
    };
    this.emit({ kind: "linked", link });
  }

  /** Something that is kept of a conversation, as if from the disk. */
  keepMessage(conversation: Conversation, author: string, content: string): Message {
    const kept: NonNullable<Message["kept"]> = {
      ...{ edited: false, gone: null, reactions: [], replyTo: null, late: false, afterGap: false, needsNewer: false },
      ...{ notice: null, cursor: content as NonNullable<Message["kept"]>["cursor"] },
    };
    const message = { ...this.#message(conversation, author, content, true), kept };
    this.kept.push(message);
    return message;
  }

  hear(conversation: Conversation, author: string, content: string, encrypted = true): void {
    this.emit({ kind: "message", message: this.#message(conversation, author, content, encrypted) });
  }

  #message(conversation: Conversation, author: string, content: string, encrypted: boolean): Message {
    this.#count += 1;
    const own = author === this.#self;
    const message: Message = {
      id: messageIdOf(this.#count),
      conversation,
      author: user(author),
      own,
      content,
      atMs: this.#clock.wallMs(),
      encrypted,
      delivery: own ? this.delivery : null,
    };
    this.#messages.push(message);
    return message;
  }

  trackerState(): TrackerState {
    return this.#state;
  }

  async knownAccounts(): Promise<readonly KnownAccount[]> {
    return this.accounts;
  }

  #online(name: Username): Outcome<Username> {
    this.#self = name;
    this.emit({ kind: "tracker", state: { kind: "online", username: name, encrypted: true } });
    return succeed(name);
  }

  async register({ username: name, password }: SignIn): Promise<Outcome<Username>> {
    await this.before;
    if (this.passwords.has(name)) return fail("name_taken", "username");
    this.passwords.set(name, password);
    return this.#online(name);
  }

  async logIn({ username: name, password, newIdentity }: LogIn): Promise<Outcome<Username>> {
    if (this.passwords.get(name) !== password) return fail("invalid_credentials", "password");
    if (this.elsewhere.has(name) && newIdentity !== true) return fail("identity_required", "key");
    return this.#online(name);
  }

  #refusal(request: Parameters<typeof this.refusals.get>[0]): Outcome<never> | undefined {
    const code = this.refusals.get(request);
    return code === undefined ? undefined : fail(code, request);
  }

  async resume(name: Username): Promise<Outcome<Username>> {
    const refusal = this.#refusal("resume");
    if (refusal !== undefined) return refusal;
    return this.#online(name);
  }

  async logOut(): Promise<void> {
    this.loggedOut += 1;
    this.#self = undefined;
    this.emit({ kind: "tracker", state: { kind: "idle" } });
  }

  async listPeers(
    page: { query?: string; after?: Username } = {},
  ): Promise<Outcome<{ peers: readonly ListedPeer[]; next: Username | null }>> {
    const refusal = this.#refusal("listPeers");
    if (refusal !== undefined) return refusal;
    const { items, next } = this.#page(this.listed, (peer) => peer.username, page);
    return succeed({ peers: items, next });
  }

  async listRooms(
    page: { query?: string; after?: RoomName } = {},
  ): Promise<Outcome<{ rooms: readonly ListedRoom[]; next: RoomName | null }>> {
    const refusal = this.#refusal("listRooms");
    if (refusal !== undefined) return refusal;
    const isListed = ({ log }: Room) => log === undefined || log.standing === "member";
    const own = [...this.#rooms.values()].filter(isListed).map((room) => ({
      ...room,
      members: room.memberCount,
      online: room.memberCount,
      version: 1,
      joined: true,
    }));
    const { items, next } = this.#page([...own, ...this.#strangers], (room) => room.name, page);
    return succeed({ rooms: items, next });
  }

  #page<Item, Key extends string>(
    all: readonly Item[],
    key: (item: Item) => Key,
    { query = "", after }: { query?: string; after?: Key },
  ): { items: readonly Item[]; next: Key | null } {
    const found = all.filter((item) => key(item).includes(query));
    const from = after === undefined ? 0 : found.findIndex((item) => key(item) === after) + 1;
    const items = found.slice(from, from + this.pageSize);
    const last = items.at(-1);
    return { items, next: last !== undefined && from + items.length < found.length ? key(last) : null };
  }

  async createRoom(room: { name: string; kind?: RoomKind; capacity?: number }): Promise<Outcome<Room>> {
    if (this.#self === undefined) return fail("login_required", "login");
    if ([...this.#rooms.values()].some(({ name }) => name === room.name)) return fail("room_exists", "room");
    this.#count += 1;
    const created: Room = {
      id: idOf(this.#count),
      name: roomCalled(room.name),
      kind: room.kind ?? "open",
      owner: this.#self,
      capacity: room.capacity ?? 50,
      members: [memberOf(this.#self, { reach: { kind: "self" } })],
      memberCount: 1,
    };
    this.emit({ kind: "room-changed", room: created });
    return succeed(created);
  }

  async joinRoom(name: string): Promise<Outcome<Room>> {
    if (this.#self === undefined) return fail("login_required", "login");
    const refusal = this.#refusal("joinRoom");
    if (refusal !== undefined) return refusal;
    const own = [...this.#rooms.values()].find(
      (room) => room.name === name && (room.log?.standing ?? "live") === "live",
    );
    if (own !== undefined) return succeed(own);
    const other = this.#strangers.find((room) => room.name === name);
    if (other === undefined) return fail("room_missing", "room");
    if (other.kind === "plain") return fail("plaintext_refused", "room");
    if (other.members >= other.capacity) return fail("room_full", "room");
    const members = [memberOf("ana"), memberOf(this.#self, { reach: { kind: "self" } })];
    const { id, name: called, kind, capacity } = other;
    const room: Room = { id, name: called, kind, owner: user("ana"), capacity, members, memberCount: 2 };
    this.emit({ kind: "room-changed", room });
    return succeed(room);
  }

  async leaveRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const room = this.#rooms.get(id);
    if (room === undefined) return fail("not_member", "room");
    this.emit({ kind: "room-closed", id, name: room.name, reason: "left" });
    return succeed(id);
  }

  async deleteRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const room = this.#rooms.get(id);
    if (room === undefined) return fail("room_missing", "room");
    if (room.owner !== this.#self) return fail("not_owner", "room");
    this.emit({ kind: "room-closed", id, name: room.name, reason: "deleted" });
    return succeed(id);
  }

  rooms(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  room(id: RoomId): Room | undefined {
    return this.#rooms.get(id);
  }

  async openPrivate(name: string): Promise<Outcome<{ username: Username; encrypted: boolean }>> {
    const refusal = this.#refusal("openPrivate");
    if (refusal !== undefined) return refusal;
    if (!this.listed.some((peer) => peer.username === name)) return fail("peer_missing", "username");
    return succeed({ username: user(name), encrypted: true });
  }

  leavePrivate(name: Username): void {
    this.decisions.push(`left ${name}`);
  }

  /** Also what was only said and is kept nowhere. */
  override message(reference: MessageReference): Outcome<Message> {
    const kept = super.message(reference);
    const live = this.#messages.findLast(({ id }) => id === reference.id);
    return kept.ok || live === undefined ? kept : succeed(live);
  }

  async send(
    to: Conversation,
    content: string,
    options: { readonly replyTo?: MessageReference["id"] } = {},
  ): Promise<Outcome<Message>> {
    if (this.#self === undefined) return fail("login_required", "login");
    const refusal = this.#refusal("send");
    if (refusal !== undefined) return refusal;
    this.sent.push({ to, content, ...options });
    const message = this.#message(to, this.#self, content, true);
    this.emit({ kind: "message", message });
    return succeed(message);
  }

  deliver(message: Message, delivery: Delivery): void {
    this.emit({ kind: "delivery", message: { ...message, delivery } });
  }

  messages(of: Conversation): readonly Message[] {
    return this.#messages.filter(({ conversation }) => JSON.stringify(conversation) === JSON.stringify(of));
  }

  async decideKeyChange(name: Username, decision: "accept" | "block"): Promise<Outcome<Username>> {
    const isAsked = this.changes.some((change) => change.username === name);
    if (!isAsked && !(decision === "accept" && this.blocked.delete(name))) return fail("peer_missing", "username");
    this.decisions.push(`${decision} ${name}`);
    this.changes = this.changes.filter((change) => change.username !== name);
    if (decision === "block") this.blocked.add(name);
    return succeed(name);
  }

  keyChanges(): readonly KeyChange[] {
    return this.changes;
  }

  diagnostics(): Diagnostics {
    const tracker = { address: "papo://127.0.0.1:6060", key: null, group: null, state: this.#state };
    return {
      tracker,
      listening: null,
      addresses: { told: [], observed: null, mapping: { state: "off" }, hidden: false },
      links: [],
      problems: [],
    };
  }

  async reconnect(): Promise<Outcome<TrackerState>> {
    this.asked.push("reconnect");
    return this.refuses === undefined ? succeed(this.#state) : fail(this.refuses, "the test says so");
  }

  subscribe(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {}
}
