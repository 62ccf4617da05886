// Goal: whatever a member says about logs costs a bounded number of bytes and answers, counts for nobody but itself, and keeps nobody's messages waiting.
// Method: one side of a link speaks by hand; virtual time; what came of it is counted at the other end.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DeviceKey,
  type Receipt,
  REOFFER_LAST_MS,
  ROOM_DEVICES_MAX,
  type RoomId,
  SIGNATURE_CONTEXTS,
  SYNC_ANSWER_TIMEOUT_MS,
  SYNC_CREDIT_BYTES,
  SYNC_HEADS_PAGE_MAX,
  SYNC_MESSAGES_BURST,
  SYNC_RANGES_MAX,
} from "@papo/protocol";
import { createDeviceKey, signText } from "@papo/link";
import { FakeLink, FakeReplica, SyncWorld, idOf } from "./sync-fixture.ts";

const HOUR_MS = 3_600_000;

/** Alice, and mallory who is a member as well and says what the test wants. */
function pair() {
  const world = new SyncWorld();
  const [alice, mallory] = [world.node("alice"), world.node("mallory")];
  const room = world.room("lounge", [alice, mallory]);
  world.link(alice, mallory);
  const link = mallory.link(alice);
  mallory.sync.linkClosed(link);
  link.receiver = () => {};
  return { world, alice, mallory, room, link };
}

test("P11: a head a thousand million entries away is a range to ask for, now and then, and nothing else", async () => {
  const { world, alice, mallory, room, link } = pair();
  await world.run(3_000);
  const far: [number, never] = [1_000_000_000, idOf<never>("far")];
  mallory.link(alice).receiver = (heard) => {
    if (!("cmd" in heard)) return;
    const heads = [{ device: mallory.device, control: null, content: far }];
    if (heard.cmd === "SYNC_HEADS" && heard.ask) link.say({ cmd: "SYNC_HEADS", room, heads, last: true, ask: false });
    if (heard.cmd === "SYNC_WANT") link.say({ cmd: "SYNC_DONE", room, more: true });
  };
  const stored = [{ device: mallory.device, control: 1, content: 1_000_000_000 }];
  link.say({ cmd: "STORED", room, heads: stored });
  await world.run(HOUR_MS);
  const wants = alice.link(mallory).said.filter((said) => said.cmd === "SYNC_WANT");
  assert.ok(wants.length > 0 && wants.length < 40, `${wants.length} times in an hour`);
  assert.ok(wants.every(({ ranges }) => ranges.length === 1));
  assert.ok(alice.sync.passedOver.promises > 0);
});

test("P15: a receipt beyond what was written, unsigned, by another, or of another room, counts for nothing", async () => {
  const { world, alice, mallory, room, link } = pair();
  const bob = createDeviceKey();
  await world.run(3_000);
  alice.say(room, "one");
  await world.run(100);
  const receipt = (about: Partial<Receipt>): string =>
    JSON.stringify({
      ...{ v: 1, room, device: mallory.device, count: 1, stored: [[alice.device, 1]], read: null },
      ...about,
    } satisfies Receipt);
  const sign = (text: string, keys = mallory.keys) => signText(keys, SIGNATURE_CONTEXTS.receipt, text);
  const before = alice.sync.passedOver.receipts;
  const forged = [
    sign(receipt({ stored: [[alice.device, 2]] })),
    sign(receipt({ read: [[alice.device, 2]] })),
    sign(receipt({}), bob),
    { ...sign(receipt({})), text: receipt({ count: 2 }) },
    sign(receipt({ device: bob.publicKey }), bob),
    sign("not even JSON"),
  ];
  for (const signed of forged) link.say({ cmd: "RECEIPT", receipt: signed });
  link.say({ cmd: "RECEIPT", receipt: sign(receipt({ room: idOf<RoomId>("elsewhere") })) });
  await world.run(1_000);
  assert.equal(alice.sync.passedOver.receipts - before, forged.length);
  assert.deepEqual(
    alice.receipts.filter(({ device }) => device !== alice.device),
    [],
  );
  assert.deepEqual(alice.storedBy(room, 1), []);

  link.say({ cmd: "RECEIPT", receipt: sign(receipt({})) });
  await world.run(100);
  assert.deepEqual(alice.storedBy(room, 1), ["mallory"], "a true one counts");
});

