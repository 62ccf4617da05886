// Goal: sessions of one account stand beside or replace each other, end when they flood, fall silent or the tracker drains, and come back.
// Method: small Papo clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { again, newDevice, registered } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

test("F14: another device of the same account lives beside the first; the same device replaces itself", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const { root, device } = gabi.profile;
  const second = newDevice();
  const both = root.state(device.listed, second.listed);
  const laptop = await again(rig, gabi, { root, device: second, statement: both });
  await laptop.enter();
  const found = await laptop.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.equal(found.peer.endpoints.length, 2);

  const newer = await again(rig, gabi, { root, device: second, statement: both });
  await newer.enter();
  await laptop.closed();
  assert.equal(laptop.pushed.at(-1).code, "replaced");
  assert.equal(gabi.closedBy, undefined);
  const online = await newer.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.equal(online.peer.endpoints.length, 2);
});

test("T28: a flood is slowed down, then ended", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  await rig.clock.advance(10_000);
  const startMs = rig.clock.monotonicMs();
  for (let index = 0; index < 50; index += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await gabi.ask({ cmd: "LIST_ROOMS" });
  const tookMs = rig.clock.monotonicMs() - startMs;
  assert.ok(tookMs >= 2_900 && tookMs < 4_000, String(tookMs));

  for (let index = 0; index < 200; index += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await gabi.closed();
  assert.equal(gabi.pushed.at(-1).code, "slow_down");
});

test("F5: a Papo session that has gone silent is dead after 45 s", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi", "10.8.0.1");
  await gabi.register();
  rig.memory.halfOpen({ from: "10.8.0.1", to: "10.0.0.1" });
  await rig.clock.advance(44_000);
  assert.equal(rig.tracker.sessionCount, 1);
  await rig.clock.advance(3_000);
  assert.equal(rig.tracker.sessionCount, 0);
});

test("drain tells every session, lets it close, and closes the store", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await rig.seed();
  await nori.register("nori");
  await rig.during(rig.tracker.drain());
  await rig.clock.advance(10);
  assert.equal(gabi.pushed.at(-1).code, "draining");
  assert.ok(gabi.pushed.at(-1).retryAfterMs > 0);
  assert.deepEqual(nori.inbox, []);
  assert.ok(nori.closedBy !== undefined && gabi.closedBy !== undefined);
  assert.equal(await rig.tracker.isReady(), false);
  await assert.rejects(rig.repositories.check());
});

test("I12: a restart keeps accounts and rooms, begins with nobody online, and frees seed seats after their grace", async () => {
  const first = await TrackerRig.start();
  const { repositories } = first;
  const gabi = await registered(first, "gabi");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  const [owner, guest] = [await first.seed(), await first.seed()];
  await owner.register("owner1");
  await guest.register("guest1");
  await owner.room("CREATE_ROOM", "owner1", "PLANA");
  await guest.room("JOIN_ROOM", "guest1", "PLANA");

  // A crash: the store lives on, nothing was said.
  const second = await TrackerRig.start({ repositories });
  assert.equal((await repositories.peers.find("guest1" as never))?.connected, false);
  const back = await again(second, gabi);
  assert.deepEqual(
    (await back.enter()).rooms.map(({ name }: { name: string }) => name),
    ["Turma"],
  );
  const plain = (await back.ask({ cmd: "LIST_ROOMS", query: "plana" })).rooms[0];
  assert.deepEqual([plain.members, plain.online], [2, 0]);
  await second.clock.advance(31_000);
  const later = (await back.ask({ cmd: "LIST_ROOMS", query: "plana" })).rooms[0];
  assert.equal(later.members, 1);
});
