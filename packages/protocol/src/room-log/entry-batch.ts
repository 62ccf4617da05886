import { type Outcome, fail, succeed } from "../faults.ts";
import { type RoomId, roomId } from "../ids.ts";
import { decodeWith } from "../decode.ts";
import { ENTRIES_PER_BATCH_MAX, ENTRY_BODY_BYTES_MAX, ENTRY_HEADER_BYTES_MAX, ENTRY_SALT_BYTES } from "../limits.ts";
import { keyBytes, keyText } from "../bytes/key-text.ts";

/** An entry as it travels: the header's exact bytes, a signature where it carries one, and the body unless it was dropped. */
export type WireEntry = {
  readonly header: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array | null;
  /** Salt and JSON. */
  readonly body: Uint8Array | null;
};

/** Entries of one room, in an order in which each comes after what it builds on. */
export type EntryBatch = { readonly room: RoomId; readonly entries: readonly WireEntry[] };

const ROOM_BYTES = 32;
const SIGNATURE_BYTES = 64;
const HAS_SIGNATURE = 1;
const HAS_BODY = 2;

/** Bytes that an entry takes in a batch. */
export function batchBytesOf({ header, signature, body }: WireEntry): number {
  return 1 + 2 + header.length + (signature === null ? 0 : SIGNATURE_BYTES) + (body === null ? 0 : 2 + body.length);
}

/**
 * Normative (docs/protocol/room-log.md §6): the room's 32 bytes, then for each entry one byte of flags (1: signature, 2: body), the header's
 * length in 16 bits (big-endian) and the header, the 64 bytes of the signature, the body's length in 16 bits and the body.
 * Throws on an entry that breaks a limit: that is our own mistake.
 */
export function encodeEntryBatch({ room, entries }: EntryBatch): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + batchBytesOf(entry), ROOM_BYTES));
  bytes.set(keyBytes(room), 0);
  let at = ROOM_BYTES;
  for (const entry of entries) at = writeEntry(bytes, at, entry);
  return bytes;
}

function writeEntry(bytes: Uint8Array, start: number, { header, signature, body }: WireEntry): number {
  const isSound =
    header.length <= ENTRY_HEADER_BYTES_MAX &&
    (signature?.length ?? SIGNATURE_BYTES) === SIGNATURE_BYTES &&
    (body?.length ?? 0) <= ENTRY_BODY_BYTES_MAX;
  if (!isSound) throw new RangeError("an entry beyond its limits");
  let at = start;
  bytes[at++] = (signature === null ? 0 : HAS_SIGNATURE) | (body === null ? 0 : HAS_BODY);
  at = writePiece(bytes, at, header);
  if (signature !== null) {
    bytes.set(signature, at);
    at += SIGNATURE_BYTES;
  }
  return body === null ? at : writePiece(bytes, at, body);
}

function writePiece(bytes: Uint8Array, at: number, piece: Uint8Array): number {
  bytes[at] = piece.length >>> 8;
  bytes[at + 1] = piece.length;
  bytes.set(piece, at + 2);
  return at + 2 + piece.length;
}

/** The pieces are copies: they outlive the frame. Nothing in them has been looked at yet. Never throws. */
export function decodeEntryBatch(payload: Uint8Array): Outcome<EntryBatch> {
  if (payload.length < ROOM_BYTES) return CUT_SHORT;
  const room = decodeWith(roomId, keyText(payload.subarray(0, ROOM_BYTES)));
  if (!room.ok) return room;
  const own = payload.slice();
  const entries: WireEntry[] = [];
  let at = ROOM_BYTES;
  while (at < own.length) {
    const read = readEntry(own, at);
    if (!read.ok) return read;
    entries.push(read.value.entry);
    at = read.value.next;
    if (entries.length > ENTRIES_PER_BATCH_MAX)
      return fail("frame_too_large", `entries: limit ${ENTRIES_PER_BATCH_MAX}`);
  }
  return succeed({ room: room.value, entries });
}

function readEntry(bytes: Uint8Array, start: number): Outcome<{ readonly entry: WireEntry; readonly next: number }> {
  const flags = bytes[start] ?? 0;
  if (flags > (HAS_SIGNATURE | HAS_BODY)) return fail("invalid_message", "flags: expected those of this version");
  const header = readPiece(bytes, start + 1);
  if (header === undefined) return CUT_SHORT;
  if (header.length > ENTRY_HEADER_BYTES_MAX) return fail("frame_too_large", `header: limit ${ENTRY_HEADER_BYTES_MAX}`);
  let at = start + 3 + header.length;

  let signature: Uint8Array | null = null;
  if ((flags & HAS_SIGNATURE) !== 0) {
    if (at + SIGNATURE_BYTES > bytes.length) return CUT_SHORT;
    signature = bytes.subarray(at, at + SIGNATURE_BYTES);
    at += SIGNATURE_BYTES;
  }

  if ((flags & HAS_BODY) === 0) return succeed({ entry: { header, signature, body: null }, next: at });
  const body = readPiece(bytes, at);
  if (body === undefined) return CUT_SHORT;
  if (body.length > ENTRY_BODY_BYTES_MAX) return fail("frame_too_large", `body: limit ${ENTRY_BODY_BYTES_MAX}`);
  if (body.length < ENTRY_SALT_BYTES) return fail("invalid_message", "body: expected its salt");
  return succeed({ entry: { header, signature, body }, next: at + 2 + body.length });
}

function readPiece(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  if (high === undefined || low === undefined) return undefined;
  const end = at + 2 + high * 256 + low;
  return end > bytes.length ? undefined : bytes.subarray(at + 2, end);
}

const CUT_SHORT = fail("invalid_message", "batch: expected whole entries");
