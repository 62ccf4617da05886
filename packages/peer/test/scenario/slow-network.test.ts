// Goal: a network that is slow, stalls, or loses whole connections makes nobody look offline who answers within the limits, and loses and doubles nothing.
// Method: whole engines and a tracker on the in-memory network in virtual time, whose delays, stalls and cuts a seed chooses; apps/papo tries the same on real sockets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import type { Message, PeerEvent, Room } from "../../src/api.ts";
import { type Person, World, allLinked, receivedBy } from "../world-fixture.ts";

const TRACKER = "10.0.0.1";
const STALL_MS = 10_000;

type Scene = { world: World; people: readonly Person[]; room: Room };

async function scene(seed: number): Promise<Scene> {
  const world = await World.create(seed);
  const people = [await world.person("gabi"), await world.person("nori"), await world.person("yuki")];
  const room = await world.room(people);
  for (const person of people) person.events.length = 0;
  return { world, people, room };
}

/** What would tell a user that somebody, or the tracker, is gone. */
function alarms({ people }: Scene): readonly string[] {
  const kinds: readonly PeerEvent["kind"][] = ["unlinked", "member-offline", "member-left", "tracker"];
  return people.flatMap(({ name, events }) =>
    events.filter(({ kind }) => kinds.includes(kind)).map(({ kind }) => `${name}: ${kind}`),
  );
}

function assertAllHeard({ people }: Scene, said: ReadonlyMap<string, readonly string[]>): void {
  for (const reader of people) {
    for (const author of people.filter((one) => one !== reader)) {
      const own = said.get(author.name) ?? [];
      const heard = reader.heard.filter((text) => own.includes(text));
      assert.deepEqual(heard, own, `${reader.name} of ${author.name}: everything, once, in order`);
    }
  }
}

/** Everybody says something, and `disturb` happens, turn after turn. */
async function chat(
  { people, room, world }: Scene,
  turns: number,
  disturb: (turn: number) => Promise<void>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const said = new Map<string, string[]>(people.map(({ name }) => [name, []]));
  const messages: { readonly person: Person; readonly message: Message }[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const person of people) {
      const text = `${turn} of ${person.name}`;
      messages.push({ person, message: await person.say(room, text) });
      said.get(person.name)?.push(text);
    }
    await disturb(turn);
  }
  await world.until(() => messages.every(({ person, message }) => receivedBy(person, message) === people.length - 1));
  return said;
}

test("F7: ways of up to four seconds, each other, to people and to the tracker: all arrives in order, and nobody seems gone", async () => {
  const all = await scene(7);
  all.world.network.faults(undefined, { delayMs: { min: 20, max: 4_000 } });
  const said = await chat(all, 10, () => all.world.clock.advance(7_000));
  await all.world.clock.advance(120_000);
  assertAllHeard(all, said);
  assert.deepEqual(alarms(all), []);
});

test("F7: stalls of ten seconds, to people and to the tracker, one way and both, make nobody offline", async () => {
  const all = await scene(8);
  const { world, people } = all;
  const random = seededRandom(8);
  const hosts = [TRACKER, ...people.map(({ host }) => host)];
  const said = await chat(all, 12, async () => {
    const [from = "", to = ""] = [...hosts].toSorted(() => random.fraction() - 0.5);
    world.network.halfOpen({ from, to });
    if (random.fraction() < 0.5) world.network.halfOpen({ from: to, to: from });
    await world.clock.advance(STALL_MS);
    world.network.heal();
    await world.clock.advance(random.fraction() * 15_000);
  });
  await world.clock.advance(120_000);
  assertAllHeard(all, said);
  assert.deepEqual(alarms(all), []);

  const [gabi, nori] = people;
  assert.ok(gabi && nori);
  world.network.halfOpen({ from: gabi.host, to: nori.host });
  await world.until(() => alarms(all).length > 0);
});

test("F7: a link that is lost again and again, in the middle of what is said, loses and doubles nothing", async () => {
  const all = await scene(9);
  const { world, people } = all;
  const random = seededRandom(9);
  world.network.faults(undefined, { delayMs: { min: 50, max: 1_500 } });
  const said = await chat(all, 15, async () => {
    await world.clock.advance(random.fraction() * 2_000);
    const [one, other] = [...people].toSorted(() => random.fraction() - 0.5);
    if (one !== undefined && other !== undefined) world.network.cut(one.host, other.host);
    await world.clock.advance(random.fraction() * 4_000);
  });
  await world.until(() => allLinked(people));
  assertAllHeard(all, said);
});
