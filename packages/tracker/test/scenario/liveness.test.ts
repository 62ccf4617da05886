// Goal: the report's PING finds out who is gone, dials nobody but the one who asked, and believes nothing but its own connection.
// Method: original clients that listen, or not, on a network in memory, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, createTlsIdentity } from "@papo/link";
import { TRACKER_ALPN } from "@papo/protocol";
import type { SeedClient } from "../seed-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

type Answering = { answer: (link: Link) => void; calls: number };

async function listening(rig: TrackerRig, address: string, port: number): Promise<Answering> {
  const state: Answering = { calls: 0, answer: (link) => void link.sendJson({ cmd: "PONG" }) };
  await rig.host(address).listen({
    identity: createTlsIdentity(),
    alpn: TRACKER_ALPN,
    queueBytesMax: 262_144,
    host: address,
    port,
    dialects: ["seed"],
    onLink: (link) => {
      state.calls += 1;
      link.start({ message: () => state.answer(link), closed: () => {} });
    },
  });
  return state;
}

async function inRoom(rig: TrackerRig): Promise<{ gabi: SeedClient; nori: SeedClient; calls: Answering[] }> {
  const [gabi, nori] = [await rig.seed("10.5.0.1"), await rig.seed("10.5.0.2")];
  const calls = [await listening(rig, "10.5.0.1", 5_001), await listening(rig, "10.5.0.2", 5_002)];
  await gabi.register("gabi", 5_001);
  await nori.register("nori", 5_002);
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await nori.room("JOIN_ROOM", "nori", "TESTE");
  await gabi.hear();
  return { gabi, nori, calls };
}

test("who answers PONG stays; who does not is offline and out of every room, until it speaks again", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 120 });
  const { gabi, nori, calls } = await inRoom(rig);
  await rig.clock.advance(125_000);
  assert.deepEqual(
    calls.map(({ calls: count }) => count),
    [1, 1],
  );
  assert.equal((await gabi.ask({ cmd: "LIST_PEERS" })).peers.nori.room, "TESTE");

  const [, second] = calls;
  assert.ok(second);
  second.answer = () => {};
  await rig.clock.advance(125_000);
  assert.ok(rig.lines.includes("[DESCONECTADO] Peer nori caiu."));
  assert.equal((await gabi.hear()).room.peer_one, null);
  assert.equal((await gabi.ask({ cmd: "LIST_PEERS" })).peers.nori, undefined);
  assert.equal((await rig.repositories.peers.find("nori" as never))?.connected, false);
  assert.equal(nori.closedBy, undefined);
  assert.deepEqual(gabi.inbox, []);

  assert.equal((await nori.room("LEAVE_ROOM", "nori", "TESTE")).msg, "Usuário 'nori' não está na sala 'TESTE'.");
  assert.ok(rig.lines.includes("[RECONECTADO] Peer nori voltou."));
  assert.equal((await gabi.ask({ cmd: "LIST_PEERS" })).peers.nori.connected, true);
});

test("a PONG brings back who was offline", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 10 });
  const { gabi, calls } = await inRoom(rig);
  const [, second] = calls;
  assert.ok(second);
  second.answer = () => {};
  await rig.clock.advance(15_000);
  second.answer = (link) => void link.sendJson({ cmd: "PONG" });
  await rig.clock.advance(15_000);
  assert.ok(rig.lines.includes("[RECONECTADO] Peer nori voltou."));
  assert.equal((await gabi.ask({ cmd: "LIST_PEERS" })).peers.nori.connected, true);
});

test("T25: a PONG on the session, or a wrong answer first, counts for nothing", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 120 });
  const { nori, calls } = await inRoom(rig);
  const [, second] = calls;
  assert.ok(second);
  second.answer = (link) => {
    link.sendJson({ cmd: "HELLO", username: "nori" });
    link.sendJson({ cmd: "PONG" });
  };
  assert.equal((await nori.ask({ cmd: "PONG" })).msg, "Comando não suportado.");
  await rig.clock.advance(125_000);
  assert.ok(rig.lines.includes("[DESCONECTADO] Peer nori caiu."));
});

test("T23: ports below 1024 are taken and never dialled; the open session is their sign of life", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 10 });
  const canary = await listening(rig, "10.5.0.9", 25);
  const client = await rig.seed("10.5.0.9");
  assert.equal((await client.register("gabi", 25)).status, "OK");
  await rig.clock.advance(60_000);
  assert.equal(canary.calls, 0);
  assert.equal((await client.ask({ cmd: "LIST_PEERS" })).peers.gabi.connected, true);
});

test("T24: who lets us wait holds up neither the others nor the tracker, and at most four at once", async () => {
  const rig = await TrackerRig.start({ pingIntervalSeconds: 120 });
  let open = 0;
  let most = 0;
  for (let index = 0; index < 10; index += 1) {
    const address = `10.6.0.${index + 1}`;
    const tarpit = await listening(rig, address, 5_000);
    tarpit.answer = (link) => {
      open += 1;
      most = Math.max(most, open);
      link.start({
        message: () => {},
        closed: () => {
          open -= 1;
        },
      });
    };
    await (await rig.seed(address)).register(`peer${index}x`, 5_000);
  }
  const honest = await rig.seed("10.6.1.1");
  await listening(rig, "10.6.1.1", 5_000);
  await honest.register("gabi", 5_000);
  await rig.clock.advance(121_000);
  assert.equal((await honest.ask({ cmd: "LIST_ROOMS" })).status, "OK");
  await rig.clock.advance(20_000);
  assert.equal(most, 4);
  assert.equal(rig.lines.filter((line) => line.startsWith("[DESCONECTADO]")).length, 10);
  assert.ok(!rig.lines.includes("[DESCONECTADO] Peer gabi caiu."));
});
