// Goal: a link on which nothing arrives any more is found dead in bounded time, a living one never is, and a machine that slept
// gives its links a chance before it judges them.
// Method: two ends on the memory network with a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, createTlsIdentity, keepAlive } from "@papo/link";
import { MemoryNetwork, VirtualClock } from "@papo/link/memory";
import { FRAME_KIND, LINK_DEAD_AFTER_MS, LINK_PING_INTERVAL_MS, WAKE_GRACE_MS, fault } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";

const HERE = "10.0.0.1";
const THERE = "10.0.0.2";
const common = { identity: createTlsIdentity(), alpn: "papo-peer/1", queueBytesMax: 1_048_576 };

type World = {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly ours: Link;
  readonly theirs: Link;
  readonly heardHere: LinkRecorder;
  readonly heardThere: LinkRecorder;
};

async function openWorld(): Promise<World> {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const links: Link[] = [];
  await network.host(THERE).listen({
    ...common,
    host: THERE,
    port: 6060,
    dialects: ["papo"],
    onLink: (link) => links.push(link),
  });
  const dialling = network.host(HERE).dial({ ...common, host: THERE, port: 6060, dialect: "papo", timeoutMs: 1_000 });
  await clock.advance(10);
  const outcome = await dialling;
  const [theirs] = links;
  assert.ok(outcome.ok && theirs !== undefined);
  return { clock, network, ours: outcome.value, theirs, heardHere: new LinkRecorder(), heardThere: new LinkRecorder() };
}

function keepBothAlive({ clock, ours, theirs, heardHere, heardThere }: World): void {
  ours.start(keepAlive(ours, clock, heardHere));
  theirs.start(keepAlive(theirs, clock, heardThere));
}

test("F5: a quiet link lives for hours, and its PINGs and PONGs reach nobody", async () => {
  const world = await openWorld();
  keepBothAlive(world);
  await world.clock.advance(4 * 3_600_000);
  assert.equal(world.ours.isClosed || world.theirs.isClosed, false);
  assert.deepEqual([world.heardHere.messages, world.heardThere.messages], [[], []]);
});

test("F5: half-open, the side that hears nothing pings twice and gives up at its limit; the other learns nothing", async () => {
  const world = await openWorld();
  const pings: number[] = [];
  world.ours.start(keepAlive(world.ours, world.clock, world.heardHere));
  // The other end only listens here, so that nothing but its own silence decides.
  world.theirs.start({ message: () => pings.push(world.clock.monotonicMs()), closed: () => {} });
  const startMs = world.clock.monotonicMs();
  world.network.halfOpen({ from: THERE, to: HERE });

  await world.clock.advance(LINK_DEAD_AFTER_MS - 1);
  assert.equal(world.ours.isClosed, false);
  assert.deepEqual(
    pings.map((ms) => Math.round(ms - startMs)),
    [LINK_PING_INTERVAL_MS + 1, 2 * LINK_PING_INTERVAL_MS + 1],
  );
  await world.clock.advance(1);
  assert.equal((await world.heardHere.ended()).code, "dead");
});

test("F5: when both directions are dead both sides find out", async () => {
  const world = await openWorld();
  keepBothAlive(world);
  world.network.partition([HERE], [THERE]);
  await world.clock.advance(LINK_DEAD_AFTER_MS + LINK_PING_INTERVAL_MS);
  assert.equal((await world.heardHere.ended()).code, "dead");
  assert.equal((await world.heardThere.ended()).code, "dead");
});

test("F5: a stall of ten seconds is no death", async () => {
  const world = await openWorld();
  keepBothAlive(world);
  for (let round = 0; round < 30; round++) {
    world.network.partition([HERE], [THERE]);
    await world.clock.advance(10_000);
    world.network.heal();
    await world.clock.advance(7_000);
  }
  assert.equal(world.ours.isClosed || world.theirs.isClosed, false);
});

test("F5: messages keep a link alive without a PING", async () => {
  const world = await openWorld();
  const kinds: string[] = [];
  world.theirs.start({ message: ({ payload }) => kinds.push(Buffer.from(payload).toString()), closed: () => {} });
  world.ours.start(keepAlive(world.ours, world.clock, world.heardHere));
  for (let round = 0; round < 20; round++) {
    world.theirs.sendJson({ n: round });
    await world.clock.advance(LINK_PING_INTERVAL_MS - 1_000);
  }
  assert.deepEqual(kinds, []);
  assert.equal(world.heardHere.messages.length, 20);
});

