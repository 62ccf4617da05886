// Goal: what one caller says the other hears, byte for byte, at the pace of the slower one and within its budget; and it ends when
// they end it, when nothing goes, or when we say so, with nothing left open.
// Method: plain sockets through a real listener on loopback; a virtual clock where time matters; counts of bytes, never of seconds.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { endOf, openRelay, readBytes, until } from "../support/relay.ts";

const MEBIBYTE = 1_048_576;

/** Each byte of it says where it stands. */
function pattern(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at + 4 <= count; at += 4) bytes.writeUInt32BE((at * 2_654_435_761) >>> 0, at);
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("bytes go both ways at once, exactly, and are counted", async () => {
  await using relay = await openRelay();
  const [one, other] = [await relay.call(), await relay.call()];
  const [up, down] = [pattern(5 * MEBIBYTE), pattern(3 * MEBIBYTE)];
  one.end(up);
  other.end(down);
  const [here, there] = await Promise.all([readBytes(one, down.length + 1), readBytes(other, up.length + 1)]);
  assert.equal(sha256(there), sha256(up));
  assert.equal(sha256(here), sha256(down));
  assert.deepEqual(await relay.ended(), { why: "closed", bytes: { one: up.length, other: down.length } });
  await until(() => relay.openSockets === 0);
});

test("what was said before the other came arrives first", async () => {
  await using relay = await openRelay();
  const one = await relay.call();
  await relay.caller();
  const first = pattern(40_000);
  one.write(first.subarray(0, 1_000));
  one.write(first.subarray(1_000));
  const other = await relay.call();
  assert.deepEqual(await readBytes(other, first.length), first);
});

test("the end of one way is passed on, and the other way stays open", async () => {
  await using relay = await openRelay();
  const [one, other] = [await relay.call(), await relay.call()];
  one.end("the last of it");
  assert.equal((await readBytes(other, 100)).toString(), "the last of it");
  other.write("an answer all the same");
  assert.equal((await readBytes(one, 22)).toString(), "an answer all the same");
  assert.equal(relay.ends.length, 0);
  other.end();
  one.resume();
  assert.equal((await relay.ended()).why, "closed");
});

