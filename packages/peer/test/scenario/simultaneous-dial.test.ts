// Goal: F16: when two devices dial each other at the same moment one link stays, and nothing that was said on either is lost or shown twice.
// Method: many seeded schedules on the in-memory network: random delays each way, words said while links come and go.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Room } from "../../src/api.ts";
import { type Person, World, expectOk } from "../world-fixture.ts";

const SCHEDULES = 120;
const LINES = 12;

test(`F16: one link survives and nothing is lost or doubled, in ${SCHEDULES} schedules`, async () => {
  let crossed = 0;
  for (let seed = 1; seed <= SCHEDULES; seed += 1) crossed += (await dialEachOther(seed)) ? 1 : 0;
  // Without schedules in which both dials went through, this test would prove nothing.
  assert.ok(crossed > SCHEDULES / 4, `only ${crossed} schedules had two links at once`);
});

/** True when there were two links at some moment. */
async function dialEachOther(seed: number): Promise<boolean> {
  const world = await World.create(seed);
  world.network.faults(undefined, { delayMs: { min: 0, max: 1 + (seed % 7) * 60 } });
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = expectOk(await world.run(gabi.live.rooms.create({ name: "TESTE" })));
  const joined = nori.live.rooms.join("TESTE");
  const spoken = [saySome(world, gabi, room), joined.then(() => saySome(world, nori, room))];

  let most = 0;
  let isSaid = false;
  void Promise.all(spoken).then(() => (isSaid = true));
  await world.until(() => {
    most = Math.max(most, linksBetween(world));
    return isSaid && nori.heard.length >= LINES && gabi.heard.length >= LINES;
  });
  await world.clock.advance(15_000);

  assert.deepEqual(nori.heard, linesOf(gabi), `seed ${seed}: nori heard gabi`);
  assert.deepEqual(gabi.heard, linesOf(nori), `seed ${seed}: gabi heard nori`);
  assert.equal(linksBetween(world), 2, `seed ${seed}: two ends of one link`);
  assert.ok(gabi.isLinked("nori") && nori.isLinked("gabi"), `seed ${seed}: linked`);
  return most > 2;
}

/** Ends of links between the two, the tracker's sessions not counted. */
function linksBetween(world: World): number {
  return world.network.openLinks - 2 * world.tracker.sessions.size;
}

function linesOf(person: Person): string[] {
  return Array.from({ length: LINES }, (_, n) => `${person.name} ${n}`);
}

async function saySome(world: World, person: Person, room: Room): Promise<void> {
  await new Promise<void>((resolve) => {
    const next = (lines: readonly string[]): void => {
      const [line, ...rest] = lines;
      if (line === undefined) return resolve();
      // Before the other one is a member a line is for nobody, so the first word waits for company.
      const now = person.live.rooms.one(room.id);
      const isAlone = (now?.members.length ?? 0) < 2 || now?.log?.standing !== "member";
      if (!isAlone) void person.say(room, line);
      world.clock.after(world.random.fraction() * 80, () => next(isAlone ? lines : rest));
    };
    next(linesOf(person));
  });
}
