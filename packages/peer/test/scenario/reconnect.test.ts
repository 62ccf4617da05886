// Goal: a person who asks for it does not wait: the tracker and whoever is missing are tried at once, dead links are found out, and nobody is pestered.
// Method: whole accounts on the in-memory network and a virtual clock; a tracker that is away and comes back, or asks to be left alone; a link through which nothing comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RECONNECT_INTERVAL_MS } from "@papo/protocol";
import { type Person, World, allLinked } from "../world-fixture.ts";

const TRACKER = "dial 10.0.0.1:6060";

/** Nobody is just now being dialled, and the next attempt is some time off. */
async function longAway(world: World, person: Person): Promise<void> {
  await world.tracker.die();
  await world.clock.advance(3_600_000);
  await world.until(() => {
    const { state } = person.live;
    return state.kind === "waiting" && state.retryInMs > 2 * RECONNECT_INTERVAL_MS;
  });
}

test("F3: a tracker that is back is there at once for whoever asks, and while it is away it is dialled once for each asking", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  await longAway(world, gabi);
  const before = gabi.tried.filter((where) => where === TRACKER).length;
  assert.equal(gabi.live.reconnect().ok, true);
  const again = gabi.live.reconnect();
  assert.equal(again.ok ? "asked" : again.fault.code, "slow_down");
  assert.equal(gabi.tried.filter((where) => where === TRACKER).length, before + 1);

  await world.until(() => gabi.live.state.kind === "waiting");
  await world.clock.advance(RECONNECT_INTERVAL_MS);
  await longAway(world, gabi);
  await world.tracker.listen();
  const startedMs = world.clock.monotonicMs();
  assert.equal(gabi.live.reconnect().ok, true);
  await world.until(() => gabi.live.state.kind === "online");
  assert.ok(world.clock.monotonicMs() - startedMs < RECONNECT_INTERVAL_MS);
});

test("a session that stands and its links are asked whether they answer, and stay", async () => {
  const world = await World.create();
  const people = [await world.person("gabi"), await world.person("nori")] as const;
  await world.room(people);
  const [gabi] = people;
  const tried = gabi.tried.length;
  assert.deepEqual(gabi.live.reconnect(), { ok: true, value: gabi.live.state });
  await world.clock.advance(60_000);
  assert.equal(gabi.live.state.kind, "online");
  assert.ok(allLinked(people));
  assert.deepEqual([gabi.of("unlinked"), gabi.tried.length], [[], tried]);
});

test("F5: a link through which nothing comes any more is found out, and made anew, long before its silence would tell", async () => {
  const world = await World.create();
  const people = [await world.person("gabi"), await world.person("nori")] as const;
  await world.room(people);
  const [gabi, nori] = people;
  world.network.partition([gabi.host], [nori.host]);
  const startedMs = world.clock.monotonicMs();
  assert.equal(gabi.live.reconnect().ok, true);
  await world.until(() => gabi.of("unlinked").length === 1);
  assert.ok(world.clock.monotonicMs() - startedMs < 20_000);
  world.network.heal();
  await world.until(() => allLinked(people));
});

test("a tracker that has said how long it wants to be left alone is left alone, whoever asks", async () => {
  const world = await World.create();
  const before = await world.person("gabi");
  await world.run(before.live.stop());
  let opened = 0;
  const openLine = async () => {
    opened += 1;
    return { ok: false, fault: { code: "slow_down", detail: "too many", retryAfterMs: 30_000 } } as const;
  };
  const gabi = await world.person("gabi", { before, live: { openLine } });
  await world.until(() => gabi.live.state.kind === "waiting");
  const asked = opened;
  assert.equal(gabi.live.reconnect().ok, true);
  assert.deepEqual([gabi.live.state.kind, opened], ["waiting", asked]);
});