test("P15: an acknowledgement beyond what was written counts for nothing", async () => {
  const { world, alice, room, link } = pair();
  await world.run(3_000);
  alice.say(room, "one");
  link.say({ cmd: "STORED", room, heads: [{ device: alice.device, control: 1, content: 1_000 }] });
  const stranger = createDeviceKey().publicKey;
  link.say({ cmd: "STORED", room, heads: [{ device: stranger, control: 1, content: 1 }] });
  await world.run(100);
  assert.deepEqual(alice.storedBy(room, 1), []);
  assert.equal(alice.sync.passedOver.receipts, 2);
});

test("P15: what an account says under somebody else's device key counts for that account alone", async () => {
  const { world, alice, mallory, room } = pair();
  const bob = world.node("bob");
  alice.in(room).seed(bob.open(room).write("control", "join", { about: bob.account }));
  await world.run(3_000);
  const link = new FakeLink(world.clock, { account: mallory.account, device: bob.device });
  alice.sync.linkOpened(link);
  alice.say(room, "one");
  await world.run(100);
  alice.sync.heard(link, { cmd: "STORED", room, heads: [{ device: alice.device, control: 1, content: 1 }] });
  assert.deepEqual(alice.storedBy(room, 1), ["mallory"]);
});

test("P15: an older receipt does not take back a newer one, and a repeated one is not kept again", async () => {
  const { world, alice, mallory, room, link } = pair();
  await world.run(3_000);
  alice.say(room, "one", "two");
  await world.run(100);
  const receipt = (count: number, seq: number) => {
    const text = { v: 1, room, device: mallory.device, count, stored: [[alice.device, seq]], read: null };
    return signText(mallory.keys, SIGNATURE_CONTEXTS.receipt, JSON.stringify(text));
  };
  for (const signed of [receipt(7, 2), receipt(6, 1), receipt(7, 2)]) link.say({ cmd: "RECEIPT", receipt: signed });
  await world.run(100);
  assert.deepEqual(alice.storedBy(room, 2), ["mallory"]);
  assert.equal(alice.receipts.filter(({ device }) => device === mallory.device).length, 1);
});

test("P16: heads of ever more unknown devices end as soon as they exceed what a room can have", async () => {
  const { world, alice, mallory, room } = pair();
  await world.run(3_000);
  const pages = 4_096;
  const heads = Array.from({ length: SYNC_HEADS_PAGE_MAX }, (_, at) => ({
    ...{ device: idOf<DeviceKey>(`device ${at}`), content: null },
    control: [1, idOf<never>("x")] as [number, never],
  }));
  for (let page = 0; page < pages; page += 1) {
    alice.sync.heard(alice.link(mallory), { cmd: "SYNC_HEADS", room, heads, last: false, ask: false });
    if (page % 128 === 0) await world.run(100);
  }
  await world.run(SYNC_ANSWER_TIMEOUT_MS * 2);
  const wants = alice.link(mallory).said.filter((said) => said.cmd === "SYNC_WANT");
  assert.ok(
    wants.length <= 2 && wants.every(({ ranges }) => ranges.length <= SYNC_RANGES_MAX),
    `${wants.length} wants`,
  );
  assert.ok(alice.sync.passedOver.promises > 0 && alice.sync.passedOver.chatter > 0);
});

test("P16, I5: a member with more devices than one list of heads may have keeps nobody else's messages from coming", async () => {
  const world = new SyncWorld();
  const [alice, bob, mallory] = [world.node("alice"), world.node("bob"), world.node("mallory")];
  const room = world.room("lounge", [alice, bob, mallory]);
  for (let count = 0; count <= ROOM_DEVICES_MAX; count += 1) {
    const { account } = mallory;
    const device = new FakeReplica(world.clock, room, { account, device: idOf<DeviceKey>(`device ${count}`) });
    alice.in(room).seed(device.write("control", "join", { about: account }));
  }
  alice.in(room).write("content", "message", { text: "among them" });
  world.link(alice, bob);
  await world.clock.runUntil(() => bob.in(room).texts.length === 1, 60_000);
});

