// Goal: only what the right key has signed, for the right purpose and whole, counts as a statement, a binding or a tracker's
// word; and of two statements we always know which one holds.
// Method: true ones, and each changed in one way; for texts in general, property tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type KeyPair,
  type OpenedStatement,
  accountKeyOfSeed,
  compareStatements,
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTlsIdentity,
  createTrackerKey,
  deviceForTlsKey,
  openBinding,
  openStatement,
  openTrackerStatement,
  sha256Text,
  signBinding,
  signStatement,
  signText,
  signTrackerStatement,
  verifyText,
} from "@papo/link";
import {
  type AccountKey,
  type AccountStatement,
  type NameBinding,
  type Outcome,
  SIGNATURE_CONTEXTS,
  STATEMENT_BYTES_MAX,
  type SignedText,
  type StatementDevice,
  decodeWith,
  username,
} from "@papo/protocol";
import fc from "fast-check";

const DATE = "2026-11-20T12:00:00.000Z";
const CONTEXT = SIGNATURE_CONTEXTS.accountStatement;
const account = createAccountKey();
const tracker = createTrackerKey();

function newDevice(): StatementDevice {
  const { publicKey: device } = createDeviceKey();
  return { device, tls: createTlsIdentity().key, seal: createSealKey().publicKey, added: DATE, revoked: null };
}

const device = newDevice();
const first: AccountStatement = { v: 1, account: account.publicKey, version: 1, prev: null, devices: [device] };
const signedFirst = signStatement(account, first);

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.fault.code;
}

function next(previous: SignedText, change: Partial<AccountStatement> = {}): OpenedStatement {
  const opened = openStatement(previous);
  assert.ok(opened.ok);
  const version = opened.value.version + 1;
  const statement = { ...opened.value, version, prev: sha256Text(previous.text), ...change };
  return { statement, signed: signStatement(account, statement) };
}

test("a text verifies for its key and purpose, and for no other key, purpose or text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (text, other) => {
      const signed = signText(account, CONTEXT, text);
      assert.ok(verifyText(account.publicKey, CONTEXT, signed));
      assert.equal(verifyText(tracker.publicKey, CONTEXT, signed), false);
      assert.equal(verifyText(account.publicKey, SIGNATURE_CONTEXTS.nameBinding, signed), false);
      assert.equal(verifyText(account.publicKey, CONTEXT, { ...signed, text: other }), other === text);
    }),
    { numRuns: 50 },
  );
});

