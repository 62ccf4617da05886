// Goal: the sync and the log fit together: people are let in, talk, miss things, are removed, forge, and those who belong there have the same and see the same.
// Method: real logs over histories in memory, real signatures; links on virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signText } from "@papo/link";
import { VirtualClock, seededRandom } from "@papo/link/memory";
import { type EntryId, type GenesisBody, type RoomId, SIGNATURE_CONTEXTS, SYNC_CREDIT_BYTES } from "@papo/protocol";
import { cutsOf } from "../../../src/conversations/kept/log-cuts.ts";
import { PendingBudget } from "../../../src/conversations/log/pending-entries.ts";
import { createRoomLog } from "../../../src/conversations/log/room-log.ts";
import { openReplica } from "../../../src/conversations/log/replica.ts";
import type { Draft, RoomReplica } from "../../../src/conversations/log/room-replica.ts";
import { RoomSync } from "../../../src/conversations/sync/room-sync.ts";
import { MemoryHistory } from "../../../src/storage/history/memory/memory-history.ts";
import { Person, admitting, joining, ticketFor, tracker, value } from "../log/control-fixture.ts";
import { FakeLink } from "./sync-fixture.ts";

type Terms = Partial<GenesisBody>;

/** One device of a person, with its own history and a sync that drives one room. */
class Device {
  readonly person: Person;
  readonly history: MemoryHistory;
  readonly replica: RoomReplica;
  readonly sync: RoomSync;
  readonly linkByPerson = new Map<Person, FakeLink>();
  readonly missing: number[] = [];
  expected: readonly Person[] = [];

  constructor(world: World, person: Person, held: { readonly history: MemoryHistory; readonly replica: RoomReplica }) {
    this.person = person;
    this.history = held.history;
    this.replica = held.replica;
    const self = { account: person.account, device: person.device().publicKey };
    const { id } = this.replica;
    this.sync = new RoomSync({
      ...{ clock: world.clock, random: world.random, self },
      replica: (room) => (room === id ? this.replica : undefined),
      rooms: () => [id],
      isExpected: (_room, account) => this.expected.some((other) => other.account === account),
      ownControl: () => this.history.range(id, self.device, "control", 1, 64),
      signReceipt: (receipt) => signText(person.device(), SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
      receipts: () => this.history.receipts(id),
      keepReceipt: (receipt) => this.history.commit([{ kind: "put-receipt", receipt }]),
      readUpTo: () => null,
      receiver: { received: () => {}, progress: (_room, missing) => this.missing.push(missing), delivery: () => {} },
    });
  }

  async write(...drafts: readonly Draft[]): Promise<void> {
    this.sync.appended(this.replica.id, value(await this.replica.append(drafts)));
  }

  say(...texts: readonly string[]): Promise<void> {
    return this.write(...texts.map((text): Draft => ({ chain: "content", kind: "message", body: { text } })));
  }

  get texts(): readonly string[] {
    const lines = this.history.lines(this.replica.id, { limit: 200 }).filter(({ isVoid }) => !isVoid);
    return lines.toReversed().map(({ text }) => text ?? "-");
  }

  link(to: Device): FakeLink {
    const link = this.linkByPerson.get(to.person);
    if (link === undefined) throw new Error("not linked");
    return link;
  }
}

class World {
  readonly clock = new VirtualClock();
  readonly random = seededRandom(5);

  ports(person: Person, history: MemoryHistory) {
    const { account } = person;
    return { history, clock: this.clock, account, device: person.device(), budget: new PendingBudget() };
  }

  async founder(name: string, terms: Terms = {}): Promise<Device> {
    const person = new Person(name);
    const history = new MemoryHistory();
    const genesis = {
      ...{ name: "sala", room: "invite", history: "all", capacity: 50, retentionDays: null, quotaBytes: null },
      ...{ features: [], tracker: tracker.publicKey, statement: person.statement, binding: null, ...terms },
    } as unknown as Parameters<typeof createRoomLog>[0];
    const replica = value(await createRoomLog(genesis, this.ports(person, history)));
    return new Device(this, person, { history, replica });
  }

  /** Somebody who knows no more than the room's id. */
  newcomer(name: string, room: RoomId): Device {
    const person = new Person(name);
    const history = new MemoryHistory();
    return new Device(this, person, { history, replica: openReplica(room, this.ports(person, history)) });
  }

  link(a: Device, b: Device): void {
    const here = this.#end(a, b);
    const there = this.#end(b, a);
    here.far = there;
    there.far = here;
    a.sync.linkOpened(here);
    b.sync.linkOpened(there);
  }

