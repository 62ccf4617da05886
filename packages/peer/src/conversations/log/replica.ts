import type { Clock, KeyPair } from "@papo/link";
import {
  type AccountKey,
  type Chain,
  type DeviceHeads,
  type DeviceKey,
  ENTRIES_PER_STEP_MAX,
  ENTRY_HEADER_BYTES_MAX,
  type EntryId,
  type Outcome,
  type RoomId,
  type Sha256,
  type SyncRange,
  type WireEntry,
  succeed,
} from "@papo/protocol";
import { compareEntries } from "../../storage/history/entry-order.ts";
import type { History, HistoryChange, StoredEntry } from "../../storage/history/history.ts";
import { Acceptance } from "./acceptance.ts";
import { contentDigest, controlDigest, headsOf } from "./digests.ts";
import { contentOf } from "./entry-content.ts";
import { EntryServer, type Served } from "./entry-server.ts";
import { type FoundFork, ForkFinder } from "./fork-finder.ts";
import { type Branch, GrowingControl } from "./growing-control.ts";
import { controlChainOf } from "./held-chain.ts";
import { lackedRanges, servedRanges } from "./ranges.ts";
import { LogStep, type NewEntry } from "./log-step.ts";
import { type OpenedEntry, idOf, openEntry } from "./opened-entry.ts";
import { type PendingBudget, PendingEntries } from "./pending-entries.ts";
import { expiredBodies } from "./retention.ts";
import { RoomMemory, chainName } from "./room-memory.ts";
import type { Draft, ReadingRight, Received, RoomReplica } from "./room-replica.ts";
import type { RoomState } from "./room-state.ts";
import { readingRightOf } from "./reading-right.ts";
import { type WrittenDrafts, writeDrafts } from "./write-drafts.ts";
import { isSettled } from "./settled-fork.ts";
import { signRuns } from "./authoring.ts";

export type ReplicaPorts = {
  readonly history: History;
  readonly clock: Clock;
  readonly account: AccountKey;
  readonly device: KeyPair<DeviceKey>;
  /** Shared by all rooms of an account. */
  readonly budget: PendingBudget;
};

type Append = {
  readonly kind: "append";
  readonly drafts: readonly Draft[];
  readonly also: readonly HistoryChange[];
  readonly resolve: (outcome: Outcome<readonly StoredEntry[]>) => void;
};

type Receive = {
  readonly kind: "receive";
  readonly opened: readonly OpenedEntry[];
  readonly known: number;
  readonly refused: number;
  readonly resolve: (outcome: Outcome<Received>) => void;
};

type Operation = Append | Receive;

/** What one step came to. */
type Attempt = {
  readonly step: LogStep;
  readonly acceptance: Acceptance;
  readonly known: ReadonlyMap<Receive, number>;
  readonly written: ReadonlyMap<Append, WrittenDrafts>;
};

/** Opens what is durable of a room; nothing, when it is new here. */
export function openReplica(room: RoomId, ports: ReplicaPorts): RoomReplica {
  return new LogReplica(room, ports);
}

/**
 * Everything that is asked of a room in one turn of the event loop, and while the last commit is under way, becomes one step: one commit, and one signature for
 * each of our own chains. The next step begins when the commit has resolved, so each builds on what is durable, and one that fails leaves nothing.
 */
class LogReplica implements RoomReplica {
  readonly id: RoomId;
  readonly #ports: ReplicaPorts;
  readonly #memory: RoomMemory;
  readonly #control: GrowingControl;
  readonly #pending: PendingEntries;
  readonly #forks = new ForkFinder();
  readonly #server: EntryServer;
  readonly #queue: Operation[] = [];
  #state: RoomState;
  #branches: readonly Branch[];
  #isRunning = false;
  #digest: { readonly control: Sha256; readonly content: Sha256 } | undefined;
  #heads: readonly DeviceHeads[] | undefined;

