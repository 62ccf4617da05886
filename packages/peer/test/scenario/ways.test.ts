// Goal: two people reach each other whatever lies between them, by the best way there is, soon; a better way that opens later takes over with nothing lost or
// shown twice; and nobody who may not know where somebody is gets to know it (F5, F16, P22, T22).
// Method: whole accounts on the in-memory network with its routers and firewalls, a tracker that introduces and relays, and a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Nat } from "@papo/link/memory";
import { BETTER_PATH_FIRST_MS, UNREACHABLE_TOLD_AFTER_MS } from "@papo/protocol";
import type { LinkPath, Room } from "../../src/api.ts";
import { type Person, World, allLinked, expectOk, named, receivedBy } from "../world-fixture.ts";

const GABIS = "10.0.0.21";
const NORIS = "10.0.0.22";
const TRACKER = "10.0.0.1:6060";

const preserving = (last: number): Nat => ({ kind: "preserving", outside: `203.0.113.${last}` });
const symmetric = (last: number): Nat => ({ kind: "symmetric", outside: `203.0.113.${last}` });

type Pair = { readonly world: World; readonly gabi: Person; readonly nori: Person; readonly room: Room };
type Between = { readonly gabis?: Nat; readonly noris?: Nat; readonly relays?: boolean; readonly hidden?: boolean };

/** Both online and in one room; whether they are linked is for the test to see. */
async function pair({ gabis, noris, relays = true, hidden = false }: Between, seed = 1): Promise<Pair> {
  const world = await World.create(seed);
  world.tracker.calls.relays = relays;
  world.network.nat(GABIS, gabis);
  world.network.nat(NORIS, noris);
  const gabi = await world.person("gabi", { host: GABIS, hideAddress: hidden });
  const nori = await world.person("nori", { host: NORIS });
  const room = expectOk(await world.run(gabi.live.rooms.create({ name: "TESTE" })));
  expectOk(await world.run(nori.live.rooms.join("TESTE")));
  return { world, gabi, nori, room };
}

/** By which way they are linked, and how long that took. */
async function linkedBy({ world, gabi, nori }: Pair): Promise<{ readonly path: LinkPath; readonly tookMs: number }> {
  const startedMs = world.clock.monotonicMs();
  await world.until(() => allLinked([gabi, nori]));
  const reach = gabi.live.reach(nori.name);
  assert.equal(reach.kind, "linked");
  return { path: pathOf(gabi, nori) ?? assert.fail(), tookMs: world.clock.monotonicMs() - startedMs };
}

function pathOf(one: Person, other: Person): LinkPath | undefined {
  const reach = one.live.reach(other.name);
  return reach.kind === "linked" ? reach.path : undefined;
}

async function settled({ world, gabi, nori, room }: Pair): Promise<void> {
  await world.until(() => [gabi, nori].every(({ live }) => live.rooms.one(room.id)?.log?.standing === "member"));
}

async function saysHello(two: Pair): Promise<void> {
  await settled(two);
  const said = await two.gabi.say(two.room, "oi");
  await two.world.until(() => receivedBy(two.gabi, said) === 1);
  assert.deepEqual(two.nori.heard, ["oi"]);
}

test("with nothing in between the link is direct, and the tracker is asked for nothing", async () => {
  const two = await pair({});
  const { path, tookMs } = await linkedBy(two);
  assert.equal(path, "direct");
  assert.ok(tookMs < 300);
  await saysHello(two);
  assert.ok(!two.world.tracker.asked.includes("CONNECT"));
});

for (const [what, between] of [
  ["a router before one of them", { noris: preserving(2) }],
  ["a router before the other", { gabis: symmetric(1) }],
  ["a firewall before one of them", { gabis: { kind: "firewall" } }],
] as const) {
  test(`${what}: the link is direct, dialled from inside`, async () => {
    const two = await pair(between);
    assert.equal((await linkedBy(two)).path, "direct");
    await saysHello(two);
    assert.equal(two.world.tracker.calls.spliced, 0);
  });
}

