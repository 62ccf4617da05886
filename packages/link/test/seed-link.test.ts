// Goal: an original program, which takes whatever one read returns for one object, never gets two; and whatever way its bytes
// are cut, we read the same objects.
// Method: raw TCP clients against real links. What may be joined or not is a matter of time between writes, so the spacing
// tests run on a virtual clock and look at what has been written when.
import assert from "node:assert/strict";
import { Socket } from "node:net";
import { test } from "node:test";
import { type Link, encodeSeedJson } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  LINK_PING_INTERVAL_MS,
  LINK_QUEUE_BYTES_MAX,
  MESSAGE_COMPLETE_TIMEOUT_MS,
  MISTAKES_MAX,
  SEED_OBJECT_BYTES_MAX,
  SEED_PUSH_SPACING_MS,
  WRITE_STALL_TIMEOUT_MS,
} from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";
import fc from "fast-check";
import { seedLink } from "../src/seed-link.ts";
import { RawClient, openPair, openRig } from "./support/tcp.ts";

const OK = { status: "OK", msg: "Usuário 'gabi' entrou na sala 'TESTE'." };
const push = (n: number) => ({ status: "ROOM_UPDATE", n });
const DONE = { code: "closed", detail: "done" } as const;

type Visit = AsyncDisposable & {
  readonly client: RawClient;
  readonly link: Link;
  readonly heard: LinkRecorder;
  readonly clock: VirtualClock;
};

/** A raw client that has said one object to a link of ours. */
async function visit(clock: VirtualClock = new VirtualClock()): Promise<Visit> {
  const rig = await openRig({ queueBytesMax: LINK_QUEUE_BYTES_MAX }, clock);
  const client = new RawClient(rig.port);
  client.write('{"cmd":"LIST_ROOMS"}');
  const link = await rig.link();
  const heard = LinkRecorder.on(link);
  await heard.received(1);
  return { client, link, heard, clock, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

test("F5: the dialect asks nobody whether they are still there, so the system does", () => {
  const asked: unknown[] = [];
  const socket = new Socket();
  socket.setKeepAlive = (...how: unknown[]) => {
    asked.push(how);
    return socket;
  };
  const ends = { remoteAddress: "192.0.2.1", remotePort: 1, localAddress: "192.0.2.2", localPort: 2 };
  const link = seedLink(new VirtualClock(), { socket, ends, queueBytesMax: LINK_QUEUE_BYTES_MAX });
  assert.deepEqual(asked, [[true, LINK_PING_INTERVAL_MS]]);
  link.destroy(DONE);
});

const LINES = [
  '{"cmd":"LOGIN","username":"gabi","password":"","address":"localhost","port":1}',
  ' {"cmd":"MESSAGE","content":"} { \\" \\\\ \\u00e9 é 😀"}',
  '\r\n{"cmd":"MESSAGE","nested":{"a":[{"b":"}{"}]}}',
  "{}",
];

test("T5, T6: objects back to back, split at every byte, give the same messages", async () => {
  await using rig = await openRig();
  const bytes = Buffer.from(LINES.join(""));
  const expected = LINES.map((line) => line.trim());
  for (let at = 1; at < bytes.length; at += 3) {
    const index = rig.links.length;
    const client = new RawClient(rig.port);
    client.write(bytes.subarray(0, at));
    const heard = LinkRecorder.on(await rig.link(index));
    client.write(bytes.subarray(at));
    assert.deepEqual(await heard.received(expected.length), expected);
    client.socket.destroy();
  }
});

test("T5: ten objects in one segment, and one object a byte at a time", async () => {
  await using rig = await openRig();
  const client = new RawClient(rig.port);
  client.write('{"cmd":"LIST_ROOMS"}'.repeat(10));
  const heard = LinkRecorder.on(await rig.link());
  await heard.received(10);
  for (const byte of Buffer.from('{"content":"ação"}')) client.write(Uint8Array.of(byte));
  assert.equal((await heard.received(11)).at(-1), '{"content":"ação"}');
  client.socket.destroy();
});

test("T4: more levels than allowed are one mistake, and the session lives", async () => {
  await using v = await visit();
  v.client.write(`${'{"a":'.repeat(40)}1${"}".repeat(40)}{"fine":1}`);
  assert.equal((await v.heard.received(2)).at(-1), '{"fine":1}');
  assert.deepEqual(
    v.heard.mistakes.map(({ code }) => code),
    ["json_too_deep"],
  );
});

test("T6: the last mistake that is forgiven is still told, and then the link ends", async () => {
  await using v = await visit();
  const answered: string[] = [];
  v.link.start({
    message: () => answered.push("message"),
    mistake: () => void v.link.sendJson({ status: "ERROR" }),
    closed: (reason) => answered.push(reason.code),
  });
  v.client.write('{"a":1,"a":2}'.repeat(MISTAKES_MAX + 1));
  await until(() => v.client.reads.length > 0 || v.link.isClosed);
  while (!v.client.socket.closed) await v.clock.advance(SEED_PUSH_SPACING_MS);
  assert.equal((await v.client.ended()).toString(), '{"status":"ERROR"}'.repeat(MISTAKES_MAX));
  await until(() => answered.length > 0);
  assert.deepEqual(answered, ["duplicate_key"]);
});

test("T7: values that are no objects are mistakes without an end", async () => {
  await using v = await visit();
  v.client.write('1 "x" null [] true {"fine":1}');
  assert.equal((await v.heard.received(2)).at(-1), '{"fine":1}');
  assert.equal(v.heard.mistakes.length, 5);
  assert.equal(v.link.isClosed, false);
});

for (const [name, bytes, code] of [
  ["T12: bytes that are not UTF-8", Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d), "bad_text"],
  ["T6: a bracket too many", "}", "not_json"],
  ["T1: an object that never ends", `{"a":"${"x".repeat(SEED_OBJECT_BYTES_MAX)}`, "frame_too_large"],
] as const) {
  test(`${name}: the link ends`, async () => {
    await using v = await visit();
    v.client.write(bytes);
    assert.equal((await v.heard.ended()).code, code);
    assert.equal(v.heard.messages.length, 1);
  });
}

test("T2: an object has its time from its first byte to its last, however it trickles in", async () => {
  await using v = await visit();
  const timers = v.clock.timers;
  v.client.write("{");
  await until(() => v.clock.timers > timers);
  await v.clock.advance(MESSAGE_COMPLETE_TIMEOUT_MS / 2);
  v.client.write('"a"');
  await v.clock.advance(MESSAGE_COMPLETE_TIMEOUT_MS / 2);
  assert.equal((await v.heard.ended()).code, "timeout");
});

test("non-ASCII leaves as escapes of UTF-16 units, as the original writes it", () => {
  const text = Buffer.from(encodeSeedJson({ msg: 'é 😀 \u007f "\n' })).toString("latin1");
  assert.equal(text, String.raw`{"msg":"\u00e9 \ud83d\ude00 \u007f \"\n"}`);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (msg) => {
      const bytes = Buffer.from(encodeSeedJson({ msg }));
      return bytes.every((byte) => byte < 0x7f) && JSON.parse(bytes.toString("latin1")).msg === msg;
    }),
  );
});