  constructor(room: RoomId, ports: ReplicaPorts) {
    this.id = room;
    this.#ports = ports;
    this.#memory = new RoomMemory(room, ports.device.publicKey, ports.history);
    this.#control = new GrowingControl(room);
    this.#control.load(ports.history);
    this.#state = this.#control.state;
    this.#branches = this.#control.branches();
    this.#pending = new PendingEntries(ports.budget, (author) => this.#control.state.accountOf(author) !== undefined);
    this.#server = new EntryServer(this.#memory);
    this.#findControlForks();
  }

  get state(): RoomState {
    return this.#state;
  }

  append(drafts: readonly Draft[], also: readonly HistoryChange[] = []): Promise<Outcome<readonly StoredEntry[]>> {
    return new Promise((resolve) => this.#ask({ kind: "append", drafts, also, resolve }));
  }

  receive(entries: readonly WireEntry[]): Promise<Outcome<Received>> {
    const opened: OpenedEntry[] = [];
    let known = 0;
    for (const entry of entries) {
      const id = entry.header.length > ENTRY_HEADER_BYTES_MAX ? undefined : idOf(entry.header);
      const place = id === undefined ? undefined : this.#memory.known.get(id);
      if (place !== undefined && (place.hasBody || entry.body === null)) {
        known += 1;
        continue;
      }
      const read = openEntry(entry, id);
      if (read.ok && this.#mayBe(read.value)) opened.push(read.value);
    }
    const refused = entries.length - opened.length - known;
    return new Promise((resolve) => this.#ask({ kind: "receive", opened, known, refused, resolve }));
  }

  digest(): { readonly control: Sha256; readonly content: Sha256 } {
    this.#digest ??= {
      control: controlDigest(this.#state.heads),
      content: contentDigest(this.#memory.tipByName.values()),
    };
    return this.#digest;
  }

  heads(): readonly DeviceHeads[] {
    this.#heads ??= headsOf(this.#memory.tipByName.values(), this.#branches);
    return this.#heads;
  }

  head(device: DeviceKey, chain: Chain): number {
    return this.#memory.tipByName.get(chainName(device, chain))?.seq ?? 0;
  }

  lacks(theirs: readonly DeviceHeads[]): readonly SyncRange[] {
    return lackedRanges(theirs, {
      memory: this.#memory,
      state: this.#state,
      control: this.#control,
      pending: this.#pending,
      forks: this.#forks,
      base: baseOf(this.#state, this.#ports.account),
    });
  }

  serve(ranges: readonly SyncRange[], credit: number, reader: AccountKey): Served {
    const right = this.readingRight(reader);
    return this.#server.serve(servedRanges(ranges, right, this.#memory), credit);
  }

  readingRight(account: AccountKey): ReadingRight {
    return readingRightOf(this.#state, account);
  }

  membersAt(auth: readonly EntryId[]): ReadonlySet<AccountKey> {
    return this.#state.membersAt(auth);
  }

  forks(): readonly DeviceKey[] {
    return this.#forks.devices().filter((device) => this.#untold(device) !== undefined);
  }

  forkDraft(device: DeviceKey): Draft | undefined {
    const found = this.#untold(device);
    return found === undefined ? undefined : this.#draftOf(found);
  }

  /** A fork of which the room does not know enough yet. */
  #untold(device: DeviceKey): FoundFork | undefined {
    const found = this.#forks.found(device);
    return found === undefined || isSettled(this.#state, found) ? undefined : found;
  }

  async retire(limit: number): Promise<Outcome<number>> {
    const changes = expiredBodies(this.#memory, this.#state, this.#ports.clock.wallMs(), limit);
    if (changes.length === 0) return succeed(0);
    const done = await this.#ports.history.commit(changes);
    if (!done.ok) return done;
    this.#server.forget();
    const dropped = changes.filter(({ kind }) => kind === "drop-body").length;
    return succeed(dropped);
  }

  close(): void {
    this.#pending.clear();
  }

  /** Of which the last run did not come to tell the room. */
  #findControlForks(): void {
    if (this.#branches.length === 0) return;
    const step = new LogStep(this.#memory);
    for (const device of new Set(this.#branches.map((branch) => branch.device)))
      if (!this.#state.forked.has(device)) this.#forks.examineControl(device, controlChainOf(step, device));
  }

  #draftOf({ device, chain, common, branches }: FoundFork): Draft {
    const upTo = (kind: Chain): [number, EntryId] | null => {
      const tip = this.#memory.tipByName.get(chainName(device, kind));
      if (kind !== chain) return tip === undefined ? null : [tip.seq, tip.id];
      const line = this.#memory.history.entryAt(this.id, device, kind, common);
      return line === undefined ? null : [common, line.id];
    };
    const cut = { device, control: upTo("control"), content: upTo("content") };
    return { chain: "control", kind: "fork", body: { device, chain, branches, cut } };
  }

  #ask(operation: Operation): void {
    this.#queue.push(operation);
    if (this.#isRunning) return;
    this.#isRunning = true;
    // The rest of this turn may ask for more.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) await this.#perform(this.#takeOperations());
    this.#isRunning = false;
  }

  #takeOperations(): readonly Operation[] {
    let entries = 0;
    let count = 0;
    for (const operation of this.#queue) {
      entries += operation.kind === "receive" ? operation.opened.length : operation.drafts.length;
      if (count > 0 && entries > ENTRIES_PER_STEP_MAX) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #perform(operations: readonly Operation[]): Promise<void> {
    const attempt = this.#attempt(operations);
    const { step } = attempt;
    const own = [...step.newById.values()].filter(({ batch }) => batch === undefined);
    signRuns(own, this.#ports.device);
    const arrivedMs = this.#ports.clock.wallMs();
    const storedById = new Map<EntryId, StoredEntry>();
    const countsBytes = (this.#control.state.genesis?.quotaBytes ?? null) !== null;
    const toStored = (entry: NewEntry) => {
      const stored = this.#stored(entry, arrivedMs);
      storedById.set(stored.id, stored);
      return stored;
    };
    const changes = step.changes(toStored, countsBytes);
    const done: Outcome<void> = changes.length === 0 ? succeed(undefined) : await this.#ports.history.commit(changes);
    if (!done.ok) {
      // Nothing of it has happened: nor is a control entry of ours kept to wait for others.
      const hasControl = [...step.newById.values()].some(({ opened }) => opened.header.chain === "control");
      if (hasControl || this.#control.state !== this.#state) this.#control.load(this.#ports.history);
      for (const operation of operations) operation.resolve(done);
      return;
    }
    this.#apply(step);
    this.#answer(operations, attempt, storedById);
  }

  /** Does everything that was asked, in memory. What cannot be written is left out; where it left traces, all is done again without it. */
  #attempt(operations: readonly Operation[]): Attempt {
    const refused = new Map<Append, WrittenDrafts>();
    for (;;) {
      const step = new LogStep(this.#memory);
      const acceptance = this.#acceptanceOf(step);
      const known = new Map<Receive, number>();
      const touched = new Set<string>();
      for (const operation of operations) {
        if (operation.kind === "receive") known.set(operation, this.#file(operation, { step, acceptance, touched }));
      }
      acceptance.run(touched);
      const written = new Map<Append, WrittenDrafts>(refused);
      const author = { device: this.#ports.device, room: this.id, timeMs: this.#ports.clock.wallMs() };
      let isDirty = false;
      for (const operation of operations) {
        if (operation.kind === "receive" || refused.has(operation)) continue;
        const drafts = writeDrafts(author, operation.drafts, { step, acceptance, control: this.#control });
        written.set(operation, drafts);
        if (drafts.kind === "refused" && drafts.isDirty) {
          refused.set(operation, drafts);
          isDirty = true;
          break;
        }
        if (drafts.kind === "written") for (const change of operation.also) step.also(change);
      }
      if (!isDirty) {
        acceptance.settle();
        return { step, acceptance, known, written };
      }
      this.#control.load(this.#ports.history);
    }
  }

  #acceptanceOf(step: LogStep): Acceptance {
    return new Acceptance({
      step,
      control: this.#control,
      pending: this.#pending,
      forks: this.#forks,
      base: () => baseOf(this.#control.state, this.#ports.account),
      nowMs: this.#ports.clock.wallMs(),
    });
  }

  /** It says that it is of this room, whose id is its genesis'; and the bodies of control are never dropped. */
  #mayBe({ id, header, body }: OpenedEntry): boolean {
    const room: string = header.room ?? id;
    return room === this.id && (header.chain === "content" || body !== null);
  }

  /** Puts what came where it waits. Returns how much of it was here already. */
  #file(
    operation: Receive,
    into: { readonly step: LogStep; readonly acceptance: Acceptance; readonly touched: Set<string> },
  ): number {
    let known = 0;
    for (const opened of operation.opened) {
      if (this.#isHeld(opened, into)) known += 1;
      else if (this.#pending.add(opened, operation)) {
        into.touched.add(chainName(opened.header.author, opened.header.chain));
      }
    }
    return known;
  }

  #isHeld(
    opened: OpenedEntry,
    { step, acceptance }: { readonly step: LogStep; readonly acceptance: Acceptance },
  ): boolean {
    const { header, id, body } = opened;
    const isHeld =
      header.chain === "control"
        ? this.#control.holds(id)
        : header.seq <= this.head(header.author, "content") && step.idAt(header.author, "content", header.seq) === id;
    if (!isHeld) return false;
    if (body !== null && step.placeOf(id)?.hasBody === false && acceptance.wantsBody(opened)) {
      step.putBody(id, body, contentOf(header, body).text);
    }
    return true;
  }

  #stored(entry: NewEntry, arrivedMs: number): StoredEntry {
    const { opened, signature, body, effective, content } = entry;
    const { header, id, bytes } = opened;
    const { author, chain, seq, prev, kind } = header;
    const { target, shown } = content;
    const text = body === null ? null : content.text;
    const said = { kind, header: bytes, signature, body, target, text, shown };
    return { room: this.id, id, author, chain, seq, prev, effective, ...said, isVoid: false, arrivedMs };
  }

  #apply(step: LogStep): void {
    step.apply();
    if (this.#state !== this.#control.state) this.#branches = this.#control.branches();
    this.#state = this.#control.state;
    this.#digest = undefined;
    this.#heads = undefined;
    if (step.hasChangedHeld) this.#server.forget();
  }

  #answer(operations: readonly Operation[], attempt: Attempt, storedById: ReadonlyMap<EntryId, StoredEntry>): void {
    const { step, acceptance, known, written } = attempt;
    const receives = operations.filter((operation) => operation.kind === "receive");
    const [first] = receives;
    const brought = Map.groupBy(
      [...step.newById.values()].filter(({ batch }) => batch !== undefined),
      ({ batch }) => (known.has(batch as Receive) ? batch : first),
    );
    const refused = Map.groupBy(acceptance.refused, ({ batch }) => batch);
    const waiting = this.#pending.countByBatch();
    for (const operation of operations) {
      if (operation.kind === "append") {
        const drafts = written.get(operation);
        if (drafts?.kind === "refused") operation.resolve({ ok: false, fault: drafts.fault });
        else
          operation.resolve(succeed((drafts?.entries ?? []).flatMap(({ opened }) => storedById.get(opened.id) ?? [])));
        continue;
      }
      const entries = brought.get(operation) ?? [];
      operation.resolve(
        succeed({
          stored: entries.flatMap(({ opened }) => storedById.get(opened.id) ?? []).toSorted(compareEntries),
          pending: waiting.get(operation) ?? 0,
          refused: operation.refused + (refused.get(operation)?.length ?? 0),
          known: operation.known + (known.get(operation) ?? 0),
          forks: operation === first ? acceptance.forks : [],
          stateChanged: acceptance.hasChangedState,
        }),
      );
    }
  }
}

function baseOf(state: RoomState, account: AccountKey): ReadonlyMap<DeviceKey, number> {
  return state.memberByAccount.get(account)?.base ?? NO_BASE;
}

const NO_BASE: ReadonlyMap<DeviceKey, number> = new Map();
