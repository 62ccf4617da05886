import { type KeyPair, signText } from "@papo/link";
import {
  type AccountKey,
  type Chain,
  type DeviceKey,
  type EntryId,
  type Outcome,
  PENDING_BYTES_MAX,
  type RoomId,
  SIGNATURE_CONTEXTS,
  type WireEntry,
  fail,
} from "@papo/protocol";
import { ForkTelling } from "../../src/conversations/kept/fork-telling.ts";
import { PendingBudget } from "../../src/conversations/log/pending-entries.ts";
import { openReplica } from "../../src/conversations/log/replica.ts";
import type { Draft, Received, RoomReplica } from "../../src/conversations/log/room-replica.ts";
import { RoomSync } from "../../src/conversations/sync/room-sync.ts";
import type { HistoryChange, StoredEntry } from "../../src/storage/history/history.ts";
import { MemoryHistory } from "../../src/storage/history/memory/memory-history.ts";
import { type Person, joining, ticketFor } from "../conversations/log/control-fixture.ts";
import { ProcessClock } from "./process-clock.ts";
import type { Said, SimLink } from "./sim-link.ts";
import type { World } from "./world.ts";

/** One device: what is on its disk, and the process that runs on it, if any. The engine is the real one. */
export class SimNode {
  readonly world: World;
  readonly name: string;
  readonly person: Person;
  readonly at: number;
  readonly links = new Map<SimNode, SimLink[]>();
  readonly room: RoomId;
  history: MemoryHistory;
  replica: RoomReplica | undefined;
  sync: RoomSync | undefined;
  /** It has heard of the room: it opens it at each start. */
  knowsRoom = false;
  isDiskFull = false;
  skewMs = 0;
  /** Ends at this many commits from now, with that many of those that wait kept. */
  crashIn: { commits: number; readonly kept: number } | undefined;
  #process: ProcessClock;
  #budget = new PendingBudget();
  #joinAsked = false;
  #forks: ForkTelling | undefined;

