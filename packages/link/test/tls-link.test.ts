// Goal: messages arrive whole, in order and once; nobody's slowness costs the other more than a bounded queue; a link ends
// once, with the reason, and what was sent before a close arrives.
// Method: two ends of real links over loopback, and bare TLS clients that break the framing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as realTime } from "node:timers/promises";
import { type TLSSocket, connect } from "node:tls";
import type { Link } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  BYTES_FRAME_BYTES_MAX,
  FRAME_KIND,
  JSON_FRAME_BYTES_MAX,
  MESSAGE_COMPLETE_TIMEOUT_MS,
  PEER_LINK_QUEUE_BYTES_MAX,
  WRITE_STALL_TIMEOUT_MS,
  encodeFrame,
} from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";
import fc from "fast-check";
import { ALPN, type Rig, diallerIdentity, openPair, openRig } from "./support/tcp.ts";

const DONE = { code: "closed", detail: "done" } as const;

test("messages of both kinds arrive in order, whatever their sizes", async () => {
  await using rig = await openRig();
  const { ours, theirs, heardThere } = await openPair(rig);
  const sizes = [
    0,
    1,
    5,
    200,
    1_018,
    1_019,
    1_020,
    16_384,
    65_531,
    65_536,
    69_627,
    69_628,
    131_072,
    BYTES_FRAME_BYTES_MAX,
  ];
  const sent = [...sizes, ...sizes.toReversed()].map((size) => new Uint8Array(size).fill(size % 251));
  for (const payload of sent) {
    ours.sendFrame(FRAME_KIND.bytes, payload);
    await ours.drained();
  }
  ours.sendJson({ text: "último 😀" });
  await heardThere.received(sent.length + 1);
  assert.deepEqual(
    heardThere.messages.slice(0, -1).map(({ payload }) => payload),
    sent,
  );
  assert.equal(heardThere.texts.at(-1), '{"text":"último 😀"}');
  assert.equal(theirs.isClosed, false);
});

test("the bytes of a payload are taken when it is sent, and JSON of every length is whole", async () => {
  await using rig = await openRig();
  const { ours, heardThere } = await openPair(rig);
  const payload = Uint8Array.of(1, 2, 3);
  ours.sendFrame(FRAME_KIND.bytes, payload);
  payload.fill(9);
  const texts = [0, 300, 21_000, 22_000, 30_000].map((length) => "ã".repeat(length));
  for (const text of texts) ours.sendJson({ text });
  await heardThere.received(6);
  assert.deepEqual([...(heardThere.messages[0]?.payload ?? [])], [1, 2, 3]);
  assert.deepEqual(
    heardThere.texts.slice(1),
    texts.map((text) => JSON.stringify({ text })),
  );
});

test("what one tick sends leaves in one write", async () => {
  await using rig = await openRig();
  const { ours, heardThere } = await openPair(rig);
  const chunks: number[] = [];
  const counted = await openBare(rig, (chunk) => chunks.push(chunk.length));
  const link = await rig.link(1);
  for (let index = 0; index < 50; index++) link.sendJson({ index });
  await until(() => chunks.reduce((sum, length) => sum + length, 0) >= 50 * 16);
  assert.equal(chunks.length, 1);
  counted.destroy();
  ours.sendJson({ still: "fine" });
  await heardThere.received(1);
});

test("our own mistakes are thrown, and cost the link nothing", async () => {
  await using rig = await openRig();
  const { ours, heardThere } = await openPair(rig);
  assert.throws(() => ours.sendJson({ text: "x".repeat(JSON_FRAME_BYTES_MAX) }), RangeError);
  assert.throws(() => ours.sendFrame(FRAME_KIND.bytes, new Uint8Array(BYTES_FRAME_BYTES_MAX + 1)), RangeError);
  assert.throws(() => ours.sendFrame(128, new Uint8Array(1)), RangeError);
  ours.sendJson({ fine: true });
  assert.deepEqual(await heardThere.received(1), ['{"fine":true}']);
});

test("a close sends what waits first, and each side is told once why it ended", async () => {
  await using rig = await openRig();
  const { ours, theirs, heardHere, heardThere } = await openPair(rig);
  for (let index = 0; index < 100; index++) ours.sendFrame(FRAME_KIND.bytes, new Uint8Array(5_000));
  const closed = ours.close(DONE);
  assert.equal(ours.isClosed, true);
  assert.equal(ours.sendJson({ late: true }), "closed");
  assert.equal(ours.close({ code: "dead", detail: "again" }), closed, "idempotent");
  assert.equal(heardHere.reason, undefined, "not told from inside the call");
  await closed;
  assert.deepEqual(await heardHere.ended(), DONE);
  assert.equal((await heardThere.ended()).code, "lost");
  assert.equal(heardThere.messages.length, 100);
  assert.equal(theirs.sendJson({ anyone: "there" }), "closed");
});

