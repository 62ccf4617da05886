// Goal: behind a router that opens ports when asked, people are reached directly also by those whom nothing else would bring to them, and the port is closed when they leave.
// Method: real `papo` processes and a real miniupnpd in a laboratory of network namespaces. Needs root, ip, nft and miniupnpd; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, Lab, PortMapper, stopwatch } from "@papo/testing";
import { Talk, Village } from "./village.ts";

test("a router opens a port for one, and the other comes in there from behind a symmetric router", async (t) => {
  if (!Lab.isPossible() || !PortMapper.isPossible()) {
    t.skip("needs root, ip, nft and miniupnpd");
    return;
  }
  using lab = new Lab();
  const router = lab.nat("router-one", "preserving");
  const one = lab.host("one", { behind: router });
  const other = lab.host("other", { behind: lab.nat("router-other", "symmetric") });
  await using mapper = await PortMapper.on(router);
  await using village = new Village();
  await village.trackerStarts(lab.host("tracker"));
  const elapsedMs = stopwatch();
  const gabi = await village.arrives("gabi", one);
  await eventually("the router to have opened a port", () => mapper.mappings()[0]);
  t.diagnostic(`mapped ${elapsedMs()} ms after the start of papo`);
  const nori = await village.arrives("nori", other);
  await gabi.creates();
  await nori.enters();
  const talk = new Talk([gabi, nori]);
  talk.turn();
  await talk.arrived();
  await Promise.all([gabi.reaches("nori", ["direct"]), nori.reaches("gabi", ["direct"])]);
  talk.turn();
  await talk.arrived();
  talk.assertOnce();
  await gabi.leaves();
  await eventually("the router to have closed the port", () => (mapper.mappings().length === 0 ? true : undefined));
  assert.deepEqual(mapper.mappings(), []);
});
