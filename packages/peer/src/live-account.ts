import { type Clock, type Network, type Random, signUnlatch, timestampOf } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Endpoint,
  FAULTS,
  type Fault,
  type Outcome,
  type SignedText,
  type TrackerAddress,
  type TrackerKey,
  type Username,
  decodeWith,
  fail,
  ipLiteral,
  succeed,
} from "@papo/protocol";
import type {
  AddressReport,
  Conversation,
  KeyChange,
  LinkReport,
  Message,
  PeerEvent,
  Reach,
  Room,
  TrackerState,
} from "./api.ts";
import type { NetworkWatcher } from "./addresses/network-changes.ts";
import type { MapperOpener } from "./addresses/router-port.ts";
import { Whereabouts } from "./addresses/whereabouts.ts";
import { Conversations } from "./conversations/conversations.ts";
import { OwnRooms } from "./conversations/own-rooms.ts";
import { PresenceNews } from "./conversations/presence-news.ts";
import { PrivateChats } from "./conversations/private-chats.ts";
import { type EpochStore, type EpochWatch, provesCopy } from "./identity/epochs.ts";
import { mayBeMended } from "./identity/re-keying.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { KeptAccount } from "./kept-account.ts";
import { knownDevices } from "./lan/known-devices.ts";
import { type LanOpener, LanPresence } from "./lan/lan-presence.ts";
import { LastWay } from "./last-way.ts";
import type { Address } from "./mesh/contacts.ts";
import { isLoopback, mayDial } from "./mesh/dialable.ts";
import { Mesh, type MeshPorts } from "./mesh/mesh.ts";
import type { Acquaintance, PathPorts } from "./mesh/paths/path-finder.ts";
import type { Heard, PeerLink } from "./mesh/peer-link.ts";
import type { History } from "./storage/history/history.ts";
import { ReachWatch } from "./mesh/reach-watch.ts";
import { People } from "./people.ts";
import { RememberedPeople } from "./remembered-people.ts";
import { RoomNeighbours } from "./room-neighbours.ts";
import { RoomDirectory } from "./tracker-session/room-directory.ts";
import { type RoomView, membershipChanges } from "./tracker-session/room-view.ts";
import type { ListenFor } from "./tracker-session/open-line.ts";
import type { TrackerLine } from "./tracker-session/tracker-line.ts";
import {
  type LineOpener,
  type OpenedLine,
  type SessionStart,
  TrackerSession,
} from "./tracker-session/tracker-session.ts";

export type LiveAccountPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly own: OwnAccount;
  readonly pins: PinKeeper;
  readonly epochs: EpochWatch;
  readonly settings: EpochStore;
  /** This device is about twice: nothing more may be written under its key. */
  readonly copied: (reason: Fault) => void;
  readonly history: History;
  readonly trackerAddress: () => TrackerAddress;
  /** Null at an original tracker. */
  readonly trackerKey: TrackerKey | null;
  readonly allowPlaintext: boolean;
  readonly listen: MeshPorts["listen"];
  readonly emit: (event: PeerEvent) => void;
  readonly openLine: LineOpener;
  readonly withoutTracker: WithoutTracker;
  /** The tracker has let us in, with this word for our name. */
  readonly loggedIn: (binding: SignedText | null) => void;
  /** Nobody is told where we are: only relays lead here. */
  readonly hideAddress?: boolean | undefined;
  readonly openMapper?: MapperOpener | undefined;
  readonly watchNetwork?: NetworkWatcher | undefined;
  readonly openLan?: LanOpener | undefined;
};

/**
 * Whether the account can be used while no tracker answers. `waits`: no tracker has taken our statement as it is, so nobody else hears of it before one has.
 */
export type WithoutTracker = "no" | "waits" | "greets";

type OpenedPrivate = { readonly username: Username; readonly encrypted: boolean };

/**
 * One account while it is logged in. Wires the tracker session (where people are), the mesh (links with them), the rooms and
 * private chats (with whom) and the conversations (what is said) together: what one of them notices, the others hear here.
 */
