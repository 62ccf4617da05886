import { type Clock, type LinkEnds, type Network, type Random, openBinding } from "@papo/link";
import {
  DIAL_TIMEOUT_MS,
  type Fault,
  type FindPeerAnswer,
  type Member,
  type Outcome,
  type RoomId,
  type RoomKind,
  type RoomName,
  TIMELINES_MAX,
  type TrackerKey,
  type Username,
  decodeWith,
  fail,
  fault,
  newRoomName,
  roomName,
  succeed,
} from "@papo/protocol";
import type { Conversation, KeyChange, LinkReport, Message, PeerEvent, Reach, Room, TrackerState } from "./api.ts";
import { Conversations } from "./conversations/conversations.ts";
import { presentRoom } from "./conversations/present-room.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { contactsOf } from "./mesh/contacts.ts";
import { isLoopback } from "./mesh/dialable.ts";
import { Mesh } from "./mesh/mesh.ts";
import type { PeerLink } from "./mesh/peer-link.ts";
import { RoomDirectory } from "./tracker-session/room-directory.ts";
import { type RoomView, changesBetween } from "./tracker-session/room-view.ts";
import type { RoomPage, TrackerLine } from "./tracker-session/tracker-line.ts";
import { type OpenedLine, TrackerSession } from "./tracker-session/tracker-session.ts";

export type LiveAccountPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly own: OwnAccount;
  readonly pins: PinKeeper;
  /** Null at an original tracker. */
  readonly trackerKey: TrackerKey | null;
  readonly allowPlaintext: boolean;
  readonly listen: { readonly host?: string; readonly port?: number };
  readonly emit: (event: PeerEvent) => void;
  /** Opens a line on which the account is logged in; `listenFor` says where we can be reached. */
  readonly openLine: (
    attempt: {
      readonly own: OwnAccount;
      readonly first: boolean;
      readonly listenFor: (ends: LinkEnds) => Promise<Outcome<number>>;
    },
    signal: AbortSignal,
  ) => Promise<Outcome<OpenedLine>>;
};

/** One account while it is logged in: wires the tracker session, the mesh and the conversations together, and owns nothing else. */
export class LiveAccount {
  readonly #ports: LiveAccountPorts;
  readonly #session: TrackerSession;
  readonly #rooms: RoomDirectory;
  readonly #mesh: Mesh;
  readonly #conversations: Conversations;
  /** Those with whom a private chat is open, as the tracker last told of them. */
  readonly #privateByName = new Map<Username, Member>();
  readonly #lookingUp = new Set<Username>();
  readonly #awaitingReach = new Map<Username, Set<() => void>>();
  #own: OwnAccount;
  #trackerAddress = "";
  #listenedOn: string | undefined;

