import { type KeyPair, type SendResult, signText, systemClock, systemRandom } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type EntryBatch,
  type RoomId,
  SIGNATURE_CONTEXTS,
  type SyncSays,
  type WireEntry,
  decodeEntryBatch,
  encodeEntryBatch,
} from "@papo/protocol";
import { PendingBudget } from "../../packages/peer/src/conversations/log/pending-entries.ts";
import { openReplica } from "../../packages/peer/src/conversations/log/replica.ts";
import { createRoomLog } from "../../packages/peer/src/conversations/log/room-log.ts";
import type { Draft, RoomReplica } from "../../packages/peer/src/conversations/log/room-replica.ts";
import { RoomSync } from "../../packages/peer/src/conversations/sync/room-sync.ts";
import type { SyncLink } from "../../packages/peer/src/mesh/sync-link.ts";
import { MemoryHistory } from "../../packages/peer/src/storage/history/memory/memory-history.ts";
import { Person, joining, ticketFor, tracker } from "../../packages/peer/test/conversations/log/control-fixture.ts";
import { pause, settingsOfPart, tell } from "../measure/part.ts";
import { valueOf } from "./peer-opening.ts";

// All members of one room in one process, each with a log of its own in memory, real keys and signatures, and links that carry encoded bytes.

type Settings = {
  readonly members: number;
  readonly bursts: number;
  readonly atOnce: number;
  readonly everyMs: number;
};

const { members, bursts, atOnce, everyMs } = settingsOfPart<Settings>();

type Node = {
  readonly person: Person;
  readonly history: MemoryHistory;
  readonly replica: RoomReplica;
  readonly sync: RoomSync;
  /** Entries that came, once or more. */
  came: number;
};

/** One end of a link in memory. What is said arrives in a later turn. */
class BenchLink implements SyncLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly isOpen = true;
  readonly queuedBytes = 0;
  readonly #to: Node;
  other: BenchLink | undefined;

  constructor(to: Node) {
    this.#to = to;
    this.account = to.person.account;
    this.device = to.person.device().publicKey;
  }

  say(message: SyncSays): SendResult {
    const text = JSON.stringify(message);
    return this.#later((link) => this.#to.sync.heard(link, JSON.parse(text) as SyncSays));
  }

  sayEntries(batch: EntryBatch): SendResult {
    const bytes = bytesOf(batch);
    return this.#later((link) => {
      const decoded = valueOf(decodeEntryBatch(bytes));
      this.#to.came += decoded.entries.length;
      this.#to.sync.heardEntries(link, decoded);
    });
  }

  #later(arrive: (link: BenchLink) => void): SendResult {
    const { other } = this;
    if (other !== undefined) setImmediate(() => arrive(other));
    return "sent";
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  pauseReading(): void {}
  resumeReading(): void {}
}

/** As real links do it: one batch is encoded once for all. */
const encoded = new WeakMap<EntryBatch, Uint8Array>();

function bytesOf(batch: EntryBatch): Uint8Array {
  const bytes = encoded.get(batch) ?? encodeEntryBatch(batch);
  encoded.set(batch, bytes);
  return bytes;
}

const nodes = await makeRoom();
const [author] = nodes;
if (author === undefined) throw new Error("a room without members");
linkAll();
// What the links tell one another at first is over by then.
await pause(3_000);

const before = process.cpuUsage();
const cameBefore = nodes.reduce((sum, { came }) => sum + came, 0);
const times: number[] = [];
for (let burst = 0; burst < bursts; burst += 1) {
  const began = performance.now();
  const drafts = Array.from({ length: atOnce }, (): Draft => {
    return { chain: "content", kind: "message", body: { text: "papo ".repeat(20) } };
  });
  const written = valueOf(await author.replica.append(drafts));
  author.sync.appended(author.replica.id, written);
  const last = written.at(-1)?.seq ?? 0;
  const device = author.person.device().publicKey;
  while (nodes.some(({ replica }) => replica.head(device, "content") < last)) await new Promise(setImmediate);
  times.push(performance.now() - began);
  await pause(Math.max(0, everyMs - (performance.now() - began)));
}
const { user, system } = process.cpuUsage(before);
const deliveries = bursts * atOnce * (members - 1);
const came = nodes.reduce((sum, node) => sum + node.came, 0) - cameBefore;
times.sort((a, b) => a - b);
tell({ cpu: (user + system) / deliveries, copies: came / deliveries, reach: times[times.length >> 1] });
process.exit();

