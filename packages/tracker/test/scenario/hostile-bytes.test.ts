// Goal: whatever bytes arrive on the port, the answer is right, or a refusal, or a closed connection, and the tracker serves on.
// Method: real sockets on the loopback against the whole tracker over the memory store. Waits for what is observed, never for time.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { systemClock, tcpNetwork } from "@papo/link";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import { type Tracker, startTracker } from "../../src/tracker.ts";
import { createTrackerIdentity } from "../../src/tracker-identity.ts";
import { RawClient } from "../raw-client.ts";
import { hashOf } from "../tracker-in-reach.ts";

async function start(context: TestContext): Promise<Tracker> {
  const started = await startTracker({
    clock: systemClock,
    network: tcpNetwork(),
    identity: createTrackerIdentity(),
    repositories: openMemoryStore(),
    host: "127.0.0.1",
    port: 0,
    log: { event: () => {} },
    deriveKey: async (password, salt) => createHash("sha256").update(password).update(salt).digest(),
  });
  assert.ok(started.ok);
  context.after(() => started.value.drain());
  return started.value;
}

const register = (username: string) => ({
  cmd: "REGISTER",
  username,
  password: hashOf(username),
  address: "localhost",
  port: 5_001,
});

async function member(tracker: Tracker, name: string): Promise<RawClient> {
  const client = await RawClient.connect(tracker.port);
  assert.equal((await client.ask(register(name))).status, "OK");
  return client;
}

/** The tracker still does its work. */
async function serves(tracker: Tracker): Promise<void> {
  const client = await RawClient.connect(tracker.port);
  assert.equal((await client.ask({ cmd: "LIST_ROOMS" })).status, "ERROR");
  await client.ended();
}

test("T5: ten objects in one segment, and one object split at every byte, get the same answers", async (context) => {
  const tracker = await start(context);
  const gabi = await member(tracker, "gabi");
  const command = JSON.stringify({ cmd: "CREATE_ROOM", room: `Sala "çã" 🎉\\`, username: "gabi" });
  gabi.write(command + JSON.stringify({ cmd: "LIST_ROOMS" }).repeat(9));
  const created = await gabi.hear();
  assert.equal(created.status, "OK");
  for (let index = 0; index < 9; index += 1) assert.equal((await gabi.hear()).status, "OK");

  const bytes = Buffer.from(command);
  for (let at = 1; at < bytes.length; at += 1) {
    const nori = at === 1 ? await member(tracker, "nori") : gabi;
    nori.write(bytes.subarray(0, at));
    nori.write(bytes.subarray(at));
    assert.equal((await nori.hear()).status, "ERROR");
    if (nori !== gabi) nori.socket.destroy();
    if (at % 15 === 0) break;
  }
});

test("T6, T7: what is no object is refused or ends the connection, and is never taken for a command", async (context) => {
  const tracker = await start(context);
  const gabi = await member(tracker, "gabi");
  for (const value of ["1 ", '"x"', "null ", "[]", "true "]) {
    gabi.write(value);
    assert.equal((await gabi.hear()).status, "ERROR");
  }
  assert.equal((await gabi.ask({ cmd: "LIST_ROOMS" })).status, "OK");

  gabi.write('{"cmd":"LIST_ROOMS","x":"}{\\"\\\\"}');
  assert.equal((await gabi.hear()).status, "OK");
  for (const garbage of ["}{", "\ufeff{}", "\0", "garbage"]) {
    const client = await member(tracker, `peer${garbage.length}${garbage.codePointAt(0)}x`);
    client.write(garbage);
    await client.ended();
  }
  await serves(tracker);
});

test("T1, T3, T4: an object without end, a large one in pieces, and one too deep", async (context) => {
  const tracker = await start(context);
  const endless = await RawClient.connect(tracker.port);
  endless.write(`{"cmd":"${"a".repeat(70_000)}`);
  await endless.ended();

  const large = await member(tracker, "gabi");
  const piece = "a".repeat(1_024);
  large.write('{"cmd":"LIST_ROOMS","x":"');
  for (let index = 0; index < 1_024; index += 1) large.write(piece);
  await large.ended();

  const deep = await member(tracker, "nori");
  deep.write(`{"cmd":"LIST_ROOMS","x":${"[".repeat(20)}${"]".repeat(20)}}`);
  assert.equal((await deep.hear()).status, "ERROR");
  assert.equal((await deep.ask({ cmd: "LIST_ROOMS" })).status, "OK");
});

test("T8: names and keys that mean something to the machine are only names and keys", async (context) => {
  const tracker = await start(context);
  const gabi = await member(tracker, "gabi");
  gabi.write('{"cmd":"LIST_ROOMS","__proto__":{"x":1}}');
  assert.equal((await gabi.hear()).status, "ERROR");
  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
    assert.equal((await gabi.ask({ cmd: "JOIN_ROOM", room: name, username: "gabi" })).status, "ERROR");
    assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: name, username: "gabi" })).status, "ERROR");
    const client = await RawClient.connect(tracker.port);
    assert.equal((await client.ask(register(name))).msg, "Usuário já existe.");
  }
});

test("T12: bytes that are not UTF-8 end the connection", async (context) => {
  const tracker = await start(context);
  for (const [name, bytes] of [
    ["gabi", [0xff]],
    ["nori", [0xc0, 0xaf]],
    ["yuki", [0xed, 0xa0, 0x80]],
  ] as const) {
    const client = await member(tracker, name);
    client.write(Buffer.concat([Buffer.from('{"cmd":"'), Buffer.from(bytes), Buffer.from('"}')]));
    await client.ended();
  }
  await serves(tracker);
});

test("T37: other protocols, TLS without our ALPN, and a wrong first byte are turned away", async (context) => {
  const tracker = await start(context);
  for (const banner of ["SSH-2.0-x\r\n", "GET / HTTP/1.1\r\n\r\n", "P".repeat(33), "\u0000"]) {
    const client = await RawClient.connect(tracker.port);
    client.write(banner);
    assert.deepEqual(await client.ended(), []);
  }
  const tls = connectTls({ host: "127.0.0.1", port: tracker.port, rejectUnauthorized: false });
  await new Promise<void>((resolve) => {
    tls.on("error", () => {});
    tls.on("close", () => resolve());
  });
  await serves(tracker);
});

test("T27: who never reads is closed, and the others hear of it", async (context) => {
  const tracker = await start(context);
  const gabi = await member(tracker, "gabi");
  const nori = await member(tracker, "nori");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "TESTE", username: "gabi" });
  nori.say({ cmd: "JOIN_ROOM", room: "TESTE", username: "nori" });
  assert.equal((await gabi.hear()).status, "ROOM_UPDATE");
  nori.socket.pause();
  // More commands than may wait: more than anybody who reads would send.
  for (let index = 0; index < 200; index += 1) nori.say({ cmd: "LIST_ROOMS" });
  let update = await gabi.hear();
  while (update.room.peer_one !== null) update = await gabi.hear();
  nori.socket.destroy();
});

test("each answer and each push is one write, and a push comes before the answer of whoever caused it", async (context) => {
  const tracker = await start(context);
  const gabi = await member(tracker, "gabi");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "TESTE", username: "gabi" });
  gabi.chunks.length = 0;
  gabi.say({ cmd: "JOIN_ROOM", room: "TESTE", username: "gabi" });
  assert.equal((await gabi.hear()).status, "ROOM_UPDATE");
  assert.equal((await gabi.hear()).status, "OK");
  assert.equal(gabi.chunks.length, 2);
  for (const chunk of gabi.chunks) JSON.parse(chunk);
});
