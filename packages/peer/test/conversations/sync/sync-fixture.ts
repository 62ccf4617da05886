import { createHash } from "node:crypto";
import type { SendResult } from "@papo/link";
import { VirtualClock, seededRandom } from "@papo/link/memory";
import {
  type AccountKey,
  type Chain,
  type DeviceHeads,
  type DeviceKey,
  type EntryBatch,
  type EntryId,
  type GenesisBody,
  type Outcome,
  type Receipt,
  type RoomId,
  type Sha256,
  type SignedText,
  type SyncRange,
  type SyncSays,
  type WireEntry,
  decodeEntryBatch,
  decodePeer,
  encodeEntryBatch,
  fail,
  SIGNATURE_CONTEXTS,
  succeed,
} from "@papo/protocol";
import { createDeviceKey, type KeyPair, signText } from "@papo/link";
import type { SyncLink } from "../../../src/mesh/sync-link.ts";
import type { Draft, ReadingRight, Received, RoomReplica } from "../../../src/conversations/log/room-replica.ts";
import type { LogMember, RoomState, Span } from "../../../src/conversations/log/room-state.ts";
import { RoomSync } from "../../../src/conversations/sync/room-sync.ts";
import type { StoredEntry, StoredReceipt } from "../../../src/storage/history/history.ts";

/** 32 bytes that belong to a name, as text: any key or id. */
export function idOf<T extends string>(name: string): T {
  return createHash("sha256").update(name).digest("base64url") as T;
}

/** What a header of the fake says. `about`: the account of a join or a remove; `unsigned`: a later one vouches for it. */
type FakeHeader = {
  readonly author: DeviceKey;
  readonly chain: Chain;
  readonly seq: number;
  readonly lamport: number;
  readonly kind: string;
  readonly about?: AccountKey;
  readonly text?: string;
};

const SIGNATURE = new Uint8Array(64);
const NOTHING_STORED = { pending: 0, refused: 0, known: 0, forks: [], stateChanged: false };

function headerBytes(header: FakeHeader): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(header));
}

function headerOf({ header }: { readonly header: Uint8Array }): FakeHeader {
  return JSON.parse(new TextDecoder().decode(header)) as FakeHeader;
}

/**
 * A room's log over plain arrays, with the rules that matter here and no cryptography: who joined and was not removed is a member; entries count without
 * gaps and, in the content chain, of members' devices; each device's account is the one of its join.
 */
export class FakeReplica implements RoomReplica {
  readonly id: RoomId;
  /** Milliseconds until something is durable. */
  commitMs = 2;
  isDiskFull = false;
  commits = 0;
  readonly #clock: VirtualClock;
  readonly #device: DeviceKey;
  readonly #account: AccountKey;
  readonly #chains = new Map<string, StoredEntry[]>();
  readonly #pending = new Map<string, StoredEntry>();
  /** Content up to which an account's history does not reach. */
  readonly baseByAccount = new Map<AccountKey, ReadonlyMap<DeviceKey, number>>();
  lamport = 0;
  #state: RoomState | undefined;
  #heads: readonly DeviceHeads[] | undefined;
  #digest: { readonly control: Sha256; readonly content: Sha256 } | undefined;

  constructor(clock: VirtualClock, id: RoomId, self: { readonly account: AccountKey; readonly device: DeviceKey }) {
    this.#clock = clock;
    this.id = id;
    this.#device = self.device;
    this.#account = self.account;
  }

  // ---- state

  get #control(): readonly StoredEntry[] {
    const all = [...this.#chains].filter(([name]) => name.endsWith("control")).flatMap(([, entries]) => entries);
    return all.toSorted((a, b) => a.effective - b.effective);
  }

  get state(): RoomState {
    this.#state ??= this.#evaluate();
    return this.#state;
  }

