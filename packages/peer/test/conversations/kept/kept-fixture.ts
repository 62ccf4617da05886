import {
  type KeyPair,
  type OpenedStatement,
  createTrackerKey,
  signBinding,
  signRoomTicket,
  signText,
  timestampOf,
} from "@papo/link";
import { VirtualClock, seededRandom } from "@papo/link/memory";
import {
  type AccountKey,
  type InviteAnswer,
  type Member,
  type Outcome,
  type RoomId,
  type RoomName,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type TrackerKey,
  type UseInvite,
  type Username,
  fail,
  roomName,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import type { Message, PeerEvent, Reach, Room, SearchHit } from "../../../src/api.ts";
import type { InviteChannel, RoomTracker } from "../../../src/conversations/kept/kept-ports.ts";
import { KeptRooms } from "../../../src/conversations/kept/kept-rooms.ts";
import { ReplicaShelf } from "../../../src/conversations/log/replica-shelf.ts";
import { RoomSync } from "../../../src/conversations/sync/room-sync.ts";
import { noteFormer } from "../../../src/identity/former-devices.ts";
import { nextStatement } from "../../../src/identity/next-statement.ts";
import {
  type OwnAccount,
  type OwnIdentity,
  createDeviceKeys,
  createKeys,
  firstStatement,
} from "../../../src/identity/own-account.ts";
import { HistorySettings } from "../../../src/storage/history/history-settings.ts";
import type { HistoryChange } from "../../../src/storage/history/history.ts";
import { MemoryHistory } from "../../../src/storage/history/memory/memory-history.ts";
import type { EnteredRoom } from "../../../src/tracker-session/tracker-line.ts";
import { type RoomView, viewOf } from "../../../src/tracker-session/room-view.ts";
import { FakeLink } from "../sync/sync-fixture.ts";

type TrackedRoom = {
  readonly id: RoomId;
  readonly name: RoomName;
  kind: "open" | "invite";
  owner: Username;
  members: Set<Username>;
  /** Whom a member has admitted, and who has not entered yet. */
  admitted: Set<Username>;
};

/** The value, or the fault as a test's failure. */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}

/** Keys cost time to make, so tests of one file share them by name. */
const identityByName = new Map<string, OwnIdentity>();

function identityOf(name: string): OwnIdentity {
  const known = identityByName.get(name);
  if (known !== undefined) return known;
  const keys = createKeys();
  const made = { keys, statement: firstStatement(keys, new VirtualClock()) };
  identityByName.set(name, made);
  return made;
}

/** A tracker's rooms, and who asked what. A test may make it lie. */
class FakeRooms {
  readonly key: KeyPair<TrackerKey> = createTrackerKey();
  readonly rooms = new Map<RoomId, TrackedRoom>();
  readonly asked: string[] = [];
  /** Answers nothing: the session is gone. */
  isAway = false;
  /** Says that it does what it is asked to, and does it only if this is true. */
  lets = (): boolean => true;
  /** Does it, and the answer gets lost. */
  losesAnswers = false;
  readonly #world: KeptWorld;

  constructor(world: KeptWorld) {
    this.#world = world;
  }

