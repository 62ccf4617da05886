// Goal: whoever is behind a router that maps ports is reached directly, also from behind a router where nothing else would lead out, and leaves no open port behind.
// Method: real `papo` processes at machines of the laboratory and a real miniupnpd on one router. Needs root, ip, nft and miniupnpd; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, Lab, PortMapper } from "@papo/testing";
import { feed, Talk, Village } from "./village.ts";

test("a router that maps ports lets in who is behind a symmetric one, and has its port back at the end", async (t) => {
  if (!Lab.isPossible() || !PortMapper.isPossible()) {
    t.skip("needs root, ip, nft and miniupnpd");
    return;
  }
  using lab = new Lab();
  const [home, office] = [lab.nat("home", "preserving"), lab.nat("office", "symmetric")];
  const [couch, desk] = [lab.host("couch", { behind: home }), lab.host("desk", { behind: office })];
  await using mapper = await PortMapper.on(home);
  await using village = new Village();
  await village.trackerStarts(lab.host("tracker"));
  const [nori, gabi] = await Promise.all([village.arrives("nori", couch), village.arrives("gabi", desk)]);
  await eventually("the router has opened a port", () => (mapper.mappings().length === 1 ? true : undefined));
  await nori.creates();
  await gabi.enters();
  await nori.shows(feed.joined("gabi"));
  await gabi.reaches("nori", ["direct"]);
  const talk = new Talk([gabi, nori]);
  talk.turn();
  await talk.arrived();
  talk.assertOnce();
  await nori.leaves();
  assert.deepEqual(mapper.mappings(), []);
});