  constructor(
    world: World,
    who: { readonly name: string; readonly person: Person; readonly at: number },
    disk: { readonly room: RoomId; readonly commits: readonly (readonly HistoryChange[])[] },
  ) {
    this.world = world;
    this.name = who.name;
    this.person = who.person;
    this.at = who.at;
    this.room = disk.room;
    this.knowsRoom = disk.commits.length > 0;
    this.#process = new ProcessClock(world.clock, 0);
    this.history = new MemoryHistory(this.#diskOptions(), disk.commits);
  }

  get account(): AccountKey {
    return this.person.account;
  }

  get keys(): KeyPair<DeviceKey> {
    return this.person.device(this.at);
  }

  get device(): DeviceKey {
    return this.keys.publicKey;
  }

  get isUp(): boolean {
    return this.sync !== undefined;
  }

  get isMember(): boolean {
    const member = this.replica?.state.memberByAccount.get(this.account);
    return member?.devices.includes(this.device) === true;
  }

  baseOf(device: DeviceKey, chain: Chain): number {
    if (chain === "control") return 0;
    return this.replica?.state.memberByAccount.get(this.account)?.base.get(device) ?? 0;
  }

  // ---- life

  start(): void {
    if (this.isUp) return;
    this.#process = new ProcessClock(this.world.clock, this.skewMs);
    this.#budget = new PendingBudget();
    this.#joinAsked = false;
    this.sync = this.#newSync();
    if (this.knowsRoom) this.#open();
  }

  /** The process ends; of the commits that waited for the disk the first `kept` are on it. */
  crash(kept = 0): void {
    if (!this.isUp) return;
    this.#process.end();
    for (const far of [...this.links.keys()]) this.world.cut(this, far);
    this.sync?.close();
    this.#forks?.stop();
    this.#forks = undefined;
    this.replica?.close();
    this.sync = undefined;
    this.replica = undefined;
    this.history = this.history.crash(kept, this.#diskOptions());
  }

  /** Hears of the room: asks for it, with a ticket where that lets one in. */
  enter(): void {
    this.knowsRoom = true;
    if (this.isUp && this.replica === undefined) this.#open();
  }

  #open(): void {
    const { clock, history } = { clock: this.#process, history: this.history };
    const ports = { history, clock, account: this.account, device: this.keys, budget: this.#budget };
    this.replica = openReplica(this.room, ports);
    this.sync?.roomOpened(this.room);
    this.#begin();
    this.#forks = this.#newForkTelling();
    this.#forks.look();
  }

  #newForkTelling(): ForkTelling {
    return new ForkTelling({
      ...{ clock: this.#process, random: this.world.random },
      forks: () => this.replica?.forks() ?? [],
      draft: (device) => (this.isMember && device !== this.device ? this.replica?.forkDraft(device) : undefined),
      write: (draft) => this.#append([draft]),
      memberCount: () => this.replica?.state.memberByAccount.size ?? 1,
    });
  }

  #diskOptions() {
    return {
      sync: (flush: () => void) => {
        const delayMs = 1 + this.world.random.fraction() * 8;
        this.#process.after(delayMs, () => this.#flush(flush));
      },
      fails: () => this.isDiskFull,
    };
  }

  #flush(flush: () => void): void {
    const { crashIn } = this;
    if (crashIn !== undefined) {
      crashIn.commits -= 1;
      if (crashIn.commits < 0) {
        this.crashIn = undefined;
        return this.crash(crashIn.kept);
      }
    }
    flush();
  }

  #newSync(): RoomSync {
    const { clock, random } = { clock: this.#process, random: this.world.random };
    return new RoomSync({
      ...{ clock, random, self: { account: this.account, device: this.device } },
      replica: (id) => (id === this.room ? this.replica : undefined),
      rooms: () => (this.replica === undefined ? [] : [this.room]),
      isExpected: (_room, account) => this.world.isListed(account),
      ownControl: () => this.#ownControl(),
      signReceipt: (receipt) => signText(this.keys, SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
      receipts: (id) => this.history.receipts(id),
      keepReceipt: (receipt) => this.history.commit([{ kind: "put-receipt", receipt }]),
      readUpTo: () => null,
      receiver: {
        received: (_room, received) => this.#received(received),
        progress: () => {},
        delivery: () => {},
      },
    });
  }

  #ownControl(): readonly WireEntry[] {
    const entries = this.history.range(this.room, this.device, "control", 1, 64);
    return entries.map(({ header, signature, body }) => ({ header, signature, body }));
  }

  // ---- what it does

  heard(link: SimLink, said: Said): void {
    if ("cmd" in said) this.sync?.heard(link, said);
    else this.sync?.heardEntries(link, said);
  }

  #received({ stateChanged }: Received): void {
    if (stateChanged) this.#begin();
    this.#forks?.look();
    if (this.#budget.bytes > PENDING_BYTES_MAX) this.world.witness.say("I11: more waits than may");
  }

  /** Our device begins to write: where somebody has let our account in, or with a ticket. */
  #begin(): void {
    const { replica } = this;
    if (replica === undefined || this.#joinAsked) return;
    const { state } = replica;
    const isLetIn = state.memberByAccount.has(this.account) && !this.isMember;
    const mayAsk =
      this.world.kind === "open" && state.genesis === undefined && replica.head(this.device, "control") === 0;
    if (!isLetIn && !mayAsk) return;
    this.#joinAsked = true;
    const ticket = this.world.kind === "open" ? ticketFor(this.person, this.room) : null;
    const content = Math.max(replica.head(this.device, "content"), this.#highestOwn()) + 1;
    const asked = this.write({ chain: "control", ...joining(this.person, { ticket, content }) });
    void asked.then(() => (this.#joinAsked = false));
  }

  /** With a ticket a former member comes back by itself. */
  async rejoin(): Promise<void> {
    if (this.world.kind !== "open" || this.replica === undefined || this.isMember) return;
    const ticket = ticketFor(this.person, this.room);
    await this.write({
      chain: "control",
      ...joining(this.person, { ticket, content: this.#highestOwn() + 1 }),
    });
  }

  #highestOwn(): number {
    let highest = 0;
    while (this.history.entryAt(this.room, this.device, "content", highest + 1) !== undefined) highest += 1;
    return highest;
  }

  async write(...drafts: readonly Draft[]): Promise<readonly StoredEntry[]> {
    const written = await this.#append(drafts);
    return written.ok ? written.value : [];
  }

  async #append(drafts: readonly Draft[]): Promise<Outcome<readonly StoredEntry[]>> {
    const { replica, sync } = this;
    if (replica === undefined) return fail("not_member", "no room");
    const written = await replica.append(drafts);
    if (!written.ok || this.sync !== sync) return written;
    for (const { id } of written.value) this.world.witness.made(id, this);
    sync?.appended(this.room, written.value);
    this.#forks?.look();
    return written;
  }

  say(text: string, count = 1): void {
    for (let at = 0; at < count; at += 1) {
      void this.write({ chain: "content", kind: "message", body: { text: `${text}.${at}` } });
    }
  }

  /** Lines as the room shows them, oldest first. */
  lines() {
    return this.history.lines(this.room, { limit: 200 }).toReversed();
  }

  entry(id: EntryId) {
    return this.history.entry(this.room, id);
  }
}
