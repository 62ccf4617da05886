// Goal: what a member writes is with every linked member at once, its author knows who has stored it, and a lost frame is only a delay.
// Method: devices with logs of a fake kind, joined by links on virtual time that can lose what is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { REOFFER_FIRST_MS, REOFFER_LAST_MS, SYNC_PUSH_QUEUE_BYTES_MAX } from "@papo/protocol";
import { SyncWorld } from "./sync-fixture.ts";

function trio() {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  world.link(alice, bob);
  world.link(alice, carol);
  world.link(bob, carol);
  return { world, alice, bob, carol, room };
}

test("a message is with everybody and acknowledged within a round trip and a commit", async () => {
  const { world, alice, bob, carol, room } = trio();
  await world.run(5_000);
  const saidMs = world.clock.monotonicMs();
  alice.say(room, "olá");
  await world.clock.runUntil(() => alice.storedBy(room, 1).length === 2);
  assert.ok(world.clock.monotonicMs() - saidMs <= 5, "1 ms each way, 2 ms to commit");
  for (const node of [bob, carol]) assert.deepEqual(node.in(room).texts, ["olá"]);
  assert.deepEqual(alice.delivered, [alice.device, alice.device]);
});

test("what one turn of the loop writes goes as one batch to each member, and nobody sends it a second time", async () => {
  const { world, alice, bob, carol, room } = trio();
  await world.run(5_000);
  for (const text of ["a", "b", "c"]) alice.say(room, text);
  await world.run(10_000);
  assert.equal(alice.link(bob).batches.length, 1);
  assert.equal(alice.link(bob).entryCount, 3);
  assert.equal(bob.link(carol).entryCount + carol.link(bob).entryCount, 0);
});

test("acknowledgements of a busy author are told together, the first one at once", async () => {
  const { world, alice, bob, room } = trio();
  await world.run(5_000);
  const before = bob.link(alice).said.length;
  for (let count = 0; count < 100; count += 1) {
    alice.say(room, `${count}`);
    await world.run(2);
  }
  await world.run(100);
  const acks = bob
    .link(alice)
    .said.slice(before)
    .filter(({ cmd }) => cmd === "STORED");
  assert.equal(alice.storedBy(room, 100).length, 2);
  assert.ok(acks.length <= 7, `${acks.length} acknowledgements for 200 ms`);
});

test("who goes says first what was stored", async () => {
  const { world, alice, bob, room } = trio();
  await world.run(5_000);
  for (const text of ["a", "b"]) {
    alice.say(room, text);
    await world.run(5);
  }
  bob.sync.close();
  await world.run(5);
  assert.ok(alice.storedBy(room, 2).includes("bob"), "and not only the first");
});

test("where everybody has everything nothing is sent, however long the way is", async () => {
  for (const delayMs of [1, 400, 600, 2_000]) {
    const world = new SyncWorld();
    const [alice, bob] = [world.node("alice"), world.node("bob")];
    const room = world.room("lounge", [alice, bob]);
    world.link(alice, bob);
    const links = [alice.link(bob), bob.link(alice)];
    for (const link of links) link.delayMs = delayMs;
    await world.run(60_000);
    alice.say(room, "alô, satélite");
    await world.run(120_000);
    const said = (): number => links.reduce((sum, link) => sum + link.said.length, 0);
    const before = said();
    await world.run(600_000);
    assert.deepEqual(alice.storedBy(room, 1), ["bob"]);
    assert.equal(said() - before, 0, `${delayMs} ms each way`);
  }
});

test("a batch that was lost is offered again, by whoever has it", async () => {
  const { world, alice, bob, carol, room } = trio();
  await world.run(5_000);
  alice.link(carol).drops = (said) => !("cmd" in said);
  alice.say(room, "lost on the way to carol");
  await world.clock.runUntil(() => carol.in(room).texts.length === 1, 3 * REOFFER_FIRST_MS);
  assert.equal(bob.link(carol).entryCount, 1, "bob carried it: alice's frames do not get through");
  await world.clock.runUntil(() => alice.storedBy(room, 1).length === 2);
});

test("S2, F10: whoever lost the end of what they wrote gets it back, and knows again who has it", async () => {
  const world = new SyncWorld();
  const [alice, bob, carol] = [world.node("alice"), world.node("bob"), world.node("carol")];
  const room = world.room("lounge", [alice, bob, carol]);
  const control = [alice, bob, carol].flatMap(({ device }) => alice.in(room).entries(device, "control"));
  for (const text of ["a", "b", "c"]) {
    const entry = alice.in(room).write("content", "message", { text });
    for (const other of [bob, carol]) other.in(room).seed(entry);
  }
  alice.replicas.delete(room);
  const emptied = alice.open(room);
  for (const entry of control) emptied.seed(entry);
  world.link(alice, bob);
  world.link(alice, carol);
  await world.run(10_000);
  assert.deepEqual(emptied.texts, ["a", "b", "c"]);
  assert.deepEqual(alice.storedBy(room, 3), ["bob", "carol"]);
});

