import type { Clock, Network, Random } from "@papo/link";
import { type Fault, type Outcome, type TrackerKey, type Username, fail, succeed } from "@papo/protocol";
import type { Conversation, KeyChange, LinkReport, Message, PeerEvent, Reach, TrackerState } from "./api.ts";
import { Conversations } from "./conversations/conversations.ts";
import { OwnRooms } from "./conversations/own-rooms.ts";
import { PresenceNews } from "./conversations/presence-news.ts";
import { PrivateChats } from "./conversations/private-chats.ts";
import { type EpochWatch, provesCopy } from "./identity/epochs.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { Mesh, type MeshPorts } from "./mesh/mesh.ts";
import type { PeerLink } from "./mesh/peer-link.ts";
import { ReachWatch } from "./mesh/reach-watch.ts";
import { People } from "./people.ts";
import { RoomDirectory } from "./tracker-session/room-directory.ts";
import { type RoomView, membershipChanges } from "./tracker-session/room-view.ts";
import type { TrackerLine } from "./tracker-session/tracker-line.ts";
import { type LineOpener, type OpenedLine, TrackerSession } from "./tracker-session/tracker-session.ts";

export type LiveAccountPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly own: OwnAccount;
  readonly pins: PinKeeper;
  readonly epochs: EpochWatch;
  /** This device is about twice: nothing more may be written under its key. */
  readonly copied: () => void;
  /** Null at an original tracker. */
  readonly trackerKey: TrackerKey | null;
  readonly allowPlaintext: boolean;
  readonly listen: MeshPorts["listen"];
  readonly emit: (event: PeerEvent) => void;
  readonly openLine: LineOpener;
};

/**
 * One account while it is logged in. Wires the tracker session (where people are), the mesh (links with them), the rooms and
 * private chats (with whom) and the conversations (what is said) together: what one of them notices, the others hear here.
 */
export class LiveAccount {
  readonly rooms: OwnRooms;
  readonly privateChats: PrivateChats;
  readonly #ports: LiveAccountPorts;
  readonly #session: TrackerSession;
  readonly #directory: RoomDirectory;
  readonly #people: People;
  readonly #mesh: Mesh;
  readonly #conversations: Conversations;
  readonly #presence: PresenceNews;
  readonly #reachWatch: ReachWatch;
  #own: OwnAccount;
  #trackerAddress = "";
  #wasOnline = false;

