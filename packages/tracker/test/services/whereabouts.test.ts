// Goal: a tracker shows no place but one where it has seen the very device that claims it. Method: records of all kinds, honest and not.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type KeyPair, createDeviceKey, signAddressRecord } from "@papo/link";
import { type DeviceKey, type IpLiteral, SEEN_ADDRESSES_MAX, type SignedText, isIpLiteral } from "@papo/protocol";
import { Whereabouts } from "../../src/services/whereabouts.ts";

const device = createDeviceKey();
const TIME = "2026-11-23T03:00:00.000Z";

function record(
  addresses: readonly (readonly [string, number])[],
  seq = 1,
  keys: KeyPair<DeviceKey> = device,
): SignedText {
  const places = addresses.map(([address, port]) => ({ address: address as IpLiteral, port }));
  return signAddressRecord(keys, { v: 1, device: keys.publicKey, seq, time: TIME, addresses: places });
}

const isTaken = (where: Whereabouts, signed: SignedText): boolean => where.checkNewer(signed, device.publicKey).ok;

test("T22, T23: only places where the device was seen are taken, however they are written, at ports of programs", () => {
  const where = new Whereabouts("203.0.113.7", () => ["192.168.1.2"]);
  assert.ok(isTaken(where, record([])));
  assert.ok(isTaken(where, record([["203.0.113.7", 40_000]])));
  const claims = [
    "203.0.113.8",
    "127.0.0.1",
    "127.0.0.9",
    "::1",
    "192.168.1.2",
    "169.254.169.254",
    "::ffff:203.0.113.7",
    "::ffff:7f00:1",
    "2001:db8::7",
    "0.0.0.0",
  ];
  for (const claim of claims) {
    assert.equal(isTaken(where, record([[claim, 40_000]])), false, claim);
    assert.equal(
      isTaken(
        where,
        record([
          ["203.0.113.7", 40_000],
          [claim, 40_000],
        ]),
      ),
      false,
      `${claim} beside a true one`,
    );
  }
  for (const port of [1, 25, 80, 1_023]) assert.equal(isTaken(where, record([["203.0.113.7", port]])), false);
  where.saw("2001:db8:0:0:0::7");
  assert.ok(
    isTaken(
      where,
      record([
        ["2001:DB8::7", 40_000],
        ["203.0.113.7", 40_000],
      ]),
    ),
  );
});

test("who is on the tracker's own machine may be at its addresses, and at no other of the loopback", () => {
  const where = new Whereabouts("127.0.0.1", () => ["192.168.1.2", "fe80::1", "2001:db8::2"]);
  assert.ok(
    isTaken(
      where,
      record([
        ["127.0.0.1", 40_000],
        ["::1", 40_000],
        ["192.168.1.2", 40_000],
        ["2001:db8::2", 40_000],
      ]),
    ),
  );
  for (const claim of ["127.0.0.9", "127.1.2.3", "192.168.1.3"])
    assert.equal(isTaken(where, record([[claim, 40_000]])), false);
});

test("T22: names and other spellings are no addresses at all", () => {
  const where = new Whereabouts("203.0.113.7", () => []);
  for (const claim of [
    "localhost",
    "2130706433",
    "0x7f000001",
    "127.0.0.0.1",
    "１２７.0.0.1",
    "203.0.113.07",
    "metadata.internal",
  ]) {
    assert.equal(isIpLiteral(claim), false);
    assert.equal(isTaken(where, record([[claim, 40_000]])), false, claim);
  }
});

test("P22: somebody else's record, one that was changed, and one that is not newer are refused", () => {
  const where = new Whereabouts("203.0.113.7", () => []);
  const other = createDeviceKey();
  assert.equal(isTaken(where, record([["203.0.113.7", 40_000]], 1, other)), false);
  const honest = record([["203.0.113.7", 40_000]], 5);
  assert.equal(isTaken(where, { ...honest, text: honest.text.replace("40000", "40001") }), false);
  const checked = where.checkNewer(honest, device.publicKey);
  assert.ok(checked.ok);
  where.take(checked.value);
  assert.equal(where.record, honest);
  for (const seq of [1, 5]) assert.equal(isTaken(where, record([], seq)), false);
  assert.ok(isTaken(where, record([], 6)));
  assert.ok(where.check(honest, device.publicKey).ok, "it may still be told again in a call");
});

test("what is remembered of seen addresses is bounded, and the session's own stays", () => {
  const where = new Whereabouts("203.0.113.7", () => []);
  for (let index = 0; index < 100; index += 1) where.saw(`198.51.100.${index}`);
  assert.ok(isTaken(where, record([["203.0.113.7", 40_000]])));
  assert.ok(isTaken(where, record([[`198.51.100.${SEEN_ADDRESSES_MAX - 2}`, 40_000]])));
  assert.equal(isTaken(where, record([["198.51.100.99", 40_000]])), false);
});

test("T22: whatever a record says, nothing throws and no other address is taken", () => {
  const where = new Whereabouts("203.0.113.7", () => []);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), fc.nat(70_000), (address, port) => {
      assert.equal(
        isTaken(where, record([[address, port]])),
        address === "203.0.113.7" && port >= 1_024 && port <= 65_535,
      );
    }),
  );
});