test("a slow reader slows the sender down: what is in hand stays the same, and nothing is lost", async () => {
  let taken = 0;
  await using relay = await openRelay({ spend: (_from, bytes) => ((taken += bytes), 0) });
  const [one, other] = [await relay.call(), await relay.call()];
  await relay.caller(1);
  const total = 48 * MEBIBYTE;
  const bytes = pattern(total);
  one.end(bytes);
  // The system's own buffers fill, then nothing moves any more. What the relay took is what it has handed on, but for a chunk.
  let before = -1;
  while (taken !== before || taken === 0) {
    before = taken;
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(taken < total / 2, `${taken} of ${total} bytes were taken for somebody who reads nothing`);
  const stalledAt = taken;
  const arrived = await readBytes(other, total + 1);
  assert.ok(stalledAt > 0);
  assert.equal(arrived.length, total);
  assert.equal(sha256(arrived), sha256(bytes));
  other.end();
  one.resume();
  assert.deepEqual((await relay.ended()).bytes, { one: total, other: 0 });
});

test("T34: a greedy pair does not starve another one", async () => {
  let greedy = 0;
  await using relay = await openRelay({ spend: (_from, bytes) => ((greedy += bytes), 0) });
  const [source, sink] = [await relay.call(1), await relay.call(1)];
  const stop = pourWithoutEnd(source);
  sink.resume();
  const [quiet, far] = [await relay.call(2), await relay.call(2)];
  await until(() => greedy > MEBIBYTE);
  const before = greedy;
  for (let n = 0; n < 50; n++) {
    quiet.write(Uint8Array.of(n));
    assert.deepEqual(await readBytes(far, 1), Buffer.of(n));
    far.write(Uint8Array.of(n));
    assert.deepEqual(await readBytes(quiet, 1), Buffer.of(n));
  }
  const perRoundTrip = (greedy - before) / 50;
  assert.ok(perRoundTrip > 0, "the greedy pair goes on meanwhile");
  assert.ok(perRoundTrip < 32 * MEBIBYTE, `${perRoundTrip} bytes of the greedy pair went for each round trip`);
  stop();
});

test("T34: who has spent too much is read later, and nothing is lost", async () => {
  const clock = new VirtualClock();
  const chunks: number[] = [];
  await using relay = await openRelay(
    { spend: (from, bytes) => (from === "one" ? (chunks.push(bytes), 1_000) : 0) },
    clock,
  );
  const [one, other] = [await relay.call(), await relay.call()];
  const bytes = pattern(300_000);
  one.end(bytes);
  const reading = readBytes(other, bytes.length + 1);
  await until(() => chunks.length === 1);
  await clock.advance(999);
  assert.equal(chunks.length, 1, "not before its time");
  // The other way costs nothing and is not held up.
  other.write("meanwhile");
  assert.equal((await readBytes(one, 9)).toString(), "meanwhile");
  while (chunks.reduce((sum, count) => sum + count, 0) < bytes.length) {
    const { length } = chunks;
    await clock.advance(1_000);
    await until(() => chunks.length > length);
    assert.equal(chunks.length, length + 1, "one chunk for each wait");
  }
  await clock.advance(1_000);
  assert.equal(sha256(await reading), sha256(bytes));
});

test("T34: a splice on which nothing goes is closed, and not before", async () => {
  const clock = new VirtualClock();
  let passed = 0;
  await using relay = await openRelay(
    { idleTimeoutMs: 60_000, spend: (_from, bytes) => ((passed += bytes), 0) },
    clock,
  );
  const [one, other] = [await relay.call(), await relay.call()];
  await relay.caller(1);
  await clock.advance(59_000);
  other.write("x");
  await until(() => passed === 1);
  await clock.advance(59_999);
  assert.equal(relay.openSockets, 2);
  await clock.advance(1);
  await Promise.all([endOf(one), endOf(other)]);
  assert.deepEqual(await relay.ended(), { why: "idle", bytes: { one: 0, other: 1 } });
});

test("when one connection breaks, the other is closed; and we can shut both", async () => {
  await using relay = await openRelay();
  const [one, other] = [await relay.call(), await relay.call()];
  await relay.caller(1);
  one.resetAndDestroy();
  await endOf(other);
  assert.equal((await relay.ended()).why, "error");

  const [first, second] = [await relay.call(2), await relay.call(2)];
  (await relay.caller(3)).destroy();
  await Promise.all([endOf(first), endOf(second)]);
  assert.equal((await relay.ended(1)).why, "closed");
  await until(() => relay.openSockets === 0);
});

test("a splice that is shut ends both at once, and its end is told once", async () => {
  const ends: string[] = [];
  const clock = new VirtualClock();
  await using relay = await openRelay({}, clock);
  const [one, other] = [await relay.call(1), await relay.call(2)];
  const callers = [await relay.caller(0), await relay.caller(1)] as const;
  const splice = callers[0].spliceWith(callers[1], {
    ...{ clock, idleTimeoutMs: 1_000, spend: () => 0 },
    ended: ({ why }) => ends.push(why),
  });
  assert.throws(() => callers[1].spliceWith(callers[0], { clock, idleTimeoutMs: 1, spend: () => 0, ended: () => {} }));
  splice.close();
  splice.close();
  await Promise.all([endOf(one), endOf(other)]);
  await until(() => ends.length > 0);
  await clock.advance(2_000);
  assert.deepEqual(ends, ["shut"]);
});

/** Writes as fast as it is taken, until told to stop. */
function pourWithoutEnd(socket: Socket): () => void {
  let isStopped = false;
  const chunk = pattern(65_536);
  const pour = (): void => {
    while (!isStopped && !socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", pour);
  pour();
  return () => (isStopped = true);
}
