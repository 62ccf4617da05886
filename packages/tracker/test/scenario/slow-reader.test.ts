// Goal: who does not read costs the tracker a bounded queue and a few seconds, and the others nothing; who reads slowly gets
// the latest state of a room instead of its history.
// Method: clients that stop reading on a network in memory, in virtual time; the tracker's own count of ends says why each ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMAND_BURST, LINK_QUEUE_BYTES_MAX, WRITE_STALL_TIMEOUT_MS } from "@papo/protocol";
import { NO_METRICS } from "../../src/ops/tracker-metrics.ts";
import type { PapoClient } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

type Ends = { readonly rig: TrackerRig; readonly ends: string[] };

async function start(): Promise<Ends> {
  const ends: string[] = [];
  const metrics = {
    ...NO_METRICS,
    closed: (dialect: string, reason: string) => void ends.push(`${dialect}: ${reason}`),
  };
  return { rig: await TrackerRig.start({ metrics }), ends };
}

/** A Papo client whose list of rooms fills pages, and a second one that lives beside it. */
async function withLongList(rig: TrackerRig): Promise<{ gabi: PapoClient; nori: PapoClient; pageBytes: number }> {
  const [gabi, nori] = [await rig.papo("gabi"), await rig.papo("nori")];
  for (const client of [gabi, nori]) assert.equal((await client.register()).status, "OK");
  for (let index = 0; index < 100; index += 1)
    await gabi.ask({ cmd: "CREATE_ROOM", room: `${"🎉".repeat(60)} ${index}` });
  const page = await gabi.ask({ cmd: "LIST_ROOMS" });
  await rig.clock.advance(5_000);
  return { gabi, nori, pageBytes: Buffer.byteLength(JSON.stringify(page)) };
}

test("T27: who asks and never reads is closed when 256 KiB wait, and the others notice nothing", async () => {
  const { rig, ends } = await start();
  const { gabi, nori, pageBytes } = await withLongList(rig);
  const asks = Math.ceil((LINK_QUEUE_BYTES_MAX + 65_536) / pageBytes) + 1;
  assert.ok(asks < COMMAND_BURST, "what ends the session is the queue, not the flood");
  assert.equal(LINK_QUEUE_BYTES_MAX, 262_144);
  gabi.link.pauseReading();
  const startMs = rig.clock.monotonicMs();
  for (let asked = 0; asked < asks; asked += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await rig.clock.runUntil(() => ends.length > 0);
  assert.deepEqual(ends, ["papo: too_slow"]);
  assert.ok(rig.clock.monotonicMs() - startMs < WRITE_STALL_TIMEOUT_MS, "sooner than the stall would have");
  assert.equal((await nori.ask({ cmd: "FIND_PEER", username: "gabi" })).peer.online, false);
});

test("T27: who stops reading is closed after 5 s without progress, however little waits", async () => {
  const { rig, ends } = await start();
  const { gabi, nori, pageBytes } = await withLongList(rig);
  gabi.link.pauseReading();
  const fills = Math.ceil(65_536 / pageBytes) + 1;
  for (let asked = 0; asked < fills; asked += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await rig.clock.advance(WRITE_STALL_TIMEOUT_MS - 100);
  assert.deepEqual(ends, []);
  assert.equal((await nori.ask({ cmd: "LIST_PEERS" })).status, "OK");
  await rig.clock.advance(200);
  assert.deepEqual(ends, ["papo: too_slow"]);
  assert.equal(WRITE_STALL_TIMEOUT_MS, 5_000);
});

test("T27: a seed client that never reads its pushes is closed too, and leaves its room after its grace", async () => {
  const { rig, ends } = await start();
  const [gabi, nori, yuki] = [await rig.seed(), await rig.seed(), await rig.seed()];
  for (const [client, name] of [
    [gabi, "gabi"],
    [nori, "nori"],
    [yuki, "yuki"],
  ] as const)
    await client.register(name);
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await nori.room("JOIN_ROOM", "nori", "TESTE");
  nori.link.pauseReading();
  for (let flaps = 0; ends.length === 0; flaps += 1) {
    assert.ok(flaps < 1_000, "its queue is bounded");
    await yuki.room("JOIN_ROOM", "yuki", "TESTE");
    await rig.clock.advance(500);
    await yuki.room("LEAVE_ROOM", "yuki", "TESTE");
    await rig.clock.advance(500);
  }
  assert.deepEqual(ends, ["seed: too_slow"]);
  await rig.clock.advance(31_000);
  gabi.inbox.length = 0;
  const { rooms } = await gabi.ask({ cmd: "LIST_ROOMS" });
  assert.deepEqual([rooms.TESTE.peer_one, rooms.TESTE.peer_two], [null, null]);
});

test("T27: changes that come close together are one push, and it shows the latest", async () => {
  const { rig } = await start();
  const [gabi, nori, yuki] = [await rig.seed(), await rig.seed(), await rig.seed()];
  for (const [client, name] of [
    [gabi, "gabi"],
    [nori, "nori"],
    [yuki, "yuki"],
  ] as const)
    await client.register(name);
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await rig.clock.advance(1_000);
  await Promise.all([nori.room("JOIN_ROOM", "nori", "TESTE"), yuki.room("JOIN_ROOM", "yuki", "TESTE")]);
  await nori.room("LEAVE_ROOM", "nori", "TESTE");
  await rig.clock.advance(1_000);
  const updates = gabi.inbox.splice(0);
  assert.equal(updates.length, 2, "the first at once, all others together");
  const guests = [updates[1].room.peer_one, updates[1].room.peer_two].filter((place) => place !== null);
  assert.deepEqual(
    guests.map(({ username }: { username: string }) => username),
    ["yuki"],
  );
});
