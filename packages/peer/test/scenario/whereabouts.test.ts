// Goal: somebody who comes into another network, or wakes up, talks on within seconds (F13, F20); and nobody but those who may know it is told where a device is.
// Method: whole accounts on the in-memory network and a virtual clock; machines are carried about, and listeners write down what they are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PortMapping, createTrackerKey, openAddressRecord, signBinding } from "@papo/link";
import {
  type PeerAddresses,
  TRACKER_ANSWER_MS,
  decodeWith,
  parseStrictJson,
  peerAddresses,
  succeed,
} from "@papo/protocol";
import type { NetworkNews } from "../../src/addresses/network-changes.ts";
import type { LiveAccountPorts } from "../../src/live-account.ts";
import { Roaming } from "../roaming-fixture.ts";
import {
  type Person,
  Stranger,
  type Talk,
  World,
  allLinked,
  expectOk,
  keysFor,
  named,
  receivedBy,
} from "../world-fixture.ts";

const TRACKER = "10.0.0.1";

async function roamer(world: World, name: string, host: string): Promise<{ person: Person; machine: Roaming }> {
  const machine = new Roaming(world, host);
  const live = { network: machine.network, watchNetwork: machine.watch };
  const person = await world.person(name, { host, live });
  return { person, machine };
}

test("F13: whoever comes into another network is with the tracker and linked again within 5 s, and nothing is lost", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const { person: nori, machine } = await roamer(world, "nori", "10.0.0.50");
  const room = await world.room([gabi, nori]);
  const startedMs = world.clock.monotonicMs();

  await machine.moveTo("10.0.0.60", [TRACKER, gabi.host]);
  const said = await nori.say(room, "on the train now");
  machine.notice("changed");
  await world.until(() => receivedBy(nori, said) === 1);
  assert.ok(world.clock.monotonicMs() - startedMs < 5_000, `${world.clock.monotonicMs() - startedMs} ms`);
  assert.deepEqual(gabi.heard, ["on the train now"]);
  await world.until(() => nori.live.state.kind === "online");
  assert.ok(world.clock.monotonicMs() - startedMs < 5_000);
  const { told, observed } = nori.live.addresses();
  assert.equal(observed, "10.0.0.60");
  assert.deepEqual(
    told.map(({ address }) => address),
    ["10.0.0.60"],
  );

  // The other way round: gabi dials where nori is now.
  await world.clock.advance(10_000);
  world.network.cut(gabi.host, "10.0.0.60");
  const answered = await gabi.say(room, "good journey");
  await world.until(() => receivedBy(gabi, answered) === 1);
  assert.deepEqual(nori.heard, ["good journey"]);
});

test("F13: without any network nothing is given up, and all goes on when it is back", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  let addresses: readonly string[] = ["10.0.0.50"];
  let told: ((news: NetworkNews) => void) | undefined;
  const watchNetwork: LiveAccountPorts["watchNetwork"] = ({ changed, woke }) => {
    told = (news) => (news === "changed" ? changed() : woke());
    return {
      get addresses() {
        return addresses;
      },
      stop: () => (told = undefined),
    };
  };
  const nori = await world.person("nori", { host: "10.0.0.50", live: { watchNetwork } });
  await world.room([gabi, nori]);
  const links = nori.of("linked").length;
  addresses = [];
  told?.("changed");
  await world.clock.advance(3_000);
  addresses = ["10.0.0.50"];
  told?.("changed");
  await world.clock.advance(5_000);
  assert.equal(nori.of("linked").length, links);
  assert.deepEqual(nori.of("unlinked"), []);
  assert.equal(nori.live.state.kind, "online");
  await world.run(nori.live.stop());
  assert.equal(told, undefined, "nobody watches any more");
});

