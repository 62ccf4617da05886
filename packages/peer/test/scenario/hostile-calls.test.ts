// Goal: whatever a tracker or a caller says of calls, nobody is made to knock where they should not, to keep more open than a bound, or to tell a stranger where
// they are.
// Method: whole accounts behind routers that only a relay gets through, and a tracker that says what the test wants.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createAccountKey, createDeviceKey, createTlsIdentity } from "@papo/link";
import {
  CALLS_ANSWERED_MAX,
  CALLS_OF_STRANGERS_PER_MINUTE_MAX,
  CALLS_PER_DEVICE_PER_MINUTE_MAX,
  STRANGERS_RELAYED_MAX,
} from "@papo/protocol";
import { type Person, World, allLinked, expectOk, keysFor } from "../world-fixture.ts";

const GABIS = "10.0.0.21";
const NORIS = "10.0.0.22";
const TRACKER = "10.0.0.1:6060";
const NOWHERE = [
  { address: "127.0.0.1", port: 5_000 },
  { address: "169.254.169.254", port: 8_000 },
  { address: "0.0.0.0", port: 8_000 },
  { address: "203.0.113.99", port: 25 },
];

/** Both online and in one room, each behind a router of the kind that nothing but a relay gets through. */
async function apart(prepare: (world: World) => void): Promise<{ world: World; gabi: Person; nori: Person }> {
  const world = await World.create();
  prepare(world);
  world.network.nat(GABIS, { kind: "symmetric", outside: "203.0.113.1" });
  world.network.nat(NORIS, { kind: "symmetric", outside: "203.0.113.2" });
  const gabi = await world.person("gabi", { host: GABIS });
  const nori = await world.person("nori", { host: NORIS });
  expectOk(await world.run(gabi.live.rooms.create({ name: "TESTE" })));
  expectOk(await world.run(nori.live.rooms.join("TESTE")));
  return { world, gabi, nori };
}

function callOf(keys: { username: string; account: string; device: string; tls: string }): object {
  return { status: "CALL", call: randomBytes(16).toString("base64url"), ...keys, addresses: null };
}

function madeUp(n: number): { username: string; account: string; device: string; tls: string } {
  const [account, device] = [createAccountKey().publicKey, createDeviceKey().publicKey];
  return { username: `nobody${n}`, account, device, tls: STRANGERS_TLS.key };
}

const STRANGERS_TLS = createTlsIdentity();

function answers(world: World): readonly { readonly accept: boolean }[] {
  return world.tracker.heard.filter((request) => request.cmd === "ANSWER");
}

for (const place of NOWHERE) {
  test(`P31, P22: nobody opens to ${place.address} port ${place.port} because a tracker says so, and the relay still brings them together`, async () => {
    const { world, gabi, nori } = await apart(({ tracker }) => (tracker.calls.punchPlace = place));
    await world.until(() => allLinked([gabi, nori]));
    await world.clock.advance(60_000);
    for (const { tried } of [gabi, nori])
      assert.deepEqual(
        tried.filter((how) => how.startsWith("punch")),
        [],
      );
  });

  test(`P31: a relay at ${place.address} port ${place.port} is not looked for`, async () => {
    const { address: host, port } = place;
    const { world, gabi, nori } = await apart(({ tracker }) => (tracker.calls.relayPlace = { host, port }));
    await world.clock.advance(60_000);
    assert.ok(!gabi.isLinked("nori"));
    for (const { tried } of [gabi, nori])
      assert.deepEqual(
        tried.filter((how) => how.startsWith("relay")),
        [],
      );
  });
}

