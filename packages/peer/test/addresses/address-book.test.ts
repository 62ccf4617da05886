// Goal: somebody is dialled only where a tracker, we ourselves, or a member with a direct link has seen them, whatever anybody claims (P22); and what is known of
// places survives a restart.
// Method: the book with real signatures, a store in memory and a virtual clock; no network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type KeyPair, createAccountKey, createDeviceKey, signAddressRecord } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  ADDRESSES_MAX,
  ADDRESS_BOOK_DEVICES_MAX,
  ADDRESS_CACHE_WRITE_AFTER_MS,
  type DeviceKey,
  type IpLiteral,
  type SignedText,
  decodePeer,
  decodeWith,
  ipLiteral,
} from "@papo/protocol";
import { AddressBook, openRecord } from "../../src/addresses/address-book.ts";
import { AddressCache } from "../../src/addresses/address-cache.ts";
import type { OpenedRecord } from "../../src/addresses/known-device.ts";
import { mayDial } from "../../src/mesh/dialable.ts";
import { expectOk } from "../world-fixture.ts";

const HOME = ip("198.51.100.7");
const VICTIM = ip("203.0.113.99");
const friend = createAccountKey().publicKey;
const other = createAccountKey().publicKey;

function ip(text: string): IpLiteral {
  return expectOk(decodeWith(ipLiteral, text));
}

type Said = readonly (readonly [address: string, port: number])[];

function signed(device: KeyPair<DeviceKey>, seq: number, places: Said): SignedText {
  const addresses = places.map(([address, port]) => ({ address: ip(address), port }));
  return signAddressRecord(device, { v: 1, device: device.publicKey, seq, time: "2026-11-23T03:00:00Z", addresses });
}

function opened(device: KeyPair<DeviceKey>, seq: number, places: Said): OpenedRecord {
  const record = openRecord(signed(device, seq, places));
  assert.ok(record !== undefined);
  return record;
}

function endpoint(device: KeyPair<DeviceKey>, addresses: SignedText | null) {
  return { device: device.publicKey, tls: null, address: null, port: null, addresses };
}

class Shelf {
  readonly clock = new VirtualClock();
  readonly settings = new Map<string, string>();
  readonly changed: DeviceKey[] = [];
  believes = 100;
  isHome = true;
  cache = this.#cache();
  book = this.#book();
  writes = 0;

  #cache(): AddressCache {
    return new AddressCache(this.clock, {
      setting: (name) => this.settings.get(name),
      keep: (name, value) => {
        this.writes += 1;
        this.settings.set(name, value);
        return Promise.resolve({ ok: true, value: undefined });
      },
    });
  }

  #book(): AddressBook {
    return new AddressBook({
      cache: this.cache,
      isOurs: () => this.isHome,
      mayBelieve: () => this.believes-- > 0,
      changed: (device) => this.changed.push(device),
    });
  }

  restart(): void {
    this.cache = this.#cache();
    this.book = this.#book();
  }

  places(device: KeyPair<DeviceKey>): readonly string[] {
    return this.book
      .placesOfDevice(device.publicKey)
      .map(({ address, port, source }) => `${address} ${port} ${source}`);
  }
}

const link = (remoteAddress: string, remotePort: number, dialledByUs: boolean) => ({
  ends: { remoteAddress, remotePort, localAddress: "192.168.0.2", localPort: 50_000 },
  dialledByUs,
});

test("F13: what the tracker tells is dialled, and of two records the one with the higher seq counts", () => {
  const { book } = new Shelf();
  const device = createDeviceKey();
  const places = (seq: number, port: number) =>
    book
      .placesOf(endpoint(device, signed(device, seq, [[HOME, port]])))
      .map(({ port: told, source }) => [told, source]);
  assert.deepEqual(places(5, 40_001), [[40_001, "tracker"]]);
  assert.deepEqual(places(4, 40_002), [[40_001, "tracker"]], "an old record changes nothing");
  assert.deepEqual(places(6, 40_003), [[40_003, "tracker"]]);
  assert.deepEqual(places(7, 40_004), [[40_004, "tracker"]]);
  assert.deepEqual(book.placesOf(endpoint(device, signed(device, 8, []))), [], "an empty list: a relay alone");
});

