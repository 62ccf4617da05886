// Goal: a run on the memory network is a function of its seed, its links behave like real ones as far as their users can see,
// and each fault does what its name says.
// Method: two or three hosts, a virtual clock, recorders at both ends; the same behaviours are tested on sockets elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DialOptions, type Link, type ListenOptions, createTlsIdentity } from "@papo/link";
import { MemoryNetwork, VirtualClock, seededRandom } from "@papo/link/memory";
import { BYTES_FRAME_BYTES_MAX, FRAME_KIND, WRITE_STALL_TIMEOUT_MS } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";
import fc from "fast-check";

const A = "10.0.0.1";
const B = "10.0.0.2";
const identityA = createTlsIdentity();
const identityB = createTlsIdentity();
const DONE = { code: "closed", detail: "done" } as const;

class World {
  readonly clock = new VirtualClock();
  readonly network: MemoryNetwork;
  readonly links: Link[] = [];

  constructor(seed = 1) {
    this.network = new MemoryNetwork(this.clock, seededRandom(seed));
  }

  listen(options: Partial<ListenOptions> = {}) {
    return this.network.host(B).listen({
      host: B,
      port: 6060,
      dialects: ["papo", "seed"],
      identity: identityB,
      alpn: "papo-peer/1",
      queueBytesMax: 1_048_576,
      onLink: (link) => this.links.push(link),
      ...options,
    });
  }

  async dial(options: Partial<DialOptions> = {}) {
    const dialling = this.network.host(A).dial({
      host: B,
      port: 6060,
      dialect: "papo",
      identity: identityA,
      alpn: "papo-peer/1",
      queueBytesMax: 1_048_576,
      timeoutMs: 1_000,
      ...options,
    });
    await this.clock.advance(1_000);
    return dialling;
  }

  async pair(options: Partial<DialOptions> = {}) {
    if (this.links.length === 0) await this.listen();
    const dialled = await this.dial(options);
    const theirs = this.links.at(-1);
    assert.ok(dialled.ok && theirs !== undefined);
    const ours = dialled.value;
    return { ours, theirs, heardHere: LinkRecorder.on(ours), heardThere: LinkRecorder.on(theirs) };
  }
}

test("both ends know whom they have, and messages go both ways in order", async () => {
  const world = new World();
  const { ours, theirs, heardHere, heardThere } = await world.pair();
  assert.equal(ours.security?.remoteKey, identityB.key);
  assert.equal(theirs.security?.remoteKey, identityA.key);
  assert.deepEqual(theirs.ends.remoteAddress, A);
  for (let n = 0; n < 10; n++) ours.sendJson({ n });
  theirs.sendFrame(FRAME_KIND.bytes, Uint8Array.of(7));
  await world.clock.advance(10);
  assert.deepEqual(
    heardThere.texts,
    Array.from({ length: 10 }, (_, n) => `{"n":${n}}`),
  );
  assert.deepEqual(heardHere.messages, [{ kind: FRAME_KIND.bytes, payload: Uint8Array.of(7) }]);
});

test("the same seed gives the same run, whatever the faults", async () => {
  const run = async (seed: number, rates: { dropRate: number; duplicateRate: number }) => {
    const world = new World(seed);
    const { ours, theirs } = await world.pair();
    world.network.faults(undefined, { delayMs: { min: 1, max: 200 }, ...rates });
    const log: string[] = [];
    for (const [name, link] of Object.entries({ ours, theirs })) {
      link.start({
        message: ({ payload }) => log.push(`${world.clock.monotonicMs()} ${name} ${Buffer.from(payload).toString()}`),
        closed: ({ code }) => log.push(`${world.clock.monotonicMs()} ${name} ${code}`),
      });
    }
    for (let n = 0; n < 30; n++) {
      ours.sendJson({ n });
      theirs.sendJson({ n });
      await world.clock.advance(n * 3);
    }
    world.network.cut(A, B);
    await world.clock.advance(1_000);
    return log;
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.double({ min: 0, max: 0.5, noNaN: true }), async (seed, rate) => {
      const rates = { dropRate: rate, duplicateRate: rate };
      assert.deepEqual(await run(seed, rates), await run(seed, rates));
    }),
    { numRuns: 10 },
  );
  assert.notDeepEqual(await run(1, { dropRate: 0, duplicateRate: 0 }), await run(2, { dropRate: 0, duplicateRate: 0 }));
});

test("delays keep the order, drops lose and duplicates repeat", async () => {
  const world = new World(7);
  const { ours, heardThere } = await world.pair();
  world.network.faults({ from: A, to: B }, { delayMs: { min: 0, max: 500 } });
  for (let n = 0; n < 50; n++) ours.sendJson({ n });
  await world.clock.advance(1);
  assert.ok(heardThere.messages.length < 50);
  await world.clock.advance(499);
  assert.deepEqual(
    heardThere.texts,
    Array.from({ length: 50 }, (_, n) => `{"n":${n}}`),
  );

  world.network.faults({ from: A, to: B }, { dropRate: 1 });
  ours.sendJson({ lost: true });
  world.network.faults({ from: A, to: B }, { duplicateRate: 1 });
  ours.sendJson({ twice: true });
  await world.clock.advance(10);
  assert.deepEqual(heardThere.texts.slice(50), ['{"twice":true}', '{"twice":true}']);
});