  cut(a: Device, b: Device): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const link = one.link(other);
      one.linkByPerson.delete(other.person);
      link.close();
      one.sync.linkClosed(link);
    }
  }

  #end(at: Device, far: Device): FakeLink {
    const { account } = far.person;
    const link = new FakeLink(this.clock, { account, device: far.person.device().publicKey });
    at.linkByPerson.set(far.person, link);
    link.receiver = (heard) => {
      if ("cmd" in heard) at.sync.heard(link, heard);
      else at.sync.heardEntries(link, heard);
    };
    return link;
  }

  /** Let in by the owner over a link, and a member by everybody's log. */
  async admitted(owner: Device, name: string): Promise<Device> {
    const device = this.newcomer(name, owner.replica.id);
    device.expected = [owner.person];
    device.sync.roomOpened(device.replica.id);
    this.link(owner, device);
    await owner.write({ chain: "control", ...admitting(device.person) });
    await this.clock.runUntil(() => device.replica.readingRight(device.person.account).kind === "from");
    await device.write({ chain: "control", ...joining(device.person) });
    await this.clock.runUntil(() => same(owner, device));
    return device;
  }
}

function same(...devices: readonly Device[]): boolean {
  return new Set(devices.map(({ replica }) => JSON.stringify(replica.digest()))).size === 1;
}

test("an invite room: let in over a link, everything before comes, and messages go both ways in one order", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  await alice.say("before anybody was here");
  const bob = await world.admitted(alice, "bob");
  assert.deepEqual(bob.texts, ["before anybody was here"]);
  await Promise.all([alice.say("one", "two"), bob.say("eins", "zwei")]);
  await world.clock.runUntil(() => same(alice, bob));
  assert.equal(alice.texts.length, 5);
  assert.deepEqual(alice.texts, bob.texts);
  const device = alice.person.device().publicKey;
  await world.clock.runUntil(() => alice.sync.storedBy(alice.replica.id, device, 3).has(bob.person.account));
});

test("an open room: a newcomer with a ticket is heard by members that the tracker names, and known from then on", async () => {
  const world = new World();
  const alice = await world.founder("alice", { room: "open" });
  await alice.say("welcome");
  const bob = world.newcomer("bob", alice.replica.id);
  bob.expected = [alice.person];
  alice.expected = [bob.person];
  bob.sync.roomOpened(bob.replica.id);
  world.link(alice, bob);
  await world.clock.advance(2_000);
  assert.deepEqual(bob.texts, []);
  const ticket = ticketFor(bob.person, bob.replica.id);
  await bob.write({ chain: "control", ...joining(bob.person, { ticket }) });
  await world.clock.runUntil(() => bob.texts.length === 1 && same(alice, bob), 10_000);
});

test("F4, F17: three in a row: the middle one carries for an absent author; one who was removed meanwhile learns that and no more", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  const carol = await world.admitted(alice, "carol");
  await world.clock.runUntil(() => same(alice, bob, carol), 10_000);
  world.cut(alice, carol);
  await alice.say("for carol, by way of bob");
  await world.clock.runUntil(() => same(alice, bob));
  world.cut(alice, bob);
  world.link(bob, carol);
  await world.clock.runUntil(() => same(bob, carol), 10_000);
  assert.deepEqual(carol.texts, ["for carol, by way of bob"]);

  world.cut(bob, carol);
  world.link(alice, bob);
  const body = { account: carol.person.account, bar: true, cuts: [] };
  await alice.write({ chain: "control", kind: "remove", body });
  await alice.say("without carol");
  await world.clock.runUntil(() => same(alice, bob), 10_000);
  world.link(bob, carol);
  const { account } = carol.person;
  await world.clock.runUntil(() => carol.replica.state.formerByAccount.has(account), 10_000);
  await world.clock.advance(120_000);
  assert.deepEqual(carol.texts, ["for carol, by way of bob"]);
});

test("F17: who is removed learns it though somebody else forked the control chain that the removal builds on", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  const carol = await world.admitted(alice, "carol");
  await alice.write({ chain: "control", kind: "role", body: { account: bob.person.account, role: "moderator" } });
  await world.clock.runUntil(() => same(alice, bob, carol), 10_000);
  world.cut(alice, bob);
  world.cut(alice, carol);
  // Bob's disk twice: Carol knows the longer branch alone.
  const branch = async (...topics: readonly string[]) => {
    const copy = openReplica(bob.replica.id, world.ports(bob.person, bob.history.crash()));
    const acts = topics.map((text): Draft => ({ chain: "control", kind: "topic", body: { text } }));
    return value(await copy.append(acts));
  };
  const long = await branch("to carol", "and more");
  value(await carol.replica.receive(long));
  value(await alice.replica.receive(long));
  value(await alice.replica.receive(await branch("to alice")));
  const { account } = carol.person;
  await alice.write({ chain: "control", kind: "remove", body: { account, bar: true, cuts: [] } });
  world.link(alice, carol);
  // Of all that Carol says only this gets through.
  carol.link(alice).drops = () => true;
  await world.clock.advance(100);
  carol.link(alice).drops = () => false;
  const { replica } = carol;
  const heads = [...replica.heads()];
  carol.link(alice).say({ cmd: "SYNC_HEADS", room: replica.id, heads, last: true, ask: false });
  carol.link(alice).drops = () => true;
  await world.clock.runUntil(() => replica.state.formerByAccount.has(account), 10_000);
});

