// Goal: what the rooms and the links learn about people reaches the private chats: who shares a room is no stranger, and a new device is owed
// what nobody has yet. Method: whole accounts on the in-memory network; requests, rooms that are joined, a second device.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../src/api.ts";
import { type Person, World, addTablet, allLinked, named, receivedBy } from "../world-fixture.ts";

/** yuki has asked gabi, who has not answered. */
async function asked(): Promise<{ world: World; gabi: Person; yuki: Person; request: Message }> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const yuki = await world.person("yuki", { allowPlaintext: true });
  await world.run(yuki.live.privateChats.open(named("gabi")));
  const request = await yuki.whisper("gabi", "oi, sou a yuki");
  await world.until(() => gabi.of("contact-request").length === 1);
  return { world, gabi, yuki, request };
}

for (const kind of ["open", "plain"] as const)
  test(`whoever waits for an answer and joins a room of ours (${kind}) is accepted by that`, async () => {
    const { world, gabi, yuki, request } = await asked();
    const more = await yuki.whisper("gabi", "tem alguém aí?");
    await world.clock.advance(1_000);
    assert.deepEqual([gabi.heard, receivedBy(yuki, more)], [[], 0]);
    await world.room([gabi, yuki], { kind });
    await world.until(() => receivedBy(yuki, request) === 1 && receivedBy(yuki, more) === 1);
    assert.deepEqual(gabi.heard, ["oi, sou a yuki", "tem alguém aí?"]);
    assert.deepEqual(gabi.live.kept.privateChats.contactRequests(), []);
  });

test("who talked in private while a room was shared still talks when it is left", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  const before = await gabi.whisper("nori", "antes");
  await world.until(() => receivedBy(gabi, before) === 1);
  await world.run(gabi.live.rooms.leave(room.id));
  await world.until(() => nori.live.rooms.one(room.id)?.members.length === 1);
  for (const [one, other] of [
    [gabi, nori],
    [nori, gabi],
  ] as const) {
    const after = await one.whisper(other.name, `depois, ${one.name}`);
    await world.until(() => receivedBy(one, after) === 1);
    assert.deepEqual(other.of("contact-request"), []);
  }
  assert.deepEqual(nori.heard, ["antes", "depois, gabi"]);
  assert.deepEqual(gabi.heard, ["depois, nori"]);
});

test("a new device gets what nobody had when it became known, and everything from then on", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  const known = await gabi.whisper("nori", "para o primeiro");
  await world.until(() => receivedBy(gabi, known) === 1);
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const unsent = await gabi.whisper("nori", "ninguém tem ainda");

  addTablet("nori");
  const again = await world.person("nori", { keys: "nori again", history: nori.history });
  await world.until(() => receivedBy(gabi, unsent) === 1);
  // The first device's statement told of the second one, which was never seen.
  const next = await gabi.whisper("nori", "depois disso");
  await world.until(() => receivedBy(gabi, next) === 1);
  await world.run(again.live.stop());
  const tablet = await world.person("nori", { keys: "nori tablet" });
  await world.until(() => tablet.heard.length > 0 && allLinked([gabi, tablet]));
  await world.clock.advance(1_000);
  assert.deepEqual(again.heard, ["ninguém tem ainda", "depois disso"]);
  assert.deepEqual(tablet.heard, ["ninguém tem ainda", "depois disso"]);
});