export class LiveAccount {
  readonly rooms: OwnRooms;
  readonly privateChats: PrivateChats;
  readonly kept: KeptAccount;
  readonly #ports: LiveAccountPorts;
  readonly #session: TrackerSession;
  readonly #directory: RoomDirectory;
  readonly #people: People;
  readonly #neighbours: RoomNeighbours;
  readonly #mesh: Mesh;
  readonly #conversations: Conversations;
  readonly #presence: PresenceNews;
  readonly #reachWatch: ReachWatch;
  readonly #whereabouts: Whereabouts;
  readonly #lan: LanPresence | undefined;
  #own: OwnAccount;
  /** How we reached the tracker last: how far that may send us, and where others reach us. */
  readonly #lastWay: LastWay;
  /** The account is in use, with a tracker or waiting for one. */
  #isUp = false;
  /** Others may hear of us as we are. */
  #isKnown = false;
  readonly #known = Promise.withResolvers<boolean>();

  constructor(ports: LiveAccountPorts) {
    this.#ports = ports;
    this.#own = ports.own;
    this.#lastWay = new LastWay(ports.settings);
    this.#directory = new RoomDirectory(ports, {
      roomChanged: (before, after) => this.#roomChanged(before, after),
      roomClosed: (view, reason) => this.#roomClosed(view, reason),
    });
    this.privateChats = this.#createPrivateChats();
    this.kept = this.#createKept();
    this.rooms = this.#createRooms();
    this.#neighbours = new RoomNeighbours({
      ...{ clock: ports.clock, random: ports.random },
      choose: (id, online) => this.kept.neighbours(id, online),
      changed: () => this.#refreshContacts(),
    });
    this.#people = new People({
      directory: this.#directory,
      privateChats: this.privateChats,
      pins: ports.pins,
      wanted: () => this.kept.rooms.wantedMembers(),
      neighbours: this.#neighbours,
      remembered: this.#createRemembered(),
    });
    this.#mesh = this.#createMesh();
    this.#conversations = this.#createConversations();
    this.#session = this.#createSession();
    this.#reachWatch = new ReachWatch(ports.clock, (username) => this.reach(username));
    this.#presence = this.#createPresence();
    this.#whereabouts = this.#createWhereabouts();
    this.#lan = this.#createLan();
  }

  // ---- the parts, and what each needs of the others

  #createKept(): KeptAccount {
    const { clock, random, history, settings, pins, trackerKey, trackerAddress, emit } = this.#ports;
    return new KeptAccount({
      ...{ clock, random, history, settings, pins, trackerKey, trackerAddress, emit },
      own: () => this.#own,
      withLine: (ask) => this.withLine(ask),
      view: (id) => this.#directory.view(id),
      isTold: () => this.#isTold,
      follow: (page) => void this.#directory.enter(page),
      contactsChanged: () => this.#refreshContacts(),
      reach: (username) => this.reach(username),
      attempts: (username) => this.#mesh.attempts(username),
      links: () => this.#mesh.links(),
      isTrusted: (link) => this.#mesh.isTrusted(link),
      toldAccount: (username) => this.#toldAccount(username),
      isInPlainRoom: (account) => this.#isInPlainRoom(account),
      copied: (reason) => this.#ports.copied(reason),
    });
  }

  #isInPlainRoom(account: AccountKey): boolean {
    const plain = this.#directory.views().filter(({ room }) => room.kind === "plain");
    return plain.some(({ memberByName }) => [...memberByName.values()].some((member) => member.account === account));
  }

  /** The key that the tracker tells of somebody, whom nobody has met here. */
  #toldAccount(username: Username): AccountKey | null {
    for (const { memberByName } of this.#directory.views()) {
      const account = memberByName.get(username)?.account;
      if (account !== undefined && account !== null) return account;
    }
    return this.privateChats.accountOf(username);
  }

  #createRooms(): OwnRooms {
    const { pins, allowPlaintext, trackerKey } = this.#ports;
    return new OwnRooms({
      directory: this.#directory,
      kept: this.kept.rooms,
      keeps: trackerKey !== null,
      withLine: (ask) => this.withLine(ask),
      // At an original tracker every room is plain; whether anything goes in clear is decided link by link.
      mayBePlain: allowPlaintext || trackerKey === null,
      eyes: {
        self: this.#own.username,
        reach: (username) => this.reach(username),
        trust: (username, account) => pins.trust(username, account),
        accountOf: (username) => pins.accountOf(username) ?? null,
      },
      sayLeave: (room, members) => this.#conversations.leave(room, members),
    });
  }

  #createPrivateChats(): PrivateChats {
    const { clock, trackerKey } = this.#ports;
    return new PrivateChats({
      ...{ clock, trackerKey },
      self: this.#own.username,
      withLine: (ask) => this.withLine(ask),
      isLinked: (username) => this.#isLinked(username),
      isWaitingFor: (username) => this.#isWaitingFor(username),
      changed: () => this.#refreshContacts(),
      reachNow: (username, limitMs) => {
        this.#mesh.hurry(username);
        return this.#reachWatch.settled(username, limitMs);
      },
    });
  }

  #createRemembered(): RememberedPeople {
    const { pins, own } = this.#ports;
    const { people, privateChats, rooms } = this.kept;
    return new RememberedPeople({
      self: own.keys.root.publicKey,
      rooms: () => rooms.joined(),
      privateContacts: () => privateChats.contacts(),
      lastSeenMs: (account) => people.lastSeenMs(account),
      pins,
      isFindable: (device) => this.#isFindable(device),
    });
  }

  /** A tracker says who is there. */
  get #isTold(): boolean {
    return this.#session.line !== undefined;
  }

  /** While the tracker says who is there, that counts; and who is seen in our own network. */
  #isFindable(device: DeviceKey): boolean {
    const anywhere = { device, tls: null, address: null, port: null, addresses: null };
    const places = this.#whereabouts.placesOf(anywhere);
    return this.#isTold ? places.some(({ source }) => source === "lan") : places.length > 0;
  }

  #createMesh(): Mesh {
    const { network, clock, random, pins, epochs, allowPlaintext, trackerKey, listen, emit } = this.#ports;
    return new Mesh(
      {
        ...{ network, clock, random, pins, epochs, allowPlaintext },
        listen: { ...listen, lastPort: this.#lastWay.port },
        paths: this.#pathPorts(),
        own: () => this.#own,
        known: () => this.#known.promise,
        tracker: () => trackerKey,
        plainRoom: (name) => this.rooms.plainId(name),
        hasKey: (name) => this.#people.hasKey(name),
        isNeeded: (link) => this.#people.needs(link) || this.#hasPrivate(link.party.username),
      },
      {
        opened: (link, isFirst) => this.#linkOpened(link, isFirst),
        heard: (link, heard) => this.#heard(link, heard),
        closed: (link, reason, isLast) => this.#linkClosed(link, reason, isLast),
        reachChanged: (username) => this.#reachChanged(username),
        unreachable: (username, reason) => {
          emit({ kind: "unreachable", username, reason });
          this.#neighbours.unreachable(username);
        },
        keyChanged: (change) => emit({ kind: "key-changed", change }),
        nameConflict: (username) => emit({ kind: "name-conflict", username }),
        devicesChanged: (account) => this.kept.devicesChanged(account),
        copied: (reason) => this.#copied(reason),
      },
    );
  }

  #pathPorts(): PathPorts {
    const { hideAddress = false } = this.#ports;
    return {
      hideAddress,
      withLine: (ask) => this.withLine(ask),
      tracker: () => placeOf(this.#session.line),
      ownRecord: () => this.#whereabouts.record,
      placesIn: (record, device) =>
        this.#whereabouts.placesIn(record, device).filter((place) => mayDial(place, this.#lastWay.trackerAddress)),
      dialFailed: (device, { address, port }) => {
        const at = decodeWith(ipLiteral, address);
        if (at.ok) this.#whereabouts.failedAt(device, { address: at.value, port });
      },
      acquaintance: (account, username) => this.#acquaintance(account, username),
    };
  }

  /** What somebody who calls may be told. Whoever is blocked does not learn that we are there. */
  #acquaintance(account: AccountKey, username: Username): Acquaintance {
    const isBlocked = this.#ports.pins.standing(username, account) === "blocked" || this.kept.people.isBlocked(account);
    if (isBlocked) return "refused";
    if (this.#mayKnowUs(account)) return "known";
    return this.kept.privateChats.isRefused(account) ? "refused" : "stranger";
  }

  /** Who is in a room with us by the tracker's word was told by it where we are; who belongs to it may have yet to be told by its log. */
  #mayKnowUs(account: AccountKey): boolean {
    return this.#inViews().has(account) || this.#whereabouts.company.mayKnow(account);
  }

  #inViews(): ReadonlySet<AccountKey | null> {
    const members = this.#directory.views().flatMap(({ memberByName }) => [...memberByName.values()]);
    return new Set(members.map(({ account }) => account));
  }

  #hasPrivate(username: Username): boolean {
    return this.messages({ kind: "private", username }).length > 0;
  }

  #createConversations(): Conversations {
    const { clock, random, emit, pins, trackerKey } = this.#ports;
    return new Conversations({
      ...{ clock, random, emit },
      self: this.#own.username,
      roomView: (id) => this.#directory.view(id),
      memberLeft: (id, username) => this.#directory.withoutMember(id, username),
      accountOf: (username) => pins.accountOf(username) ?? this.privateChats.accountOf(username),
      linksTo: (username) => this.#mesh.linksTo(username),
      isTrusted: (link) => this.#mesh.isTrusted(link),
      reach: (username) => this.reach(username),
      tracksAccounts: trackerKey !== null,
    });
  }

  #createPresence(): PresenceNews {
    const { clock, own, emit } = this.#ports;
    return new PresenceNews({
      clock,
      self: own.username,
      isLinked: (username) => this.#isLinked(username),
      views: () => this.#directory.views(),
      tell: (change, view) => emit({ ...change, room: this.presentRoom(view) }),
    });
  }

  #createWhereabouts(): Whereabouts {
    const {
      network,
      clock,
      random,
      settings,
      trackerAddress,
      hideAddress = false,
      openMapper,
      watchNetwork,
    } = this.#ports;
    return new Whereabouts({
      ...{ network, clock, random, settings, trackerAddress, hideAddress, openMapper, watchNetwork },
      own: () => this.#own,
      views: () => this.#directory.views(),
      logs: () => this.kept.rooms.states(),
      isContact: (account) => this.kept.privateChats.isContact(account),
      line: () => this.#session.line,
      renewSession: (reason) => this.#session.renew(reason),
      links: () => this.#mesh.links(),
      isTrusted: (link) => this.#mesh.isTrusted(link),
      redial: () => this.#mesh.redialAll(),
      placesChanged: () => this.#refreshContacts(),
      networkChanged: () => this.#lan?.networkChanged(),
    });
  }

  /** In the local network those who know us find us without a tracker; whoever is to tell nobody where they are does not say it there either. */
  #createLan(): LanPresence | undefined {
    const { clock, openLan, hideAddress = false, trackerKey, pins } = this.#ports;
    if (openLan === undefined || hideAddress || trackerKey === null) return undefined;
    return new LanPresence({
      clock,
      open: openLan,
      self: () => this.#own.keys.device.publicKey,
      knownDevices: () =>
        knownDevices({
          logs: this.kept.rooms.joined().map(({ state }) => state),
          views: this.#directory.views(),
          contacts: this.kept.privateChats.contacts().map(({ username }) => username),
          pins,
        }),
      seen: (device, place) => this.#whereabouts.seenOnLan(device, place),
    });
  }

  /** What only this machine can reach is not announced to others. */
  #showOnLan(): void {
    const place = this.#mesh.listening;
    void this.#lan?.start(place === null || isLoopback(place.host) ? undefined : place.port);
  }

  #createSession(): TrackerSession {
    const { openLine } = this.#ports;
    const open = (first: boolean, signal: AbortSignal): Promise<Outcome<OpenedLine>> =>
      openLine({ own: this.#own, first, listenFor: (way) => this.#listenFor(way) }, signal);
    return new TrackerSession(this.#ports, open, {
      stateChanged: (state) => this.#trackerStateChanged(state),
      online: (opened) => this.#online(opened),
      offline: () => this.#offline(),
      delta: (delta) => this.#directory.delta(delta),
      snapshot: (view) => this.#directory.snapshot(view),
      roomClosed: (id, reason) => this.#directory.closed(id, reason),
      observed: (observed) => {
        this.#whereabouts.observed(observed);
        this.#mesh.observed(observed);
      },
      calls: (news) => this.#mesh.calls(news),
    });
  }

  async #listenFor({ ends, observed }: Parameters<ListenFor>[0]): ReturnType<ListenFor> {
    const port = await this.#mesh.listenFor(ends);
    if (!port.ok) return port;
    this.#showOnLan();
    const addresses = observed === null ? null : this.#whereabouts.sessionAt(observed, port.value);
    return succeed({ port: port.value, addresses });
  }

  // ---- life

  /** The tracker's word that this device is about twice ends its session; with other keys there is another one. */
  #trackerStateChanged(state: TrackerState): void {
    const { emit, copied } = this.#ports;
    if (state.kind === "refused" && this.#isUp && this.#asksWhoWeAre(state.reason)) return copied(state.reason);
    emit({ kind: "tracker", state });
  }

  /** Another program that logs in as this very device is a copy of it, unless something else is the matter: logging in again tells. */
  #asksWhoWeAre(reason: Fault): boolean {
    const isReplaced = reason.code === "replaced" && this.#own.epoch !== undefined && this.#ports.trackerKey !== null;
    return isReplaced || mayBeMended(reason);
  }

  get own(): OwnAccount {
    return this.#own;
  }

  get pins(): PinKeeper {
    return this.#ports.pins;
  }

  get state(): TrackerState {
    return this.#session.state;
  }

  async start(): Promise<Outcome<SessionStart>> {
    const { withoutTracker } = this.#ports;
    await this.kept.start();
    const started = await this.#session.start(withoutTracker === "no" ? "person" : "without");
    if (started.ok && started.value === "without") await this.#beginWithout();
    if (started.ok) for (const { username } of this.kept.privateChats.waiting()) this.privateChats.written(username);
    return started;
  }

  /** Nobody says how others see us: we listen where we did, and are who the tracker has said that we are. docs/protocol/peer.md §7.4 */
  async #beginWithout(): Promise<void> {
    this.#isUp = true;
    const { ends } = this.#lastWay;
    if (ends === undefined || this.#ports.withoutTracker !== "greets") return;
    const port = await this.#mesh.listenFor(ends);
    if (port.ok) this.#whereabouts.listensAt(port.value);
    this.#showOnLan();
    this.#becomeKnown();
    this.kept.known();
    this.#refreshContacts();
  }

  #becomeKnown(): void {
    this.#isKnown = true;
    this.#known.resolve(true);
  }

  /** Goodbye to the peers first: it needs no tracker. */
  async stop(): Promise<void> {
    this.#known.resolve(false);
    this.#presence.stop();
    this.privateChats.stop();
    this.#neighbours.stop();
    this.kept.stop();
    await Promise.all([this.#mesh.close(), this.#whereabouts.stop(), this.#lan?.stop()]);
    await this.#session.stop();
    this.#reachWatch.stop();
  }

  #online({ line, loggedIn }: OpenedLine): void {
    this.#own = { ...this.#own, binding: loggedIn.binding };
    this.#ports.loggedIn(loggedIn.binding);
    this.#lastWay.note(line.ends, this.#mesh.listening?.port);
    if (this.#isUp) this.#presence.trackerIsBack();
    this.#isUp = true;
    this.#becomeKnown();
    this.#directory.online(line, loggedIn.rooms);
    this.kept.online(loggedIn);
    this.privateChats.online();
    this.#whereabouts.online(line);
    this.#mesh.hurryAll();
  }

  /** Whom the tracker told of are looked for where they were; and so are those of whom the rooms tell. */
  #offline(): void {
    this.#mesh.trackerIsGone();
    this.#directory.offline();
    this.#refreshContacts();
  }

  withLine<T>(ask: (line: TrackerLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const { line } = this.#session;
    return line === undefined ? Promise.resolve(fail("tracker_unreachable", "no session with the tracker")) : ask(line);
  }

  // ---- rooms

  presentRoom(view: RoomView): Room {
    return this.kept.rooms.room(view.room.id) ?? this.rooms.present(view);
  }

  #roomChanged(before: RoomView | undefined, after: RoomView): void {
    const { emit } = this.#ports;
    this.#refreshContacts();
    this.kept.viewChanged(after.room.id);
    if (this.kept.rooms.has(after.room.id)) return this.#keptRoomChanged(before, after);
    this.#conversations.roomChanged(before, after);
    this.#meet(before, after);
    const room = this.rooms.present(after);
    const membership = before === undefined ? [] : membershipChanges(before, after, this.#own.username);
    for (const change of membership) emit({ ...change, room });
    this.#presence.roomChanged(after);
    emit({ kind: "room-changed", room });
    this.#mesh.parted(membership.filter(({ kind }) => kind === "member-left").map(({ username }) => username));
  }

  /** Whoever is in a plain room with us is no stranger; of the others their logs tell. */
  #meet(before: RoomView | undefined, { memberByName }: RoomView): void {
    for (const { username, account } of memberByName.values())
      if (account !== null && before?.memberByName.get(username)?.account !== account) this.kept.acquainted(account);
  }

  /** Who belongs to it is its log's to say; the tracker says who is there. */
  #keptRoomChanged(before: RoomView | undefined, after: RoomView): void {
    const room = this.kept.rooms.room(after.room.id);
    this.#presence.roomChanged(after);
    if (room !== undefined) this.#ports.emit({ kind: "room-changed", room });
    const membership = before === undefined ? [] : membershipChanges(before, after, this.#own.username);
    this.#mesh.parted(membership.filter(({ kind }) => kind === "member-left").map(({ username }) => username));
  }

  #roomClosed(view: RoomView, reason: "deleted" | "left" | "removed"): void {
    const { id, name } = view.room;
    this.#neighbours.closed(id);
    this.#refreshContacts();
    this.#conversations.roomClosed(view);
    this.#presence.roomClosed(view);
    // What has a log ends when its log says so.
    if (!this.kept.rooms.has(id)) this.#ports.emit({ kind: "room-closed", id, name, reason });
    this.#mesh.parted([...view.memberByName.keys()]);
  }

  // ---- messages

  /** Kept where it can be: among programs with keys, in every room but a plain one. */
  async send(to: Conversation, content: string): Promise<Outcome<Message>> {
    if (to.kind === "room" && this.kept.rooms.has(to.id)) return this.kept.rooms.send(to.id, content);
    const kept = to.kind === "private" ? await this.kept.sendPrivate(to.username, content) : undefined;
    const sent = kept ?? this.#conversations.send(to, content);
    if (sent.ok && to.kind === "private") this.privateChats.written(to.username);
    return sent;
  }

  messages(of: Conversation): readonly Message[] {
    if (of.kind === "room" && this.kept.rooms.has(of.id)) return this.kept.rooms.reading.messages(of.id);
    const live = this.#conversations.messages(of);
    if (of.kind === "room") return live;
    const kept = this.kept.privateChats.history(of.username);
    return kept.ok ? [...kept.value.messages, ...live].toSorted((one, other) => one.atMs - other.atMs) : live;
  }

  /** Whether text for them waits. */
  #isWaitingFor(username: Username): boolean {
    const account = this.kept.people.accountOf(username);
    const isKept = account !== undefined && this.kept.privateChats.isWaitingFor(account);
    return isKept || this.#conversations.isWaitingFor(username);
  }

  /** Somebody who is not there can be written to as soon as it is known for which key. */
  async openPrivate(username: Username): Promise<Outcome<OpenedPrivate>> {
    const opened = await this.privateChats.open(username);
    if (opened.ok || FAULTS[opened.fault.code] !== "later" || this.kept.people.accountOf(username) === undefined)
      return opened;
    return succeed({ username, encrypted: true });
  }

  leavePrivate(username: Username): void {
    this.#conversations.leave(null, [username]);
    this.privateChats.leave(username);
  }

  // ---- links

  reach(username: Username): Reach {
    if (username === this.#own.username) return { kind: "self" };
    const reach = this.#mesh.reach(username);
    return reach.kind === "offline" && !this.#isTold ? { kind: "unknown" } : reach;
  }

  #isLinked(username: Username): boolean {
    return this.#mesh.linksTo(username).length > 0;
  }

  #refreshContacts(): void {
    const { own, allowPlaintext, trackerKey } = this.#ports;
    const placesOf = (endpoint: Endpoint) => this.#whereabouts.placesOf(endpoint);
    const inViews = this.#inViews();
    const mayKnowUs = (account: AccountKey) => inViews.has(account) || this.#whereabouts.company.mayKnow(account);
    const rules = { self: own.username, allowPlaintext, trackerAddress: this.#lastWay.trackerAddress, mayKnowUs };
    this.#lan?.peopleChanged();
    if (!this.#isKnown) return;
    this.#mesh.want(this.#people.contacts({ ...rules, tracksAccounts: trackerKey !== null, placesOf }));
    this.#mesh.parted(this.#people.notNeeded(this.#mesh.links()));
  }

  #linkOpened(link: PeerLink, isFirst: boolean): void {
    this.#conversations.linkOpened(link);
    this.#neighbours.linked(link.party.username);
    this.#ports.emit({ kind: isFirst ? "linked" : "relinked", link: link.report() });
    this.kept.linkOpened(link);
    this.#whereabouts.linkOpened(link);
  }

  #heard(link: PeerLink, heard: Heard): void {
    if (heard.kind === "addresses") return this.#whereabouts.heard(link, heard.said);
    this.#conversations.heard(link, heard);
    this.kept.heard(link, heard);
  }

  #linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
    const { username } = link.party;
    this.#conversations.linkClosed(link);
    this.kept.linkClosed(link);
    if (!isLast) return;
    this.#ports.emit({ kind: "unlinked", username, reason });
    this.privateChats.linkClosed(username);
  }

  /** Anybody may say so; it counts when it is proven. */
  #copied(reason: Fault): void {
    const { epoch } = this.#own;
    if (epoch !== undefined && provesCopy(epoch, reason.proof)) this.#ports.copied(reason);
  }

  #reachChanged(username: Username): void {
    const { emit } = this.#ports;
    this.#conversations.reachChanged(username);
    this.kept.reachChanged(username);
    this.#reachWatch.changed(username);
    this.#presence.reachChanged(username);
    for (const view of this.#people.views())
      if (view.memberByName.has(username)) emit({ kind: "room-changed", room: this.presentRoom(view) });
  }

  // ---- keys

  keyChanges(): readonly KeyChange[] {
    return this.#ports.pins.changes();
  }

  async decideKeyChange(username: Username, decision: "accept" | "block"): Promise<Outcome<Username>> {
    const decided = await this.#ports.pins.decide(username, decision);
    if (!decided) return fail("peer_missing", "username: expected one whose key changed");
    if (decision === "accept") this.#conversations.keyAccepted(username);
    else this.#conversations.keyBlocked(username);
    this.kept.peopleChanged(username, { accepted: decision === "accept" });
    this.#mesh.dropUntrusted(username);
    this.#refreshContacts();
    this.#reachChanged(username);
    return succeed(username);
  }

  /** Lets programs of the seed dialect log in as this account, until its next login with a key. */
  unlatch(): Promise<Outcome<Username>> {
    const { clock, trackerKey } = this.#ports;
    const { username, keys } = this.#own;
    if (trackerKey === null) return Promise.resolve(fail("unsupported", "an original tracker has no latch"));
    return this.withLine(async (line) => {
      const request = { account: keys.root.publicKey, tracker: trackerKey, name: username, date: timestampOf(clock) };
      const unlatched = await line.unlatch(signUnlatch(keys.root, { v: 1, ...request }));
      return unlatched.ok ? succeed(username) : unlatched;
    });
  }

  // ---- diagnostics

  get listening(): { readonly host: string; readonly port: number } | null {
    return this.#mesh.listening;
  }

  get group(): string | null {
    return this.#session.line?.security?.group ?? null;
  }

  addresses(): AddressReport {
    return this.#whereabouts.report();
  }

  links(): readonly LinkReport[] {
    return this.#mesh.links().map((link) => link.report());
  }
}

/** Where a session's tracker was reached. */
function placeOf(line: TrackerLine | undefined): Address | undefined {
  return line === undefined ? undefined : { address: line.ends.remoteAddress, port: line.ends.remotePort };
}