test("I1, F17: what somebody wrote before they left is taken from them, though their leaving came first", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  bob.link(alice).drops = (said) => !("cmd" in said);
  await bob.say("last words");
  await bob.write({ chain: "control", kind: "leave", body: { cuts: [...cutsOf(bob.replica, bob.person.account)] } });
  const [leave] = bob.history.range(bob.replica.id, bob.person.device().publicKey, "control", 2, 1);
  assert.ok(leave !== undefined);
  value(await alice.replica.receive([leave]));
  world.cut(alice, bob);
  world.link(alice, bob);
  await world.clock.runUntil(() => alice.texts.includes("last words"), 10_000);
});

test("I1, I8: what a cut leaves without its signature reaches newcomers, by what was cut off and is not shown", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  await bob.say("one", "two", "three");
  await world.clock.runUntil(() => same(alice, bob), 10_000);
  const device = bob.person.device().publicKey;
  const [, second] = alice.history.range(alice.replica.id, device, "content", 1, 3);
  assert.ok(second !== undefined && second.signature === null, "one signature for all three");
  const [cut] = cutsOf(alice.replica, bob.person.account);
  const cuts = [{ device, control: cut?.control ?? null, content: [2, second.id] as [number, EntryId] }];
  const body = { account: bob.person.account, bar: true, cuts };
  await alice.write({ chain: "control", kind: "remove", body });
  world.cut(alice, bob);
  const carol = await world.admitted(alice, "carol");
  assert.deepEqual(carol.texts, ["one", "two"]);
});

test("P15: nobody counts as having stored a message who is no member by the log, though the tracker lists them and they say so", async () => {
  const world = new World();
  const alice = await world.founder("alice", { room: "open" });
  await alice.say("for nobody yet");
  const mallory = world.newcomer("mallory", alice.replica.id);
  alice.expected = [mallory.person];
  world.link(alice, mallory);
  const device = alice.person.device().publicKey;
  const heads = [{ device, control: 1, content: 1 }];
  mallory.link(alice).say({ cmd: "STORED", room: alice.replica.id, heads });
  await world.clock.advance(100);
  assert.equal(alice.sync.storedBy(alice.replica.id, device, 1).size, 0);
});

test("F18: ten thousand entries of three authors come in order, in bounded answers, each once", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  const carol = await world.admitted(alice, "carol");
  await world.clock.runUntil(() => same(alice, bob, carol), 10_000);
  world.cut(alice, carol);
  const before = alice.link(bob).entryCount;
  for (let round = 0; round < 50; round += 1) {
    await alice.say(...Array.from({ length: 100 }, (_, at) => `alice ${round} ${at}`));
    await bob.say(...Array.from({ length: 100 }, (_, at) => `bob ${round} ${at}`));
    await world.clock.advance(10);
  }
  await world.clock.runUntil(() => same(alice, bob), 60_000);
  assert.ok(alice.link(bob).entryCount - before <= 5_100, "pushed once");

  world.link(bob, carol);
  const link = bob.link(carol);
  await world.clock.runUntil(() => same(bob, carol), 600_000);
  assert.deepEqual(carol.texts, bob.texts);
  assert.ok(link.entryCount < 10_100, `${link.entryCount} entries for 10,000`);
  const credits = carol.link(bob).said.flatMap((said) => (said.cmd === "SYNC_WANT" ? [said.credit] : []));
  assert.ok(credits.length > 10 && credits.every((credit) => credit <= SYNC_CREDIT_BYTES / 4));
  assert.equal(carol.missing.at(-1), 0);
});

test("P12: a device that writes two entries of one number is found out by those who had different ones", async () => {
  const world = new World();
  const alice = await world.founder("alice");
  const bob = await world.admitted(alice, "bob");
  const carol = await world.admitted(alice, "carol");
  await world.clock.runUntil(() => same(alice, bob, carol), 10_000);
  world.cut(alice, bob);
  world.cut(alice, carol);
  // Carol's disk twice: each copy writes its own first message.
  const copy = openReplica(carol.replica.id, world.ports(carol.person, carol.history.crash()));
  const said = value(await copy.append([{ chain: "content", kind: "message", body: { text: "to alice" } }]));
  value(await alice.replica.receive(said));
  const other = openReplica(carol.replica.id, world.ports(carol.person, carol.history.crash()));
  value(
    await bob.replica.receive(
      value(await other.append([{ chain: "content", kind: "message", body: { text: "to bob" } }])),
    ),
  );
  world.link(alice, bob);
  await world.clock.advance(30_000);
  const device = carol.person.device().publicKey;
  assert.ok(alice.replica.forkDraft(device) !== undefined || bob.replica.forkDraft(device) !== undefined);
});