test("a destroyed link drops its queue and tells its receiver", async () => {
  await using rig = await openRig();
  const { ours, heardHere, heardThere } = await openPair(rig);
  ours.sendJson({ never: "seen" });
  ours.destroy({ code: "replaced", detail: "by a newer one" });
  assert.equal((await heardHere.ended()).code, "replaced");
  await heardThere.ended();
  assert.deepEqual(heardThere.messages, []);
  assert.equal(ours.queuedBytes, 0);
});

test("messages that come before a receiver wait for it, and a link can be handed over between two messages", async () => {
  await using rig = await openRig();
  const dialling = await rig.dial();
  assert.ok(dialling.ok);
  for (const index of [1, 2, 3, 4]) dialling.value.sendJson({ index });
  const theirs = await rig.link();
  const second = new LinkRecorder();
  const first = new LinkRecorder(() => {
    if (first.messages.length === 2) theirs.start(second);
  });
  theirs.start(first);
  await second.received(2);
  assert.deepEqual(first.texts, ['{"index":1}', '{"index":2}']);
  assert.deepEqual(second.texts, ['{"index":3}', '{"index":4}']);
  dialling.value.destroy(DONE);
  await second.ended();
  assert.equal(first.reason, undefined);
});

test("a receiver that pauses in the middle of a chunk gets the rest when it resumes, in order", async () => {
  await using rig = await openRig();
  const { ours, theirs } = await openPair(rig);
  const recorder = new LinkRecorder(() => theirs.pauseReading());
  theirs.start(recorder);
  for (let index = 0; index < 20; index++) ours.sendJson({ index });
  for (let count = 1; count <= 20; count++) {
    await recorder.received(count);
    assert.equal(recorder.messages.length, count);
    assert.equal(theirs.isPaused, true);
    theirs.resumeReading();
  }
  assert.deepEqual(
    recorder.texts,
    Array.from({ length: 20 }, (_, index) => `{"index":${index}}`),
  );
});

test("F11: to a reader that stops, a sender's queue stays bounded and its link ends as too slow", async () => {
  await using rig = await openRig({ queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX });
  const { ours, theirs, heardHere } = await openPair(rig, { queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX });
  theirs.pauseReading();
  let most = 0;
  const payload = new Uint8Array(65_536);
  for (let count = 0; count < 10_000 && !ours.isClosed; count++) {
    ours.sendFrame(FRAME_KIND.bytes, payload);
    most = Math.max(most, ours.queuedBytes);
    if (count % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await heardHere.ended()).code, "too_slow");
  assert.ok(most <= PEER_LINK_QUEUE_BYTES_MAX, `at most ${most} bytes waited`);
  assert.equal(ours.queuedBytes, 0);
});

test("F11: a write that makes no progress ends the link after its time, however little waits", async () => {
  const clock = new VirtualClock();
  await using rig = await openRig({}, clock);
  const { ours, theirs, heardHere } = await openPair(rig);
  theirs.pauseReading();
  await fillUntilStuck(ours);
  await clock.advance(WRITE_STALL_TIMEOUT_MS - 1);
  assert.equal(ours.isClosed, false);
  await clock.advance(1);
  assert.equal((await heardHere.ended()).code, "too_slow");
});

test("a slow reader is waited for: after `slow`, `drained` comes when it has read", async () => {
  await using rig = await openRig();
  const { ours, theirs, heardThere } = await openPair(rig);
  theirs.pauseReading();
  const sent = await fillUntilStuck(ours);
  const drained = ours.drained();
  theirs.resumeReading();
  await drained;
  assert.equal(ours.isClosed, false);
  await heardThere.received(sent);
});

test("P20: what a peer writes for ever stays in its own buffers while we do not read", async () => {
  const clock = new VirtualClock();
  await using rig = await openRig({}, clock);
  const { ours, theirs, heardThere } = await openPair(rig);
  theirs.pauseReading();
  const sent = await fillUntilStuck(ours);
  const payload = 65_536;
  const bytesTaken = heardThere.messages.reduce((sum, message) => sum + message.payload.length, 0);
  assert.ok(bytesTaken < payload * 2, "a paused end takes in next to nothing");
  assert.ok(sent > 2);
  // Half a message lies here unread: it is not its sender's fault.
  await clock.advance(WRITE_STALL_TIMEOUT_MS - 1_000);
  assert.equal(theirs.isClosed, false);
});

