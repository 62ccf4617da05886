// Goal: who comes back gets everything that they missed, from whoever has it, newest rooms first, without asking for more than can be stored, and an interruption
// costs nothing that was durable. Whoever may not have it gets nothing.
// Method: devices with logs of a fake kind, joined by links on virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RoomId, SYNC_CREDIT_BYTES, SYNC_ROOMS_AT_ONCE_MAX, SYNC_UNREAD_BYTES_MAX } from "@papo/protocol";
import { type FakeLink, type Node, SyncWorld, idOf } from "./sync-fixture.ts";

const LONG = "x".repeat(1_000);

function write(node: Node, room: RoomId, count: number, text = LONG): void {
  for (let index = 0; index < count; index += 1) node.in(room).write("content", "message", { text });
}

function wants(link: FakeLink) {
  return link.said.filter((said) => said.cmd === "SYNC_WANT");
}

test("F18: a backlog comes in answers of bounded size, each asked for when the last one is durable", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const room = world.room("lounge", [alice, bob]);
  write(alice, room, 2_000);
  bob.in(room).commitMs = 50;
  world.link(alice, bob);

  const link = alice.link(bob);
  let sentMax = 0;
  let storedBytes = 0;
  let held = 0;
  while (bob.in(room).texts.length < 2_000) {
    await world.run(10);
    held = bob.in(room).texts.length;
    storedBytes = held * 1_100;
    sentMax = Math.max(sentMax, link.entryBytes - storedBytes);
  }
  assert.ok(sentMax <= SYNC_CREDIT_BYTES, `${sentMax} bytes under way`);
  assert.equal(link.entryCount, 2_000, "nothing was sent twice");
  assert.ok(wants(bob.link(alice)).every(({ credit }) => credit * SYNC_ROOMS_AT_ONCE_MAX <= SYNC_CREDIT_BYTES));
  assert.equal(bob.missing.at(-1), 0);
  assert.equal(Math.max(...bob.missing), 2_000);
});

test("control comes before content: a newcomer among the authors is known before their messages come", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob]);
  const replica = carol.open(room);
  for (const node of [alice, bob]) {
    for (const entry of node.in(room).entries(node.device, "control")) replica.seed(entry);
  }
  alice.in(room).seed(replica.write("control", "join", { about: carol.account }));
  replica.write("content", "message", { text: "carol is here" });
  const [said] = replica.entries(carol.device, "content");
  if (said !== undefined) alice.in(room).seed(said);

  world.link(alice, bob);
  await world.run(3_000);
  assert.deepEqual(bob.in(room).texts, ["carol is here"]);
  assert.equal(
    wants(bob.link(alice))[0]?.ranges.every(({ chain }) => chain === "control"),
    true,
  );
  assert.deepEqual(bob.in(room).state.memberByAccount.size, 3);
});

test("F18: what was interrupted goes on from what is durable, with another link as well", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  write(alice, room, 2_000);
  for (const entry of alice.in(room).entries(alice.device, "content")) carol.in(room).seed(entry);
  world.link(alice, bob);
  const first = alice.link(bob);
  await world.clock.runUntil(() => bob.in(room).texts.length > 500);
  world.cut(alice, bob);
  const durable = bob.in(room).texts.length;
  assert.ok(durable < 2_000);
  world.link(carol, bob);
  await world.clock.runUntil(() => bob.in(room).texts.length === 2_000);
  const again = first.entryCount + carol.link(bob).entryCount - 2_000;
  assert.ok(again * 1_100 <= SYNC_CREDIT_BYTES, `${again} entries were sent twice`);
});

test("one who returns to many links fetches everything once", async () => {
  const world = new SyncWorld();
  const nodes = ["alice", "bob", "carol", "dora", "eva", "back"].map((name) => world.node(name));
  const room = world.room("lounge", nodes);
  const [alice, ...others] = nodes;
  const back = others.pop();
  assert.ok(alice !== undefined && back !== undefined);
  write(alice, room, 500);
  for (const other of others) {
    for (const entry of alice.in(room).entries(alice.device, "content")) other.in(room).seed(entry);
  }
  for (const node of [alice, ...others]) world.link(node, back);
  await world.clock.runUntil(() => back.in(room).texts.length === 500);
  await world.run(10_000);
  const sent = [alice, ...others].reduce((sum, node) => sum + node.link(back).entryCount, 0);
  assert.equal(sent, 500);
});