test("a PING is answered at once, however it is spelled; what only looks like one is a message", async () => {
  const world = await openWorld();
  const answers: string[] = [];
  world.ours.start({ message: ({ payload }) => answers.push(Buffer.from(payload).toString()), closed: () => {} });
  world.theirs.start(keepAlive(world.theirs, world.clock, world.heardThere));
  world.ours.sendFrame(FRAME_KIND.json, Buffer.from('{ "note": 1, "cmd" : "PING" }'));
  world.ours.sendJson({ cmd: "PONG" });
  world.ours.sendJson({ cmd: "MESSAGE", content: "PING" });
  world.ours.sendFrame(FRAME_KIND.bytes, Buffer.from('{"cmd":"PING"}'));
  world.ours.sendFrame(FRAME_KIND.json, Buffer.from('{"cmd":"PING"'));
  await world.clock.advance(10);
  assert.deepEqual(answers, ['{"cmd":"PONG"}']);
  assert.equal(world.heardThere.messages.length, 3);
});

test("F20: a machine that slept pings at once, keeps a link that answers and drops one that does not", async () => {
  for (const isThere of [true, false]) {
    const world = await openWorld();
    keepBothAlive(world);
    if (!isThere) world.network.halfOpen({ from: THERE, to: HERE });
    await world.clock.suspend(8 * 3_600_000);
    await world.clock.advance(WAKE_GRACE_MS + 100);
    assert.equal(world.ours.isClosed, !isThere);
  }
});

test("F20: a wall clock that ran on alone means sleep too, and only costs a PING when it was set by hand", async () => {
  const world = await openWorld();
  const heard: string[] = [];
  world.theirs.start({
    message: ({ payload }) => {
      heard.push(Buffer.from(payload).toString());
      world.theirs.sendJson({ cmd: "PONG" });
    },
    closed: () => {},
  });
  world.ours.start(keepAlive(world.ours, world.clock, world.heardHere));
  await world.clock.advance(LINK_PING_INTERVAL_MS / 2);
  world.theirs.sendJson({ fresh: true });
  world.clock.stepWall(3_600_000);
  await world.clock.advance(LINK_PING_INTERVAL_MS / 2 + 100);
  assert.deepEqual(heard, ['{"cmd":"PING"}']);
  world.clock.stepWall(-3_600_000);
  await world.clock.advance(LINK_DEAD_AFTER_MS);
  assert.equal(world.ours.isClosed, false);
});

test("a link that we do not read is not called dead", async () => {
  const world = await openWorld();
  keepBothAlive(world);
  world.ours.pauseReading();
  await world.clock.advance(4 * LINK_DEAD_AFTER_MS);
  assert.equal(world.ours.isClosed, false);
});

test("a link that ended leaves no timer behind", async () => {
  const world = await openWorld();
  keepBothAlive(world);
  await world.clock.advance(1);
  world.ours.destroy({ code: "closed", detail: "done" });
  await world.clock.advance(10);
  await world.heardThere.ended();
  assert.equal(world.clock.timers, 0);
});

test("F20: whoever asks learns whether the other side answers, in the order of asking, and no later than it wants to know", async () => {
  const { clock, network, ours, theirs, heardHere, heardThere } = await openWorld();
  const kept = keepAlive(ours, clock, heardHere);
  ours.start(kept);
  theirs.start(keepAlive(theirs, clock, heardThere));
  const answers: string[] = [];
  void kept.answers(3_000).then((answered) => answers.push(`first ${answered}`));
  void kept.answers(3_000).then((answered) => answers.push(`second ${answered}`));
  await clock.advance(100);
  assert.deepEqual(answers, ["first true", "second true"]);

  network.halfOpen({ from: HERE, to: THERE });
  void kept.answers(3_000).then((answered) => answers.push(`third ${answered}`));
  await clock.advance(2_999);
  assert.equal(answers.length, 2);
  await clock.advance(1);
  assert.deepEqual(answers.slice(2), ["third false"]);

  void kept.answers(3_000).then((answered) => answers.push(`fourth ${answered}`));
  ours.destroy(fault("lost", "test"));
  await clock.advance(10);
  assert.deepEqual(answers.slice(3), ["fourth false"]);
  assert.equal(await kept.answers(3_000), false);
});