const brokenFrames: Record<string, { readonly bytes: number[]; readonly code: string }> = {
  "length 0": { bytes: [0, 0, 0, 0, 0], code: "invalid_message" },
  "length 256 KiB + 2": { bytes: [0, 4, 0, 2, 1], code: "frame_too_large" },
  "length 2^32-1": { bytes: [0xff, 0xff, 0xff, 0xff, 0], code: "frame_too_large" },
  "a JSON frame of 64 KiB + 1": { bytes: [0, 1, 0, 2, 0], code: "frame_too_large" },
};

for (const [name, { bytes, code }] of Object.entries(brokenFrames)) {
  test(`P8: ${name} ends the link on its header alone`, async () => {
    await using rig = await openRig();
    const bare = await openBare(rig);
    const heard = LinkRecorder.on(await rig.link());
    bare.write(Buffer.from(bytes));
    assert.equal((await heard.ended()).code, code);
    assert.deepEqual(heard.messages, []);
    bare.destroy();
  });
}

test("P8: half a frame and then silence ends the link when its time is up, and not before", async () => {
  for (const start of [[0], [0, 0, 0, 1], [0, 4, 0, 1, 1, 7, 7]]) {
    const clock = new VirtualClock();
    await using rig = await openRig({}, clock);
    const bare = await openBare(rig);
    const heard = LinkRecorder.on(await rig.link());
    bare.write(encodeFrame(FRAME_KIND.json, Buffer.from("{}")));
    await heard.received(1);
    const before = clock.timers;
    bare.write(Buffer.from(start));
    await until(() => clock.timers > before);
    await clock.advance(MESSAGE_COMPLETE_TIMEOUT_MS - 1);
    assert.equal(heard.reason, undefined);
    await clock.advance(1);
    assert.equal((await heard.ended()).code, "timeout");
    bare.destroy();
  }
});

test("P8: a frame that comes byte by byte in time is a message", async () => {
  await using rig = await openRig();
  const bare = await openBare(rig);
  const heard = LinkRecorder.on(await rig.link());
  for (const byte of encodeFrame(FRAME_KIND.json, Buffer.from('{"slow":true}'))) bare.write(Uint8Array.of(byte));
  assert.deepEqual(await heard.received(1), ['{"slow":true}']);
  bare.destroy();
});

test("P9: unknown kinds below 128 are passed over, from 128 on the link ends", async () => {
  await using rig = await openRig();
  const bare = await openBare(rig);
  const heard = LinkRecorder.on(await rig.link());
  bare.write(
    Buffer.concat([
      encodeFrame(3, Buffer.from("?")),
      encodeFrame(127, Buffer.alloc(0)),
      encodeFrame(0, Buffer.from("{}")),
    ]),
  );
  assert.deepEqual(await heard.received(1), ["{}"]);
  bare.write(Uint8Array.of(0, 0, 0, 1, 128));
  assert.equal((await heard.ended()).code, "unsupported");
  assert.equal(heard.messages.length, 1);
  bare.destroy();
});

test("I11: no stream of bytes makes a link deliver what is over its limits, throw, or hold on", async () => {
  await using rig = await openRig();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), async (chunks) => {
      const index = rig.links.length;
      const bare = await openBare(rig);
      const heard = LinkRecorder.on(await rig.link(index));
      for (const chunk of chunks) bare.write(chunk);
      bare.end();
      await heard.ended();
      assert.ok(heard.messages.every(({ payload }) => payload.length <= 512));
    }),
    { numRuns: 40 },
  );
});

/** A bare TLS client of the rig, past its handshake. */
async function openBare(rig: Rig, onData: (chunk: Buffer) => void = () => {}): Promise<TLSSocket> {
  const socket = connect({
    host: "127.0.0.1",
    port: rig.port,
    cert: diallerIdentity.certificatePem,
    key: diallerIdentity.privateKeyPem,
    ALPNProtocols: [ALPN],
    rejectUnauthorized: false,
    servername: "",
  });
  socket.setNoDelay(true);
  socket.on("error", () => {});
  socket.on("data", onData);
  await once(socket, "secureConnect");
  return socket;
}

/** Sends until the system takes no more; how many messages that were. */
async function fillUntilStuck(link: Link): Promise<number> {
  const payload = new Uint8Array(65_536);
  let sent = 0;
  let stuckFor = 0;
  let last = -1;
  while (stuckFor < 50) {
    if (link.queuedBytes < 262_144) {
      link.sendFrame(FRAME_KIND.bytes, payload);
      sent++;
    }
    await new Promise((resolve) => setImmediate(resolve));
    // A busy system may let what is on its way wait.
    if (link.queuedBytes === last) await realTime(2);
    stuckFor = link.queuedBytes === last && last > 0 ? stuckFor + 1 : 0;
    last = link.queuedBytes;
  }
  return sent;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