test("the rooms that were busy last come first, at most a few at once", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const rooms = Array.from({ length: 12 }, (_, index) => world.room(`room ${index}`, [alice, bob]));
  for (const room of rooms) write(alice, room, 600);
  world.link(alice, bob);
  await world.clock.runUntil(() => rooms.every((room) => bob.in(room).texts.length === 600));

  const asked = wants(bob.link(alice)).map(({ room }) => room);
  const order = [...new Set(asked)];
  for (const at of [0, 4, 8]) {
    const together = [at, at + SYNC_ROOMS_AT_ONCE_MAX] as const;
    assert.deepEqual(new Set(order.slice(...together)), new Set(rooms.slice(...together)));
  }
});

test("a flood is delayed and not refused: the link is not read while too much waits for the disk", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const room = world.room("lounge", [alice, bob]);
  world.link(alice, bob);
  await world.run(3_000);
  bob.in(room).commitMs = 200;
  let wasPaused = false;
  for (let turn = 0; turn < 100; turn += 1) {
    alice.say(room, ...Array.from({ length: 50 }, () => LONG));
    await world.run(2);
    wasPaused ||= bob.link(alice).isPaused;
  }
  assert.ok(wasPaused, `${SYNC_UNREAD_BYTES_MAX} bytes were exceeded`);
  await world.clock.runUntil(() => bob.in(room).texts.length === 5_000);
  assert.equal(bob.link(alice).isPaused, false);
});

test("F4: the one in the middle carries both ways, at once, and takes the receipts along", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  world.link(alice, bob);
  world.link(bob, carol);
  await world.run(5_000);
  const saidMs = world.clock.monotonicMs();
  alice.say(room, "across");
  await world.clock.runUntil(() => carol.in(room).texts.length === 1);
  assert.ok(world.clock.monotonicMs() - saidMs < 20);
  await world.clock.runUntil(() => alice.storedBy(room, 1).length === 2, 5_000);
});

test("F4: bob carries for alice, who is gone, and later tells her that carol has it", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  world.link(alice, bob);
  await world.run(5_000);
  alice.say(room, "before I leave");
  await world.clock.runUntil(() => alice.storedBy(room, 1).includes("bob"));
  world.cut(alice, bob);

  world.link(bob, carol);
  await world.clock.runUntil(() => carol.in(room).texts.length === 1, 5_000);
  await world.run(5_000);
  world.cut(bob, carol);

  world.link(alice, bob);
  await world.clock.runUntil(() => alice.storedBy(room, 1).includes("carol"), 5_000);
});

test("a newcomer shows that they belong there first, and then gets everything", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const room = world.room("lounge", [alice]);
  write(alice, room, 20, "before bob");
  for (const [node, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    node.expected = (account) => account === other.account;
  }
  bob.open(room);
  world.link(alice, bob);
  await world.run(3_000);
  assert.deepEqual(bob.in(room).texts, [], "listed by the tracker is not enough");
  assert.ok(alice.link(bob).said.length === 0 && alice.link(bob).entryCount === 0);

  const join = bob.in(room).write("control", "join", { about: bob.account });
  bob.sync.appended(room, [join]);
  await world.clock.runUntil(() => bob.in(room).texts.length === 20, 5_000);
  await world.clock.runUntil(() => alice.in(room).state.memberByAccount.size === 2);
});

test("I5: those who come in together ask those who are in, not each other, and say who they are until that is known", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice]);
  write(alice, room, 20, "before they came");
  // Carol's word is heard before the tracker lists her there.
  let isListed = false;
  for (const node of [alice, bob, carol]) node.expected = (account) => isListed || account !== carol.account;
  for (const node of [bob, carol]) {
    node.open(room);
    node.sync.appended(room, [node.in(room).write("control", "join", { about: node.account })]);
  }
  world.link(bob, carol);
  await world.run(100);
  isListed = true;
  for (const node of [alice, bob, carol]) node.sync.membersChanged(room);
  await world.run(500);
  world.link(alice, bob);
  await world.clock.runUntil(() => bob.in(room).texts.length === 20, 2_000);
  // Bob is a bridge: nobody else knows carol.
  await world.clock.runUntil(() => alice.in(room).state.memberByAccount.size === 3, 10_000);
  await world.clock.runUntil(() => carol.in(room).texts.length === 20, 10_000);
});