test("P22: a record that somebody else signed, or of another device, is none", () => {
  const shelf = new Shelf();
  const [device, mallory] = [createDeviceKey(), createDeviceKey()];
  const forged = { ...signed(device, 9, [[VICTIM, 40_000]]), sig: signed(mallory, 9, []).sig };
  assert.equal(openRecord(forged), undefined);
  assert.deepEqual(shelf.book.placesOf(endpoint(device, forged)), []);
  assert.deepEqual(shelf.book.placesOf(endpoint(device, signed(mallory, 9, [[VICTIM, 40_000]]))), []);
});

test("P22: what a device says of itself over a link is dialled only at the IP from which it came", () => {
  const shelf = new Shelf();
  const device = createDeviceKey();
  shelf.book.linked(device.publicKey, link(HOME, 51_234, false));
  shelf.book.hear(
    opened(device, 5, [
      [VICTIM, 40_000],
      [HOME, 40_001],
    ]),
    { kind: "device" },
  );
  assert.deepEqual(shelf.places(device), [`${HOME} 40001 link`]);
  assert.deepEqual(shelf.changed, [device.publicKey]);
  shelf.book.hear(opened(device, 6, [["2001:db8::1", 40_001]]), { kind: "device" });
  assert.deepEqual(shelf.places(device), [], "the same device at an address at which nobody saw it");
});

test("P22: a member's word counts for the IP that it sees, once for each record, and not when it has sent us to too many places", () => {
  const shelf = new Shelf();
  const device = createDeviceKey();
  const tell = (seq: number, account: typeof friend, seen: IpLiteral) =>
    shelf.book.hear(
      opened(device, seq, [
        [HOME, 40_001],
        [VICTIM, 40_001],
      ]),
      { kind: "member", account, seen },
    );

  tell(5, friend, ip("192.0.2.1"));
  assert.deepEqual(shelf.places(device), [], "seen where the device does not say that it is");
  tell(5, friend, HOME);
  assert.deepEqual(shelf.places(device), [`${HOME} 40001 member`]);
  shelf.book.failedAt(device.publicKey, { address: HOME, port: 40_001 });
  assert.deepEqual(shelf.places(device), []);
  tell(5, friend, HOME);
  tell(5, friend, VICTIM);
  tell(4, friend, HOME);
  assert.deepEqual(shelf.places(device), [], "led nowhere with this record");
  tell(5, other, HOME);
  assert.deepEqual(shelf.places(device), [`${HOME} 40001 member`], "another member may be right");
  shelf.book.failedAt(device.publicKey, { address: HOME, port: 40_001 });
  tell(6, friend, HOME);
  assert.deepEqual(shelf.places(device), [`${HOME} 40001 member`], "a newer record");

  shelf.book.failedAt(device.publicKey, { address: HOME, port: 40_001 });
  shelf.believes = 0;
  tell(7, friend, VICTIM);
  assert.deepEqual(shelf.places(device), []);
  assert.equal(shelf.book.recordOf(device.publicKey)?.record.seq, 7, "its words are kept, for those who have seen it");
});

test("P22: the same IP in another spelling is the same", () => {
  const shelf = new Shelf();
  const device = createDeviceKey();
  shelf.book.linked(device.publicKey, link("2001:db8::1", 51_234, false));
  shelf.book.hear(opened(device, 5, [["2001:DB8:0:0::1", 40_000]]), { kind: "device" });
  assert.deepEqual(shelf.places(device), ["2001:DB8:0:0::1 40000 link"]);
});

test("P22: names and too many addresses make no record, ports of well-known services and addresses of nobody are not dialled", () => {
  const device = createDeviceKey();
  for (const addresses of [
    [{ address: "victim.example", port: 40_000 }],
    [{ address: "0x7f000001", port: 40_000 }],
    Array.from({ length: ADDRESSES_MAX + 1 }, () => ({ address: HOME, port: 40_000 })),
  ]) {
    const record = { v: 1, device: device.publicKey, seq: 9, time: "2026-11-23T03:00:00Z", addresses };
    assert.equal(openRecord(signAddressRecord(device, record as never)), undefined);
  }
  for (const [address, port] of [
    [HOME, 25],
    ["127.0.0.1", 40_000],
    ["169.254.169.254", 40_000],
    ["10.0.0.9", 40_000],
  ] as const)
    for (const source of ["tracker", "member"] as const)
      assert.equal(mayDial({ address, port, source }, "192.0.2.1"), false, `${address} ${port}`);
  assert.equal(
    mayDial({ address: "10.0.0.9", port: 40_000, source: "lan" }, "192.0.2.1"),
    true,
    "seen there by ourselves",
  );
  assert.equal(mayDial({ address: "127.0.0.1", port: 40_000, source: "lan" }, "192.0.2.1"), false);
});

