// Goal: people who know each other meet in their own network while the tracker is gone and they are where nobody has seen them; whoever hides says nothing there.
// Method: whole accounts on the in-memory network, with an in-memory local network beside it, on a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryLan } from "@papo/link/memory";
import { type IpLiteral, decodeWith, ipLiteral, succeed } from "@papo/protocol";
import { World, allLinked, receivedBy } from "../world-fixture.ts";

function at(address: string): IpLiteral {
  const decoded = decodeWith(ipLiteral, address);
  assert.ok(decoded.ok);
  return decoded.value;
}

function onLan(lan: MemoryLan, host: string) {
  return { host, live: { openLan: async () => succeed(lan.host(at(host))) } };
}

test("with no tracker, at new addresses, two who know each other find each other in their own network", async () => {
  const world = await World.create();
  const lan = new MemoryLan(world.clock, world.random);
  const gabi = await world.person("gabi", onLan(lan, "10.0.0.50"));
  const nori = await world.person("nori", onLan(lan, "10.0.0.51"));
  const room = await world.room([gabi, nori]);
  await world.tracker.die();
  await world.run(Promise.all([gabi.live.stop(), nori.live.stop()]));

  const later = await world.person("gabi", { before: gabi, ...onLan(lan, "10.0.0.60") });
  const too = await world.person("nori", { before: nori, ...onLan(lan, "10.0.0.61") });
  await world.until(() => allLinked([later, too]));
  const said = await later.say(room, "so we meet again");
  await world.until(() => receivedBy(later, said) === 1);
  assert.deepEqual(too.heard, ["so we meet again"]);
});

test("whoever hides their address neither announces anything nor looks", async () => {
  const world = await World.create();
  const openLan = () => assert.fail("looked into the local network");
  const gabi = await world.person("gabi", { live: { openLan, hideAddress: true } });
  await world.clock.advance(60_000);
  assert.equal(gabi.live.state.kind, "online");
});
