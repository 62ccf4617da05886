import { hash, randomBytes } from "node:crypto";
import { type KeyPair, signEntry, verifyEntrySignature } from "@papo/link";
import {
  BODY_CONTEXT,
  type Chain,
  CONTENT_BODIES,
  CONTROL_BODIES,
  type ContentBody,
  type ControlBody,
  type DeviceKey,
  ENTRY_BODY_BYTES_MAX,
  ENTRY_CONTEXT,
  ENTRY_HEADER_BYTES_MAX,
  ENTRY_SALT_BYTES,
  type EntryHeader,
  type EntryId,
  type Outcome,
  type Sha256,
  type WireEntry,
  decodeWith,
  fail,
  parseStrictJson,
  succeed,
} from "@papo/protocol";
import { checkHeader } from "./header-check.ts";

// Entries read and made. docs/protocol/room-log.md §2

/**
 * An entry whose header is well formed and whose body, where there is one, is the one that the header names. Whether its author wrote it is another
 * question: `signature` is as it came.
 */
export type OpenedEntry = {
  readonly id: EntryId;
  readonly header: EntryHeader;
  /** The header's exact bytes. */
  readonly bytes: Uint8Array;
  /** 64 bytes, not verified here. */
  readonly signature: Uint8Array | null;
  /** Salt and JSON; null once it was dropped. */
  readonly body: Uint8Array | null;
};

/**
 * What a body says. `unknown`: a kind of its chain that this Papo does not know. `malformed`: signed by its author and nonsense; it counts for
 * nothing, and stays, since whoever gets it without its body cannot tell.
 */
export type DecodedBody =
  | { readonly state: "known"; readonly says: ControlBody | ContentBody }
  | { readonly state: "unknown" | "malformed" | "dropped" };

/** Reads an entry as it came. Never throws. `id`: where the caller has computed it. §2.4 */
export function openEntry({ header, signature, body }: WireEntry, id?: EntryId): Outcome<OpenedEntry> {
  const opened = openHeader(header, id);
  if (!opened.ok) return opened;
  if (body !== null && !isBodyOf(opened.value.header, body)) return fail("invalid_message", "body: expected its own");
  return succeed({ ...opened.value, bytes: header, signature, body });
}

/** What was read of bytes that are still held: whoever stores and shows an entry asks for it again. */
const headerByBytes = new WeakMap<Uint8Array, EntryHeader>();
const decodedByBody = new WeakMap<
  Uint8Array,
  { readonly chain: Chain; readonly kind: string; readonly decoded: DecodedBody }
>();

/** The header in these very bytes, if it was read or made a while ago. */
export function headerReadBefore(bytes: Uint8Array): EntryHeader | undefined {
  return headerByBytes.get(bytes);
}

/** The header in these bytes, and the entry's id. */
export function openHeader(
  bytes: Uint8Array,
  id?: EntryId,
): Outcome<{ readonly id: EntryId; readonly header: EntryHeader }> {
  if (bytes.length > ENTRY_HEADER_BYTES_MAX) return fail("frame_too_large", `header: limit ${ENTRY_HEADER_BYTES_MAX}`);
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) return parsed;
  const header = checkHeader(parsed.value);
  if (!header.ok) return header;
  const sense = senseOf(header.value);
  if (sense !== undefined) return fail("invalid_message", sense);
  headerByBytes.set(bytes, header.value);
  return succeed({ id: id ?? idOf(bytes), header: header.value });
}

/** The id of the entry whose header has these bytes. */
export function idOf(header: Uint8Array): EntryId {
  return digest<EntryId>(ENTRY_PREFIX, header);
}

/** By size and hash. */
export function isBodyOf(header: EntryHeader, body: Uint8Array): boolean {
  return body.length === header.bodySize && digest<Sha256>(BODY_PREFIX, body) === header.bodyHash;
}

/** What these bytes, which are the entry's body, say. Never throws. §2.2 */
export function decodeBody(header: Pick<EntryHeader, "chain" | "kind">, body: Uint8Array | null): DecodedBody {
  if (body === null) return { state: "dropped" };
  const { chain, kind } = header;
  const known = decodedByBody.get(body);
  if (known?.chain === chain && known.kind === kind) return known.decoded;
  const decoded = decodeNewBody(header, body);
  decodedByBody.set(body, { chain, kind, decoded });
  return decoded;
}

function decodeNewBody(header: Pick<EntryHeader, "chain" | "kind">, body: Uint8Array): DecodedBody {
  const schemas: { readonly [kind: string]: Schema } = header.chain === "control" ? CONTROL_BODIES : CONTENT_BODIES;
  const schema = Object.hasOwn(schemas, header.kind) ? schemas[header.kind] : undefined;
  if (schema === undefined) return { state: "unknown" };
  const parsed = parseStrictJson(body.subarray(ENTRY_SALT_BYTES));
  if (!parsed.ok || hasNul(parsed.value)) return { state: "malformed" };
  const decoded = decodeWith(schema, parsed.value);
  if (!decoded.ok) return { state: "malformed" };
  // The schema is the one of this kind.
  return { state: "known", says: { kind: header.kind, body: decoded.value } as ControlBody | ContentBody };
}

