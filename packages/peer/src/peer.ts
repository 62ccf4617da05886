import type { Clock, Network, Random } from "@papo/link";
import {
  type AccountKey,
  type Fault,
  type ListedPeer,
  type Outcome,
  PROBLEMS_KEPT_MAX,
  type RoomHistory,
  type RoomId,
  type RoomKind,
  type RoomName,
  type TrackerAddress,
  type Username,
  checkUsername,
  decodeWith,
  fail,
  fault,
  formatTrackerAddress,
  succeed,
  username,
} from "@papo/protocol";
import type {
  AddressReport,
  Conversation,
  Diagnostics,
  KeyChange,
  KnownAccount,
  ListedRoom,
  LogIn,
  Message,
  MessageReference,
  PeerApi,
  PeerEvent,
  Problem,
  Room,
  SignIn,
  TrackerState,
} from "./api.ts";
import type { NetworkWatcher } from "./addresses/network-changes.ts";
import type { MapperOpener } from "./addresses/router-port.ts";
import { AccountRequests } from "./account-requests.ts";
import { EventStream } from "./events.ts";
import { exportWithHistory, importWithHistory } from "./account-backups.ts";
import { hashPassword } from "./identity/password-hash.ts";
import { rootFromWords } from "./identity/recovery-words.ts";
import type { LanOpener } from "./lan/lan-presence.ts";
import type { LiveAccount } from "./live-account.ts";
import { closeAccount } from "./opened-account.ts";
import { type SignInPorts, type SignInRequest, type SignedIn, mendAccount, signIn, startAccount } from "./sign-in.ts";
import { Profile } from "./storage/profile.ts";
import { TrackerPlaces, type TrackerSource } from "./tracker-session/tracker-places.ts";

export type PeerOptions = {
  /** The user's folder; made (0700) if it is missing. */
  readonly profile: string;
  readonly tracker: TrackerSource;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  /** Chat with programs that do not encrypt, in plain rooms and in private. Every such line is marked. */
  readonly allowPlaintext: boolean;
  /** Tell nobody where this device is: only relays lead here, and nothing is dialled. */
  readonly hideAddress?: boolean;
  /** Opens the way to the router of this network, which may be asked for a port that leads here. Unset: it is not. */
  readonly openMapper?: MapperOpener;
  /** Notices other networks and long sleeps. Unset: what does not answer any more is noticed by its silence. */
  readonly watchNetwork?: NetworkWatcher;
  /** Opens the local network, in which those who know this device find it without a tracker. Unset: nothing is said or looked for there. */
  readonly openLan?: LanOpener;
  /** Where to accept links. Unset: on loopback while the tracker is there, else on every address; any free port. */
  readonly listen?: { readonly host?: string; readonly port?: number };
};

/** The engine: one account at a time on this device. Fails when the profile cannot be used, or the tracker's place is not known. */
export async function openPeer(options: PeerOptions): Promise<Outcome<PeerApi>> {
  const profile = await Profile.open(options.profile);
  if (!profile.ok) return profile;
  const trackers = await TrackerPlaces.open(options.tracker);
  return trackers.ok ? succeed(new Peer(options, profile.value, trackers.value)) : trackers;
}

class Peer extends AccountRequests implements PeerApi {
  readonly #options: PeerOptions;
  readonly #profile: Profile;
  readonly #events = new EventStream();
  readonly #problems: Problem[] = [];
  readonly #trackers: TrackerPlaces;
  #signedIn: SignedIn | undefined;
  /** Its history is open, and it is being logged in with its key. */
  #opened: LiveAccount | undefined;
  /** While an attempt runs, nobody else may start one. */
  #signingIn: { readonly giveUp: () => void; readonly done: Promise<unknown> } | undefined;
  /** Said of an account that is logged in and of which that has not been told yet. */
  #copiedEarly: Fault | undefined;
  #isClosed = false;
  #wasRekeyed = false;
  #state: TrackerState = { kind: "idle" };

  constructor(options: PeerOptions, profile: Profile, trackers: TrackerPlaces) {
    super();
    this.#options = options;
    this.#profile = profile;
    this.#trackers = trackers;
  }

  // ---- the account

  get trackerAddress(): TrackerAddress {
    return this.#trackers.current;
  }

  get self(): Username | undefined {
    return this.live?.own.username;
  }

  get account(): AccountKey | undefined {
    return this.live?.own.keys.root.publicKey;
  }

  trackerState(): TrackerState {
    return this.#state;
  }

  knownAccounts(): Promise<readonly KnownAccount[]> {
    return this.#profile.knownAccounts();
  }

  async register({ username: text, password }: SignIn): Promise<Outcome<Username>> {
    const problem = checkUsername(text);
    if (problem !== undefined) return fail("name_not_allowed", `username: ${problem}`);
    return this.#signIn({ username: text, credentials: { kind: "register", hash: hashPassword(password) } });
  }

  logIn({ username: text, password, newIdentity = false }: LogIn): Promise<Outcome<Username>> {
    const kind = newIdentity ? "new_identity" : "password";
    return this.#signIn({ username: text, credentials: { kind, hash: hashPassword(password) } });
  }

