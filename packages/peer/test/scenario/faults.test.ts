// Goal: when the network or the tracker fails, chats go on where they can, come back where they cannot, and say honestly what happened.
// Method: whole accounts on the in-memory network and a virtual clock; links cut, half-open, frozen; the tracker killed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fault } from "@papo/protocol";
import { World, allLinked, receivedBy } from "../world-fixture.ts";

test("F2: chats go on over their links while the tracker is gone, and everybody is back with it by key", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.tracker.die();
  await world.until(() => gabi.live.state.kind === "waiting");

  const said = await gabi.say(room, "is anybody there?");
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(nori.of("unlinked"), []);

  world.tracker.asked.length = 0;
  await world.tracker.listen();
  await world.until(() => gabi.live.state.kind === "online" && nori.live.state.kind === "online");
  assert.ok(world.tracker.asked.filter((cmd) => cmd === "LOGIN").length === 2);
  await world.clock.advance(2_000);
  assert.deepEqual(nori.of("unlinked"), [], "coming back costs no link");
  assert.deepEqual(gabi.of("member-left"), []);
});

test("F2: a reconnect tells only what changed meanwhile", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  const before = gabi.of("member-joined").length;
  world.tracker.closing("gabi", "draining");
  await world.until(() => gabi.live.state.kind === "waiting");
  const yuki = await world.person("yuki");
  await world.run(yuki.live.rooms.join("TESTE"));
  await world.until(() => gabi.live.state.kind === "online" && allLinked([gabi, nori, yuki]));
  assert.deepEqual(
    gabi
      .of("member-joined")
      .slice(before)
      .map(({ username }) => username),
    ["yuki"],
  );
  assert.deepEqual(gabi.of("member-left"), []);
});

test("F14: a session that was replaced says so, and does not fight for its place", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  world.tracker.closing("gabi", "replaced");
  await world.until(() => gabi.live.state.kind === "refused");
  await world.clock.advance(300_000);
  const state = gabi.live.state;
  assert.equal(state.kind === "refused" && state.reason.code, "replaced");
});

test("F5: a half-open link is noticed within 45 s, what was on it waits, and arrives once when the way is open again", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  world.network.partition(["10.0.0.1", gabi.host], [nori.host]);
  const said = await gabi.say(room, "can you hear me?");
  const startedMs = world.clock.monotonicMs();
  await world.until(() => gabi.of("unlinked").length === 1);
  assert.ok(world.clock.monotonicMs() - startedMs <= 46_000);
  assert.equal(gabi.now(said).delivery?.kind, "held");

  world.network.heal();
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(nori.heard, ["can you hear me?"]);
});

test("F20: after eight hours of sleep links are made anew and what was said meanwhile arrives", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  world.network.cut(gabi.host, nori.host);
  await world.clock.suspend(8 * 3_600_000);
  await world.until(() => allLinked([gabi, nori]));
  const said = await nori.say(room, "good morning");
  await world.until(() => receivedBy(nori, said) === 1);
  assert.deepEqual(gabi.heard, ["good morning"]);
});

test("F6: a short cut is mended without a storm of dials", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  world.network.cut(gabi.host, nori.host);
  const said = await gabi.say(room, "still here?");
  await world.until(() => receivedBy(gabi, said) === 1);
  await world.clock.advance(10_000);
  assert.deepEqual(nori.heard, ["still here?"]);
  assert.equal(gabi.of("linked").length, 2);
});

test("F11: somebody who stops reading is let go, with bounded memory, and others notice nothing", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const yuki = await world.person("yuki");
  const room = await world.room([gabi, nori, yuki]);
  world.network.halfOpen({ from: gabi.host, to: yuki.host });
  for (let n = 0; n < 60; n += 1) {
    await gabi.live.send({ kind: "room", id: room.id }, `${n} ${"x".repeat(30_000)}`);
    await world.clock.advance(20);
  }
  await world.until(() =>
    gabi.of("unlinked").some(({ username, reason }) => username === "yuki" && reason.code === "too_slow"),
  );
  await world.until(() => nori.heard.length === 60);
});

test("F13: a new address in the tracker's word is dialled at once", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  await world.run(nori.live.stop());
  await world.until(() => !gabi.isLinked("nori"));
  const again = await world.person("nori", { host: "10.0.0.77" });
  const startedMs = world.clock.monotonicMs();
  await world.until(() => allLinked([gabi, again]));
  assert.ok(world.clock.monotonicMs() - startedMs < 5_000);
});

test("P29: a link that ends without BYE is lost, one that ends with it says why", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  world.network.cut(gabi.host, nori.host);
  await world.until(() => gabi.of("unlinked").length === 1);
  await world.until(() => allLinked([gabi, nori]));
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("unlinked").length === 2);
  assert.deepEqual(
    gabi.of("unlinked").map(({ reason }) => reason.code),
    ["lost", "closed"],
  );
});

test("I14: what nobody could get waits, says why, and goes to each member that comes back", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const room = await world.room([gabi, nori], { kind: "plain" });
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const said = await gabi.say(room, "for later");
  assert.deepEqual(gabi.now(said).delivery, { kind: "held", reason: fault("peer_offline", "not online") });

  const again = await world.person("nori", { allowPlaintext: true, host: nori.host });
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(again.heard, ["for later"]);
});

test("I6: what was held for somebody who left the room never reaches them", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const yuki = await world.person("yuki", { allowPlaintext: true });
  const room = await world.room([gabi, nori, yuki], { kind: "plain" });
  world.network.partition(["10.0.0.1", gabi.host], ["10.0.0.1", nori.host, yuki.host]);
  await world.until(() => !gabi.isLinked("yuki") && !gabi.isLinked("nori"));
  const said = await gabi.say(room, "only for who stays");
  await world.run(yuki.live.rooms.leave(room.id));
  await world.until(() => gabi.of("member-left").length === 1);
  world.network.heal();
  await world.until(() => receivedBy(gabi, said) === 1);
  await world.clock.advance(60_000);
  assert.deepEqual(yuki.heard, []);
  assert.deepEqual(gabi.now(said).delivery, { kind: "sent", received: 1, silent: 0, of: 1 });
});