test("P31: words about calls that nobody made do nothing", async () => {
  const { world, gabi, nori } = await apart(() => {});
  await world.until(() => allLinked([gabi, nori]));
  const before = [...gabi.tried];
  const ticket = randomBytes(32).toString("base64url");
  for (let n = 0; n < 200; n += 1) {
    const call = randomBytes(16).toString("base64url");
    const relay = { ticket, place: { host: "203.0.113.99", port: 7_000 } };
    world.tracker.say("gabi", { status: "PATHS", call, role: "client", refused: null, addresses: null, relay });
    const at = { address: "203.0.113.99", port: 7_000, delayMs: 0 };
    world.tracker.say("gabi", { status: "PUNCH", call, role: "server", ...at });
    world.tracker.say("gabi", { status: "OBSERVED", ticket, address: "203.0.113.99", port: 7_000 });
  }
  await world.clock.advance(5_000);
  assert.deepEqual(gabi.tried, before);
  assert.ok(gabi.isLinked("nori"));
});

test("P22, P23: strangers who call without end are answered so often and no more, and learn no address", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  for (let n = 0; n < 300; n += 1) world.tracker.say("gabi", callOf(madeUp(n)));
  await world.clock.advance(100);
  assert.ok(answers(world).length <= CALLS_ANSWERED_MAX);
  for (let second = 0; second < 60; second += 1) {
    for (let n = 0; n < 10; n += 1) world.tracker.say("gabi", callOf(madeUp(n)));
    await world.clock.advance(1_000);
  }
  assert.ok(answers(world).length <= 2 * CALLS_OF_STRANGERS_PER_MINUTE_MAX);
  assert.deepEqual(world.tracker.calls.recordsTold, []);
  assert.deepEqual([...new Set(gabi.tried)], [`dial ${TRACKER}`]);
});

test("T34: strangers who are there for nothing keep few links through a relay, and the newest", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  for (let n = 0; n <= STRANGERS_RELAYED_MAX; n += 1) {
    const stranger = await world.person(`stranger${n}`);
    expectOk(await world.run(stranger.live.openPrivate(gabi.name)));
  }
  await world.until(() => gabi.live.links().length <= STRANGERS_RELAYED_MAX);
  assert.ok(gabi.isLinked(`stranger${STRANGERS_RELAYED_MAX}`));
  assert.ok(!gabi.isLinked("stranger0"));
});

test("P23: one device that calls without end is answered so often and no more, and the others are still heard", async () => {
  const { world, gabi, nori } = await apart(() => {});
  await world.until(() => allLinked([gabi, nori]));
  const { keys } = keysFor("nori");
  const them = { account: keys.root.publicKey, device: keys.device.publicKey, tls: keys.tls.key };
  const before = answers(world).length;
  for (let n = 0; n < 500; n += 1) {
    world.tracker.say("gabi", callOf({ username: "nori", ...them }));
    await world.clock.advance(50);
  }
  assert.ok(answers(world).length - before <= 2 * CALLS_PER_DEVICE_PER_MINUTE_MAX);
  assert.ok(gabi.isLinked("nori"));

  const yuki = await world.person("yuki", { hideAddress: true });
  expectOk(await world.run(yuki.live.rooms.join("TESTE")));
  await world.until(() => allLinked([gabi, yuki]));
});

test("P22: a relay to which the other side never comes is left again, and nothing stays open", async () => {
  const { world, gabi, nori } = await apart(({ tracker }) => {
    tracker.calls.relayPlace = { host: "203.0.113.77", port: 7_000 };
  });
  const callers: { destroy(): void }[] = [];
  await world.network.host("203.0.113.77").listen({
    ...{ identity: STRANGERS_TLS, alpn: "papo-peer/1", queueBytesMax: 1_000, host: "::", port: 7_000, dialects: [] },
    onLink: (link) => link.destroy({ code: "unsupported", detail: "test" }),
    onTicket: (caller) => callers.push(caller),
  });
  await world.until(() => callers.length >= 2);
  await world.clock.advance(300_000);
  assert.ok(!gabi.isLinked("nori"));
  // What is open is what the last attempts have under way.
  assert.ok(world.network.openLinks - 2 * world.tracker.sessions.size <= 8);
  await world.run(Promise.all([gabi.live.stop(), nori.live.stop()]));
  await world.clock.advance(1_000);
  assert.equal(world.network.openLinks, 0);
});