  resume(text: Username): Promise<Outcome<Username>> {
    return this.#signIn({ username: text, credentials: { kind: "key" } });
  }

  async recover(account: { readonly username: string; readonly words: string }): Promise<Outcome<Username>> {
    const name = decodeWith(username, account.username);
    if (!name.ok) return fail("name_not_allowed", name.fault.detail);
    const root = await rootFromWords(account.words);
    if (!root.ok) return root;
    return this.#signIn({ username: name.value, credentials: { kind: "key" }, root: root.value });
  }

  async exportBackup(file: string, passphrase: string): Promise<Outcome<string>> {
    const account = this.#signedIn?.account;
    if (account === undefined) return { ok: false, fault: NOT_LOGGED_IN };
    return exportWithHistory(account, file, passphrase);
  }

  async importBackup(file: string, passphrase: string): Promise<Outcome<Username>> {
    const refused = this.#whyNoSignIn();
    if (refused !== undefined) return refused;
    const { clock } = this.#options;
    const imported = await importWithHistory({ profile: this.#profile, clock }, file, passphrase);
    return imported.ok ? this.resume(imported.value) : imported;
  }

  #whyNoSignIn(): Extract<Outcome<never>, { ok: false }> | undefined {
    if (this.#isClosed) return fail("closed", "the engine was closed");
    const isTaken = this.#signedIn !== undefined || this.#signingIn !== undefined;
    return isTaken ? fail("already_logged_in", "log out first") : undefined;
  }

  async #signIn(request: SignInRequest): Promise<Outcome<Username>> {
    const refused = this.#whyNoSignIn();
    if (refused !== undefined) return refused;
    this.#copiedEarly = undefined;
    const attempt = new AbortController();
    const done = signIn(this.#signInPorts(attempt.signal), request);
    this.#signingIn = { giveUp: () => attempt.abort(), done };
    const signedIn = await done;
    this.#signingIn = undefined;
    this.#opened = undefined;
    if (!signedIn.ok) return this.#isClosed ? fail("closed", "the engine was closed") : signedIn;

    this.#signedIn = signedIn.value;
    if (this.#isClosed) {
      await this.logOut();
      return fail("closed", "the engine was closed");
    }
    const copied = this.#copiedEarly;
    this.#copiedEarly = undefined;
    if (copied !== undefined) void this.#rekey(copied);
    return succeed(signedIn.value.live.own.username);
  }

  #signInPorts(signal: AbortSignal): SignInPorts {
    const { network, clock, random, allowPlaintext, listen = {} } = this.#options;
    const { hideAddress, openMapper, watchNetwork, openLan } = this.#options;
    return {
      ...{ network, clock, random, allowPlaintext, listen, signal },
      ...{ hideAddress, openMapper, watchNetwork, openLan },
      profile: this.#profile,
      trackers: this.#trackers,
      emit: (event) => this.#emit(event),
      onProblem: (problem) => this.#problem(problem),
      copied: (reason) => void this.#rekey(reason),
      opened: (live) => this.#accountOpened(live),
    };
  }

  /** Told once: what takes its place while it is logged in is the same account. */
  #accountOpened(live: LiveAccount | undefined): void {
    const isFirst = this.#opened === undefined;
    this.#opened = live;
    if (isFirst && live !== undefined) this.#emit({ kind: "opened", username: live.own.username });
  }

