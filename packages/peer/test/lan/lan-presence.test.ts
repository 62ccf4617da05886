// Goal: devices that know each other see each other in a local network and nobody else learns who they are: their hints change and have nothing in common, a hint that
// somebody repeats gains little, and strangers cost nothing.
// Method: several devices on one network in memory, on virtual time that passes over several windows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeviceKey, type LanPeer } from "@papo/link";
import { MemoryLan, VirtualClock } from "@papo/link/memory";
import {
  type DeviceAddress,
  type DeviceKey,
  type IpLiteral,
  LAN_HINT_WINDOW_MS,
  LAN_KNOWN_DEVICES_MAX,
  LAN_PLACES_PER_DEVICE_MAX,
  LAN_SIGHTING_INTERVAL_MS,
  decodeWith,
  fail,
  ipLiteral,
  succeed,
} from "@papo/protocol";
import { KnownHints } from "../../src/lan/known-hints.ts";
import { lanHint, lanWindowAt } from "../../src/lan/lan-hint.ts";
import { LanPresence } from "../../src/lan/lan-presence.ts";

function at(address: string): IpLiteral {
  const decoded = decodeWith(ipLiteral, address);
  assert.ok(decoded.ok);
  return decoded.value;
}

const newDevice = (): DeviceKey => createDeviceKey().publicKey;

class World {
  readonly clock = new VirtualClock();
  readonly lan = new MemoryLan(this.clock);

  /** A device at an address that knows these others; `seen` is what it was told of them, newest last. */
  device(address: string, known: DeviceKey[] = [], clock = this.clock) {
    const self = newDevice();
    const seen: { readonly device: DeviceKey; readonly place: DeviceAddress | undefined }[] = [];
    const presence = new LanPresence({
      clock,
      open: async () => succeed(this.lan.host(at(address))),
      self: () => self,
      knownDevices: () => known,
      seen: (device, place) => void seen.push({ device, place }),
    });
    return { self, seen, presence, known };
  }

  /** Whatever of peers is announced, as anybody hears it. */
  eavesdrop(): LanPeer[] {
    const heard: LanPeer[] = [];
    this.lan.host(at("192.168.1.99")).findPeers((peer) => heard.push(peer));
    return heard;
  }
}

test("two that know each other see each other, and a third whom nobody knows sees nobody", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11", [ana.self]);
  const mallory = world.device("192.168.1.12", [newDevice()]);
  ana.known.push(beto.self);
  await ana.presence.start(40_000);
  await beto.presence.start(40_001);
  await mallory.presence.start(40_002);
  await world.clock.advance(1_000);
  assert.deepEqual(ana.seen, [{ device: beto.self, place: { address: "192.168.1.11", port: 40_001 } }]);
  assert.deepEqual(beto.seen, [{ device: ana.self, place: { address: "192.168.1.10", port: 40_000 } }]);
  assert.deepEqual(mallory.seen, []);
});

test("whoever accepts no links looks all the same, and says nothing", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11", [ana.self]);
  ana.known.push(beto.self);
  await ana.presence.start(40_000);
  await beto.presence.start(undefined);
  await world.clock.advance(120_000);
  assert.equal(beto.seen.length > 0, true);
  assert.deepEqual(ana.seen, []);
});

test("somebody who becomes known is seen from then on", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11");
  await ana.presence.start(40_000);
  await beto.presence.start(40_001);
  await world.clock.advance(120_000);
  assert.equal(beto.seen.length, 0);
  beto.known.push(ana.self);
  beto.presence.peopleChanged();
  await world.clock.advance(120_000);
  assert.equal(beto.seen[0]?.device, ana.self);
});

test("each window has another hint, and hints of different windows or devices share nothing", async () => {
  const world = new World();
  const heard = world.eavesdrop();
  const ana = world.device("192.168.1.10");
  await ana.presence.start(40_000);
  await world.clock.advance(3 * LAN_HINT_WINDOW_MS);
  const hints = [...new Set(heard.map(({ hint }) => hint))];
  assert.ok(hints.length >= 3, String(hints.length));
  for (const hint of hints) assert.match(hint, /^[a-z2-7]{16}$/u);
  assert.equal(new Set(hints.map((hint) => hint.slice(0, 5))).size, hints.length);
  assert.ok(!hints.includes(lanHint(newDevice(), lanWindowAt(world.clock.wallMs()))));
});