test("each object is one write, and the next waits until a read can have taken the one before", async () => {
  await using v = await visit();
  v.link.sendJson(push(1));
  v.link.sendJson(push(2));
  v.link.sendJson(OK);
  await v.client.readSome(1);
  await v.clock.advance(SEED_PUSH_SPACING_MS - 1);
  assert.deepEqual(v.client.reads.map(String), [JSON.stringify(push(1))]);
  await v.clock.advance(1);
  await v.client.readSome(2);
  await v.clock.settle();
  assert.deepEqual(v.client.reads.slice(1).map(String), [JSON.stringify(push(2))]);
  await v.clock.advance(SEED_PUSH_SPACING_MS);
  await v.client.readSome(3);
  assert.equal(String(v.client.reads[2]), Buffer.from(encodeSeedJson(OK)).toString());
});

test("who has spoken since the last answer has read it: the next answer goes at once", async () => {
  await using v = await visit();
  for (let round = 1; round <= 5; round++) {
    v.link.sendJson(OK);
    await v.client.readSome(round);
    await until(() => v.link.queuedBytes === 0);
    v.client.write('{"cmd":"LIST_ROOMS"}');
    await v.heard.received(round + 1);
  }
  assert.equal(v.clock.monotonicMs(), 0, "no time had to pass");
});

test("a command that comes just after a push proves nothing: its answer waits", async () => {
  await using v = await visit();
  v.link.sendJson(push(1));
  await v.client.readSome(1);
  await until(() => v.link.queuedBytes === 0);
  v.client.write('{"cmd":"LIST_ROOMS"}');
  await v.heard.received(2);
  v.link.sendJson(OK);
  await v.clock.advance(SEED_PUSH_SPACING_MS - 1);
  assert.equal(v.client.reads.length, 1);
  await v.clock.advance(1);
  await v.client.readSome(2);
});

test("commands that came in one segment are answered one read apart", async () => {
  await using v = await visit();
  v.client.write('{"cmd":"LIST_ROOMS"}'.repeat(3));
  await v.heard.received(4);
  for (let n = 0; n < 3; n++) v.link.sendJson(OK);
  for (let n = 1; n <= 3; n++) {
    await v.client.readSome(n);
    await v.clock.settle();
    assert.equal(v.client.reads.length, n);
    await v.clock.advance(SEED_PUSH_SPACING_MS);
  }
});

test("a refusal and then a close: the refusal arrives", async () => {
  await using v = await visit();
  v.client.write('{"unread":1}'.repeat(500));
  v.link.sendJson({ status: "ERROR", msg: "Comando inválido. Faça login ou registre-se primeiro." });
  await v.link.close(DONE);
  assert.match((await v.client.ended()).toString(), /Comando inv\\u00e1lido/u);
});

test("a client that never reads: the queue is bounded, a close is too, and the link ends", async () => {
  await using v = await visit();
  while (!v.link.isClosed) v.link.sendJson({ status: "ROOM_UPDATE", filler: "x".repeat(3_000) });
  assert.equal((await v.heard.ended()).code, "too_slow");

  await using w = await visit();
  for (let n = 0; n < 200; n++) w.link.sendJson(push(n));
  const closed = w.link.close(DONE);
  await w.clock.advance(WRITE_STALL_TIMEOUT_MS);
  await closed;
  assert.deepEqual(await w.heard.ended(), DONE);
});

test("between two of our own links the dialect works both ways", async () => {
  await using rig = await openRig();
  const { ours, theirs, heardHere, heardThere } = await openPair(rig, { dialect: "seed" });
  theirs.sendJson(OK);
  ours.sendJson({ cmd: "MESSAGE", room: null, username: "gabi", content: "olá 😀" });
  assert.deepEqual(JSON.parse((await heardHere.received(1))[0] ?? ""), OK);
  assert.match((await heardThere.received(2))[1] ?? "", /"cmd":"MESSAGE"/u);
  assert.throws(() => ours.sendFrame(1, new Uint8Array(1)), TypeError);
  assert.throws(() => ours.sendJson({ content: "x".repeat(SEED_OBJECT_BYTES_MAX) }), RangeError);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