test("lost acknowledgements are made good, and then there is silence", async () => {
  const { world, alice, bob, room } = trio();
  bob.link(alice).drops = (said) => "cmd" in said && said.cmd === "STORED";
  await world.run(5_000);
  alice.say(room, "heard?");
  await world.clock.runUntil(() => alice.storedBy(room, 1).includes("bob"), 5 * REOFFER_FIRST_MS);
  await world.run(REOFFER_LAST_MS * 3);
  assert.equal(world.clock.timers, 0, "nothing is repeated when everybody has everything");
});

test("F5: offers to somebody who never answers become rare, and begin again with a word from them", async () => {
  const { world, alice, bob, carol, room } = trio();
  world.cut(bob, carol);
  await world.run(5_000);
  const link = bob.link(alice);
  link.drops = () => true;
  alice.say(room, "anybody?");
  await world.run(3_600_000);
  const offers = alice.link(bob).said.filter(({ cmd }) => cmd === "SYNC_DIGEST").length;
  assert.ok(offers > 8 && offers < 30, `${offers} offers in an hour`);
  link.drops = () => false;
  await world.clock.runUntil(() => alice.storedBy(room, 1).includes("bob"), 2 * REOFFER_LAST_MS);
});

test("F11: to a link that does not drain nothing is pushed; it catches up when it does", async () => {
  const { world, alice, bob, room } = trio();
  await world.run(5_000);
  const link = alice.link(bob);
  world.cut(bob, [...bob.links.keys()].find((node) => node !== alice) ?? alice);
  link.hold(SYNC_PUSH_QUEUE_BYTES_MAX + 1);
  for (let count = 0; count < 50; count += 1) {
    alice.say(room, `${count}`);
    await world.run(20);
  }
  assert.equal(link.entryCount, 0);
  link.hold(0);
  await world.clock.runUntil(() => bob.in(room).texts.length === 50, 10_000);
});

test("F11: what a full queue did not take follows as soon as there is room, in order and once, without an offer", async () => {
  const { world, alice, bob, carol, room } = trio();
  await world.run(5_000);
  const link = alice.link(bob);
  const saidBefore = link.said.length;
  const sayMany = async (from: number): Promise<void> => {
    for (let count = from; count < from + 20; count += 1) alice.say(room, `${count}`);
    await world.run(5);
  };
  link.hold(SYNC_PUSH_QUEUE_BYTES_MAX + 1);
  await sayMany(0);
  await sayMany(20);
  assert.equal(link.entryCount, 0);
  assert.equal(carol.in(room).texts.length, 40);
  link.hold(0);
  await sayMany(40);
  await world.clock.runUntil(() => bob.in(room).texts.length === 60, REOFFER_FIRST_MS / 2);
  assert.equal(link.entryCount, 60);
  assert.deepEqual(bob.in(room).texts, carol.in(room).texts);
  assert.ok(link.said.slice(saidBefore).every(({ cmd }) => cmd !== "SYNC_DIGEST" && cmd !== "SYNC_HEADS"));
});

test("F9: what could not be stored is not acknowledged, and is asked for again when the disk has space", async () => {
  const { world, alice, bob, carol, room } = trio();
  await world.run(5_000);
  bob.in(room).isDiskFull = true;
  alice.say(room, "no space");
  await world.run(20_000);
  assert.deepEqual(alice.storedBy(room, 1), ["carol"]);
  bob.in(room).isDiskFull = false;
  await world.clock.runUntil(() => alice.storedBy(room, 1).includes("bob"), REOFFER_LAST_MS);
  assert.deepEqual(bob.in(room).texts, ["no space"]);
  assert.ok(carol.in(room).texts.length === 1);
});

test("what was read is told to those to whom the user tells it", async () => {
  const { world, alice, bob, room } = trio();
  await world.run(5_000);
  alice.say(room, "one", "two");
  await world.run(5_000);
  assert.deepEqual(world.names(alice.sync.readBy(room, alice.device, 1)), []);
  bob.readUpTo = [[alice.device, 1]];
  bob.sync.readMarksChanged(room);
  await world.run(5_000);
  assert.deepEqual(world.names(alice.sync.readBy(room, alice.device, 1)), ["bob"]);
  assert.deepEqual(world.names(alice.sync.readBy(room, alice.device, 2)), []);
});