test("a seed gives its account key, the one of RFC 8032 §7.1, which signs like any other", () => {
  const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
  const root = accountKeyOfSeed(seed);
  assert.equal(root.publicKey, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  assert.equal(root.secretKey, seed.toString("base64url"));
  assert.deepEqual(accountKeyOfSeed(Buffer.from(account.secretKey, "base64url")), account);
  assert.ok(verifyText(root.publicKey, CONTEXT, signText(root, CONTEXT, "text")));
  assert.throws(() => accountKeyOfSeed(seed.subarray(1)), TypeError);
});

test("a text with a lone surrogate, and a key that is none, verify nothing and throw nothing", () => {
  const signed = signText(account, CONTEXT, "\ufffd");
  assert.equal(verifyText(account.publicKey, CONTEXT, { ...signed, text: "\ud800" }), false);
  assert.equal(verifyText("not a key", CONTEXT, signed), false);
});

test("more keys than are kept ready still verify", () => {
  const signed = signText(account, CONTEXT, "text");
  for (let count = 0; count < 1_100; count++) verifyText(createAccountKey().publicKey, CONTEXT, signed);
  assert.ok(verifyText(account.publicKey, CONTEXT, signed));
});

test("a statement opens as it was signed", () => {
  assert.deepEqual(openStatement(signedFirst), { ok: true, value: first });
});

/** A statement that the account has truly signed, though the text is not one it should have. */
function signedBy(key: KeyPair<AccountKey>, text: string): SignedText {
  return signText(key, CONTEXT, text);
}

const text = JSON.stringify(first);
const badStatements: Record<string, SignedText> = {
  "signed by another account": signedBy(createAccountKey(), text),
  "signed for another purpose": signText(account, SIGNATURE_CONTEXTS.nameBinding, text),
  "with trailing bytes": signedBy(account, `${text}x`),
  "with a second object behind it": signedBy(account, `${text}{}`),
  "changed after it was signed": { ...signedFirst, text: text.replace(DATE, "2025-11-20T12:00:00.000Z") },
  "of 1 MB": signedBy(account, text.replace('"v":1', `"v":1,"filler":"${"x".repeat(1_000_000)}"`)),
  "just over its limit": signedBy(account, text.padEnd(STATEMENT_BYTES_MAX + 1)),
  "that is a list": signedBy(account, "[]"),
  "with a key twice": signedBy(account, text.replace('"v":1', '"v":1,"version":2')),
  "of version 0": signedBy(account, JSON.stringify({ ...first, version: 0 })),
  "of version 1 that follows another": signedBy(account, JSON.stringify({ ...first, prev: sha256Text("x") })),
  "of version 2 that follows none": signedBy(account, JSON.stringify({ ...first, version: 2 })),
  "without devices": signedBy(account, JSON.stringify({ ...first, devices: [] })),
  "with a device twice": signedBy(account, JSON.stringify({ ...first, devices: [device, device] })),
  "with two devices on one TLS key": signedBy(
    account,
    JSON.stringify({ ...first, devices: [device, { ...newDevice(), tls: device.tls }] }),
  ),
  "with one key in two roles": signedBy(
    account,
    JSON.stringify({ ...first, devices: [{ ...device, tls: device.device }] }),
  ),
  "with the account's key as a device's": signedBy(
    account,
    JSON.stringify({ ...first, devices: [{ ...device, device: account.publicKey }] }),
  ),
  "with too many devices": signedBy(
    account,
    JSON.stringify({ ...first, devices: Array.from({ length: 33 }, newDevice) }),
  ),
};

for (const [name, signed] of Object.entries(badStatements)) {
  test(`P3: a statement ${name} is refused`, () => {
    assert.equal(codeOf(openStatement(signed)), "statement_invalid");
  });
}

test("P3: of two statements the newer is known, and two texts of one version are proof of theft", () => {
  const one: OpenedStatement = { statement: first, signed: signedFirst };
  const two = next(one.signed, { devices: [device, newDevice()] });
  const three = next(two.signed);
  assert.equal(compareStatements(one, one), "same");
  assert.equal(compareStatements(one, two), "newer");
  assert.equal(compareStatements(two, one), "older");
  assert.equal(compareStatements(one, three), "newer");
  assert.equal(compareStatements(three, one), "older");

  const otherTwo = next(one.signed, { devices: [newDevice()] });
  assert.equal(compareStatements(two, otherTwo), "theft");
  assert.equal(compareStatements(otherTwo, three), "theft", "three follows the other two");
  assert.equal(compareStatements(three, otherTwo), "theft");
});

test("P3, T35: a TLS key counts only while a device of the statement has it and is not revoked", () => {
  const revoked = { ...newDevice(), revoked: DATE };
  const statement = { ...first, devices: [device, revoked] };
  assert.deepEqual(deviceForTlsKey(statement, device.tls), { ok: true, value: device });
  assert.equal(codeOf(deviceForTlsKey(statement, revoked.tls)), "statement_invalid");
  assert.equal(codeOf(deviceForTlsKey(statement, createTlsIdentity().key)), "statement_invalid");
});

const name = decodeWith(username, "gabi");
assert.ok(name.ok);
const binding: NameBinding = {
  v: 1,
  tracker: tracker.publicKey,
  name: name.value,
  account: account.publicKey,
  date: DATE,
};

test("P3: a binding counts for the tracker that signed it, and for no other", () => {
  const signed = signBinding(tracker, binding);
  assert.deepEqual(openBinding(signed, tracker.publicKey), { ok: true, value: binding });
  assert.equal(codeOf(openBinding(signed, createTrackerKey().publicKey)), "invalid_message");

  const other = createTrackerKey();
  const borrowed = signText(other, SIGNATURE_CONTEXTS.nameBinding, JSON.stringify(binding));
  assert.equal(codeOf(openBinding(borrowed, tracker.publicKey)), "invalid_message");
  assert.equal(codeOf(openBinding(borrowed, other.publicKey)), "invalid_message", "it names another tracker");
  assert.equal(codeOf(openBinding({ ...signed, text: `${signed.text} ` }, tracker.publicKey)), "invalid_message");
});

test("a tracker's word counts on the channel that it names, and for the key that was expected", () => {
  const tls = createTlsIdentity().key;
  const signed = signTrackerStatement(tracker, tls);
  const value = { v: 1, key: tracker.publicKey, tls };
  assert.deepEqual(openTrackerStatement(signed, { channelKey: tls }), { ok: true, value });
  assert.deepEqual(openTrackerStatement(signed, { channelKey: tls, expectedKey: tracker.publicKey }), {
    ok: true,
    value,
  });

  const relayed = openTrackerStatement(signed, { channelKey: createTlsIdentity().key });
  assert.equal(codeOf(relayed), "invalid_message", "somebody in between passes on a true word");
  const expectedKey = createTrackerKey().publicKey;
  assert.equal(codeOf(openTrackerStatement(signed, { channelKey: tls, expectedKey })), "tracker_key_changed");
});

test("we sign only as ourselves", () => {
  assert.throws(() => signStatement(createAccountKey(), first), TypeError);
  assert.throws(() => signBinding(createTrackerKey(), binding), TypeError);
});