test("half-open holds one direction back, a partition both, and healing lets what was sent arrive", async () => {
  const world = new World();
  const { ours, theirs, heardHere, heardThere } = await world.pair();
  world.network.halfOpen({ from: A, to: B });
  ours.sendJson({ n: 1 });
  theirs.sendJson({ n: 1 });
  await world.clock.advance(60_000);
  assert.deepEqual([heardHere.texts.length, heardThere.texts.length], [1, 0]);

  world.network.partition([A], [B]);
  theirs.sendJson({ n: 2 });
  await world.clock.advance(60_000);
  assert.equal(heardHere.texts.length, 1);
  const late = await world.dial();
  assert.equal(late.ok ? "linked" : late.fault.code, "timeout");

  world.network.heal();
  await world.clock.advance(10);
  assert.deepEqual([heardHere.texts.length, heardThere.texts.length], [2, 1]);
});

test("a cut tells both ends that they lost the link; a close tells the other only that it is over", async () => {
  const world = new World();
  const first = await world.pair();
  world.network.cut(A, B);
  await world.clock.advance(1);
  assert.equal((await first.heardHere.ended()).code, "lost");
  assert.equal((await first.heardThere.ended()).code, "lost");

  const second = await world.pair();
  second.ours.sendJson({ last: "words" });
  const closed = second.ours.close(DONE);
  await world.clock.advance(10);
  await closed;
  assert.deepEqual(second.heardThere.texts, ['{"last":"words"}']);
  assert.equal((await second.heardThere.ended()).code, "lost");
  assert.deepEqual(await second.heardHere.ended(), DONE);
  assert.equal(world.network.openLinks, 0);
});

test("a reader that stops slows its sender down, then ends the link as too slow", async () => {
  const world = new World();
  const { ours, theirs, heardHere } = await world.pair();
  theirs.pauseReading();
  const payload = new Uint8Array(BYTES_FRAME_BYTES_MAX);
  assert.deepEqual(
    [0, 1, 2, 3].map(() => ours.sendFrame(FRAME_KIND.bytes, payload)),
    ["sent", "sent", "sent", "slow"],
  );
  assert.ok(ours.queuedBytes > 0);
  await world.clock.advance(WRITE_STALL_TIMEOUT_MS);
  assert.equal((await heardHere.ended()).code, "too_slow");

  const again = await world.pair();
  again.theirs.pauseReading();
  while (!again.ours.isClosed) again.ours.sendFrame(FRAME_KIND.bytes, payload);
  assert.ok(again.ours.queuedBytes <= 1_048_576);
});

test("a paused reader gets everything, in order, when it reads again", async () => {
  const world = new World();
  const { ours, theirs, heardThere } = await world.pair();
  theirs.pauseReading();
  for (let n = 0; n < 6; n++) ours.sendFrame(FRAME_KIND.bytes, new Uint8Array(30_000).fill(n));
  await world.clock.advance(1_000);
  assert.equal(heardThere.messages.length, 0);
  theirs.resumeReading();
  await world.clock.advance(1_000);
  assert.deepEqual(
    heardThere.messages.map(({ payload }) => payload[0]),
    [0, 1, 2, 3, 4, 5],
  );
  assert.equal(ours.queuedBytes, 0);
});

test("dialling fails as over TCP does", async () => {
  const world = new World();
  const codeOf = async (options: Partial<DialOptions>) => {
    const outcome = await world.dial(options);
    return outcome.ok ? "linked" : outcome.fault.code;
  };
  assert.equal(await codeOf({}), "unreachable");
  const listening = await world.listen({ dialects: ["papo"] });
  assert.ok(listening.ok);
  const taken = await world.listen();
  assert.equal(taken.ok ? "open" : taken.fault.code, "busy");
  assert.equal(await codeOf({ alpn: "papo-tracker/1" }), "unsupported");
  assert.equal(await codeOf({ dialect: "seed" }), "unsupported");
  assert.equal(await codeOf({ expectedKey: identityA.key }), "identity_changed");
  assert.equal(await codeOf({ signal: AbortSignal.abort() }), "closed");
  assert.equal(await codeOf({ expectedKey: identityB.key }), "linked");
  assert.equal(listening.value.openSockets, 1);
  await listening.value.close();
  assert.equal(await codeOf({}), "unreachable");
});

test("virtual time fires timers in order, and nothing before its moment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 }), async (delays) => {
      const clock = new VirtualClock();
      const fired: number[] = [];
      for (const delay of delays) clock.after(delay, () => fired.push(clock.monotonicMs()));
      const cancelled = clock.after(500, () => fired.push(-1));
      cancelled.cancel();
      await clock.advance(1_000);
      assert.deepEqual(
        fired,
        delays.toSorted((a, b) => a - b),
      );
      assert.equal(clock.monotonicMs(), 1_000);
    }),
    { numRuns: 50 },
  );
  const clock = new VirtualClock();
  await assert.rejects(() => clock.runUntil(() => false, 1_000), /still not so/u);
});