test("routers before both that keep ports: both open at once, well before a relay would be used", async () => {
  const two = await pair({ gabis: preserving(1), noris: preserving(2) });
  const { path, tookMs } = await linkedBy(two);
  assert.equal(path, "punched");
  assert.ok(tookMs <= 1_000, `${tookMs} ms`);
  await saysHello(two);
  assert.equal(two.world.tracker.calls.spliced, 0);
  await two.world.clock.advance(60_000);
  assert.equal(pathOf(two.gabi, two.nori), "punched");
});

for (const [what, between] of [
  ["one router that gives every place another port", { gabis: symmetric(1), noris: preserving(2) }],
  ["two of them", { gabis: symmetric(1), noris: symmetric(2) }],
  ["one that answers who comes uninvited", { gabis: { ...preserving(1), refuses: true }, noris: symmetric(2) }],
] as const) {
  test(`${what}: the relay, within three seconds`, async () => {
    const two = await pair(between);
    const { path, tookMs } = await linkedBy(two);
    assert.equal(path, "relayed");
    assert.ok(tookMs <= 3_000, `${tookMs} ms`);
    await saysHello(two);
    assert.deepEqual(
      two.gabi.live.links().map((link) => link.path),
      ["relayed"],
    );
  });
}

test("F16: a better way that opens takes over from the relay in the middle of a conversation, and every message is shown once", async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const two = await pair({ gabis: symmetric(1), noris: symmetric(2) }, seed);
    const { world, gabi, nori, room } = two;
    world.network.faults(undefined, { delayMs: { min: 0, max: 10 * seed } });
    await linkedBy(two);
    await settled(two);
    assert.equal(pathOf(gabi, nori), "relayed");
    const { port } = nori.live.listening ?? assert.fail();
    world.network.mapPort({ address: "203.0.113.2", port }, { address: NORIS, port });
    const said: string[] = [];
    const untilMs = world.clock.monotonicMs() + 2 * BETTER_PATH_FIRST_MS;
    for (let n = 0; world.clock.monotonicMs() < untilMs; n += 1) {
      said.push(`${n}`);
      await gabi.say(room, `${n}`);
      await nori.say(room, `${n}`);
      await world.clock.advance(200);
    }
    await world.until(() => pathOf(gabi, nori) === "direct" && pathOf(nori, gabi) === "direct");
    await world.until(() => nori.heard.length >= said.length && gabi.heard.length >= said.length);
    await world.clock.advance(30_000);
    assert.deepEqual(nori.heard, said, `seed ${seed}`);
    assert.deepEqual(gabi.heard, said, `seed ${seed}`);
    assert.equal(world.network.openLinks - 2 * world.tracker.sessions.size, 2, "two ends of one link");
    assert.deepEqual([...gabi.of("unlinked"), ...nori.of("unlinked")], []);
  }
});

test("both call at once: the tracker makes one call of it, and one link comes of it", async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const two = await pair({ gabis: symmetric(1), noris: symmetric(2) }, seed);
    const { world, gabi, nori } = two;
    world.network.faults(undefined, { delayMs: { min: 1, max: 80 } });
    await linkedBy(two);
    await world.clock.advance(20_000);
    assert.deepEqual([gabi.live.links().length, nori.live.links().length], [1, 1], `seed ${seed}`);
    assert.equal(world.network.openLinks - 2 * world.tracker.sessions.size, 2, `seed ${seed}: nothing is left open`);
  }
});

test("F3: the tracker dies in the middle of a call, and comes back: then they are linked", async () => {
  const two = await pair({ gabis: symmetric(1), noris: symmetric(2) });
  const { world, gabi, nori } = two;
  await world.until(() => world.tracker.calls.underWay > 0);
  await world.tracker.die();
  await world.clock.advance(20_000);
  assert.ok(!gabi.isLinked("nori"));
  await world.tracker.listen();
  await world.until(() => allLinked([gabi, nori]));
  assert.equal(pathOf(gabi, nori), "relayed");
});

