// Goal: an entry is read as it was signed or not at all, whatever bytes come; the fast check of a header is the schema.
// Method: the schema as twin of the hand-written check over sound and damaged headers; single mistakes; every byte flipped.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ENTRY_BODY_BYTES_MAX,
  ENTRY_HEADER_BYTES_MAX,
  type EntryHeader,
  decodeWith,
  entryHeader,
} from "@papo/protocol";
import { checkHeader } from "../../../src/conversations/log/header-check.ts";
import {
  type OpenedEntry,
  decodeBody,
  isBodyOf,
  openEntry,
  openHeader,
  sealEntry,
  signSealed,
  verifyEntry,
} from "../../../src/conversations/log/opened-entry.ts";
import { countedDevice, value } from "./control-fixture.ts";

const key = (digit: string): string => digit.repeat(42) + "A";
const device = countedDevice();

const SOUND = {
  v: 1,
  room: key("r"),
  author: device.publicKey,
  chain: "content",
  seq: 2,
  prev: key("p"),
  auth: [key("a"), key("b")],
  deps: [[key("c"), 3, key("d")]],
  lamport: 7,
  time: 0,
  kind: "message",
  bodyHash: key("h"),
  bodySize: 20,
};

function bytesOf(header: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(header), "utf8");
}

function sealed(text: string, fields: Partial<EntryHeader> = {}): OpenedEntry {
  const { v: _, kind: __, bodyHash: ___, bodySize: ____, ...more } = value(decodeWith(entryHeader, SOUND));
  return value(sealEntry({ ...more, ...fields }, { kind: "message", body: { text } }));
}

