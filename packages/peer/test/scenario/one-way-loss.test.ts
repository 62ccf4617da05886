// Goal: a link on which only one direction works is as dead as any, whichever direction it is.
// Method: two whole accounts on the in-memory network whose bytes vanish one way, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK_DEAD_AFTER_MS, LINK_PING_INTERVAL_MS } from "@papo/protocol";
import { World, receivedBy } from "../world-fixture.ts";

for (const deaf of ["gabi", "nori"] as const) {
  test(`F5: when nothing arrives at ${deaf} any more, the link is given up after 45 s, and what was said on it arrives once`, async () => {
    const world = await World.create();
    const [gabi, nori] = [await world.person("gabi"), await world.person("nori")];
    const room = await world.room([gabi, nori]);
    await world.clock.advance(1_000);
    const [from, to] = deaf === "gabi" ? [nori, gabi] : [gabi, nori];
    world.network.halfOpen({ from: from.host, to: to.host });

    const said = await gabi.say(room, "can you hear me?");
    const startedMs = world.clock.monotonicMs();
    await world.until(() => to.of("unlinked").length > 0);
    const tookMs = world.clock.monotonicMs() - startedMs;
    assert.ok(
      tookMs > LINK_DEAD_AFTER_MS - LINK_PING_INTERVAL_MS && tookMs <= LINK_DEAD_AFTER_MS + 1_000,
      `${tookMs} ms`,
    );
    assert.equal(to.of("unlinked")[0]?.reason.code, "dead");
    assert.equal(LINK_DEAD_AFTER_MS, 45_000);
    assert.equal(LINK_PING_INTERVAL_MS, 20_000);

    world.network.heal();
    await world.until(() => receivedBy(gabi, said) === 1);
    await world.clock.advance(60_000);
    assert.deepEqual(nori.heard, ["can you hear me?"]);
  });
}