test("who is let in while a link stands is told at once", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const room = world.room("lounge", [alice]);
  write(alice, room, 5, "before bob");
  bob.expected = () => true;
  bob.open(room);
  world.link(alice, bob);
  await world.run(1_000);
  const admit = alice.in(room).write("control", "join", { about: bob.account });
  alice.sync.appended(room, [admit]);
  await world.clock.runUntil(() => bob.in(room).texts.length === 5, 3_000);
});

test("F17: who was removed learns it, and gets nothing later", async () => {
  const world = new SyncWorld();
  const [alice, bob, mallory] = [world.node("alice"), world.node("bob"), world.node("mallory")];
  const room = world.room("lounge", [alice, bob, mallory]);
  world.link(alice, bob);
  await world.run(3_000);
  alice.sync.appended(room, [alice.in(room).write("control", "remove", { about: mallory.account })]);
  alice.say(room, "without mallory");
  alice.sync.appended(room, [alice.in(room).write("control", "topic")]);
  mallory.in(room).write("content", "message", { text: "too late" });
  await world.run(3_000);

  world.link(bob, mallory);
  await world.clock.runUntil(() => mallory.in(room).state.memberByAccount.size === 2, 10_000);
  await world.run(60_000);
  assert.deepEqual(mallory.in(room).texts, ["too late"]);
  assert.equal(mallory.in(room).head(alice.device, "control"), 2, "up to the removal");
  assert.deepEqual(bob.in(room).texts, ["without mallory"]);
  const told = JSON.stringify(bob.link(mallory).said);
  assert.ok(!told.includes(alice.device), "not even how far the room is");
});

test("F17: who is removed while linked learns it on that link", async () => {
  const world = new SyncWorld();
  const [alice, bob] = [world.node("alice"), world.node("bob")];
  const room = world.room("lounge", [alice, bob]);
  world.link(alice, bob);
  await world.run(3_000);
  alice.sync.appended(room, [alice.in(room).write("control", "remove", { about: bob.account })]);
  alice.say(room, "bob is out");
  await world.clock.runUntil(() => bob.in(room).state.memberByAccount.size === 1, 5_000);
  await world.run(60_000);
  assert.deepEqual(bob.in(room).texts, []);
});

test("I6: nothing from before a member's history goes to them, however late it comes", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  write(alice, room, 4, "old");
  for (const node of [alice, bob, carol]) node.in(room).baseByAccount.set(carol.account, new Map([[alice.device, 3]]));
  world.link(bob, carol);
  await world.run(3_000);
  world.link(alice, bob);
  await world.clock.runUntil(() => bob.in(room).texts.length === 4);
  await world.run(60_000);
  assert.equal(bob.link(carol).entryCount, 1, "only the one after the base");
});

test("a room that is not ours is answered like one that does not exist", async () => {
  const world = new SyncWorld();
  const [alice, mallory] = [world.node("alice"), world.node("mallory")];
  const room = world.room("lounge", [alice]);
  write(alice, room, 3);
  world.link(alice, mallory);
  for (const id of [room, idOf<RoomId>("no such room")]) {
    const link = mallory.link(alice);
    link.say({ cmd: "SYNC_DIGEST", room: id, control: idOf("a"), content: idOf("b") });
    link.say({ cmd: "SYNC_HEADS", room: id, heads: [], last: true, ask: true });
    link.say({
      ...{ cmd: "SYNC_WANT", room: id, credit: 1_000_000 },
      ranges: [{ device: alice.device, chain: "content", from: 1, to: 3 }],
    });
    link.say({ cmd: "CARRY", room: id, devices: [alice.device] });
  }
  await world.run(60_000);
  assert.deepEqual([alice.link(mallory).said.length, alice.link(mallory).entryCount], [0, 0]);
  assert.ok(alice.sync.passedOver.strangers >= 7);
});