const anyKey = fc.constantFrom(key("r"), key("z"), key("-"), `${"x".repeat(42)}B`, "", key("a").slice(1), null, 4);
const anyCount = fc.constantFrom(0, 1, 2, -1, -0, 1.5, 2 ** 53 - 1, 2 ** 53, 16, 15, 32_768, 32_769, "1", null);
const anyHeader = fc.record(
  {
    v: fc.constantFrom(1, 2, "1"),
    room: anyKey,
    author: anyKey,
    chain: fc.constantFrom("control", "content", "other", null),
    seq: anyCount,
    prev: anyKey,
    auth: fc.oneof(fc.array(anyKey, { maxLength: 34 }), fc.constant({}), fc.constant(null)),
    deps: fc.oneof(
      fc.array(fc.oneof(fc.tuple(anyKey, anyCount, anyKey), fc.constant([])), { maxLength: 34 }),
      fc.constant(""),
    ),
    lamport: anyCount,
    time: anyCount,
    kind: fc.constantFrom("message", "x", "A", "", "a".repeat(32), "a".repeat(33), "a_b", "a\n", null),
    bodyHash: anyKey,
    bodySize: anyCount,
    more: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

test("the fast check of a header takes what the schema takes, as it takes it", () => {
  const damaged = fc.tuple(anyHeader, fc.subarray(Object.keys(SOUND))).map(([wrong, kept]) => {
    const whole: Record<string, unknown> = { ...SOUND };
    for (const name of kept) if (name in wrong) whole[name] = (wrong as Record<string, unknown>)[name];
    return whole;
  });
  fc.assert(
    fc.property(fc.oneof(damaged, anyHeader, fc.jsonValue()), (header) => {
      const slow = decodeWith(entryHeader, header);
      const fast = checkHeader(header);
      assert.equal(fast.ok, slow.ok);
      if (fast.ok && slow.ok) assert.deepEqual(fast.value, slow.value);
    }),
    { numRuns: 3_000 },
  );
});

test("an entry reads back, and its signature is its author's over exactly its bytes", () => {
  const entry = signSealed(sealed("oi"), device);
  const again = value(openEntry({ header: entry.bytes, signature: entry.signature, body: entry.body }));
  assert.deepEqual(again, entry);
  const { signature } = entry;
  assert.ok(signature !== null && verifyEntry(entry, signature));
  const spaced = Buffer.from(`${Buffer.from(entry.bytes).toString("utf8")} `, "utf8");
  assert.equal(verifyEntry({ ...entry, bytes: spaced }, signature), false);
  assert.notEqual(value(openHeader(spaced)).id, entry.id);
  assert.throws(() => signSealed(entry, countedDevice()), TypeError);
});

test("I10, P21: any flipped bit of header, body or signature shows", () => {
  const entry = signSealed(sealed("oi"), device);
  const { bytes, body, signature } = entry;
  assert.ok(body !== null && signature !== null);
  const flipped = (whole: Uint8Array, at: number): Uint8Array =>
    whole.map((byte, index) => (index === at ? byte ^ 1 : byte));
  for (let at = 0; at < bytes.length; at += 1) {
    const other = flipped(bytes, at);
    const opened = openHeader(other);
    if (opened.ok) assert.equal(verifyEntry({ header: entry.header, bytes: other }, signature), false);
  }
  for (let at = 0; at < body.length; at += 1) assert.equal(isBodyOf(entry.header, flipped(body, at)), false);
  for (let at = 0; at < signature.length; at += 1) assert.equal(verifyEntry(entry, flipped(signature, at)), false);
  assert.equal(openEntry({ header: bytes, signature: null, body: body.subarray(1) }).ok, false);
});

test("P10, P18, P19: headers that make no sense are refused", () => {
  const wrong: readonly Record<string, unknown>[] = [
    { prev: null },
    { seq: 1 },
    { seq: 0 },
    { lamport: 0 },
    { lamport: -1 },
    { lamport: 2 ** 53 },
    { auth: [] },
    { auth: [key("b"), key("a")] },
    { auth: [key("a"), key("a")] },
    { auth: Array.from({ length: 33 }, (_, at) => key("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"[at] ?? "")).sort() },
    { deps: [[device.publicKey, 1, key("d")]] },
    {
      deps: [
        [key("c"), 3, key("d")],
        [key("c"), 4, key("e")],
      ],
    },
    {
      deps: [
        [key("d"), 3, key("d")],
        [key("c"), 4, key("e")],
      ],
    },
    { room: null },
    { chain: "control", kind: "genesis" },
    { chain: "control", kind: "genesis", room: null },
    { bodySize: 15 },
    { bodySize: ENTRY_BODY_BYTES_MAX + 1 },
    { more: "x".repeat(ENTRY_HEADER_BYTES_MAX) },
  ];
  assert.ok(openHeader(bytesOf(SOUND)).ok);
  assert.ok(openHeader(bytesOf({ ...SOUND, lamport: 2 ** 53 - 1 })).ok);
  for (const part of wrong)
    assert.equal(openHeader(bytesOf({ ...SOUND, ...part })).ok, false, Object.keys(part).join());
  const genesis = {
    ...SOUND,
    room: null,
    chain: "control",
    kind: "genesis",
    seq: 1,
    prev: null,
    auth: [],
    deps: [],
    lamport: 1,
  };
  assert.ok(openHeader(bytesOf(genesis)).ok);
});

test("P19: bytes that are not UTF-8, twice the same key, or not JSON, are no header", () => {
  const text = JSON.stringify(SOUND);
  for (const bad of [
    Buffer.from([0xff, 0xfe]),
    Buffer.from(`\ufeff${text}`),
    Buffer.from(text.replace("{", '{"v":1,')),
    Buffer.from("[]"),
  ]) {
    assert.equal(openHeader(bad).ok, false);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.equal(openHeader(bytes).ok, false)));
});

test("bodies: known kinds are read, others are told apart, and nonsense stays with its author", () => {
  const entry = sealed("olá");
  const { header } = entry;
  assert.deepEqual(decodeBody(header, entry.body), {
    state: "known",
    says: { kind: "message", body: { text: "olá" } },
  });
  assert.deepEqual(decodeBody(header, null), { state: "dropped" });
  assert.deepEqual(decodeBody({ ...header, kind: "sticker" }, entry.body), { state: "unknown" });
  assert.deepEqual(decodeBody({ ...header, kind: "topic" }, entry.body), { state: "unknown" });
  assert.deepEqual(decodeBody({ ...header, kind: "constructor" }, entry.body), { state: "unknown" });
  const salted = (text: string | Uint8Array): Uint8Array => Buffer.concat([Buffer.alloc(16), Buffer.from(text)]);
  const bad = [
    "",
    "{}",
    '{"text":""}',
    '{"text":"a\\u0000b"}',
    '{"text":"a","text":"b"}',
    new Uint8Array([0xc3, 0x28]),
  ];
  for (const body of bad) assert.deepEqual(decodeBody(header, salted(body)), { state: "malformed" });
  const long = sealEntry({ ...header }, { kind: "message", body: { text: "x".repeat(ENTRY_BODY_BYTES_MAX) } });
  assert.equal(long.ok, false);
});
