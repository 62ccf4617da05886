// Goal: nobody changes the wire without noticing: a changed regex, limit, field or command moves the fingerprint.
// Method: hash every schema as plain data. When this fails on purpose, move PROTOCOL_VERSION, its history line and the hash together.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  accountStatement,
  addressRecord,
  CONTENT_BODIES,
  CONTROL_BODIES,
  entryHeader,
  FAULTS,
  nameBinding,
  peerLanguage,
  PROTOCOL_VERSION,
  receipt,
  roomTicket,
  seedDownstream,
  seedPeerLanguage,
  seedUpstream,
  SIGNATURE_CONTEXTS,
  trackerAnswers,
  trackerDownstream,
  trackerStatement,
  trackerUpstream,
  unlatchText,
} from "@papo/protocol";

const FINGERPRINT_BY_VERSION: Readonly<Record<number, string>> = {
  1: "5e0b1dad43b3e8a28bf69edb5da158e1",
  2: "309f970ae7d51499012e341e987c7f7f",
  3: "1e8d70399697acb5904803f751959752",
};

const languages = {
  trackerUpstream,
  trackerDownstream,
  trackerAnswers,
  peerLanguage,
  seedUpstream,
  seedDownstream,
  seedPeerLanguage,
  accountStatement,
  addressRecord,
  nameBinding,
  trackerStatement,
  entryHeader,
  CONTROL_BODIES,
  CONTENT_BODIES,
  receipt,
  roomTicket,
  unlatchText,
  FAULTS,
  SIGNATURE_CONTEXTS,
};

/** Functions are left out by name: what they check is pinned by the vectors. Regexes count by their source. */
function plain(key: string, value: unknown): unknown {
  if (key === "~standard" || key === "message") return undefined;
  if (value instanceof RegExp) return value.toString();
  if (typeof value === "function") return `function ${value.name}`;
  return value;
}

function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, plain)).digest("hex").slice(0, 32);
}

test("the wire is what this protocol version says", () => {
  assert.equal(fingerprint(languages), FINGERPRINT_BY_VERSION[PROTOCOL_VERSION]);
});

test("the fingerprint moves for a changed limit, regex, field or strictness", () => {
  const before = fingerprint(languages);
  const changed = [
    { ...languages, trackerUpstream: { ...trackerUpstream, options: trackerUpstream.options.slice(1) } },
    { ...languages, SIGNATURE_CONTEXTS: { ...SIGNATURE_CONTEXTS, nameBinding: "papo/name-binding/2" } },
    { ...languages, FAULTS: { ...FAULTS, extra: "never" } },
  ];
  for (const other of changed) assert.notEqual(fingerprint(other), before);
});
