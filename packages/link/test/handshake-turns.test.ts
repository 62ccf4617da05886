// Goal: many who dial at the same moment are all served, and none of them has to come again.
// Method: more dials over loopback than one listener has handshakes under way, all begun before any is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HANDSHAKES_CONCURRENT_MAX } from "@papo/protocol";
import { openRig } from "./support/tcp.ts";

const DIALS = HANDSHAKES_CONCURRENT_MAX + 44;

test(`F12: ${DIALS} dials at the same moment all get their link at the first try`, async () => {
  await using rig = await openRig();
  const dialled = await Promise.all(Array.from({ length: DIALS }, () => rig.dial()));
  assert.deepEqual(
    dialled.filter(({ ok }) => !ok),
    [],
  );
  while (rig.links.length < DIALS) await rig.link(rig.links.length);
  assert.equal(rig.listener.openSockets, DIALS);
  const keys = new Set(rig.links.map(({ ends }) => ends.remotePort));
  assert.equal(keys.size, DIALS, "each its own");
});
