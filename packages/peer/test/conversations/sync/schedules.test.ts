// Goal: whatever is cut, lost and said in whatever order, once everybody can exchange bytes again, directly or through others, all have the same (I5), nothing
// acknowledged is missing anywhere (I1), and then nothing moves any more. A large room does it with a few links for each device.
// Method: seeded random schedules on virtual time; the seed is in the failure.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import { type DeviceKey, PARTIAL_MESH_LINKS, type RoomId } from "@papo/protocol";
import { chooseNeighbours } from "../../../src/conversations/sync/neighbours.ts";
import { type Node, SyncWorld, idOf } from "./sync-fixture.ts";

const SCHEDULES = 25;

function isLinked(a: Node, b: Node): boolean {
  return a.links.has(b);
}

/** Everybody holds the same. */
function agree(nodes: readonly Node[], room: RoomId): boolean {
  const [first, ...others] = nodes.map((node) => JSON.stringify(node.in(room).digest()));
  return others.every((digest) => digest === first);
}

async function schedule(seed: number): Promise<void> {
  const world = new SyncWorld(seed);
  const random = seededRandom(seed * 7 + 1);
  const draw = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random.fraction() * items.length)];
    if (item === undefined) throw new Error("nothing to draw from");
    return item;
  };
  const nodes = ["alice", "bob", "carol", "dora"].map((name) => world.node(name));
  const rooms = [world.room("lounge", nodes), world.room("kitchen", nodes)];
  for (const node of nodes) for (const room of rooms) node.in(room).commitMs = 1 + Math.floor(random.fraction() * 20);

  for (let step = 0; step < 60; step += 1) {
    const a = draw(nodes);
    const b = draw(nodes.filter((node) => node !== a));
    const chance = random.fraction();
    if (chance < 0.45) a.say(draw(rooms), `${step}`);
    else if (chance < 0.7) {
      if (isLinked(a, b)) world.cut(a, b);
      else world.link(a, b);
    } else if (chance < 0.8 && isLinked(a, b)) {
      const loss = random.fraction();
      a.link(b).drops = () => random.fraction() < loss;
    } else if (chance < 0.85) a.in(draw(rooms)).isDiskFull = random.fraction() < 0.5;
    await world.run(random.fraction() < 0.3 ? random.fraction() * 3_000 : random.fraction() * 50);
  }

  // Healed: a chain of links, nothing is lost any more, everybody has space.
  for (const node of nodes) {
    for (const room of rooms) node.in(room).isDiskFull = false;
    for (const far of [...node.links.keys()]) if (isLinked(node, far)) world.cut(node, far);
  }
  for (const [at, node] of nodes.entries()) {
    const next = nodes[at + 1];
    if (next !== undefined) world.link(node, next);
  }
  await world.clock.runUntil(() => rooms.every((room) => agree(nodes, room)), 30_000);
  await world.run(3_600_000);
  assert.equal(world.clock.timers, 0, "nothing moves any more");
  for (const room of rooms) {
    for (const node of nodes) {
      for (let seq = 1; seq <= node.in(room).head(node.device, "content"); seq += 1) {
        assert.equal(node.sync.storedBy(room, node.device, seq).size, 3, "and everybody knows it");
      }
    }
  }
}

test("I1, I5: after any schedule of cuts, losses and full disks, all have the same within seconds and know it", async () => {
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    try {
      await schedule(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});

test("a room of sixty is reached with a few links each, and what a failed link has missed is made good", async () => {
  const world = new SyncWorld(3);
  const nodes = Array.from({ length: 60 }, (_, at) => world.node(`n${at}`));
  const room = world.room("crowd", nodes);
  const online = nodes.map(({ device }) => device);
  for (const node of nodes) {
    const chosen = node.sync.neighbours(room, online);
    assert.equal(chosen?.size, PARTIAL_MESH_LINKS);
    for (const other of nodes) {
      if (chosen?.has(other.device) === true && !isLinked(node, other)) world.link(node, other);
    }
  }
  await world.run(5_000);
  const [author] = nodes;
  assert.ok(author !== undefined);
  author.say(room, "hello, crowd");
  const saidMs = world.clock.monotonicMs();
  await world.clock.runUntil(() => nodes.every((node) => node.in(room).texts.length === 1), 2_000);
  assert.ok(world.clock.monotonicMs() - saidMs < 50, "a few hops of 1 ms and 2 ms to commit");
  await world.run(120_000);
  const copies = nodes.flatMap((node) => [...node.links.values()]).reduce((sum, link) => sum + link.entryCount, 0);
  assert.ok(copies < 60 * 2 * PARTIAL_MESH_LINKS, `${copies} copies of one entry`);
  assert.equal(nodes.flatMap(({ receipts }) => receipts).length, 0, "no receipts in a large room");

  // Ten of them do not pass anything on.
  for (const node of nodes.slice(10, 20))
    for (const link of node.links.values()) link.drops = (said) => !("cmd" in said);
  author.say(room, "and again");
  await world.clock.runUntil(() => nodes.every((node) => node.in(room).texts.length === 2), 10_000);
});

test("neighbours: half are given by the day and the keys, half are drawn and stay, and who prepared keys near somebody gets little more than the first half", () => {
  const self = idOf<DeviceKey>("victim");
  const honest = Array.from({ length: 500 }, (_, at) => ({ device: idOf<DeviceKey>(`h${at}`), isNearby: false }));
  const choose = (day: number, previous: ReadonlySet<DeviceKey>, candidates = honest, seed = 1) =>
    chooseNeighbours({ self, day, candidates, previous, count: 8, random: seededRandom(seed) });
  const first = choose(1, new Set());
  assert.deepEqual([first.near.size, first.drawn.size], [4, 4]);
  const next = choose(2, first.drawn, honest, 2);
  assert.deepEqual(next.drawn, first.drawn, "whoever was drawn stays");
  assert.notDeepEqual(next.near, first.near, "every day has others near");
  assert.deepEqual(choose(1, new Set(), honest, 2).near, first.near, "near is who is near, whatever is drawn");
  const gone = honest.filter(({ device }) => device !== [...first.drawn][0]);
  assert.equal([...choose(1, first.drawn, gone, 2).drawn].filter((device) => first.drawn.has(device)).length, 3);

  // The nearest forty of four thousand keys, all linked already.
  const keys = Array.from({ length: 4_000 }, (_, at) => ({ device: idOf<DeviceKey>(`m${at}`), isNearby: true }));
  const { near: prepared } = chooseNeighbours({
    ...{ self, day: 1, candidates: keys, previous: new Set(), count: 80, random: seededRandom(9) },
  });
  const crowd = [...honest, ...keys.filter(({ device }) => prepared.has(device))];
  let taken = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const { near, drawn } = choose(1, new Set(), crowd, seed);
    taken += [...near, ...drawn].filter((device) => prepared.has(device)).length;
  }
  assert.ok(
    taken / 100 <= 5.5,
    `${taken / 100} of 8 on average: four by nearness, one for being linked, the rest by chance`,
  );
});
