// Goal: with nothing configured, one address takes 256 places and no more, loopback as many as there are, and a tenth of all
// places is kept for devices that are known.
// Method: the counting itself with its defaults, address by address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMISSION_DEFAULTS, Admission } from "../../src/services/admission.ts";

test("T26: 256 connections from one IPv4 address, and the next one when one has ended", () => {
  const admission = new Admission(ADMISSION_DEFAULTS);
  for (let count = 0; count < 256; count += 1) assert.ok(admission.admit("192.0.2.7"));
  assert.equal(admission.admit("192.0.2.7"), false);
  assert.ok(admission.admit("192.0.2.8"), "a neighbour is another household");
  admission.release("192.0.2.7");
  assert.ok(admission.admit("192.0.2.7"));
  assert.equal(admission.admit("192.0.2.7"), false);
});

test("T26: 256 connections from one IPv6 /64, whatever addresses of it they use", () => {
  const admission = new Admission(ADMISSION_DEFAULTS);
  for (let count = 0; count < 256; count += 1)
    assert.ok(admission.admit(`2001:db8:1:2::${(count * 257).toString(16)}`));
  assert.equal(admission.admit("2001:db8:1:2:ffff::1"), false);
  assert.ok(admission.admit("2001:db8:1:3::1"));
});

test("T26: loopback is exempt, and the last tenth of the places is kept", () => {
  const admission = new Admission(ADMISSION_DEFAULTS);
  const open = Math.floor(ADMISSION_DEFAULTS.sessions * 0.9);
  for (let count = 0; count < open; count += 1) assert.ok(admission.admit("127.0.0.1"));
  assert.equal(admission.isReserved, false);
  assert.ok(admission.admit("127.0.0.1"));
  assert.equal(admission.isReserved, true);
  for (let count = open + 1; count < ADMISSION_DEFAULTS.sessions; count += 1) assert.ok(admission.admit("::1"));
  assert.equal(admission.admit("::1"), false, "the very last place is taken");
});

test("T26: the limits are what the configuration says", () => {
  const admission = new Admission({ ...ADMISSION_DEFAULTS, connectionsPerAddress: 1, sessions: 2 });
  assert.ok(admission.admit("192.0.2.7"));
  assert.equal(admission.admit("192.0.2.7"), false);
  assert.ok(admission.admit("192.0.2.8"));
  assert.equal(admission.admit("192.0.2.9"), false);
});

test("T26: without limits everybody may, and limits that mean nothing are our own mistake", () => {
  const none = Number.POSITIVE_INFINITY;
  const admission = new Admission({
    connectionsPerAddress: none,
    registrationsPerAddressPerHour: none,
    loginAttemptsPerAddressPerMinute: none,
    sessions: none,
    reservedPercent: 10,
  });
  for (let count = 0; count < 1_000; count += 1) {
    assert.ok(admission.admit("192.0.2.7"));
    assert.equal(admission.registration("192.0.2.7", 0) + admission.loginAttempt("192.0.2.7", 0), 0);
  }
  assert.equal(admission.isReserved, false);
  for (const wrong of [{ sessions: 0 }, { connectionsPerAddress: Number.NaN }, { reservedPercent: 101 }]) {
    assert.throws(() => new Admission({ ...ADMISSION_DEFAULTS, ...wrong }), RangeError);
  }
});
