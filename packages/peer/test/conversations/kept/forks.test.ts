// Goal: a device whose copy writes as well is found out, the room is told of it once, and so is every user; nobody's disk or absence keeps it secret for ever.
// Method: a second program with bob's keys and disk; each copy speaks where the other is not, and then one of them meets who heard the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomId } from "@papo/protocol";
import type { HistoryChange } from "../../../src/storage/history/history.ts";
import { KeptWorld, type Someone } from "./kept-fixture.ts";

type Cast = { world: KeptWorld; alice: Someone; bob: Someone; carol: Someone; copy: Someone; sala: RoomId };

/** Bob's copy has said something to carol that bob has not, and the other way round to alice; nobody of them is linked. */
async function copied(): Promise<Cast> {
  const world = new KeptWorld();
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const carol = await world.person("carol");
  const sala = await world.openRoom("sala", [alice, bob, carol]);
  await bob.say(sala, "antes");
  await world.run();
  const copy = await world.copyOf(bob);
  for (const one of [alice, bob, carol]) world.cutAll(one);
  world.link(bob, alice);
  world.link(copy, carol);
  await bob.say(sala, "eu");
  await copy.say(sala, "eu também");
  await world.run();
  for (const one of [bob, copy]) world.cutAll(one);
  return { world, alice, bob, carol, copy, sala };
}

/** How often a person was told: events, notices that came, and notices on the page. */
function told(who: Someone, sala: RoomId): readonly number[] {
  const live = who.told("message").filter(({ message }) => message.kept?.notice?.kind === "forked");
  const shown = who.notices(sala).filter((notice) => notice === "forked bob");
  return [who.told("forked").length, live.length, shown.length];
}

function forkEntries(who: Someone, sala: RoomId): number {
  return who.history.control(sala).filter(({ kind }) => kind === "fork").length;
}

test("F15, P12: two programs with one device's keys are found out, and everybody is told of it once, they too", async () => {
  const { world, alice, bob, carol, copy, sala } = await copied();
  world.link(alice, carol);
  await world.run();
  for (const one of [alice, carol]) assert.deepEqual(told(one, sala), [1, 1, 1], one.name);
  assert.ok(forkEntries(alice, sala) <= 2);

  world.link(bob, alice);
  world.link(copy, carol);
  await world.run();
  for (const one of [bob, copy]) assert.deepEqual(told(one, sala), [1, 1, 1]);
  assert.equal(forkEntries(alice, sala), forkEntries(bob, sala));
  // The device counts up to where both are one, and writes no more.
  for (const one of [alice, carol, bob, copy]) assert.deepEqual(one.texts(sala), ["bob: antes"], one.name);
  assert.notEqual(await world.fault(bob.rooms.send(sala, "mais")), "accepted");

  await alice.restart();
  world.link(alice, carol);
  await world.run(30_000);
  assert.deepEqual(told(alice, sala), [0, 0, 1]);
  assert.equal(forkEntries(alice, sala), forkEntries(carol, sala));
});

test("F15, F9: whoever cannot write it down now does so later, and asks the disk ever more seldom", async () => {
  const { world, alice, carol, sala } = await copied();
  let tries = 0;
  const isFork = (change: HistoryChange): boolean => change.kind === "put-entry" && change.entry.kind === "fork";
  alice.diskRefuses = (changes) => {
    const refuses = changes.some(isFork);
    if (refuses) tries += 1;
    return refuses;
  };
  carol.isDiskFull = true;
  world.link(alice, carol);
  await world.run(900_000);
  assert.equal(forkEntries(alice, sala), 0);
  assert.ok(tries > 5 && tries < 15, `${tries}`);

  carol.isDiskFull = false;
  await world.run(600_000);
  assert.deepEqual(told(carol, sala), [1, 1, 1]);
  assert.equal(forkEntries(carol, sala), 1);
  alice.diskRefuses = () => false;
  await world.run(900_000);
  assert.deepEqual(told(alice, sala), [1, 1, 1]);
  assert.ok(forkEntries(alice, sala) <= 2);
});