test("P22: a message with ten thousand records is not read at all, and the book stays bounded", () => {
  const device = createDeviceKey();
  const record = { record: signed(device, 5, [[VICTIM, 40_000]]), seen: VICTIM };
  const said = JSON.stringify({ cmd: "ADDRESSES", records: Array.from({ length: 10_000 }, () => record) });
  assert.equal(decodePeer(Buffer.from(said)).ok, false);

  const shelf = new Shelf();
  const first = createDeviceKey();
  shelf.book.placesOf(endpoint(first, signed(first, 5, [[HOME, 40_001]])));
  for (let n = 0; n < ADDRESS_BOOK_DEVICES_MAX; n += 1)
    shelf.book.seenOnLan(`device ${n}` as DeviceKey, { address: HOME, port: 40_001 });
  assert.deepEqual(shelf.places(first), [], "heard of longest ago");
});

test("places come in order: in our own network, where it worked last, what it tells, and no place twice", () => {
  const shelf = new Shelf();
  const device = createDeviceKey();
  shelf.book.placesOf(
    endpoint(
      device,
      signed(device, 5, [
        ["198.51.100.7", 50_001],
        ["198.51.100.7", 40_001],
        ["2001:db8::7", 40_001],
      ]),
    ),
  );
  shelf.book.linked(device.publicKey, link("198.51.100.7", 40_001, true));
  shelf.book.seenOnLan(device.publicKey, { address: ip("192.168.0.9"), port: 40_001 });
  assert.deepEqual(shelf.places(device), [
    "192.168.0.9 40001 lan",
    "198.51.100.7 40001 link",
    "198.51.100.7 50001 link",
    "2001:db8::7 40001 tracker",
  ]);
  shelf.book.leaveLan();
  assert.equal(shelf.places(device)[0], "198.51.100.7 40001 link");
});

test("a private address at which we met somebody counts only while we are in that network", () => {
  const shelf = new Shelf();
  const device = createDeviceKey();
  shelf.book.linked(device.publicKey, link("192.168.0.9", 51_000, false));
  shelf.book.hear(
    opened(device, 5, [
      [HOME, 50_001],
      [HOME, 40_001],
    ]),
    { kind: "device" },
  );
  assert.deepEqual(shelf.places(device), ["192.168.0.9 40001 link"], "with its own port, the last that it tells");
  shelf.isHome = false;
  assert.deepEqual(shelf.places(device), []);
});

test("F3: after a restart those with whom there were links are found where they were, and what is newer counts", async () => {
  const shelf = new Shelf();
  const [device, stranger] = [createDeviceKey(), createDeviceKey()];
  const told = endpoint(
    device,
    signed(device, 5, [
      [HOME, 50_001],
      [HOME, 40_001],
    ]),
  );
  shelf.book.placesOf(told);
  shelf.book.placesOf(endpoint(stranger, signed(stranger, 5, [[HOME, 40_009]])));
  shelf.book.linked(device.publicKey, link(HOME, 40_001, true));
  await shelf.clock.advance(ADDRESS_CACHE_WRITE_AFTER_MS);
  assert.equal(shelf.writes, 1, "seldom");

  shelf.restart();
  assert.deepEqual(shelf.places(device), [`${HOME} 40001 cache`, `${HOME} 50001 cache`]);
  assert.deepEqual(shelf.places(stranger), [], "no link, nothing kept");
  shelf.book.placesOf(endpoint(device, signed(device, 6, [["198.51.100.8", 40_002]])));
  assert.deepEqual(shelf.places(device), ["198.51.100.8 40002 tracker"]);
  await shelf.cache.flush();

  shelf.restart();
  assert.deepEqual(shelf.places(device), ["198.51.100.8 40002 cache"]);
});

test("a damaged memory of places is none", () => {
  for (const text of ["", "{", "[1]", '[{"device":"x"}]', "null"]) {
    const shelf = new Shelf();
    shelf.settings.set("places", text);
    shelf.restart();
    assert.deepEqual(shelf.places(createDeviceKey()), []);
  }
});
