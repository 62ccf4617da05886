import { type Random, systemRandom } from "@papo/link";
import { BACKUP_ARGON2_MEMORY_KIB, BACKUP_ARGON2_PASSES, type Outcome, fail } from "@papo/protocol";
import { HEADER_BYTES, SALT_BYTES, decodeHeader, encodeHeader } from "./backup-header.ts";
import { BackupUnreadable } from "./backup-unreadable.ts";
import { ByteReader } from "./byte-reader.ts";
import { type BackupPart, type TakePart, readParts, writeParts } from "./parts.ts";
import { type DeriveKey, passphraseKey } from "./passphrase-key.ts";
import { seal, unseal } from "./sealed-stream.ts";

export type BackupPorts = { readonly derive?: DeriveKey; readonly random?: Random };

/** An encrypted backup as a stream of bytes, from parts that are streams themselves. docs/protocol/backup.md */
export async function* writeBackup(
  parts: AsyncIterable<BackupPart> | Iterable<BackupPart>,
  passphrase: string,
  { derive = passphraseKey, random = systemRandom }: BackupPorts = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (passphrase === "") throw new TypeError("a backup without a passphrase");
  const cost = { memoryKib: BACKUP_ARGON2_MEMORY_KIB, passes: BACKUP_ARGON2_PASSES };
  const salt = random.bytes(SALT_BYTES);
  const header = encodeHeader({ ...cost, salt });
  const key = await derive(passphrase, { ...cost, salt });
  try {
    yield header;
    yield* seal({ key, header }, writeParts(parts));
  } finally {
    key.fill(0);
  }
}

/**
 * Hands over each part while it is read, and says at the end how many there were. Only then is the backup known to be whole: until then nothing that
 * was taken may count. `backup_unreadable` for whatever is wrong with it, the passphrase included; what `take` fails with is passed on, and what the source
 * or `take` throws is thrown.
 */
export async function readBackup(
  source: AsyncIterable<Uint8Array>,
  passphrase: string,
  take: TakePart,
  { derive = passphraseKey }: Pick<BackupPorts, "derive"> = {},
): Promise<Outcome<number>> {
  const reader = new ByteReader(source);
  let key: Uint8Array | undefined;
  try {
    const header = await reader.take(HEADER_BYTES);
    key = await derive(passphrase, decodeHeader(header));
    return await readParts(unseal({ key, header }, reader.rest()), take);
  } catch (error) {
    if (error instanceof BackupUnreadable)
      return fail("backup_unreadable", "expected a whole backup and its passphrase");
    throw error;
  } finally {
    key?.fill(0);
    await reader.close();
  }
}

/** A part that fits into memory. Longer than it may be, it is unreadable. */
export async function wholeOf(content: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > bytesMax) throw new BackupUnreadable();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