type Schema = Parameters<typeof decodeWith>[0];

/** What is fixed before a body is made: everything of a header that its author chooses. */
export type EntryFields = Omit<EntryHeader, "v" | "kind" | "bodyHash" | "bodySize">;

/**
 * A new entry of this device, not signed yet (`signSealed`). Fails as `frame_too_large` where the body is; whoever asks says so before. `salt`:
 * ENTRY_SALT_BYTES, never used twice.
 */
export function sealEntry(
  fields: EntryFields,
  said: ControlBody | ContentBody,
  salt: Uint8Array = newSalt(),
): Outcome<OpenedEntry> {
  const body = Buffer.concat([salt, Buffer.from(JSON.stringify(said.body), "utf8")]);
  if (body.length > ENTRY_BODY_BYTES_MAX) return fail("frame_too_large", `body: limit ${ENTRY_BODY_BYTES_MAX} bytes`);
  const header: EntryHeader = {
    v: 1,
    room: fields.room,
    author: fields.author,
    chain: fields.chain,
    seq: fields.seq,
    prev: fields.prev,
    auth: [...fields.auth].sort(),
    deps: [...fields.deps].sort(([a], [b]) => (a < b ? -1 : 1)),
    lamport: fields.lamport,
    time: fields.time,
    kind: said.kind,
    bodyHash: digest<Sha256>(BODY_PREFIX, body),
    bodySize: body.length,
  };
  const bytes = Buffer.from(JSON.stringify(header), "utf8");
  if (bytes.length > ENTRY_HEADER_BYTES_MAX) return fail("frame_too_large", `header: limit ${ENTRY_HEADER_BYTES_MAX}`);
  const sense = senseOf(header);
  if (sense !== undefined) return fail("invalid_message", sense);
  headerByBytes.set(bytes, header);
  return succeed({ id: idOf(bytes), header, bytes, signature: null, body });
}

const SALTS_AT_ONCE = 256;
let salts = Buffer.alloc(0);

/** One call to the system's generator for many salts: a call costs as much as the rest of an entry. None is used twice. */
function newSalt(): Buffer {
  if (salts.length < ENTRY_SALT_BYTES) salts = randomBytes(ENTRY_SALT_BYTES * SALTS_AT_ONCE);
  const salt = salts.subarray(0, ENTRY_SALT_BYTES);
  salts = salts.subarray(ENTRY_SALT_BYTES);
  return salt;
}

/** With its author's signature. */
export function signSealed(entry: OpenedEntry, device: KeyPair<DeviceKey>): OpenedEntry {
  if (device.publicKey !== entry.header.author) throw new TypeError("an entry is signed by its own author");
  return { ...entry, signature: signEntry(device, entry.bytes) };
}

/** Whether its author signed it. It vouches for all that comes before it in its chain. */
export function verifyEntry(entry: Pick<OpenedEntry, "header" | "bytes">, signature: Uint8Array): boolean {
  return verifyEntrySignature(entry.header.author, entry.bytes, signature);
}

/** What no entry of any kind can be, known or not; undefined: it makes sense. §2.1 */
function senseOf({ room, author, chain, seq, prev, auth, deps, kind, lamport }: EntryHeader): string | undefined {
  if ((prev === null) !== (seq === 1)) return "prev: expected null in the first entry of a chain and in no other";
  if (!isAscending(auth)) return "auth: expected ascending ids";
  if (!isAscending(deps.map(([device]) => device))) return "deps: expected one for each device, ascending";
  if (deps.some(([device]) => device === author)) return "deps: expected other devices";
  const isGenesis = chain === "control" && kind === "genesis";
  if (isGenesis !== (room === null)) return "room: expected null in a genesis and in no other";
  if (!isGenesis) return auth.length > 0 ? undefined : "auth: expected at least one";
  const isFirst = seq === 1 && auth.length === 0 && deps.length === 0 && lamport === 1;
  return isFirst ? undefined : "genesis: expected the first of everything";
}

function isAscending(texts: readonly string[]): boolean {
  for (let at = 1; at < texts.length; at += 1) if ((texts[at - 1] ?? "") >= (texts[at] ?? "")) return false;
  return true;
}

const ENTRY_PREFIX = Buffer.from(`${ENTRY_CONTEXT}\0`, "utf8");
const BODY_PREFIX = Buffer.from(`${BODY_CONTEXT}\0`, "utf8");
const scratch = Buffer.alloc(64 + Math.max(ENTRY_HEADER_BYTES_MAX, ENTRY_BODY_BYTES_MAX));

/** SHA-256 of the prefix and the bytes, as ids and hashes are written. */
function digest<T extends EntryId | Sha256>(prefix: Buffer, bytes: Uint8Array): T {
  const length = prefix.length + bytes.length;
  const whole = length <= scratch.length ? scratch.subarray(0, length) : Buffer.alloc(length);
  whole.set(prefix, 0);
  whole.set(bytes, prefix.length);
  // What SHA-256 gives is well formed.
  return hash("sha256", whole, "base64url") as T;
}

/** Bodies are at most JSON_DEPTH_MAX levels deep. */
function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasNul);
}