  constructor(ports: LiveAccountPorts) {
    this.#ports = ports;
    this.#own = ports.own;
    this.#directory = new RoomDirectory(ports, {
      roomChanged: (before, after) => this.#roomChanged(before, after),
      roomClosed: (view, reason) => this.#roomClosed(view, reason),
    });
    this.rooms = this.#createRooms();
    this.privateChats = this.#createPrivateChats();
    this.#people = new People(this.#directory, this.privateChats, ports.pins);
    this.#mesh = this.#createMesh();
    this.#conversations = this.#createConversations();
    this.#session = this.#createSession();
    this.#reachWatch = new ReachWatch(ports.clock, (username) => this.reach(username));
    this.#presence = this.#createPresence();
  }

  // ---- the parts, and what each needs of the others

  #createRooms(): OwnRooms {
    const { pins, allowPlaintext, trackerKey } = this.#ports;
    return new OwnRooms({
      directory: this.#directory,
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
      isWaitingFor: (username) => this.#conversations.isWaitingFor(username),
      changed: () => this.#refreshContacts(),
      reachNow: (username, limitMs) => {
        this.#mesh.hurry(username);
        return this.#reachWatch.settled(username, limitMs);
      },
    });
  }

  #createMesh(): Mesh {
    const { network, clock, random, pins, epochs, allowPlaintext, trackerKey, listen, emit } = this.#ports;
    return new Mesh(
      {
        ...{ network, clock, random, pins, epochs, allowPlaintext, listen },
        own: () => this.#own,
        tracker: () => trackerKey,
        plainRoom: (name) => this.rooms.plainId(name),
        hasKey: (name) => this.#people.hasKey(name),
        isNeeded: (name) => this.#people.has(name) || this.messages({ kind: "private", username: name }).length > 0,
      },
      {
        opened: (link, isFirst) => this.#linkOpened(link, isFirst),
        heard: (link, heard) => this.#conversations.heard(link, heard),
        closed: (link, reason, isLast) => this.#linkClosed(link, reason, isLast),
        reachChanged: (username) => this.#reachChanged(username),
        unreachable: (username, reason) => emit({ kind: "unreachable", username, reason }),
        keyChanged: (change) => emit({ kind: "key-changed", change }),
        nameConflict: (username) => emit({ kind: "name-conflict", username }),
        copied: (reason) => this.#copied(reason),
      },
    );
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
      tell: (change, view) => emit({ ...change, room: this.rooms.present(view) }),
    });
  }

  #createSession(): TrackerSession {
    const { emit, openLine } = this.#ports;
    const open = (first: boolean, signal: AbortSignal): Promise<Outcome<OpenedLine>> =>
      openLine({ own: this.#own, first, listenFor: (ends) => this.#mesh.listenFor(ends) }, signal);
    return new TrackerSession(this.#ports, open, {
      stateChanged: (state) => emit({ kind: "tracker", state }),
      online: (opened) => this.#online(opened),
      offline: () => this.#directory.offline(),
      delta: (delta) => this.#directory.delta(delta),
      snapshot: (view) => this.#directory.snapshot(view),
      roomClosed: (id, reason) => this.#directory.closed(id, reason),
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
    this.#presence.stop();
    this.privateChats.stop();
    await this.#mesh.close();
    await this.#session.stop();
    this.#reachWatch.stop();
  }

  #online({ line, loggedIn }: OpenedLine): void {
    this.#own = { ...this.#own, binding: loggedIn.binding };
    this.#trackerAddress = line.ends.remoteAddress;
    if (this.#wasOnline) this.#presence.trackerIsBack();
    this.#wasOnline = true;
    this.#directory.online(line, loggedIn.rooms);
    this.privateChats.online();
  }

  withLine<T>(ask: (line: TrackerLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const { line } = this.#session;
    return line === undefined ? Promise.resolve(fail("tracker_unreachable", "no session with the tracker")) : ask(line);
  }

  // ---- rooms

  #roomChanged(before: RoomView | undefined, after: RoomView): void {
    const { emit } = this.#ports;
    this.#refreshContacts();
    this.#conversations.roomChanged(before, after);
    const room = this.rooms.present(after);
    const membership = before === undefined ? [] : membershipChanges(before, after, this.#own.username);
    for (const change of membership) emit({ ...change, room });
    this.#presence.roomChanged(after);
    emit({ kind: "room-changed", room });
    this.#mesh.parted(membership.filter(({ kind }) => kind === "member-left").map(({ username }) => username));
  }

  #roomClosed(view: RoomView, reason: "deleted" | "left" | "removed"): void {
    const { id, name } = view.room;
    this.#refreshContacts();
    this.#conversations.roomClosed(view);
    this.#presence.roomClosed(view);
    this.#ports.emit({ kind: "room-closed", id, name, reason });
    this.#mesh.parted([...view.memberByName.keys()]);
  }

  // ---- messages

  send(to: Conversation, content: string): Outcome<Message> {
    const sent = this.#conversations.send(to, content);
    if (sent.ok && to.kind === "private") this.privateChats.written(to.username);
    return sent;
  }

  messages(of: Conversation): readonly Message[] {
    return this.#conversations.messages(of);
  }

  leavePrivate(username: Username): void {
    this.#conversations.leave(null, [username]);
    this.privateChats.leave(username);
  }

  // ---- links

  reach(username: Username): Reach {
    return username === this.#own.username ? { kind: "self" } : this.#mesh.reach(username);
  }

  #isLinked(username: Username): boolean {
    return this.#mesh.linksTo(username).length > 0;
  }

  #refreshContacts(): void {
    const { own, allowPlaintext, trackerKey } = this.#ports;
    const rules = { self: own.username, allowPlaintext, trackerAddress: this.#trackerAddress };
    this.#mesh.want(this.#people.contacts({ ...rules, tracksAccounts: trackerKey !== null }));
  }

  #linkOpened(link: PeerLink, isFirst: boolean): void {
    this.#conversations.linkOpened(link);
    if (isFirst) this.#ports.emit({ kind: "linked", link: link.report() });
  }

  #linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
    const { username } = link.party;
    this.#conversations.linkClosed(link);
    if (!isLast) return;
    this.#ports.emit({ kind: "unlinked", username, reason });
    this.privateChats.linkClosed(username);
  }

  /** Anybody may say so; it counts when it is proven. */
  #copied({ proof }: Fault): void {
    const { epoch } = this.#own;
    if (epoch !== undefined && provesCopy(epoch, proof)) this.#ports.copied();
  }

  #reachChanged(username: Username): void {
    const { emit } = this.#ports;
    this.#conversations.reachChanged(username);
    this.#reachWatch.changed(username);
    this.#presence.reachChanged(username);
    for (const view of this.#directory.views())
      if (view.memberByName.has(username)) emit({ kind: "room-changed", room: this.rooms.present(view) });
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
    this.#mesh.dropUntrusted(username);
    this.#refreshContacts();
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
