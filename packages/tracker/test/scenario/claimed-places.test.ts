// Goal: nobody makes the tracker dial, or show to others, a place that they only claim.
// Method: original clients that claim all kinds of addresses on a network in memory; canaries listen at what they claim.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTlsIdentity } from "@papo/link";
import { TRACKER_ALPN } from "@papo/protocol";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

const CLAIMS = [
  "127.0.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "2130706433",
  "0x7f000001",
  "metadata.internal",
  "１２７.0.0.1",
  "::ffff:10.5.0.77",
  "127.0.0.0.1",
  "10.5.0.77",
  "",
];

/** Counts every connection to a place. */
async function canary(rig: TrackerRig, address: string, port: number): Promise<{ calls: number }> {
  const state = { calls: 0 };
  await rig.host(address).listen({
    identity: createTlsIdentity(),
    alpn: TRACKER_ALPN,
    queueBytesMax: 1_024,
    host: address,
    port,
    dialects: ["seed", "papo"],
    onLink: (link) => {
      state.calls += 1;
      link.start({ message: () => link.sendJson({ cmd: "PONG" }), closed: () => {} });
    },
  });
  return state;
}

test("T22: any claimed address is taken as text, and only the observed one is shown and called", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 10 });
  const canaries = await Promise.all(CLAIMS.map((claim) => canary(rig, claim, 5_001)));
  const watcher = await rig.seed();
  await watcher.register("watcher");
  const seenAt = new Map<string, string>();
  const own: { calls: number }[] = [];
  for (const [index, address] of CLAIMS.entries()) {
    const host = `10.6.0.${index + 1}`;
    own.push(await canary(rig, host, 5_001));
    const client = await rig.seed(host);
    const answer = await client.ask({
      cmd: "REGISTER",
      username: `peer${index}x`,
      password: hashOf("x"),
      address,
      port: 5_001,
    });
    assert.equal(answer.status, "OK", `claims ${address}`);
    seenAt.set(`peer${index}x`, host);
  }

  const { peers } = await watcher.ask({ cmd: "LIST_PEERS" });
  for (const [name, host] of seenAt) assert.equal(peers[name].address, host);
  await rig.clock.advance(60_000);
  assert.deepEqual(
    canaries.map(({ calls }) => calls),
    CLAIMS.map(() => 0),
  );
  assert.ok(
    own.every(({ calls }) => calls > 0),
    "the observed place is called",
  );
});

test("T23: a victim's address with any port, and our own with a low one, get no connection", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 10 });
  const canaries = [
    await canary(rig, "10.5.0.77", 25),
    await canary(rig, "10.5.0.77", 6_379),
    await canary(rig, "10.6.0.1", 25),
  ];
  for (const [host, port] of [
    ["10.6.0.1", 25],
    ["10.6.0.2", 6_379],
    ["10.6.0.3", 1_023],
  ] as const) {
    const client = await rig.seed(host);
    const answer = await client.ask({
      cmd: "REGISTER",
      username: `peer${port}x`,
      password: hashOf("x"),
      address: "10.5.0.77",
      port,
    });
    assert.equal(answer.status, "OK");
  }
  await rig.clock.advance(60_000);
  assert.deepEqual(
    canaries.map(({ calls }) => calls),
    [0, 0, 0],
  );
});
