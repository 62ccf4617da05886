// Goal: what was measured means what docs/doctor.md says, no more; nobody is found by a masked address. Method: pure judgements with tables of measurements,
// the page of findings held against the list in the source.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  DOCTOR_CLOCK_OFF_MS,
  DOCTOR_CLOCK_WRONG_MS,
  DOCTOR_DISK_LITTLE_BYTES,
  type Fault,
  type IpLiteral,
  fail,
  succeed,
} from "@papo/protocol";
import fc from "fast-check";
import { DOCTOR_FINDINGS } from "../../src/doctor/findings.ts";
import {
  judgeClock,
  judgeConnection,
  judgeDisk,
  judgeMapping,
  judgeNat,
  judgeNode,
  judgeRoundTrip,
} from "../../src/doctor/judge.ts";
import { maskedAddress } from "../../src/doctor/shown-address.ts";

test("docs/doctor.md has every finding, with its state, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/doctor.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| [^|]*\| `([a-z0-9_]+)` \| (ok|warning|failed|skipped) \|/gmu)];
  assert.deepEqual(Object.fromEntries(rows.map(([, finding, state]) => [finding, state])), DOCTOR_FINDINGS);
});

test("Node.js: by its numbers, not its letters", () => {
  for (const version of ["24.7.0", "v24.10.1", "26.0.0", "100.1.0"])
    assert.equal(judgeNode(version, "24.7").state, "ok");
  for (const version of ["24.6.9", "9.11.2", "v20.19.0", "nonsense"]) {
    assert.equal(judgeNode(version, "24.7").finding, "node_old");
  }
});

test("the clock: a warning above two minutes, wrong above a day, either way", () => {
  for (const [off, finding] of [
    [0, "clock_ok"],
    [DOCTOR_CLOCK_OFF_MS, "clock_ok"],
    [DOCTOR_CLOCK_OFF_MS + 1, "clock_off"],
    [DOCTOR_CLOCK_WRONG_MS, "clock_off"],
    [DOCTOR_CLOCK_WRONG_MS + 1, "clock_wrong"],
  ] as const) {
    assert.deepEqual([judgeClock(off).finding, judgeClock(-off).finding], [finding, finding]);
  }
  assert.equal(judgeRoundTrip(1_000).state, "ok");
  assert.equal(judgeRoundTrip(1_001).state, "warning");
});

test("the disk: what the system says counts before what is free", () => {
  const free = { freeBytes: DOCTOR_DISK_LITTLE_BYTES, writeMs: 3, code: undefined };
  assert.deepEqual(judgeDisk(free).facts, { freeMiB: 512, writeMs: 3 });
  const codes = ["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EIO"].map(
    (code) => judgeDisk({ ...free, code }).finding,
  );
  assert.deepEqual(codes, [
    ...["disk_read_only", "disk_forbidden", "disk_forbidden"],
    ...["disk_full", "disk_full", "disk_failed"],
  ]);
  assert.equal(judgeDisk({ ...free, freeBytes: free.freeBytes - 1 }).finding, "disk_little");
  assert.equal(judgeDisk({ ...free, freeBytes: 1 }).finding, "disk_full");
  assert.equal(judgeDisk({ ...free, writeMs: 1_001 }).finding, "disk_slow");
  assert.equal(
    judgeDisk({ ...free, freeBytes: undefined, writeMs: null }).finding,
    "disk_ok",
    "not every system tells",
  );
});

test("routers: what two connections look like from outside", () => {
  const own = ["192.168.0.7", "203.0.113.9"];
  const nat = (...seen: readonly (readonly [localPort: number, address: string, port: number])[]) => {
    const observations = seen.map(([localPort, address, port]) => ({ localPort, address, port }));
    return judgeNat(observations, { own, shown: (address) => address });
  };
  assert.equal(nat().finding, "no_answer");
  assert.equal(nat([50_000, "203.0.113.9", 50_000], [50_001, "203.0.113.9", 50_001]).finding, "nat_none");
  assert.equal(nat([50_000, "203.0.113.5", 50_000], [50_001, "203.0.113.5", 50_001]).finding, "nat_keeps_ports");
  assert.equal(nat([50_000, "203.0.113.5", 50_000], [50_001, "203.0.113.5", 1_024]).finding, "nat_changes_ports");
  assert.equal(nat([50_000, "203.0.113.5", 50_000], [50_001, "203.0.113.6", 50_001]).finding, "nat_changes_addresses");
  assert.deepEqual(nat([50_000, "203.0.113.5", 9]).facts, { seen: "203.0.113.5" });
});

test("the way to the tracker: that nobody hosts here is no failure, everything else is", () => {
  const fault = (more: Partial<Fault>): Fault => ({ code: "unreachable", detail: "", ...more });
  assert.equal(judgeConnection(undefined, 4, false).finding, "connection_ok");
  assert.equal(judgeConnection(fault({ socket: "refused" }), 4, true).finding, "connection_nobody_here");
  assert.equal(judgeConnection(fault({ socket: "refused" }), 4, false).finding, "connection_refused");
  assert.equal(judgeConnection(fault({ socket: "no-route" }), 4, true).finding, "connection_no_route");
  assert.equal(judgeConnection(fault({ code: "timeout" }), 4, false).finding, "connection_silent");
  assert.equal(judgeConnection(fault({}), 4, false).finding, "connection_failed");
});

test("the router: a port that it opens on an address that is not public leads nowhere", () => {
  const mapped = (address: string | null) =>
    judgeMapping(succeed({ way: "pcp", address: address as IpLiteral | null, port: 1, lifetimeMs: 1 })).finding;
  assert.equal(mapped(null), "mapping_ok");
  assert.equal(mapped("203.0.113.9"), "mapping_ok");
  for (const inner of ["192.168.1.1", "100.64.3.4", "10.0.0.1"]) assert.equal(mapped(inner), "mapping_behind_another");
  assert.equal(judgeMapping(fail("unsupported", "")).finding, "mapping_none");
});

test("a masked address keeps its network and loses its host", () => {
  assert.equal(maskedAddress("203.0.113.9"), "203.0.x.x");
  assert.equal(maskedAddress("2001:db8:1:2:3:4:5:6"), "2001:db8:x");
  assert.equal(maskedAddress("2001:db8::7"), "2001:db8:x");
  assert.equal(maskedAddress("127.0.0.1"), "127.0.0.1");
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      const isLoopback = address === "::1" || address.startsWith("127.");
      const parts = maskedAddress(address).split(/[.:]/u);
      assert.ok(isLoopback || parts.filter((part) => part !== "x").length <= 2);
    }),
  );
});
