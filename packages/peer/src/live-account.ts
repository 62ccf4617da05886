import { signUnlatch, timestampOf } from "@papo/link";
import {
  type Fault,
  type Outcome,
  RECONNECT_INTERVAL_MS,
  type SignedText,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type {
  AddressReport,
  Conversation,
  KeyChange,
  LinkReport,
  Message,
  MessageReference,
  PeerEvent,
  Reach,
  TrackerState,
} from "./api.ts";
import type { Away } from "./away.ts";
import { Connections, type ReachPorts } from "./connections.ts";
import type { OwnRooms } from "./conversations/own-rooms.ts";
import type { PrivateChats } from "./conversations/private-chats.ts";
import { provesCopy } from "./identity/epochs.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { mayBeMended } from "./identity/re-keying.ts";
import { KeptAccount } from "./kept-account.ts";
import type { MeshReceiver } from "./mesh/mesh.ts";
import type { History } from "./storage/history/history.ts";
import { type OpenedPrivate, Talk } from "./talk.ts";
import { RoomDirectory } from "./tracker-session/room-directory.ts";
import type { TrackerLine } from "./tracker-session/tracker-line.ts";
import {
  type LineOpener,
  type OpenedLine,
  type SessionStart,
  TrackerSession,
} from "./tracker-session/tracker-session.ts";

export type LiveAccountPorts = ReachPorts & {
  readonly own: OwnAccount;
  /** This device is about twice: nothing more may be written under its key. */
  readonly copied: (reason: Fault) => void;
  readonly history: History;
  readonly emit: (event: PeerEvent) => void;
  readonly openLine: LineOpener;
  readonly withoutTracker: WithoutTracker;
  /** What is kept can be read from now on. */
  readonly opened: () => void;
  /** The tracker has let us in, with this word for our name. */
  readonly loggedIn: (binding: SignedText | null) => void;
};

/**
 * Whether the account can be used while no tracker answers. `waits`: no tracker has taken our statement as it is, so nobody else hears of it before one has.
 */
export type WithoutTracker = "no" | "waits" | "greets";

/**
 * One account while it is logged in: its session with the tracker, its keys and its life. Wires those together who do the rest: what reaches others
 * (`connections.ts`), what is said (`talk.ts`) and what is kept of it (`kept-account.ts`).
 */
export class LiveAccount {
  readonly kept: KeptAccount;
  readonly #ports: LiveAccountPorts;
  readonly #session: TrackerSession;
  readonly #directory: RoomDirectory;
  readonly #talk: Talk;
  readonly #connections: Connections;
  #own: OwnAccount;
  /** The account is in use, with a tracker or waiting for one. */
  #isUp = false;
  #reconnectedMs = Number.NEGATIVE_INFINITY;

  constructor(ports: LiveAccountPorts) {
    this.#ports = ports;
    this.#own = ports.own;
    this.#directory = this.#createDirectory();
    this.kept = this.#createKept();
    this.#talk = this.#createTalk();
    this.#session = this.#createSession();
    this.#connections = this.#createConnections();
  }

  // ---- the parts, and what each needs of the others

  #createDirectory(): RoomDirectory {
    return new RoomDirectory(this.#ports, {
      roomChanged: (before, after) => {
        this.#connections.refreshContacts();
        this.#talk.roomChanged(before, after);
      },
      roomClosed: (view, reason) => {
        this.#connections.roomClosed(view.room.id);
        this.#talk.roomClosed(view, reason);
      },
    });
  }

  #createKept(): KeptAccount {
    const { clock, random, history, settings, pins, trackerKey, trackerAddress, emit, copied } = this.#ports;
    return new KeptAccount({
      ...{ clock, random, history, settings, pins, trackerKey, trackerAddress, emit, copied },
      own: () => this.#own,
      withLine: (ask) => this.withLine(ask),
      view: (id) => this.#directory.view(id),
      isTold: () => this.#session.line !== undefined,
      follow: (page) => void this.#directory.enter(page),
      contactsChanged: () => this.#companyChanged(),
      acquainted: () => this.#talk.away.companyChanged(),
      reach: (username) => this.reach(username),
      away: (username) => this.#talk.away.of(username),
      attempts: (username) => this.#connections.mesh.attempts(username),
      links: () => this.#connections.mesh.links(),
      isTrusted: (link) => this.#connections.mesh.isTrusted(link),
      toldAccount: (username) => this.#connections.people.toldAccount(username),
      isInPlainRoom: (account) => this.#connections.people.isInPlainRoom(account),
    });
  }

  #companyChanged(): void {
    this.#connections.refreshContacts();
    this.#talk.away.companyChanged();
  }

  #createTalk(): Talk {
    const { clock, random, pins, trackerKey, allowPlaintext, emit } = this.#ports;
    return new Talk({
      ...{ clock, random, pins, trackerKey, allowPlaintext, emit },
      ...{ self: this.#own.username, directory: this.#directory, kept: this.kept },
      withLine: (ask) => this.withLine(ask),
      reach: (username) => this.reach(username),
      reachNow: (username, limitMs) => this.#connections.reachNow(username, limitMs),
      links: () => this.#connections.mesh.links(),
      linksTo: (username) => this.#connections.mesh.linksTo(username),
      isTrusted: (link) => this.#connections.mesh.isTrusted(link),
      viewsWith: (username) => this.#connections.people.viewsWith(username),
      contactsChanged: () => this.#connections.refreshContacts(),
      mayKnowUs: (account) => this.#connections.mayKnowUs(account),
      parted: (usernames) => this.#connections.mesh.parted(usernames),
    });
  }

  #createSession(): TrackerSession {
    const { openLine } = this.#ports;
    const open = (first: boolean, signal: AbortSignal): Promise<Outcome<OpenedLine>> =>
      openLine({ own: this.#own, first, listenFor: (way) => this.#connections.listenFor(way) }, signal);
    return new TrackerSession(this.#ports, open, {
      stateChanged: (state) => this.#trackerStateChanged(state),
      online: (opened) => this.#online(opened),
      offline: () => this.#offline(),
      delta: (delta) => this.#directory.delta(delta),
      snapshot: (view) => this.#directory.snapshot(view),
      roomClosed: (id, reason) => this.#directory.closed(id, reason),
      observed: (observed) => this.#connections.observed(observed),
      calls: (news) => this.#connections.mesh.calls(news),
    });
  }

  #createConnections(): Connections {
    return new Connections(
      {
        ...this.#ports,
        ...{ directory: this.#directory, kept: this.kept, privateChats: this.#talk.privateChats },
        own: () => this.#own,
        line: () => this.#session.line,
        withLine: (ask) => this.withLine(ask),
        renewSession: (reason) => this.#session.renew(reason),
        plainRoom: (name) => this.rooms.plainId(name),
        hasPrivate: (username) => this.messages({ kind: "private", username }).length > 0,
      },
      this.#linksReceiver(),
    );
  }

  #linksReceiver(): MeshReceiver {
    const { emit } = this.#ports;
    return {
      opened: (link, isFirst) => this.#talk.linkOpened(link, isFirst),
      heard: (link, heard) => this.#talk.heard(link, heard),
      closed: (link, reason, isLast) => this.#talk.linkClosed(link, reason, isLast),
      reachChanged: (username) => this.#talk.reachChanged(username),
      unreachable: (username, reason) => emit({ kind: "unreachable", username, reason }),
      keyChanged: (change) => emit({ kind: "key-changed", change }),
      nameConflict: (username) => emit({ kind: "name-conflict", username }),
      devicesChanged: (account) => this.kept.devicesChanged(account),
      copied: (reason) => this.#copied(reason),
    };
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
    this.#ports.opened();
    const started = await this.#session.start(withoutTracker === "no" ? "person" : "without");
    if (started.ok && started.value === "without") await this.#beginWithout();
    if (started.ok)
      for (const { username } of this.kept.privateChats.waiting()) this.#talk.privateChats.written(username);
    return started;
  }

  async #beginWithout(): Promise<void> {
    this.#isUp = true;
    if (this.#ports.withoutTracker !== "greets" || !(await this.#connections.beginWithout())) return;
    this.kept.known();
    this.#connections.refreshContacts();
  }

  /** Goodbye to the peers first: it needs no tracker. */
  async stop(): Promise<void> {
    this.#talk.stop();
    this.kept.stop();
    await this.#connections.stop();
    await this.#session.stop();
  }

  #online({ line, loggedIn }: OpenedLine): void {
    this.#own = { ...this.#own, binding: loggedIn.binding };
    this.#ports.loggedIn(loggedIn.binding);
    this.#connections.loggedIn(line.ends);
    if (this.#isUp) this.#talk.trackerIsBack();
    this.#isUp = true;
    this.#directory.online(line, loggedIn.rooms);
    this.kept.online(loggedIn);
    this.#talk.privateChats.online();
    this.#connections.online(line);
  }

  #offline(): void {
    this.#directory.offline();
    this.#connections.offline();
  }

  withLine<T>(ask: (line: TrackerLine) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const { line } = this.#session;
    return line === undefined ? Promise.resolve(fail("tracker_unreachable", "no session with the tracker")) : ask(line);
  }

  // ---- rooms and messages

  get rooms(): OwnRooms {
    return this.#talk.rooms;
  }

  get privateChats(): PrivateChats {
    return this.#talk.privateChats;
  }

  send(to: Conversation, content: string, replyTo?: MessageReference["id"]): Promise<Outcome<Message>> {
    return this.#talk.send(to, content, replyTo);
  }

  message(reference: MessageReference): Outcome<Message> {
    return this.#talk.message(reference);
  }

  messages(of: Conversation): readonly Message[] {
    return this.#talk.messages(of);
  }

  get away(): Away {
    return this.#talk.away;
  }

  openPrivate(username: Username): Promise<Outcome<OpenedPrivate>> {
    return this.#talk.openPrivate(username);
  }

  leavePrivate(username: Username): void {
    this.#talk.leavePrivate(username);
  }

  // ---- keys

  /** Anybody may say so; it counts when it is proven. */
  #copied(reason: Fault): void {
    const { epoch } = this.#own;
    if (epoch !== undefined && provesCopy(epoch, reason.proof)) this.#ports.copied(reason);
  }

  keyChanges(): readonly KeyChange[] {
    return this.#ports.pins.changes();
  }

  async decideKeyChange(username: Username, decision: "accept" | "block"): Promise<Outcome<Username>> {
    const decided = await this.#ports.pins.decide(username, decision);
    if (!decided) return fail("peer_missing", "username: expected one whose key changed");
    this.#talk.keyDecided(username, decision);
    this.#connections.keyDecided(username);
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

  // ---- links, and diagnostics

  /** As the user wishes, who may know that the network is back: not more often than a network gives cause to. A tracker that has said how long it wants to be left alone is. */
  reconnect(): Outcome<TrackerState> {
    const nowMs = this.#ports.clock.monotonicMs();
    if (nowMs - this.#reconnectedMs < RECONNECT_INTERVAL_MS)
      return fail("slow_down", `reconnect: once in ${RECONNECT_INTERVAL_MS} ms`);
    this.#reconnectedMs = nowMs;
    const { state } = this;
    this.#connections.lookAtAll({ tracker: state.kind !== "waiting" || state.reason.retryAfterMs === undefined });
    return succeed(this.state);
  }

  reach(username: Username): Reach {
    return this.#connections.reach(username);
  }

  get listening(): { readonly host: string; readonly port: number } | null {
    return this.#connections.mesh.listening;
  }

  get group(): string | null {
    return this.#session.line?.security?.group ?? null;
  }

  addresses(): AddressReport {
    return this.#connections.addresses();
  }

  links(): readonly LinkReport[] {
    return this.#connections.mesh.links().map((link) => link.report());
  }
}