test("P20: one who asks for everything again and again, and never reads, is given one answer at a time", async () => {
  const { world, alice, mallory, room, link } = pair();
  await world.run(3_000);
  for (let count = 0; count < 1_000; count += 1)
    alice.in(room).write("content", "message", { text: "x".repeat(1_000) });
  const out = alice.link(mallory);
  out.hold(SYNC_CREDIT_BYTES / 2);
  for (let count = 0; count < 500; count += 1) {
    const ranges = [{ device: alice.device, chain: "content" as const, from: 1, to: 1_000 }];
    link.say({ cmd: "SYNC_WANT", room, ranges, credit: 4_000_000_000 });
  }
  await world.run(10_000);
  assert.equal(out.entryCount, 0, "nothing while its queue is long");
  out.hold(0);
  await world.run(10_000);
  assert.ok(out.entryBytes < SYNC_CREDIT_BYTES, `${out.entryBytes} bytes for 500 requests`);
});

test("P21: one who withholds what it shows loses its turn to another who has it", async () => {
  const world = new SyncWorld();
  const [alice, bob, mallory] = [world.node("alice"), world.node("bob"), world.node("mallory")];
  const room = world.room("lounge", [alice, bob, mallory]);
  for (let count = 0; count < 50; count += 1) {
    const entry = bob.in(room).write("content", "message", { text: `${count}` });
    mallory.in(room).seed(entry);
  }
  world.link(alice, mallory);
  mallory.link(alice).drops = (said) => !("cmd" in said);
  await world.run(60_000);
  assert.equal(alice.in(room).texts.length, 0);
  world.link(alice, bob);
  await world.clock.runUntil(() => alice.in(room).texts.length === 50, REOFFER_LAST_MS);
});

test("P21: one who says nothing more in the middle is given up after a while", async () => {
  const world = new SyncWorld();
  const [alice, bob, mallory] = [world.node("alice"), world.node("bob"), world.node("mallory")];
  const room = world.room("lounge", [alice, bob, mallory]);
  for (let count = 0; count < 50; count += 1) {
    const entry = bob.in(room).write("content", "message", { text: `${count}` });
    mallory.in(room).seed(entry);
  }
  world.link(alice, mallory);
  mallory.link(alice).drops = (said) => !("cmd" in said) || said.cmd === "SYNC_DONE";
  await world.run(100);
  world.link(alice, bob);
  await world.clock.runUntil(() => alice.in(room).texts.length === 50, SYNC_ANSWER_TIMEOUT_MS + 5_000);
});

test("P23: chatter is passed over beyond its budget, and messages on the same link do not wait for it", async () => {
  const { world, alice, mallory, room, link } = pair();
  await world.run(10_000);
  for (let count = 0; count < 20 * SYNC_MESSAGES_BURST; count += 1) {
    const heads = [{ device: mallory.device, control: 1, content: 0 }];
    alice.sync.heard(alice.link(mallory), { cmd: "STORED", room, heads });
  }
  const said = mallory.in(room).write("content", "message", { text: "among it" });
  link.sayEntries({ room, entries: [said] });
  await world.run(10);
  assert.deepEqual(alice.in(room).texts, ["among it"]);
  assert.ok(alice.sync.passedOver.chatter > 18 * SYNC_MESSAGES_BURST);
});

test("entries and words of those who are no members are passed over without a trace", async () => {
  const world = new SyncWorld();
  const [alice, mallory] = [world.node("alice"), world.node("mallory")];
  const room = world.room("lounge", [alice]);
  world.link(alice, mallory);
  const own = world.node("other").open(idOf<RoomId>("another room"));
  const entry = own.write("content", "message", { text: "hello" });
  mallory.link(alice).sayEntries({ room, entries: [entry] });
  mallory.link(alice).sayEntries({ room: idOf<RoomId>("no room"), entries: [entry] });
  await world.run(10_000);
  assert.equal(alice.in(room).commits, 0);
  assert.equal(alice.sync.passedOver.strangers, 2);
  assert.equal(world.clock.timers, 0);
});

test("replayed batches cost nothing but their reading: they are known, not passed on, not shown", async () => {
  const { world, alice, mallory, room, link } = pair();
  await world.run(3_000);
  const entry = mallory.in(room).write("content", "message", { text: "again" });
  for (let count = 0; count < 50; count += 1) {
    link.sayEntries({ room, entries: [entry] });
    await world.run(10);
  }
  assert.deepEqual(alice.in(room).texts, ["again"]);
  assert.equal(alice.received.flatMap(({ stored }) => stored).length, 1);
});
