// Goal: limits see one household as one, and nobody is shown an address that means nothing to them.
// Method: addresses in all their spellings.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpLiteral } from "@papo/protocol";
import { addressGroup, isLoopback } from "../../src/services/address-group.ts";
import { shownAddress } from "../../src/services/shown-address.ts";

test("T26: an IPv4 address, or an IPv6 /64", () => {
  assert.equal(addressGroup("192.0.2.7"), "192.0.2.7");
  assert.equal(addressGroup("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2");
  assert.equal(addressGroup("2001:db8:1:2::1"), "2001:db8:1:2");
  assert.equal(addressGroup("2001:0DB8:0001:0002::"), "2001:db8:1:2");
  assert.notEqual(addressGroup("2001:db8:1:3::1"), addressGroup("2001:db8:1:2::1"));
  assert.equal(addressGroup("::ffff:192.0.2.7"), "0:0:0:0");
});

test("loopback, and what only looks like it", () => {
  for (const address of ["127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1"]) assert.ok(isLoopback(address), address);
  for (const address of ["128.0.0.1", "::2", "1::1", "::", "localhost", "127.0.0.0.1"])
    assert.ok(!isLoopback(address), address);
});

test("T22: one beside the tracker is shown where the tracker was reached, to all but its neighbours", () => {
  const at = (address: string) => ({ address: address as IpLiteral, reachedAt: "203.0.113.9" });
  assert.equal(shownAddress(at("127.0.0.1"), at("198.51.100.1")), "203.0.113.9");
  assert.equal(shownAddress(at("127.0.0.1"), at("127.0.0.1")), "127.0.0.1");
  assert.equal(shownAddress(at("198.51.100.2"), at("198.51.100.1")), "198.51.100.2");
  assert.equal(shownAddress(at("127.0.0.1"), { ...at("198.51.100.1"), reachedAt: "localhost" }), "127.0.0.1");
});