test("without a relay those whom nothing else brings together are told of, with all that was tried", async () => {
  const { world, gabi, nori } = await pair({ gabis: symmetric(1), noris: symmetric(2), relays: false });
  await world.clock.advance(UNREACHABLE_TOLD_AFTER_MS + 30_000);
  assert.equal(gabi.of("unreachable").length, 1);
  assert.equal(gabi.live.reach(nori.name).kind, "unreachable");
  const why = expectOk(gabi.live.kept.reading.why({ username: nori.name }));
  const attempts = why.people[0]?.attempts ?? [];
  assert.deepEqual([...new Set(attempts.map(({ way }) => way))].toSorted(), ["call", "direct", "punch"]);
  const ended = attempts.filter(({ outcome }) => outcome === "failed");
  assert.ok(ended.length > 0 && ended.every(({ reason }) => reason !== null));
  assert.ok(attempts.some(({ way, where }) => way === "direct" && where?.startsWith("203.0.113.2:") === true));
});

test("whoever hides where they are dials nobody, is dialled by nobody, and talks through the relay alone", async () => {
  const two = await pair({ hidden: true });
  const { world, gabi, nori } = two;
  assert.equal((await linkedBy(two)).path, "relayed");
  await saysHello(two);
  await world.clock.advance(120_000);
  assert.equal(pathOf(nori, gabi), "relayed");
  for (const { tried } of [gabi, nori])
    assert.deepEqual([...new Set(tried)].toSorted(), [`dial ${TRACKER}`, `relay ${TRACKER}`]);
  assert.ok(!JSON.stringify(world.tracker.heard).includes(GABIS));
});

test("a stranger's request comes through the relay: neither side learns where the other is, until it is accepted", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { host: GABIS });
  const nori = await world.person("nori", { host: NORIS });
  const link = await world.run(nori.live.openPrivate(named("gabi")));
  assert.ok(link.ok);
  const said = await nori.whisper("gabi", "posso falar com você?");
  await world.until(() => gabi.of("contact-request").length === 1);
  assert.equal(pathOf(gabi, nori), "relayed");
  await world.clock.advance(120_000);
  for (const { tried } of [gabi, nori])
    assert.deepEqual([...new Set(tried)].toSorted(), [`dial ${TRACKER}`, `relay ${TRACKER}`]);
  assert.deepEqual(world.tracker.calls.recordsTold, []);

  expectOk(await world.run(gabi.live.kept.privateChats.answerContact(named("nori"), "accept")));
  await world.until(() => receivedBy(nori, said) === 1);
  await gabi.whisper("nori", "pode");
  await world.until(() => pathOf(gabi, nori) === "direct" && pathOf(nori, gabi) === "direct");
  assert.deepEqual(nori.heard, ["pode"]);
});

test("whoever was ignored is not answered, and cannot tell that from a way that leads nowhere", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { host: GABIS });
  const nori = await world.person("nori", { host: NORIS });
  await world.run(nori.live.openPrivate(named("gabi")));
  await nori.whisper("gabi", "oi");
  await world.until(() => gabi.of("contact-request").length === 1);
  expectOk(await world.run(gabi.live.kept.privateChats.answerContact(named("nori"), "ignore")));
  world.network.cut(GABIS, "10.0.0.1");
  await world.until(() => gabi.live.state.kind === "online" && !nori.isLinked("gabi"));
  const before = gabi.tried.length;
  await world.run(nori.live.openPrivate(named("gabi")));
  await world.clock.advance(60_000);
  const reach = nori.live.reach(gabi.name);
  assert.equal(reach.kind === "unreachable" && reach.reason.code, "unreachable");
  assert.deepEqual(gabi.live.links(), []);
  assert.deepEqual(
    [...new Set(gabi.tried.slice(before))].filter((tried) => tried !== `dial ${TRACKER}`),
    [],
  );
});
