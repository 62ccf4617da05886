// Goal: a link that has lived for half a day is replaced by a new one, for fresh keys, without anybody noticing.
// Method: two whole accounts on the in-memory network, direct and through a relay, and a virtual clock that goes on for a day.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Nat } from "@papo/link/memory";
import { LINK_RENEWED_AFTER_MS } from "@papo/protocol";
import { type Person, World, receivedBy } from "../world-fixture.ts";

const HOUR_MS = 3_600_000;

function openedAt(person: Person): number | undefined {
  return person.live.links()[0]?.openedAtMs;
}

for (const path of ["direct", "relayed"] as const) {
  test(`a ${path} link is replaced by one of its kind after half a day, and nothing is lost or told`, async () => {
    const world = await World.create();
    const router = (last: number): Nat => ({ kind: "symmetric", outside: `203.0.113.${last}` });
    const people: Person[] = [];
    for (const [at, name] of ["gabi", "nori"].entries()) {
      const host = `10.0.0.2${at}`;
      if (path === "relayed") world.network.nat(host, router(at));
      people.push(await world.person(name, { host }));
    }
    const [gabi, nori] = people;
    assert.ok(gabi !== undefined && nori !== undefined);
    const room = await world.room(people);
    const first = openedAt(gabi);
    gabi.events.length = 0;
    let hours = 0;
    for (; openedAt(gabi) === first; hours += 1) {
      const said = await gabi.say(room, `hour ${hours}`);
      await world.until(() => receivedBy(gabi, said) === 1);
      await world.clock.advance(HOUR_MS);
      assert.ok(hours * HOUR_MS < 2 * LINK_RENEWED_AFTER_MS, "renewed within a day");
    }
    assert.ok(hours * HOUR_MS >= LINK_RENEWED_AFTER_MS - HOUR_MS);
    await gabi.say(room, "after");
    await world.until(() => nori.heard.length === hours + 1);
    assert.deepEqual(gabi.of("unlinked"), []);
    assert.deepEqual([gabi.live.links()[0]?.path, nori.live.links().length], [path, 1]);
    assert.equal(openedAt(nori) === first, false);
    assert.equal(world.network.openLinks - 2 * world.tracker.sessions.size, 2);
  });
}