test("a device whose clock is a window behind or ahead is known all the same, one that is two windows off is not", async () => {
  for (const [windows, isSeen] of [
    [-1, true],
    [1, true],
    [2, false],
  ] as const) {
    const world = new World();
    const wall = world.clock.wallMs() + windows * LAN_HINT_WINDOW_MS;
    const other = Object.assign(Object.create(world.clock) as VirtualClock, {
      wallMs: () => wall + world.clock.monotonicMs(),
      after: world.clock.after.bind(world.clock),
      monotonicMs: () => world.clock.monotonicMs(),
    });
    const ana = world.device("192.168.1.10", [], other);
    const beto = world.device("192.168.1.11", [ana.self]);
    await ana.presence.start(40_000);
    await beto.presence.start(40_001);
    await world.clock.advance(1_000);
    assert.equal(beto.seen.length > 0, isSeen, `${windows}`);
  }
});

test("a hint that somebody repeats from many places is followed to a few of them, and seldom", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11", [ana.self]);
  await beto.presence.start(undefined);
  await world.clock.advance(200);
  const hint = lanHint(ana.self, lanWindowAt(world.clock.wallMs()));
  const mallory = world.lan.host(at("192.168.1.66"));
  for (let port = 40_000; port < 40_050; port += 1) mallory.announcePeer({ port, hint });
  await world.clock.advance(LAN_SIGHTING_INTERVAL_MS - 1_000);
  assert.equal(beto.seen.length, LAN_PLACES_PER_DEVICE_MAX);
});

test("who was seen in one window and not in the next is gone", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11", [ana.self]);
  await ana.presence.start(40_000);
  await beto.presence.start(undefined);
  await world.clock.advance(1_000);
  await ana.presence.stop();
  await world.clock.advance(3 * LAN_HINT_WINDOW_MS);
  assert.deepEqual(beto.seen.at(-1), { device: ana.self, place: undefined });
});

test("in another network everybody is asked and told at once", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const beto = world.device("192.168.1.11", [ana.self]);
  await ana.presence.start(40_000);
  await beto.presence.start(40_001);
  await world.clock.advance(5_000);
  const before = beto.seen.length;
  beto.presence.networkChanged();
  await world.clock.advance(200);
  assert.equal(beto.seen.length, before + 1);
});

test("stopping ends it, while it opens as well, and leaves no timer", async () => {
  const world = new World();
  const ana = world.device("192.168.1.10");
  const starting = ana.presence.start(40_000);
  await ana.presence.stop();
  await starting;
  await ana.presence.start(40_001);
  await world.clock.advance(0);
  assert.equal(world.clock.timers, 0);
  assert.deepEqual(world.lan.packets, []);
});

test("where there is no multicast nothing happens", async () => {
  const clock = new VirtualClock();
  const presence = new LanPresence({
    clock,
    open: async () => fail("unsupported", "no multicast here"),
    self: newDevice,
    knownDevices: () => [],
    seen: () => assert.fail("nobody is there"),
  });
  await presence.start(40_000);
  presence.networkChanged();
  await presence.stop();
  assert.equal(clock.timers, 0);
});

test("of more devices than can be known again the first count, and each is worked out once", () => {
  const devices = Array.from({ length: LAN_KNOWN_DEVICES_MAX + 5 }, (_, index) => `device ${index}` as DeviceKey);
  let asked = 0;
  const hints = new KnownHints(() => {
    asked += 1;
    return devices;
  });
  for (let stranger = 0; stranger < 1_000; stranger += 1)
    assert.equal(hints.deviceOf(`stranger${stranger}`, 7), undefined);
  assert.equal(asked, 1);
  const [first = devices[0]] = devices;
  assert.ok(first !== undefined);
  assert.equal(hints.deviceOf(lanHint(first, 8), 7), first);
  const [last] = devices.slice(-1);
  assert.ok(last !== undefined);
  assert.equal(hints.deviceOf(lanHint(last, 7), 7), undefined);
});
