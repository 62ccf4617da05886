// Goal: F2, F3: while the tracker is gone, for hours, chats go on: over links, to cached addresses, after a restart; and everything comes right when it is back.
// Method: whole accounts on the in-memory network and a virtual clock; the tracker killed and started again.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@papo/protocol";
import { World, allLinked, inRoom, named, receivedBy } from "../world-fixture.ts";

const HOUR_MS = 3_600_000;

async function withoutTracker(
  world: World,
  ...people: readonly { live: { state: { kind: string } } }[]
): Promise<void> {
  await world.tracker.die();
  await world.until(() => people.every(({ live }) => live.state.kind === "waiting"));
}

test("F3: hours without a tracker: chats go on, a link that was lost is made anew, and nobody is busy with it", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await withoutTracker(world, gabi, nori);

  await world.clock.advance(2 * HOUR_MS);
  const said = await gabi.say(room, "still here");
  await world.until(() => receivedBy(gabi, said) === 1);

  world.network.cut(gabi.host, nori.host);
  await world.until(() => gabi.of("unlinked").length === 1);
  await world.until(() => allLinked([gabi, nori]));
  const again = await nori.say(room, "here too");
  await world.until(() => receivedBy(nori, again) === 1);
  assert.deepEqual(gabi.heard, ["here too"]);
  assert.deepEqual(gabi.of("member-left"), []);
});

test("F3: whoever starts while the tracker is gone is in, reads what is kept, is found by the others, and says what waits when they meet", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  const before = await nori.say(room, "before");
  await world.until(() => receivedBy(nori, before) === 1);
  await withoutTracker(world, gabi, nori);
  await world.run(gabi.live.stop());
  await world.until(() => nori.of("unlinked").length === 1);

  const back = await world.person("gabi", { before: gabi });
  assert.equal(back.live.state.kind, "waiting");
  assert.equal(back.live.rooms.one(room.id)?.memberCount, 2);
  assert.deepEqual(
    back.live.messages(inRoom(room.id)).flatMap(({ content, kept }) => (kept?.notice === null ? [content] : [])),
    ["before"],
  );
  const said = await back.say(room, "I am back");
  assert.equal(back.now(said).delivery?.kind, "held");
  await world.until(() => receivedBy(back, said) === 1);
  assert.deepEqual(nori.heard, ["I am back"]);

  await world.tracker.listen();
  await world.until(() => back.live.state.kind === "online" && nori.live.state.kind === "online");
  await world.clock.advance(60_000);
  assert.ok(allLinked([back, nori]));
  assert.deepEqual([back.of("member-left"), nori.of("member-left"), nori.of("room-closed")], [[], [], []]);
});

test("F3: what needs the tracker is answered at once, and says that it is away", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  await withoutTracker(world, gabi);
  const startedMs = world.clock.monotonicMs();
  const asked: readonly Promise<Outcome<unknown>>[] = [
    gabi.live.rooms.create({ name: "NOVA" }),
    gabi.live.rooms.join("NOVA"),
    gabi.live.withLine((line) => line.listPeers({})),
    gabi.live.openPrivate(named("nori")),
  ];
  for (const answering of asked) {
    const answer = await world.run(answering);
    assert.equal(!answer.ok && answer.fault.code, "tracker_unreachable");
  }
  assert.equal(world.clock.monotonicMs(), startedMs);
});
