// Goal: an account's statements follow one another so that everybody adopts the next and nobody takes it for theft, whatever is added and revoked.
// Method: real keys and signatures; arbitrary runs of changes as a property, judged by the reader's own comparison.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenedStatement, compareStatements, createAccountKey, openStatement, sha256Text } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { STATEMENT_BYTES_MAX, STATEMENT_DEVICES_MAX } from "@papo/protocol";
import fc from "fast-check";
import { nextStatement } from "../../src/identity/next-statement.ts";
import { type OwnKeys, createDeviceKeys, createKeys, firstStatement } from "../../src/identity/own-account.ts";
import { expectOk } from "../world-fixture.ts";

const AT = "2026-11-21T12:00:00.000Z";
const LATER = "2026-11-22T12:00:00.000Z";
const phone = createKeys();
const { root } = phone;
const laptop = createDeviceKeys(root);
const first = firstStatement(phone, new VirtualClock());

function assertFollows(next: OpenedStatement, previous: OpenedStatement): void {
  assert.deepEqual(expectOk(openStatement(next.signed)), next.statement, "it opens for others as it does for us");
  assert.equal(next.statement.version, previous.statement.version + 1);
  assert.equal(next.statement.prev, sha256Text(previous.signed.text));
  assert.equal(compareStatements(previous, next), "newer");
}

test("a device is added, another revoked, and everything listed before is still there", () => {
  const second = expectOk(nextStatement(root, first, { add: [laptop], at: AT }));
  assertFollows(second, first);
  const third = expectOk(nextStatement(root, second, { revoke: [phone.device.publicKey], at: LATER }));
  assertFollows(third, second);
  const { devices } = third.statement;
  assert.deepEqual(
    devices.map(({ device, added, revoked }) => ({ device, added, revoked })),
    [
      { device: phone.device.publicKey, added: first.statement.devices[0]?.added, revoked: LATER },
      { device: laptop.device.publicKey, added: AT, revoked: null },
    ],
  );
});

test("re-keying is one step: the new device and the end of the old one share a version", () => {
  const next = expectOk(nextStatement(root, first, { add: [laptop], revoke: [phone.device.publicKey], at: AT }));
  assertFollows(next, first);
  assert.deepEqual(
    next.statement.devices.map(({ revoked }) => revoked),
    [AT, null],
  );
});

test("what changes nothing gives the statement that there is, and a date once given stays", () => {
  assert.equal(expectOk(nextStatement(root, first, { at: AT })), first);
  assert.equal(expectOk(nextStatement(root, first, { add: [phone], at: AT })), first);
  const revoke = [phone.device.publicKey];
  const revoked = expectOk(nextStatement(root, first, { revoke, at: AT }));
  assert.equal(expectOk(nextStatement(root, revoked, { revoke, at: LATER })), revoked);
});

test("a device that is not listed cannot be revoked, and nothing is said under another account's key", () => {
  const refused = nextStatement(root, first, { revoke: [laptop.device.publicKey], at: AT });
  assert.ok(!refused.ok && refused.fault.code === "statement_invalid");
  assert.throws(() => nextStatement(createAccountKey(), first, { at: AT }), TypeError);
  assert.throws(() => nextStatement(root, first, { add: [createKeys()], at: AT }), TypeError);
});

test("a full list stays readable, takes nobody more, and still lets a device be revoked", () => {
  let statement = first;
  let last: OwnKeys = phone;
  for (let devices = 1; devices < STATEMENT_DEVICES_MAX; devices += 1) {
    const keys = createDeviceKeys(root);
    statement = expectOk(nextStatement(root, statement, { add: [keys], revoke: [last.device.publicKey], at: AT }));
    last = keys;
  }
  assert.ok(Buffer.byteLength(statement.signed.text) <= STATEMENT_BYTES_MAX);
  const full = nextStatement(root, statement, { add: [createDeviceKeys(root)], at: AT });
  assert.ok(!full.ok && full.fault.code === "limit_reached");
  assertFollows(expectOk(nextStatement(root, statement, { revoke: [last.device.publicKey], at: AT })), statement);
});

test("whatever is changed in whatever order, each statement follows the one before and forgets no device", () => {
  const pool = [phone, laptop, createDeviceKeys(root), createDeviceKeys(root)];
  const indices = fc.subarray([0, 1, 2, 3]);
  fc.assert(
    fc.property(fc.array(fc.record({ add: indices, revoke: indices }), { maxLength: 6 }), (changes) => {
      let statement = first;
      for (const { add, revoke } of changes) {
        const before = statement;
        const known = before.statement.devices.map(({ device }) => device);
        const added = pool.filter((_, index) => add.includes(index));
        const revoked = pool.flatMap(({ device }, index) => (revoke.includes(index) ? [device.publicKey] : []));
        const change = { add: added, revoke: revoked.filter((device) => known.includes(device)), at: AT };
        statement = expectOk(nextStatement(root, before, change));
        if (statement !== before) assertFollows(statement, before);
        const { devices } = statement.statement;
        for (const device of known) assert.ok(devices.some((listed) => listed.device === device));
        for (const device of change.revoke)
          assert.ok(devices.some((listed) => listed.device === device && listed.revoked !== null));
      }
    }),
    { numRuns: 40 },
  );
});