  /** Another copy of this device is about: this one goes on as a new device, at most once in a run. */
  async #rekey(reason: Fault): Promise<void> {
    const before = this.#signedIn;
    if (before === undefined && this.#signingIn !== undefined) this.#copiedEarly = reason;
    if (before === undefined || this.#isClosed) return;
    const { state } = before.live;
    if (this.#wasRekeyed) return state.kind === "refused" ? this.#emit({ kind: "tracker", state }) : undefined;
    this.#wasRekeyed = true;
    this.#signedIn = undefined;
    const attempt = new AbortController();
    // Whoever is told of anything may ask at once: so nothing is told before there is somebody to ask.
    let early: PeerEvent[] | undefined = [];
    const emit = (event: PeerEvent): void => (early === undefined ? this.#emit(event) : void early.push(event));
    const done = this.#goOnAsAnother(before, reason, { ...this.#signInPorts(attempt.signal), emit, opened: () => {} });
    this.#signingIn = { giveUp: () => attempt.abort(), done };
    const signedIn = await done;
    this.#signingIn = undefined;
    if (signedIn.ok) this.#signedIn = signedIn.value;
    if (signedIn.ok) signedIn.value.live.away.set(before.live.away.own);
    const told = early;
    early = undefined;
    for (const event of told) this.#emit(event);
    if (!signedIn.ok) return this.#emit({ kind: "tracker", state: { kind: "refused", reason: signedIn.fault } });
    if (this.#isClosed) await this.logOut();
  }

  async #goOnAsAnother(before: SignedIn, reason: Fault, ports: SignInPorts): Promise<Outcome<SignedIn>> {
    const { account, trackerKey } = before;
    await before.live.stop();
    const isReplaced = reason.code === "replaced";
    const mended = isReplaced ? succeed(account) : await mendAccount(ports, account, reason);
    const request = { username: account.own.username, credentials: { kind: "key" } as const };
    const started =
      mended?.ok === true ? await startAccount(ports, request, { account: mended.value, trackerKey }) : mended;
    if (started?.ok === true) return started;
    await closeAccount(account);
    return started === undefined || isReplaced ? { ok: false, fault: reason } : started;
  }

  async logOut(): Promise<void> {
    const signedIn = this.#signedIn;
    this.#signedIn = undefined;
    if (signedIn === undefined) return;
    await signedIn.live.stop();
    await closeAccount(signedIn.account);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#signingIn?.giveUp();
    await this.#signingIn?.done;
    await this.logOut();
  }

  protected get live(): LiveAccount | undefined {
    return this.#signedIn?.live ?? this.#opened;
  }

  protected get loggedIn(): LiveAccount | undefined | Promise<LiveAccount | undefined> {
    if (this.#signedIn !== undefined || this.#opened === undefined) return this.#signedIn?.live;
    return this.#onceSignedIn();
  }

  async #onceSignedIn(): Promise<LiveAccount | undefined> {
    await this.#signingIn?.done;
    return this.#signedIn?.live;
  }

  // ---- events

  subscribe(listener: (event: PeerEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  #emit(event: PeerEvent): void {
    if (event.kind === "tracker") this.#state = event.state;
    this.#events.emit(event);
  }

  #problem(problem: Problem): void {
    this.#problems.push(problem);
    if (this.#problems.length > PROBLEMS_KEPT_MAX) this.#problems.shift();
    this.#emit({ kind: "problem", problem });
  }

  // ---- what needs an account

  listPeers(
    page: { readonly query?: string; readonly after?: Username } = {},
  ): Promise<Outcome<{ readonly peers: readonly ListedPeer[]; readonly next: Username | null }>> {
    return this.ask((live) => live.withLine((line) => line.listPeers(page)));
  }

  listRooms(
    page: { readonly query?: string; readonly after?: RoomName } = {},
  ): Promise<Outcome<{ readonly rooms: readonly ListedRoom[]; readonly next: RoomName | null }>> {
    return this.ask((live) => live.withLine((line) => line.listRooms(page)));
  }

  createRoom(room: {
    readonly name: string;
    readonly kind?: RoomKind;
    readonly capacity?: number;
    readonly history?: RoomHistory;
  }): Promise<Outcome<Room>> {
    return this.ask((live) => live.rooms.create(room));
  }

  joinRoom(name: string): Promise<Outcome<Room>> {
    return this.ask((live) => live.rooms.join(name));
  }

  leaveRoom(id: RoomId): Promise<Outcome<RoomId>> {
    return this.ask((live) => live.rooms.leave(id));
  }

  deleteRoom(id: RoomId): Promise<Outcome<RoomId>> {
    return this.ask((live) => live.rooms.delete(id));
  }

  rooms(): readonly Room[] {
    return this.live?.rooms.all() ?? [];
  }

  room(id: RoomId): Room | undefined {
    return this.live?.rooms.one(id);
  }

  openPrivate(text: string): Promise<Outcome<{ readonly username: Username; readonly encrypted: boolean }>> {
    const name = decodeWith(username, text);
    if (!name.ok) return Promise.resolve(fail("peer_missing", name.fault.detail));
    return this.ask((live) => live.openPrivate(name.value));
  }

  leavePrivate(name: Username): void {
    this.#signedIn?.live.leavePrivate(name);
  }

  send(
    to: Conversation,
    content: string,
    { replyTo }: { readonly replyTo?: MessageReference["id"] } = {},
  ): Promise<Outcome<Message>> {
    return this.ask((live) => live.send(to, content, replyTo));
  }

  messages(of: Conversation): readonly Message[] {
    return this.live?.messages(of) ?? [];
  }

  decideKeyChange(name: Username, decision: "accept" | "block"): Promise<Outcome<Username>> {
    return this.ask((live) => live.decideKeyChange(name, decision));
  }

  keyChanges(): readonly KeyChange[] {
    return this.live?.keyChanges() ?? [];
  }

  #nowhere(): AddressReport {
    const { hideAddress = false } = this.#options;
    return { told: [], observed: null, mapping: { state: "off" }, hidden: hideAddress };
  }

  diagnostics(): Diagnostics {
    const { live, trackerKey = null } = this.#signedIn ?? {};
    const address = formatTrackerAddress(this.#trackers.current);
    return {
      tracker: { address, key: trackerKey, group: live?.group ?? null, state: this.#state },
      listening: live?.listening ?? null,
      addresses: live?.addresses() ?? this.#nowhere(),
      links: live?.links() ?? [],
      problems: [...this.#problems],
    };
  }
}

const NOT_LOGGED_IN: Fault = fault("login_required", "log in first");
