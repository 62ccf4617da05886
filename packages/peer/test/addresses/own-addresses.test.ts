// Goal: a device tells of itself only where others have seen it, newest last whatever its clock says, and nothing at all when it hides.
// Method: the parts with a virtual clock, a store in memory, and a router and a tracker that the test plays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PortMapping, openAddressRecord } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { type IpLiteral, type Outcome, type SignedText, decodeWith, fail, ipLiteral, succeed } from "@papo/protocol";
import { OwnAddresses } from "../../src/addresses/own-addresses.ts";
import { RouterPort } from "../../src/addresses/router-port.ts";
import { expectOk, keysFor, named } from "../world-fixture.ts";

function ip(text: string): IpLiteral {
  return expectOk(decodeWith(ipLiteral, text));
}

const own = { username: named("gabi"), ...keysFor("gabi"), binding: null };
const HOME = ip("198.51.100.7");

function parts(
  options: { readonly hidden?: boolean; readonly wallMs?: number; readonly settings?: Map<string, string> } = {},
) {
  const { hidden = false, wallMs, settings = new Map<string, string>() } = options;
  const clock = new VirtualClock(wallMs);
  const store = {
    setting: (name: string) => settings.get(name),
    keep: (name: string, value: string) => {
      settings.set(name, value);
      return Promise.resolve(succeed(undefined));
    },
  };
  return { settings, clock, addresses: new OwnAddresses({ clock, settings: store, own: () => own, hidden }) };
}

function read(record: SignedText | undefined | null): { readonly seq: number; readonly places: readonly string[] } {
  assert.ok(record !== undefined && record !== null);
  const { seq, addresses } = expectOk(openAddressRecord(record));
  return { seq, places: addresses.map(({ address, port }) => `${address} ${port}`) };
}

test("the tracker's sight of us and the port at which we listen, and no new record where nothing is new", () => {
  const { addresses } = parts();
  const first = addresses.sessionAt(HOME, 40_001);
  assert.deepEqual(read(first).places, ["198.51.100.7 40001"]);
  assert.equal(addresses.sessionAt(HOME, 40_001), first, "a session that comes back tells the same");
  const moved = addresses.sessionAt(ip("192.0.2.9"), 40_001);
  assert.deepEqual(read(moved).places, ["192.0.2.9 40001"]);
  assert.ok(read(moved).seq > read(first).seq);
  assert.deepEqual(read(addresses.sessionAt(HOME, 80)).places, [], "no port of a well-known service");
});

test("both families, and in front of the own port the one that a router opened", () => {
  const { addresses } = parts();
  addresses.sessionAt(ip("2001:db8::7"), 40_001);
  assert.deepEqual(read(addresses.sawOtherFamily(HOME)).places, ["2001:db8::7 40001", "198.51.100.7 40001"]);
  assert.equal(addresses.sawOtherFamily(HOME), undefined);
  const mapped = read(addresses.mapped(50_001)).places;
  assert.deepEqual(mapped, ["2001:db8::7 40001", "198.51.100.7 50001", "198.51.100.7 40001"]);
  assert.equal(addresses.mapped(50_001), undefined);
  assert.deepEqual(read(addresses.mapped(null)).places, ["2001:db8::7 40001", "198.51.100.7 40001"]);
  const again = read(addresses.sessionAt(ip("2001:db8::7"), 40_001)).places;
  assert.deepEqual(again, ["2001:db8::7 40001"], "a new session has not seen the other one");
});

test("a router's port says nothing of an address in our own network, and before a session there is nothing to say", () => {
  const { addresses } = parts();
  assert.equal(addresses.mapped(50_001), undefined);
  assert.equal(addresses.record, null);
  assert.deepEqual(read(addresses.sessionAt(ip("192.168.0.7"), 40_001)).places, ["192.168.0.7 40001"]);
});

test("who hides tells an empty list, whatever is seen", () => {
  const { addresses } = parts({ hidden: true });
  assert.deepEqual(read(addresses.sessionAt(HOME, 40_001)).places, []);
  assert.equal(addresses.mapped(50_001), undefined);
  assert.deepEqual(addresses.told, []);
});

test("F8: a clock that was set back makes no record older than those before, also after a restart", () => {
  const { addresses, settings } = parts();
  const before = read(addresses.sessionAt(HOME, 40_001)).seq;
  const after = parts({ wallMs: 1_000_000, settings });
  assert.equal(read(after.addresses.sessionAt(HOME, 40_002)).seq, before + 1);
});

test("F3: without a tracker what was seen last is told again, with the port of now", () => {
  const { addresses, settings } = parts();
  addresses.sessionAt(HOME, 40_001);
  const after = parts({ settings }).addresses;
  after.listensAt(40_002);
  assert.deepEqual(read(after.record).places, ["198.51.100.7 40002"]);
  const fresh = parts().addresses;
  fresh.listensAt(40_002);
  assert.equal(fresh.record, null);
});

test("a router is asked once for a port, again in another network, and what it takes back is gone", async () => {
  const asked: number[] = [];
  let answer: Outcome<PortMapping> = succeed({ way: "upnp", address: null, port: 50_001, lifetimeMs: 60_000 });
  let told: ((mapping: PortMapping | null) => void) | undefined;
  const ports: (number | null)[] = [];
  let closed = 0;
  const router = new RouterPort(
    (changed) => {
      told = changed;
      const map = (port: number) => {
        asked.push(port);
        return Promise.resolve(answer);
      };
      return { map, unmap: () => Promise.resolve(), close: async () => void (closed += 1) };
    },
    (port) => ports.push(port),
  );
  await router.keep(40_001);
  await router.keep(40_001);
  assert.deepEqual([asked, ports], [[40_001], [50_001]]);
  assert.deepEqual(router.state, { state: "mapped", port: 50_001, way: "upnp" });
  told?.(null);
  assert.equal(router.state.state, "failed");
  answer = fail("unsupported", "no router does that");
  await router.networkChanged();
  assert.deepEqual(
    [asked, ports],
    [
      [40_001, 40_001],
      [50_001, null, null],
    ],
  );
  await router.close();
  assert.equal(closed, 1);

  const none = new RouterPort(undefined, () => assert.fail("nobody asks"));
  await none.keep(40_001);
  assert.deepEqual(none.state, { state: "off" });
});