  async ask<T>(who: Someone, ask: (tracker: RoomTracker) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (this.isAway || !who.isOnline) return fail("tracker_unreachable", "away");
    const answer = await ask(this.#sessionOf(who));
    return this.losesAnswers ? fail("lost", "the answer is lost") : answer;
  }

  #sessionOf(who: Someone): RoomTracker {
    const by = who.name;
    const log = (what: string): void => void this.asked.push(`${by} ${what}`);
    return {
      createRoom: async ({ name, kind, roomId }) => {
        log(`create ${name}`);
        if ([...this.rooms.values()].some((room) => room.name === name)) return fail("room_exists", "taken");
        this.rooms.set(roomId, { id: roomId, name, kind, owner: by, members: new Set([by]), admitted: new Set() });
        return succeed(this.#entered(roomId, who));
      },
      joinRoom: async (name, id) => {
        log(`join ${name}`);
        const room = [...this.rooms.values()].find((one) => one.name === name && (id ?? one.id) === one.id);
        const mayEnter = room?.kind === "open" || room?.owner === by || room?.members.has(by) || room?.admitted.has(by);
        if (room === undefined || mayEnter !== true) return fail("room_missing", "none");
        room.admitted.delete(by);
        room.members.add(by);
        return succeed(this.#entered(room.id, who));
      },
      leaveRoom: async (id) => this.#change(id, "leave", log, (room) => room.members.delete(by)),
      deleteRoom: async (id) => this.#change(id, "delete", log, () => this.rooms.delete(id)),
      admitMember: async (id, name) =>
        this.#about(id, name, "admit", log, ({ members, admitted }) => members.has(name) || admitted.add(name)),
      removeMember: async (id, name) =>
        this.#about(id, name, "remove", log, ({ members, admitted }) => admitted.delete(name) || members.delete(name)),
      transferRoom: async (id, name) => this.#about(id, name, "transfer", log, (room) => (room.owner = name)),
      findPeer: async (name) => {
        const found = this.#world.people.find((one) => one.name === name);
        if (found === undefined) return fail("peer_missing", "none");
        return succeed({ peer: this.#world.memberOf(found), binding: found.own.binding });
      },
    };
  }

  #change(
    id: RoomId,
    what: string,
    log: (what: string) => void,
    change: (room: TrackedRoom) => unknown,
  ): Outcome<RoomId> {
    log(what);
    const room = this.rooms.get(id);
    if (room === undefined) return fail("room_missing", "none");
    if (!this.lets()) return succeed(id);
    change(room);
    this.#world.viewChanged(id);
    return succeed(id);
  }

  #about(
    id: RoomId,
    name: Username,
    what: string,
    log: (what: string) => void,
    change: (room: TrackedRoom) => unknown,
  ): Outcome<Username> {
    const done = this.#change(id, `${what} ${name}`, log, change);
    return done.ok ? succeed(name) : done;
  }

  #entered(id: RoomId, who: Someone): EnteredRoom {
    const room = this.rooms.get(id);
    if (room === undefined) throw new Error("no room");
    this.#world.viewChanged(id);
    const text = { v: 1 as const, tracker: this.key.publicKey, room: id, account: who.account, name: who.name };
    const ticket =
      room.kind === "open" ? signRoomTicket(this.key, { ...text, date: timestampOf(this.#world.clock) }) : null;
    const view = this.#world.viewOf(id);
    if (view === undefined) throw new Error("no view");
    return { room: view.room, members: [...view.memberByName.values()], next: null, ticket };
  }
}

/** One person with one device, whose disk outlives the program. */
export class Someone {
  readonly name: Username;
  own: OwnAccount;
  readonly account: AccountKey;
  readonly events: PeerEvent[] = [];
  readonly links = new Map<Someone, FakeLink>();
  readonly blocked = new Set<AccountKey>();
  readonly acquainted: AccountKey[] = [];
  ignored: readonly Username[] = [];
  /** Statements by which it heard that its device is no more. */
  readonly revokedBy: SignedText[] = [];
  history: MemoryHistory;
  rooms: KeptRooms;
  sync: RoomSync;
  isOnline = true;
  isDiskFull = false;
  /** What of it the disk takes not, where it is not full. */
  diskRefuses: (changes: readonly HistoryChange[]) => boolean = () => false;
  /** What the disk was asked for since the start. */
  commits = 0;
  readonly #world: KeptWorld;

  constructor(world: KeptWorld, name: string) {
    this.#world = world;
    this.name = v.parse(username, name);
    const { keys, statement } = identityOf(name);
    this.account = keys.root.publicKey;
    const binding = { v: 1 as const, tracker: world.tracker.key.publicKey, name: this.name, account: this.account };
    const signed = signBinding(world.tracker.key, { ...binding, date: timestampOf(world.clock) });
    this.own = { username: this.name, keys, statement, binding: signed };
    this.history = new MemoryHistory({ fails: (changes) => this.#refuses(changes) });
    ({ rooms: this.rooms, sync: this.sync } = this.#start());
  }

  #refuses(changes: readonly HistoryChange[]): boolean {
    this.commits += 1;
    return this.isDiskFull || this.diskRefuses(changes);
  }

  #start(): { rooms: KeptRooms; sync: RoomSync } {
    const { clock, random, tracker } = this.#world;
    const { history, account } = this;
    const { device } = this.own.keys;
    const sync: RoomSync = new RoomSync({
      ...{ clock, random, self: { account, device: device.publicKey } },
      replica: (id) => rooms.replica(id),
      rooms: () => rooms.roomIds(),
      isExpected: (id, other) => rooms.isExpected(id, other),
      ownControl: (id) => rooms.ownControl(id),
      signReceipt: (receipt) => signText(device, SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
      receipts: (id) => history.receipts(id),
      keepReceipt: (receipt) => history.commit([{ kind: "put-receipt", receipt }]),
      readUpTo: (id) => rooms.readUpTo(id),
      receiver: {
        received: (id, received) => rooms.received(id, received),
        progress: (id, missing) => rooms.progress(id, missing),
        delivery: (id, author) => rooms.delivery(id, author),
        caughtUp: (id) => rooms.caughtUp(id),
      },
    });
    const rooms: KeptRooms = new KeptRooms({
      ...{ clock, random, history, own: () => this.own, spread: sync },
      replicas: new ReplicaShelf({ history, clock, account, device }),
      people: {
        nameOf: (key) => this.#world.byAccount(key)?.name,
        accountOf: (name) => this.#world.people.find((one) => one.name === name)?.account,
        trust: () => "unverified",
        reach: (name) => this.#reach(name),
        isBlocked: (key) => this.blocked.has(key),
        lastSeenMs: () => null,
        away: () => undefined,
      },
      trackerAddress: () => ({ dialect: "papo", host: "papo.example", port: 6060, key: tracker.key.publicKey }),
      trackerKey: tracker.key.publicKey,
      ask: (ask) => tracker.ask(this, ask),
      view: (id) => (this.isOnline && !tracker.isAway ? this.#world.viewOf(id, this.name) : undefined),
      isTold: () => this.isOnline && !tracker.isAway,
      entered: () => undefined,
      channelsTo: (key) =>
        [...this.links.keys()].filter((one) => one.account === key).map((one) => this.channelTo(one)),
      ignored: () => this.ignored,
      acquainted: (key) => this.acquainted.push(key),
      contactsChanged: () => this.#world.contactsChanged(this),
      revoked: (statement) => this.revokedBy.push(statement),
      emit: (event) => this.events.push(event),
    });
    return { rooms, sync };
  }

  #reach(name: Username): Reach {
    if (name === this.name) return { kind: "self" };
    const isLinked = [...this.links.keys()].some((one) => one.name === name);
    return isLinked ? { kind: "linked", encrypted: true, path: "direct" } : { kind: "offline" };
  }

  channelTo(other: Someone): InviteChannel {
    return {
      party: { username: other.name, account: other.account, statement: other.own.statement.signed },
      say: (said) => this.sayInvite(other, said),
    };
  }

  /** As over a link: it arrives a little later, from us. */
  sayInvite(other: Someone, said: UseInvite | InviteAnswer): void {
    this.#world.clock.after(1, () => void other.rooms.heardInvite(other.channelTo(this), said));
  }

  /** The process ends at once and starts again with what its disk holds. */
  async restart(): Promise<void> {
    this.#world.cutAll(this);
    this.rooms.stop();
    this.sync.close();
    this.history = this.history.crash();
    this.events.length = 0;
    ({ rooms: this.rooms, sync: this.sync } = this.#start());
    await this.rooms.start();
    this.online();
  }

  /** Starts again as a new device, in the statement after `previous`, where what it was is revoked. */
  async rekey(previous: OpenedStatement = this.own.statement): Promise<void> {
    const { root, device } = this.own.keys;
    const keys = createDeviceKeys(root);
    const change = { add: [keys], revoke: [device.publicKey], at: timestampOf(this.#world.clock) };
    const statement = expectOk(nextStatement(root, previous, change));
    const settings = new HistorySettings(this.history);
    expectOk(await noteFormer(settings, keys.device.publicKey, device.publicKey));
    this.own = { ...this.own, keys, statement };
    await this.restart();
  }

  online(): void {
    this.isOnline = true;
    const rooms = [...this.#world.tracker.rooms.values()].filter(({ members }) => members.has(this.name));
    this.rooms.online(rooms.map(({ id }) => id));
  }

  // ---- what they see

  room(id: RoomId): Room {
    const room = this.rooms.room(id);
    if (room === undefined) throw new Error("not in that room");
    return room;
  }

  texts(id: RoomId): readonly string[] {
    return this.rooms.reading
      .messages(id)
      .filter(({ kept }) => kept?.notice === null)
      .map(({ author, content }) => `${author}: ${content}`);
  }

  async search(text: string): Promise<Outcome<readonly SearchHit[]>> {
    const found = await this.history.search({ text });
    if (!found.ok) return found;
    const { reading } = this.rooms;
    return succeed(found.value.flatMap((one) => (one.kind === "room" ? (reading.hit(one.line) ?? []) : [])));
  }

  notices(id: RoomId): readonly string[] {
    return this.rooms.reading.messages(id).flatMap(({ kept }) => {
      const notice = kept?.notice ?? null;
      return notice === null
        ? []
        : [[notice.kind, notice.about, notice.detail].filter((part) => part !== null).join(" ")];
    });
  }

  members(id: RoomId): readonly string[] {
    return this.room(id).members.map(({ username, role }) => `${username} ${role}`);
  }

  /** Told of this kind since the start of the program. */
  told<K extends PeerEvent["kind"]>(kind: K): readonly Extract<PeerEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<PeerEvent, { kind: K }> => event.kind === kind);
  }

  toldTexts(): readonly string[] {
    return this.told("message")
      .filter(({ message }) => message.kept?.notice === null)
      .map(({ message }) => message.content);
  }

  async say(id: RoomId, text: string): Promise<Message> {
    const sent = this.rooms.send(id, text);
    await this.#world.settle();
    return expectOk(await sent);
  }
}

/** People, the links between them, a tracker, and time. */
export class KeptWorld {
  readonly clock = new VirtualClock();
  readonly random = seededRandom(7);
  readonly people: Someone[] = [];
  readonly tracker = new FakeRooms(this);
  /** The key of a tracker that nobody here uses. */
  readonly strangeTracker: TrackerKey = createTrackerKey().publicKey;

  async person(name: string): Promise<Someone> {
    const person = new Someone(this, name);
    this.people.push(person);
    await person.rooms.start();
    person.online();
    return person;
  }

  /** Another program with the same keys and what is on that disk. */
  async copyOf(who: Someone): Promise<Someone> {
    const copy = new Someone(this, who.name);
    this.people.push(copy);
    copy.history = new MemoryHistory({}, who.history.commits);
    await copy.restart();
    return copy;
  }

  byAccount(account: AccountKey): Someone | undefined {
    return this.people.find((one) => one.account === account);
  }

  memberOf({ name, account, isOnline }: Someone): Member {
    return { username: name, account, online: isOnline, endpoints: [] };
  }

  /** What the tracker shows its members, or one of them. */
  viewOf(id: RoomId, to?: Username): RoomView | undefined {
    const room = this.tracker.rooms.get(id);
    if (room === undefined || (to !== undefined && !room.members.has(to))) return undefined;
    const members = this.people.filter(({ name }) => room.members.has(name)).map((one) => this.memberOf(one));
    const { name, kind, owner } = room;
    const summary = { id, name, kind, owner, capacity: 50, members: members.length, online: 0, version: 1 };
    return viewOf(summary, members);
  }

  viewChanged(id: RoomId): void {
    this.clock.after(1, () => {
      for (const { rooms } of this.people) rooms.viewChanged(id);
    });
  }

  /** Whoever is wanted and there is dialled. */
  contactsChanged(who: Someone): void {
    this.clock.after(1, () => {
      for (const { account } of who.rooms.wantedMembers()) {
        const other = account === null ? undefined : this.byAccount(account);
        if (other !== undefined && other.isOnline && !who.links.has(other)) this.link(who, other);
      }
    });
  }

  link(a: Someone, b: Someone): void {
    const here = new FakeLink(this.clock, { account: b.account, device: b.own.keys.device.publicKey });
    const there = new FakeLink(this.clock, { account: a.account, device: a.own.keys.device.publicKey });
    here.far = there;
    there.far = here;
    this.#attach(a, b, here);
    this.#attach(b, a, there);
    a.sync.linkOpened(here);
    b.sync.linkOpened(there);
    for (const [one, other] of pairs(a, b)) {
      one.rooms.linked(one.channelTo(other));
      one.rooms.reachChanged();
    }
  }

  #attach(who: Someone, far: Someone, link: FakeLink): void {
    who.links.set(far, link);
    link.receiver = (heard) => {
      if ("cmd" in heard) who.sync.heard(link, heard);
      else who.sync.heardEntries(link, heard);
    };
  }

  cut(a: Someone, b: Someone): void {
    for (const [one, other] of pairs(a, b)) {
      const link = one.links.get(other);
      if (link === undefined) continue;
      one.links.delete(other);
      link.close();
      one.sync.linkClosed(link);
      one.rooms.reachChanged();
    }
  }

  cutAll(who: Someone): void {
    for (const other of [...who.links.keys()]) this.cut(who, other);
  }

  async run(ms = 3_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) await this.clock.advance(250);
    await this.settle();
  }

  /** Lets everything run that waits for promises and the memory's disk. */
  async settle(): Promise<void> {
    for (let round = 0; round < 12; round += 1) await this.clock.settle();
  }

  /** What was asked for, once time has passed. */
  async get<T>(asked: Promise<Outcome<T>>, ms = 3_000): Promise<T> {
    await this.run(ms);
    return expectOk(await asked);
  }

  async fault<T>(asked: Promise<Outcome<T>>, ms = 3_000): Promise<string> {
    await this.run(ms);
    const outcome = await asked;
    return outcome.ok ? "accepted" : outcome.fault.code;
  }

  /** An open room of these people, all linked. */
  async openRoom(name: string, [owner, ...others]: readonly Someone[]): Promise<RoomId> {
    if (owner === undefined) throw new Error("somebody owns a room");
    const { id } = await this.get(owner.rooms.create({ name, kind: "open" }));
    this.linkAll([owner, ...others]);
    for (const other of others) await this.join(other, name);
    await this.run();
    return id;
  }

  async join(who: Someone, name: string): Promise<Room> {
    const page = expectOk(await this.tracker.ask(who, (tracker) => tracker.joinRoom(v.parse(roomName, name))));
    return this.get(who.rooms.entered(page));
  }

  linkAll(people: readonly Someone[]): void {
    for (const [index, one] of people.entries())
      for (const other of people.slice(index + 1)) if (!one.links.has(other)) this.link(one, other);
  }
}

function pairs(a: Someone, b: Someone): readonly (readonly [Someone, Someone])[] {
  return [
    [a, b],
    [b, a],
  ];
}