test("F20: whoever wakes up asks those it was linked with, and the tracker, and gives up within seconds who does not answer", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const { person: nori, machine } = await roamer(world, "nori", "10.0.0.50");
  const room = await world.room([gabi, nori]);
  world.network.halfOpen({ from: nori.host, to: gabi.host });
  world.network.halfOpen({ from: nori.host, to: TRACKER });
  await world.clock.advance(100);
  const wokeMs = world.clock.monotonicMs();
  machine.notice("woke");
  await world.until(() => nori.of("unlinked").length === 1);
  assert.ok(world.clock.monotonicMs() - wokeMs <= 2_500);
  await world.until(() => nori.live.state.kind !== "online");
  assert.ok(world.clock.monotonicMs() - wokeMs <= TRACKER_ANSWER_MS + 500);

  world.network.heal();
  machine.notice("changed");
  await world.until(() => nori.live.state.kind === "online" && allLinked([gabi, nori]));
  assert.ok(world.clock.monotonicMs() - wokeMs <= 10_000);
  const said = await gabi.say(room, "good morning");
  await world.until(() => receivedBy(gabi, said) === 1);
});

test("F20: whoever answers after the sleep keeps its link", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const { person: nori, machine } = await roamer(world, "nori", "10.0.0.50");
  await world.room([gabi, nori]);
  machine.notice("woke");
  await world.clock.advance(10_000);
  assert.deepEqual([...nori.of("unlinked"), ...gabi.of("unlinked")], []);
  assert.equal(world.tracker.asked.filter((cmd) => cmd === "LOGIN").length, 0);
});

