import {
  ENTRY_AUTH_MAX,
  ENTRY_BODY_BYTES_MAX,
  ENTRY_DEPS_MAX,
  ENTRY_SALT_BYTES,
  type EntryHeader,
  type Outcome,
  fail,
  succeed,
} from "@papo/protocol";

// The schema `entryHeader` by hand, many times as fast: every entry of every room passes here. A property test holds the two together.

const KEY_TEXT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/u;
const KIND_TEXT = /^[a-z][a-z0-9-]{0,31}$/u;

/** A parsed JSON value as an entry's header. Fields that are not known are left out. Never throws. */
export function checkHeader(value: unknown): Outcome<EntryHeader> {
  if (typeof value !== "object" || value === null) return WRONG;
  const fields: Loose = { ...value };
  const { v, room, author, chain, seq, prev, auth, deps, lamport, time, kind, bodyHash, bodySize } = fields;
  const isSound =
    v === 1 &&
    isKeyOrNull(room) &&
    isKey(author) &&
    (chain === "control" || chain === "content") &&
    isCount(seq, 1) &&
    isKeyOrNull(prev) &&
    isListOf(auth, ENTRY_AUTH_MAX, isKey) &&
    isListOf(deps, ENTRY_DEPS_MAX, isDependency) &&
    isCount(lamport, 1) &&
    isCount(time, 0) &&
    typeof kind === "string" &&
    KIND_TEXT.test(kind) &&
    isKey(bodyHash) &&
    isCount(bodySize, ENTRY_SALT_BYTES) &&
    bodySize <= ENTRY_BODY_BYTES_MAX;
  if (!isSound) return WRONG;
  // Everything has been checked just now: the brands are the schema's.
  const header = { v, room, author, chain, seq, prev, auth, deps, lamport, time, kind, bodyHash, bodySize };
  return succeed(header as unknown as EntryHeader);
}

type Loose = { readonly [field: string]: unknown };

const WRONG = fail("invalid_message", "header: expected that of an entry");

function isKey(value: unknown): boolean {
  return typeof value === "string" && value.length === 43 && KEY_TEXT.test(value);
}

function isKeyOrNull(value: unknown): boolean {
  return value === null || isKey(value);
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isListOf(value: unknown, most: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(isItem);
}

function isDependency(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && isKey(value[0]) && isCount(value[1], 1) && isKey(value[2]);
}
