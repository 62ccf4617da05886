// Goal: a tracker cannot make us knock on doors that are not ours to knock on.
// Method: a table of addresses, seen from trackers at different distances.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressScope, mayDial } from "../../src/mesh/dialable.ts";

const SCOPES = {
  loopback: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "fc00::1"],
  public: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1"],
  nowhere: [
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "ff02::1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "127.1",
    "example.org",
    "127.0.0.0.1",
  ],
} as const;

for (const [scope, addresses] of Object.entries(SCOPES)) {
  test(`T22: addresses that are ${scope}`, () => {
    for (const address of addresses) assert.equal(addressScope(address), scope, address);
  });
}

test("T22: loopback and private addresses are dialled only when the tracker itself was reached on such a one", () => {
  const may = (address: string, tracker: string): boolean => mayDial({ address, port: 40_000 }, tracker);
  assert.ok(may("8.8.8.8", "9.9.9.9") && may("8.8.8.8", "127.0.0.1"));
  assert.ok(!may("192.168.1.7", "9.9.9.9") && may("192.168.1.7", "192.168.1.1") && may("192.168.1.7", "127.0.0.1"));
  assert.ok(!may("127.0.0.1", "9.9.9.9") && !may("127.0.0.1", "192.168.1.1") && may("127.0.0.1", "127.0.0.1"));
  assert.ok(!may("169.254.169.254", "127.0.0.1"));
});

test("T23: ports of well-known services are never dialled", () => {
  for (const port of [22, 25, 80, 443, 1_023]) assert.ok(!mayDial({ address: "8.8.8.8", port }, "9.9.9.9"));
  assert.ok(mayDial({ address: "8.8.8.8", port: 1_024 }, "9.9.9.9"));
});
