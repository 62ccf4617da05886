import {
  BACKUP_CHUNK_BYTES,
  BACKUP_PARTS_MAX,
  BACKUP_PART_NAME_CHARS_MAX,
  type Outcome,
  succeed,
} from "@papo/protocol";
import { BackupUnreadable } from "./backup-unreadable.ts";
import { ByteReader } from "./byte-reader.ts";

// docs/protocol/backup.md §5

/** Something named in a backup, of any length. The name is a word, never a path. */
export type BackupPart = { readonly name: string; readonly content: AsyncIterable<Uint8Array> };

/** Takes a part while it is read. What it leaves unread is skipped; its failure ends the reading. */
export type TakePart = (part: BackupPart) => Promise<Outcome<unknown>>;

const NAME = new RegExp(`^[a-z0-9][a-z0-9.-]{0,${BACKUP_PART_NAME_CHARS_MAX - 1}}$`, "u");
const LENGTH_BYTES = 4;

export async function* writeParts(
  parts: AsyncIterable<BackupPart> | Iterable<BackupPart>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const names = new Set<string>();
  for await (const { name, content } of parts) {
    if (!NAME.test(name) || names.has(name) || names.size === BACKUP_PARTS_MAX) throw new TypeError("a part's name");
    names.add(name);
    yield Buffer.from([name.length, ...Buffer.from(name, "latin1")]);
    for await (const piece of content) yield* inPieces(piece);
    yield lengthOf(0);
  }
  yield Buffer.from([0]);
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += BACKUP_CHUNK_BYTES) {
    const piece = bytes.subarray(at, at + BACKUP_CHUNK_BYTES);
    yield lengthOf(piece.length);
    yield piece;
  }
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes);
  return length;
}

/** Hands the parts over in their order, up to the very end. Throws `BackupUnreadable`. */
export async function readParts(source: AsyncIterable<Uint8Array>, take: TakePart): Promise<Outcome<number>> {
  const reader = new ByteReader(source);
  try {
    const names = new Set<string>();
    for (;;) {
      const [nameLength = 0] = await reader.take(1);
      if (nameLength === 0) break;
      const name = (await reader.take(nameLength)).toString("latin1");
      if (!NAME.test(name) || names.has(name) || names.size === BACKUP_PARTS_MAX) throw new BackupUnreadable();
      names.add(name);

      const content = piecesOf(reader);
      const taken = await take({ name, content });
      if (!taken.ok) return taken;
      while ((await content.next()).done !== true);
    }
    await reader.expectEnd();
    return succeed(names.size);
  } finally {
    await reader.close();
  }
}

function piecesOf(reader: ByteReader): AsyncIterableIterator<Uint8Array> {
  let left = 0;
  let isOver = false;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (left === 0 && !isOver) {
      left = (await reader.take(LENGTH_BYTES)).readUInt32BE();
      if (left > BACKUP_CHUNK_BYTES) throw new BackupUnreadable();
      isOver = left === 0;
    }
    if (isOver) return { done: true, value: undefined };
    const value = await reader.takeUpTo(left);
    left -= value.length;
    return { done: false, value };
  };
  // No `return`: who stops early leaves the rest to be skipped, not lost.
  const pieces: AsyncIterableIterator<Uint8Array> = { next, [Symbol.asyncIterator]: () => pieces };
  return pieces;
}