async function makeRoom(): Promise<readonly Node[]> {
  const people = Array.from({ length: members }, (_, index) => new Person(`member${index}`));
  const [owner] = people;
  if (owner === undefined) return [];
  const history = new MemoryHistory();
  const genesis = {
    ...{ name: "bench", room: "open", history: "all", capacity: 1_000, retentionDays: null, quotaBytes: null },
    ...{ features: [], tracker: tracker.publicKey, statement: owner.statement, binding: null },
  } as unknown as Parameters<typeof createRoomLog>[0];
  const founded = valueOf(await createRoomLog(genesis, portsOf(owner, history)));
  const made = [nodeOf(owner, history, founded)];
  for (const person of people.slice(1)) {
    const own = new MemoryHistory();
    const replica = openReplica(founded.id, portsOf(person, own));
    const join = { chain: "control", ...joining(person, { ticket: ticketFor(person, founded.id) }) } as Draft;
    valueOf(await replica.append([join]));
    made.push(nodeOf(person, own, replica));
  }
  const control = made.flatMap((node) => ownControl(node.history, founded.id, node.person.device()));
  for (const { replica } of made) valueOf(await replica.receive(control));
  return made;
}

function portsOf(person: Person, history: MemoryHistory) {
  const { account } = person;
  return { history, clock: systemClock, account, device: person.device(), budget: new PendingBudget() };
}

function nodeOf(person: Person, history: MemoryHistory, replica: RoomReplica): Node {
  const device = person.device();
  const sync = new RoomSync({
    ...{ clock: systemClock, random: systemRandom },
    self: { account: person.account, device: device.publicKey },
    replica: (id) => (id === replica.id ? replica : undefined),
    rooms: () => [replica.id],
    isExpected: () => false,
    ownControl: () => ownControl(history, replica.id, device),
    signReceipt: (receipt) => signText(device, SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
    receipts: (id) => history.receipts(id),
    keepReceipt: (receipt) => history.commit([{ kind: "put-receipt", receipt }]),
    readUpTo: () => null,
    receiver: { received: () => undefined, progress: () => undefined, delivery: () => undefined },
  });
  return { person, history, replica, sync, came: 0 };
}

function ownControl(history: MemoryHistory, room: RoomId, { publicKey }: KeyPair<DeviceKey>): readonly WireEntry[] {
  return history
    .range(room, publicKey, "control", 1, 8)
    .map(({ header, signature, body }) => ({ header, signature, body }));
}

/** Everybody with everybody, or in a large room with the neighbours that each chooses. */
function linkAll(): void {
  const devices = nodes.map(({ person }) => person.device().publicKey);
  const linked = new Set<string>();
  nodes.forEach((node, at) => {
    const wanted = node.sync.neighbours(node.replica.id, devices);
    nodes.forEach((far, farAt) => {
      const name = [at, farAt].toSorted((a, b) => a - b).join(" ");
      const isWanted = wanted?.has(far.person.device().publicKey) ?? true;
      if (node === far || linked.has(name) || !isWanted) return;
      linked.add(name);
      link(node, far);
    });
  });
}

function link(one: Node, other: Node): void {
  const there = new BenchLink(other);
  const back = new BenchLink(one);
  there.other = back;
  back.other = there;
  one.sync.linkOpened(there);
  other.sync.linkOpened(back);
}