  constructor(ports: LiveAccountPorts) {
    this.#ports = ports;
    this.#own = ports.own;
    this.#rooms = new RoomDirectory(ports, {
      roomChanged: (before, after) => this.#roomChanged(before, after),
      roomClosed: (view, reason) => this.#roomClosed(view, reason),
    });
    this.#mesh = this.#createMesh();
    this.#conversations = this.#createConversations();
    this.#session = this.#createSession();
  }

  #createMesh(): Mesh {
    const { network, clock, random, pins, allowPlaintext, trackerKey, emit } = this.#ports;
    return new Mesh(
      {
        ...{ network, clock, random, pins, allowPlaintext },
        own: () => this.#own,
        tracker: () => trackerKey,
        plainRoom: (name) => this.#plainRoom(name),
        hasKey: (name) => this.#hasKey(name),
      },
      {
        opened: (link, isFirst) => this.#linkOpened(link, isFirst),
        heard: (link, heard) => this.#conversations.heard(link, heard),
        closed: (link, reason, isLast) => this.#linkClosed(link, reason, isLast),
        reachChanged: (username) => this.#reachChanged(username),
        unreachable: (username, reason) => emit({ kind: "unreachable", username, reason }),
        keyChanged: (change) => emit({ kind: "key-changed", change }),
        nameConflict: (username) => emit({ kind: "name-conflict", username }),
      },
    );
  }

  #createConversations(): Conversations {
    const { clock, random, emit, pins, trackerKey } = this.#ports;
    return new Conversations({
      ...{ clock, random, emit },
      self: this.#own.username,
      roomView: (id) => this.#rooms.view(id),
      memberLeft: (id, username) => this.#rooms.withoutMember(id, username),
      accountOf: (username) => pins.accountOf(username) ?? this.#privateByName.get(username)?.account ?? null,
      linksTo: (username) => this.#mesh.linksTo(username),
      isTrusted: (link) => this.#mesh.isTrusted(link),
      reach: (username) => this.reach(username),
      tracksAccounts: trackerKey !== null,
    });
  }

  #createSession(): TrackerSession {
    const { emit, openLine } = this.#ports;
    const open = (first: boolean, signal: AbortSignal): Promise<Outcome<OpenedLine>> =>
      openLine({ own: this.#own, first, listenFor: (ends) => this.#listenFor(ends) }, signal);
    return new TrackerSession(this.#ports, open, {
      stateChanged: (state) => emit({ kind: "tracker", state }),
      online: (opened) => this.#online(opened),
      offline: () => this.#rooms.offline(),
      delta: (delta) => this.#rooms.delta(delta),
      snapshot: (view) => this.#rooms.snapshot(view),
      roomClosed: (id, reason) => this.#rooms.closed(id, reason),
    });
  }

  // ---- life

  get own(): OwnAccount {
    return this.#own;
  }

  get state(): TrackerState {
    return this.#session.state;
  }

  start(): Promise<Outcome<Username>> {
    return this.#session.start();
  }

  /** Goodbye to the peers first: it needs no tracker. */
  async stop(): Promise<void> {
    await this.#mesh.close();
    await this.#session.stop();
    for (const done of [...this.#awaitingReach.values()].flatMap((waiting) => [...waiting])) done();
  }

  #online({ line, loggedIn }: OpenedLine): void {
    this.#own = { ...this.#own, binding: loggedIn.binding };
    this.#trackerAddress = line.ends.remoteAddress;
    this.#rooms.online(line, loggedIn.rooms);
    for (const username of this.#privateByName.keys()) void this.#lookUp(username);
  }

  /** On loopback when the tracker is there too, so that nobody else's machine sees an open port of ours; else everywhere. */
  async #listenFor({ localAddress }: LinkEnds): Promise<Outcome<number>> {
    const { host, port = 0 } = this.#ports.listen;
    const wanted = host ?? (isLoopback(localAddress) ? localAddress : "::");
    const listening = this.#mesh.listening;
    if (listening !== null && this.#listenedOn === wanted) return succeed(listening.port);

    let opened = await this.#mesh.listen(wanted, port);
    // A system without IPv6 has no dual-stack socket.
    if (!opened.ok && opened.fault.code !== "busy" && wanted === "::")
      opened = await this.#mesh.listen("0.0.0.0", port);
    this.#listenedOn = opened.ok ? wanted : undefined;
    return opened.ok ? succeed(opened.value.port) : opened;
  }

  // ---- rooms

  rooms(): readonly Room[] {
    return this.#rooms.views().map((view) => this.#present(view));
  }

  room(id: RoomId): Room | undefined {
    const view = this.#rooms.view(id);
    return view === undefined ? undefined : this.#present(view);
  }

  #present(view: RoomView): Room {
    const { pins } = this.#ports;
    return presentRoom(view, {
      self: this.#own.username,
      reach: (username) => this.reach(username),
      trust: (username, account) => pins.trust(username, account),
      accountOf: (username) => pins.accountOf(username) ?? null,
    });
  }

  async createRoom(room: {
    readonly name: string;
    readonly kind?: RoomKind;
    readonly capacity?: number;
  }): Promise<Outcome<Room>> {
    const name = decodeWith(newRoomName, room.name);
    if (!name.ok) return fail("room_name_not_allowed", name.fault.detail);
    if (room.kind === "plain" && !this.#mayBePlain)
      return fail("plaintext_refused", "plain rooms need --allow-plaintext");
    const { kind, capacity } = room;
    return this.#withLine((line) => this.#enter(line.createRoom({ name: name.value, kind, capacity })));
  }

  async joinRoom(text: string): Promise<Outcome<Room>> {
    const name = decodeWith(roomName, text);
    if (!name.ok) return fail("room_missing", name.fault.detail);
    return this.#withLine(async (line) => {
      const page = await line.joinRoom(name.value);
      if (!page.ok || page.value.room.kind !== "plain" || this.#mayBePlain) return this.#enter(Promise.resolve(page));
      await line.leaveRoom(page.value.room.id);
      return fail("plaintext_refused", "plain rooms need --allow-plaintext");
    });
  }

  /** At an original tracker every room is of that kind; whether anything goes in clear is decided link by link. */
  get #mayBePlain(): boolean {
    return this.#ports.allowPlaintext || this.#ports.trackerKey === null;
  }

  async #enter(asked: Promise<Outcome<RoomPage>>): Promise<Outcome<Room>> {
    const page = await asked;
    if (!page.ok) return page;
    const view = await this.#rooms.enter(page.value);
    return view.ok ? succeed(this.#present(view.value)) : view;
  }

  async leaveRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const view = this.#rooms.view(id);
    if (view === undefined) return fail("not_member", "room: expected one of ours");
    const left = await this.#withLine((line) => line.leaveRoom(id));
    if (!left.ok) return left;
    this.#conversations.leave({ id, name: view.room.name }, view.memberByName.keys());
    this.#rooms.closed(id, "left");
    return left;
  }

  async deleteRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const deleted = await this.#withLine((line) => line.deleteRoom(id));
    if (deleted.ok) this.#rooms.closed(id, "deleted");
    return deleted;
  }

  withLine<T>(ask: (line: TrackerLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#withLine(ask);
  }

  #withLine<T>(ask: (line: TrackerLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const { line } = this.#session;
    return line === undefined ? Promise.resolve(fail("tracker_unreachable", "no session with the tracker")) : ask(line);
  }

  #roomChanged(before: RoomView | undefined, after: RoomView): void {
    const { emit } = this.#ports;
    this.#refreshContacts();
    this.#conversations.roomChanged(before, after);
    const room = this.#present(after);
    for (const change of before === undefined ? [] : changesBetween(before, after, this.#own.username))
      emit({ ...change, room });
    emit({ kind: "room-changed", room });
  }

  #roomClosed(view: RoomView, reason: "deleted" | "left"): void {
    this.#refreshContacts();
    this.#conversations.roomClosed(view);
    this.#ports.emit({ kind: "room-closed", id: view.room.id, name: view.room.name, reason });
  }

  #plainRoom(name: RoomName): RoomId | undefined {
    const view = this.#rooms.named(name);
    return view?.room.kind === "plain" ? view.room.id : undefined;
  }

  /** Met with a key, or known to the tracker as somebody who has one. */
  #hasKey(name: Username): boolean {
    if (this.#ports.pins.accountOf(name) !== undefined) return true;
    const members = [...this.#rooms.views().map((view) => view.memberByName.get(name)), this.#privateByName.get(name)];
    return members.some((member) => member !== undefined && member.account !== null);
  }

  // ---- private chats

  async openPrivate(
    username: Username,
  ): Promise<Outcome<{ readonly username: Username; readonly encrypted: boolean }>> {
    if (username === this.#own.username) return fail("peer_missing", "username: expected somebody else");
    const found = await this.#lookUp(username);
    if (!found.ok && this.#mesh.linksTo(username).length === 0) return found;
    this.#mesh.hurry(username);
    const reach = await this.#settledReach(username);
    if (reach.kind === "linked") return succeed({ username, encrypted: reach.encrypted });
    return {
      ok: false,
      fault: reach.kind === "unreachable" ? reach.reason : fault("peer_offline", "not reached in time"),
    };
  }

  leavePrivate(username: Username): void {
    this.#conversations.leave(null, [username]);
    this.#privateByName.delete(username);
    this.#refreshContacts();
  }

  /** Asks the tracker where somebody is; the answer becomes somebody to dial. */
  async #lookUp(username: Username): Promise<Outcome<Member>> {
    if (this.#lookingUp.has(username)) return fail("busy", "already being looked up");
    this.#lookingUp.add(username);
    const found = await this.#withLine((line) => line.findPeer(username));
    this.#lookingUp.delete(username);
    const checked = found.ok ? this.#checkFound(username, found.value) : found;
    if (!checked.ok) return checked;

    this.#privateByName.delete(username);
    this.#privateByName.set(username, checked.value);
    for (const oldest of this.#privateByName.keys()) {
      if (this.#privateByName.size <= TIMELINES_MAX) break;
      this.#privateByName.delete(oldest);
    }
    this.#refreshContacts();
    return checked.value.online ? checked : fail("peer_offline", "not online");
  }

  /** The tracker's answer holds together: the name that was asked for, and its signed word for the key. */
  #checkFound(username: Username, { peer, binding }: FindPeerAnswer): Outcome<Member> {
    const { trackerKey } = this.#ports;
    if (peer.username !== username) return fail("invalid_message", "peer: expected the one asked for");
    if (trackerKey === null || peer.account === null) return succeed(peer);
    const opened =
      binding === null ? fail("invalid_message", "binding: expected one") : openBinding(binding, trackerKey);
    if (!opened.ok) return opened;
    const isBound = opened.value.name === username && opened.value.account === peer.account;
    return isBound ? succeed(peer) : fail("invalid_message", "binding: expected one for this peer");
  }

  async #settledReach(username: Username): Promise<Reach> {
    const untilMs = this.#ports.clock.monotonicMs() + DIAL_TIMEOUT_MS;
    for (;;) {
      const reach = this.reach(username);
      const leftMs = untilMs - this.#ports.clock.monotonicMs();
      if (reach.kind !== "connecting" || leftMs <= 0) return reach;
      await this.#reachMoved(username, leftMs);
    }
  }

  #reachMoved(username: Username, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#awaitingReach.get(username) ?? new Set();
      const done = (): void => {
        timer.cancel();
        waiting.delete(done);
        if (waiting.size === 0) this.#awaitingReach.delete(username);
        resolve();
      };
      const timer = this.#ports.clock.after(limitMs, done);
      waiting.add(done);
      this.#awaitingReach.set(username, waiting);
    });
  }

  // ---- messages

  send(to: Conversation, content: string): Outcome<Message> {
    const sent = this.#conversations.send(to, content);
    // Somebody who was offline may be back; the tracker tells of rooms unasked, but not of private chats.
    const isAway = to.kind === "private" && this.reach(to.username).kind !== "linked";
    if (sent.ok && isAway) void this.#lookUp(to.username);
    return sent;
  }

  messages(of: Conversation): readonly Message[] {
    return this.#conversations.messages(of);
  }

  // ---- links and keys

  reach(username: Username): Reach {
    return username === this.#own.username ? { kind: "self" } : this.#mesh.reach(username);
  }

  #refreshContacts(): void {
    const inRooms = this.#rooms.views().flatMap((view) => [...view.memberByName.values()]);
    const rules = {
      self: this.#own.username,
      allowPlaintext: this.#ports.allowPlaintext,
      trackerAddress: this.#trackerAddress,
      tracksAccounts: this.#ports.trackerKey !== null,
    };
    this.#mesh.want(contactsOf([...inRooms, ...this.#privateByName.values()], rules));
  }

  #linkOpened(link: PeerLink, isFirst: boolean): void {
    this.#conversations.linkOpened(link);
    if (isFirst) this.#ports.emit({ kind: "linked", link: link.report() });
  }

  #linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
    const { username } = link.party;
    this.#conversations.linkClosed(link);
    if (isLast) this.#ports.emit({ kind: "unlinked", username, reason });
    // Where somebody in a private chat went, only the tracker can say.
    if (isLast && this.#privateByName.has(username)) void this.#lookUp(username);
  }

  #reachChanged(username: Username): void {
    const { emit } = this.#ports;
    this.#conversations.reachChanged(username);
    for (const done of this.#awaitingReach.get(username) ?? []) done();
    for (const view of this.#rooms.views()) {
      if (view.memberByName.has(username)) emit({ kind: "room-changed", room: this.#present(view) });
    }
  }

  keyChanges(): readonly KeyChange[] {
    return this.#ports.pins.changes();
  }

  async decideKeyChange(username: Username, decision: "accept" | "block"): Promise<Outcome<Username>> {
    const decided = await this.#ports.pins.decide(username, decision);
    if (!decided) return fail("peer_missing", "username: expected one whose key changed");
    if (decision === "accept") this.#conversations.keyAccepted(username);
    else this.#conversations.keyBlocked(username);
    this.#mesh.dropUntrusted(username);
    this.#reachChanged(username);
    return succeed(username);
  }

  // ---- diagnostics

  get listening(): { readonly host: string; readonly port: number } | null {
    return this.#mesh.listening;
  }

  get group(): string | null {
    return this.#session.line?.security?.group ?? null;
  }

  links(): readonly LinkReport[] {
    return this.#mesh.links().map((link) => link.report());
  }
}