test("F20: whoever wakes up asks the router again for the port, which nobody renewed in the sleep", async () => {
  const world = await World.create();
  const asked: number[] = [];
  let wake = (): void => {};
  const live: Partial<LiveAccountPorts> = {
    openMapper: () => ({
      map: async (port) => {
        asked.push(port);
        return succeed({ way: "upnp", address: null, port: 50_000 + asked.length, lifetimeMs: 60_000 });
      },
      unmap: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
    watchNetwork: ({ woke }) => {
      wake = woke;
      return { addresses: ["192.168.1.5"], stop: () => {} };
    },
  };
  const gabi = await world.person("gabi", { host: PUBLIC, live });
  await world.until(() => gabi.live.addresses().told.some(({ port }) => port === 50_001));
  wake();
  await world.until(() => gabi.live.addresses().told.some(({ port }) => port === 50_002));
  assert.equal(new Set(asked).size, 1);
});

test("F13: whoever has met another tracker at the same address in another network is with the own one again when back", async () => {
  const world = await World.create();
  const { person: nori, machine } = await roamer(world, "nori", "10.0.0.50");
  world.tracker.signsWith = createTrackerKey();
  world.network.cut(nori.host, TRACKER);
  await world.until(() => nori.live.state.kind === "refused");
  await world.clock.advance(600_000);
  assert.equal(nori.live.state.kind, "refused", "nothing is tried where it stands");

  world.tracker.signsWith = world.tracker.key;
  machine.notice("changed");
  await world.until(() => nori.live.state.kind === "online");
});

// ---- who learns where we are

const PUBLIC = "198.51.100.7";

/** Gabi, whose router can be told to open a port, which makes her record another one. */
async function gabiWithRouter(world: World, live: Partial<LiveAccountPorts> = {}) {
  let told: ((mapping: PortMapping | null) => void) | undefined;
  const openMapper: LiveAccountPorts["openMapper"] = (changed) => {
    told = changed;
    return { map: () => new Promise(() => {}), unmap: () => Promise.resolve(), close: () => Promise.resolve() };
  };
  const gabi = await world.person("gabi", { host: PUBLIC, live: { openMapper, ...live } });
  return { gabi, map: (port: number) => told?.({ way: "upnp", address: null, port, lifetimeMs: 60_000 }) };
}

/** A program with somebody's keys, after the greetings. */
async function as(world: World, name: string, gabi: Person): Promise<Talk> {
  const { keys, statement } = keysFor(name);
  const talk = await world.run(new Stranger(world, "203.0.113.66", keys.tls).dial(gabi, "papo"));
  const { key } = world.tracker;
  const date = "2026-11-20T12:00:00Z";
  const account = keys.root.publicKey;
  talk.say({
    ...{ cmd: "HELLO", version: 1, features: [], to: keysFor("gabi").keys.root.publicKey },
    ...{ statement: statement.signed, username: named(name) },
    binding: signBinding(key, { v: 1, tracker: key.publicKey, name: named(name), account, date }),
  });
  await world.until(() => talk.heard.length > 0);
  return talk;
}

/** Where gabi said that she is, in the order in which she said it. */
function toldPlaces(talk: Talk): readonly string[] {
  return talk.heard.flatMap(addressesIn).flatMap(({ records }) =>
    records.map(({ record }) =>
      expectOk(openAddressRecord(record))
        .addresses.map(({ address, port }) => `${address} ${port}`)
        .join(", "),
    ),
  );
}

function addressesIn(text: string): readonly PeerAddresses[] {
  const parsed = parseStrictJson(text);
  const said = parsed.ok ? decodeWith(peerAddresses, parsed.value) : parsed;
  return said.ok ? [said.value] : [];
}

test("who shares a room is told where we are, at once and when it changes; a record made after we left is not told", async () => {
  const world = await World.create();
  const { gabi, map } = await gabiWithRouter(world);
  const mallory = await world.person("mallory");
  const room = await world.room([gabi, mallory]);
  await world.run(mallory.live.stop());
  const talk = await as(world, "mallory", gabi);
  await world.clock.advance(100);
  const { port } = gabi.live.listening ?? { port: 0 };
  assert.deepEqual(toldPlaces(talk), [`${PUBLIC} ${port}`]);
  map(50_001);
  await world.clock.advance(100);
  assert.deepEqual(toldPlaces(talk).slice(1), [`${PUBLIC} 50001, ${PUBLIC} ${port}`]);

  expectOk(await world.run(gabi.live.rooms.leave(room.id)));
  map(50_002);
  await world.clock.advance(1_000);
  assert.equal(toldPlaces(talk).length, 2);
});

test("a stranger is told nothing, whatever it asks; whose request was accepted is", async () => {
  const world = await World.create();
  const { gabi, map } = await gabiWithRouter(world);
  const nori = await world.person("nori");
  await world.person("mallory").then((mallory) => world.run(mallory.live.stop()));
  await nori.whisper("gabi", "hello, may I?");
  await world.until(() => gabi.of("contact-request").length === 1);
  await world.run(nori.live.stop());

  const [stranger, asking] = [await as(world, "mallory", gabi), await as(world, "nori", gabi)];
  map(50_001);
  await world.clock.advance(1_000);
  assert.deepEqual([...toldPlaces(stranger), ...toldPlaces(asking)], []);

  expectOk(await world.run(gabi.live.kept.privateChats.answerContact(named("nori"), "accept")));
  map(50_002);
  await world.clock.advance(1_000);
  assert.equal(toldPlaces(asking).length, 1);
  assert.deepEqual(toldPlaces(stranger), []);
});

test("who hides tells nobody any address, neither the tracker nor a member, and asks no router", async () => {
  const world = await World.create();
  let asked = 0;
  const openMapper: LiveAccountPorts["openMapper"] = () => assert.fail(`a router was asked ${(asked += 1)}`);
  const { gabi } = await gabiWithRouter(world, { hideAddress: true, openMapper });
  const mallory = await world.person("mallory");
  await world.room([gabi, mallory]).catch(() => undefined);
  await world.run(mallory.live.stop());
  const [session] = world.tracker.sessions;
  const record = session?.addresses ?? null;
  assert.ok(record !== null);
  assert.deepEqual(expectOk(openAddressRecord(record)).addresses, []);
  const report = gabi.live.addresses();
  assert.deepEqual(report, { told: [], observed: PUBLIC, mapping: { state: "off" }, hidden: true });
});