  #evaluate(): RoomState {
    const accountByDevice = new Map<DeviceKey, AccountKey>();
    const members = new Map<AccountKey, LogMember>();
    const former: RoomState["formerByAccount"] = new Map();
    let genesis: GenesisBody | undefined;
    for (const entry of this.#control) {
      const { kind, about, author } = headerOf(entry);
      if (kind === "genesis") genesis = {} as GenesisBody;
      if ((kind === "genesis" || kind === "join") && about !== undefined) {
        accountByDevice.set(author, about);
        const devices = [...(members.get(about)?.devices ?? []), author];
        members.set(about, { account: about, devices, base: new Map() } as unknown as LogMember);
      }
      if (kind === "remove" && about !== undefined && members.delete(about)) {
        (former as Map<AccountKey, { by: EntryId; kind: "removed"; barred: boolean }>).set(about, {
          ...{ by: entry.id, kind: "removed", barred: true },
        });
      }
    }
    return {
      ...{ id: this.id, genesis, topic: "", closed: false, readOnly: false, heads: [] },
      ...{ memberByAccount: members, formerByAccount: former, forked: new Set(), voidIds: new Set() },
      accountOf: (device: DeviceKey) => accountByDevice.get(device),
      spans: (): readonly Span[] => [[1, Number.POSITIVE_INFINITY]],
      membersAt: () => new Set(members.keys()),
    } satisfies Record<string, unknown> as unknown as RoomState;
  }

  readingRight(account: AccountKey): ReadingRight {
    const { memberByAccount, formerByAccount, genesis } = this.state;
    if (genesis === undefined) return { kind: "none" };
    const removal = formerByAccount.get(account);
    if (removal !== undefined) return { kind: "until", removal: removal.by };
    if (!memberByAccount.has(account)) return { kind: "none" };
    return { kind: "from", base: this.baseByAccount.get(account) ?? new Map() };
  }

  membersAt(): ReadonlySet<AccountKey> {
    return new Set(this.state.memberByAccount.keys());
  }

  // ---- entries

  entries(device: DeviceKey, chain: Chain): readonly StoredEntry[] {
    return this.#chains.get(`${device} ${chain}`) ?? [];
  }

  head(device: DeviceKey, chain: Chain): number {
    const held = this.entries(device, chain);
    const base = chain === "content" ? (this.baseByAccount.get(this.#account)?.get(device) ?? 0) : 0;
    return held.at(-1)?.seq ?? base;
  }

  get texts(): readonly string[] {
    const all = [...this.#chains].filter(([name]) => name.endsWith("content")).flatMap(([, entries]) => entries);
    const order = all.toSorted((a, b) => a.effective - b.effective || (a.author < b.author ? -1 : 1));
    return order.map((entry) => headerOf(entry).text ?? "");
  }

  async append(_drafts: readonly Draft[]): Promise<Outcome<readonly StoredEntry[]>> {
    return fail("unsupported", "use write");
  }

  forks(): readonly DeviceKey[] {
    return [];
  }

  forkDraft(): undefined {
    return undefined;
  }

  retire(): Promise<Outcome<number>> {
    return Promise.resolve(succeed(0));
  }

  close(): void {}

  /** An entry of this device, at once durable. */
  write(chain: Chain, kind: string, how: { readonly about?: AccountKey; readonly text?: string } = {}): StoredEntry {
    const seq = this.head(this.#device, chain) + 1;
    const entry = fakeEntry(this.id, { ...how, author: this.#device, chain, seq, lamport: ++this.lamport, kind });
    this.#put(entry);
    return entry;
  }

  /** Puts an entry of another device there without a link. */
  seed(entry: StoredEntry): void {
    this.#put(entry);
  }

  async receive(entries: readonly WireEntry[]): Promise<Outcome<Received>> {
    await new Promise<void>((resolve) => this.#clock.after(this.commitMs, resolve));
    if (this.isDiskFull) return fail("storage_failed", "disk full");
    this.commits += 1;
    let known = 0;
    let refused = 0;
    for (const wire of entries) {
      const entry = fakeEntry(this.id, headerOf(wire));
      if (entry.seq <= this.head(entry.author, entry.chain)) known += 1;
      else if (this.#isRefused(entry)) refused += 1;
      else this.#pending.set(`${entry.author} ${entry.chain} ${entry.seq}`, entry);
    }
    const stored = this.#takeReady();
    const stateChanged = stored.some(({ chain }) => chain === "control");
    return succeed({ ...NOTHING_STORED, stored, known, refused, stateChanged, pending: this.#pending.size });
  }

  #isRefused(entry: StoredEntry): boolean {
    const { state } = this;
    const account = state.accountOf(entry.author);
    return account !== undefined && state.formerByAccount.has(account);
  }

  #takeReady(): StoredEntry[] {
    const stored: StoredEntry[] = [];
    let before = -1;
    while (stored.length > before) {
      before = stored.length;
      for (const [key, entry] of this.#pending) {
        const isMember = entry.chain === "control" || this.state.accountOf(entry.author) !== undefined;
        if (!isMember || entry.seq !== this.head(entry.author, entry.chain) + 1) continue;
        this.#pending.delete(key);
        this.#put(entry);
        stored.push(entry);
      }
    }
    return stored;
  }

  #put(entry: StoredEntry): void {
    const name = `${entry.author} ${entry.chain}`;
    const chain = this.#chains.get(name);
    if (chain === undefined) this.#chains.set(name, [entry]);
    else chain.push(entry);
    if (entry.chain === "control") this.#state = undefined;
    this.#heads = undefined;
    this.#digest = undefined;
    this.lamport = Math.max(this.lamport, entry.effective);
  }

  // ---- sync

  digest(): { readonly control: Sha256; readonly content: Sha256 } {
    const of = (chain: Chain): Sha256 => {
      const heads = this.heads().map(({ device, [chain]: head }) => `${device} ${head?.[0] ?? 0}`);
      return idOf(heads.join("\n"));
    };
    this.#digest ??= { control: of("control"), content: of("content") };
    return this.#digest;
  }

  heads(): readonly DeviceHeads[] {
    this.#heads ??= this.#newHeads();
    return this.#heads;
  }

  #newHeads(): readonly DeviceHeads[] {
    const devices = [...new Set([...this.#chains.keys()].map((name) => name.slice(0, 43) as DeviceKey))];
    const last = (device: DeviceKey, chain: Chain): [number, EntryId] | null => {
      const entry = this.entries(device, chain).at(-1);
      return entry === undefined ? null : [entry.seq, entry.id];
    };
    const heads = devices.map((device) => {
      return { device, control: last(device, "control"), content: last(device, "content") };
    });
    return heads.toSorted((a, b) => (a.device < b.device ? -1 : 1));
  }

  lacks(theirs: readonly DeviceHeads[]): readonly SyncRange[] {
    const { state } = this;
    const base = this.baseByAccount.get(this.#account);
    const lacking = (chain: Chain): SyncRange[] =>
      theirs.flatMap(({ device, [chain]: head }) => {
        if (chain === "content" && state.accountOf(device) === undefined) return [];
        const from = Math.max(this.head(device, chain), chain === "content" ? (base?.get(device) ?? 0) : 0) + 1;
        const to = head?.[0] ?? 0;
        return from > to ? [] : [{ device, chain, from, to }];
      });
    return [...lacking("control"), ...lacking("content")];
  }

  serve(ranges: readonly SyncRange[], credit: number, reader: AccountKey): ReturnType<RoomReplica["serve"]> {
    const right = this.readingRight(reader);
    if (right.kind === "none") return { entries: [], more: false };
    const removal = right.kind === "until" ? this.#control.find(({ id }) => id === right.removal) : undefined;
    const wanted = ranges.flatMap(({ device, chain, from, to }) => {
      const until = Math.min(to, this.head(device, chain));
      return this.entries(device, chain).filter(({ seq, effective }) => {
        if (removal !== undefined && (chain === "content" || effective > removal.effective)) return false;
        const base = right.kind === "from" && chain === "content" ? (right.base.get(device) ?? 0) : 0;
        return seq >= from && seq <= until && seq > base;
      });
    });
    const ordered = wanted.toSorted(
      (a, b) => Number(a.chain === "content") - Number(b.chain === "content") || a.effective - b.effective,
    );
    let bytes = 0;
    const fitting = ordered.filter((entry) => (bytes += entry.header.length + 100) <= credit || entry === ordered[0]);
    return { entries: fitting, more: fitting.length < ordered.length };
  }
}

function fakeEntry(room: RoomId, header: FakeHeader): StoredEntry {
  const { author, chain, seq, lamport, kind } = header;
  const bytes = headerBytes(header);
  const id = createHash("sha256").update(bytes).digest("base64url") as EntryId;
  const rest = { prev: null, target: null, text: null, shown: true, isVoid: false, arrivedMs: 0, body: null };
  return {
    ...{ room, id, author, chain, seq, kind, header: bytes, effective: lamport, signature: SIGNATURE },
    ...rest,
  };
}

/** One end of a link on virtual time. What is said is encoded and decoded on its way, as on a real one. */
export class FakeLink implements SyncLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  far: FakeLink | undefined;
  receiver: ((heard: SyncSays | EntryBatch) => void) | undefined;
  isOpen = true;
  /** Bytes said and not yet on their way: none unless a test holds them back. */
  queuedBytes = 0;
  isPaused = false;
  /** Whether what is said gets lost. */
  drops: (said: SyncSays | EntryBatch) => boolean = () => false;
  /** One way. */
  delayMs = 1;
  readonly said: SyncSays[] = [];
  readonly batches: EntryBatch[] = [];
  #inbox: (SyncSays | EntryBatch)[] = [];
  #waiting: (() => void)[] = [];
  readonly #clock: VirtualClock;

  /** `far`: who is at the other end. */
  constructor(clock: VirtualClock, far: { readonly account: AccountKey; readonly device: DeviceKey }) {
    this.#clock = clock;
    this.account = far.account;
    this.device = far.device;
  }

  say(message: SyncSays): SendResult {
    if (!this.isOpen) return "closed";
    this.said.push(message);
    const decoded = decodePeer(new TextEncoder().encode(JSON.stringify(message)));
    if (!decoded.ok) throw new Error(`${message.cmd}: ${decoded.fault.detail}`);
    this.#send(message);
    return "sent";
  }

  sayEntries(batch: EntryBatch): SendResult {
    if (!this.isOpen) return "closed";
    this.batches.push(batch);
    const decoded = decodeEntryBatch(encodeEntryBatch(batch));
    if (!decoded.ok) throw new Error(decoded.fault.detail);
    this.#send(decoded.value);
    return "sent";
  }

  drained(): Promise<void> {
    if (this.queuedBytes === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  hold(bytes: number): void {
    this.queuedBytes = bytes;
    if (bytes > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  pauseReading(): void {
    this.isPaused = true;
  }

  resumeReading(): void {
    this.isPaused = false;
    this.#read();
  }

  close(): void {
    this.isOpen = false;
    this.hold(0);
  }

  /** Bytes of entries that were sent. */
  get entryBytes(): number {
    return this.batches.reduce((sum, batch) => sum + encodeEntryBatch(batch).length, 0);
  }

  get entryCount(): number {
    return this.batches.reduce((sum, { entries }) => sum + entries.length, 0);
  }

  #send(said: SyncSays | EntryBatch): void {
    const { far } = this;
    if (far === undefined || this.drops(said)) return;
    this.#clock.after(this.delayMs, () => {
      if (!far.isOpen) return;
      far.#inbox.push(said);
      far.#read();
    });
  }

  #read(): void {
    while (!this.isPaused && this.isOpen && this.#inbox.length > 0) {
      const said = this.#inbox.shift();
      if (said !== undefined) this.receiver?.(said);
    }
  }
}

/** One device with its rooms. */
export class Node {
  readonly name: string;
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly keys: KeyPair<DeviceKey>;
  readonly sync: RoomSync;
  readonly replicas = new Map<RoomId, FakeReplica>();
  readonly links = new Map<Node, FakeLink>();
  readonly received: Received[] = [];
  readonly missing: number[] = [];
  readonly delivered: DeviceKey[] = [];
  readonly receipts: StoredReceipt[] = [];
  expected: (account: AccountKey) => boolean = () => false;
  readUpTo: readonly (readonly [DeviceKey, number])[] | null = null;
  readonly #world: SyncWorld;

  constructor(world: SyncWorld, name: string) {
    this.#world = world;
    this.name = name;
    this.account = idOf(`account ${name}`);
    this.keys = createDeviceKey();
    this.device = this.keys.publicKey;
    this.sync = this.start();
  }

  start(): RoomSync {
    const { clock, random } = this.#world;
    return new RoomSync({
      ...{ clock, random, self: { account: this.account, device: this.device } },
      replica: (room) => this.replicas.get(room),
      rooms: () => [...this.replicas.keys()],
      isExpected: (_room, account) => this.expected(account),
      ownControl: (room) => this.replicas.get(room)?.entries(this.device, "control") ?? [],
      signReceipt: (receipt: Receipt): SignedText =>
        signText(this.keys, SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
      receipts: (room) => this.receipts.filter((kept) => kept.room === room),
      keepReceipt: async (receipt) => {
        this.receipts.push(receipt);
        return succeed(undefined);
      },
      readUpTo: () => this.readUpTo,
      receiver: {
        received: (_room, received) => this.received.push(received),
        progress: (_room, missing) => this.missing.push(missing),
        delivery: (_room, author) => this.delivered.push(author),
      },
    });
  }

  open(room: RoomId): FakeReplica {
    const replica = new FakeReplica(this.#world.clock, room, this);
    this.replicas.set(room, replica);
    this.sync.roomOpened(room);
    return replica;
  }

  in(room: RoomId): FakeReplica {
    const replica = this.replicas.get(room);
    if (replica === undefined) throw new Error("not in that room");
    return replica;
  }

  say(room: RoomId, ...texts: readonly string[]): void {
    const entries = texts.map((text) => this.in(room).write("content", "message", { text }));
    this.sync.appended(room, entries);
  }

  link(to: Node): FakeLink {
    const link = this.links.get(to);
    if (link === undefined) throw new Error("not linked");
    return link;
  }

  storedBy(room: RoomId, seq: number): readonly string[] {
    return this.#world.names(this.sync.storedBy(room, this.device, seq));
  }
}

/** Devices, links and time. */
export class SyncWorld {
  readonly clock = new VirtualClock();
  readonly random;
  readonly nodes: Node[] = [];

  constructor(seed = 1) {
    this.random = seededRandom(seed);
  }

  node(name: string): Node {
    const node = new Node(this, name);
    this.nodes.push(node);
    return node;
  }

  names(accounts: ReadonlySet<AccountKey>): readonly string[] {
    return this.nodes
      .filter(({ account }) => accounts.has(account))
      .map(({ name }) => name)
      .toSorted();
  }

  link(a: Node, b: Node): void {
    const here = new FakeLink(this.clock, b);
    const there = new FakeLink(this.clock, a);
    here.far = there;
    there.far = here;
    this.#attach(a, b, here);
    this.#attach(b, a, there);
    a.sync.linkOpened(here);
    b.sync.linkOpened(there);
  }

  #attach(node: Node, far: Node, link: FakeLink): void {
    node.links.set(far, link);
    link.receiver = (heard) => {
      if ("cmd" in heard) node.sync.heard(link, heard);
      else node.sync.heardEntries(link, heard);
    };
  }

  cut(a: Node, b: Node): void {
    for (const [node, far] of [
      [a, b],
      [b, a],
    ] as const) {
      const link = node.link(far);
      node.links.delete(far);
      link.close();
      node.sync.linkClosed(link);
    }
  }

  /** A room of all of these, each with the same control set. */
  room(name: string, nodes: readonly Node[]): RoomId {
    const id: RoomId = idOf(`room ${name}`);
    const [owner] = nodes;
    for (const node of nodes) {
      const replica = new FakeReplica(this.clock, id, node);
      node.replicas.set(id, replica);
    }
    for (const node of nodes) {
      const replica = node.in(id);
      const entry = replica.write("control", node === owner ? "genesis" : "join", { about: node.account });
      for (const other of nodes) if (other !== node) other.in(id).seed(entry);
    }
    return id;
  }

  async run(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }
}
