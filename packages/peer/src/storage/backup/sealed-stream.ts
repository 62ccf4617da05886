import { createCipheriv, createDecipheriv } from "node:crypto";
import { BACKUP_CHUNK_BYTES } from "@papo/protocol";
import { BackupUnreadable } from "./backup-unreadable.ts";

// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
// Misuse-Resistance, 2015) over ChaCha20-Poly1305 (RFC 8439), with the nonces of age: a counter and, in the last byte, whether
// this chunk is the last one. So no chunk can be changed, moved, left out or added. docs/protocol/backup.md §4

const CIPHER = "chacha20-poly1305";
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** A key for one stream only: nonces start anew each time. `header` is vouched for by every chunk. */
export type StreamKey = { readonly key: Uint8Array; readonly header: Uint8Array };

export async function* seal(
  { key, header }: StreamKey,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  for await (const { bytes, isLast } of inChunks(plain, BACKUP_CHUNK_BYTES)) {
    const cipher = createCipheriv(CIPHER, key, nonceOf(count, isLast), { authTagLength: TAG_BYTES });
    cipher.setAAD(header);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    count += 1;
  }
}

/** Gives out only what is vouched for; that nothing is missing is known when it ends. Throws `BackupUnreadable`. */
export async function* unseal(
  { key, header }: StreamKey,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  for await (const { bytes, isLast } of inChunks(sealed, BACKUP_CHUNK_BYTES + TAG_BYTES)) {
    if (bytes.length < TAG_BYTES) throw new BackupUnreadable();
    const decipher = createDecipheriv(CIPHER, key, nonceOf(count, isLast), { authTagLength: TAG_BYTES });
    decipher.setAAD(header);
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const plain = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new BackupUnreadable();
    }
    yield plain;
    count += 1;
  }
}

function nonceOf(count: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(BigInt(count), 3);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

/** Chunks of just this size; the last may be shorter, and is empty only if there was nothing at all. */
async function* inChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }, void, undefined> {
  let chunk = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const piece of source) {
    for (let taken = 0; taken < piece.length; ) {
      if (filled === size) {
        yield { bytes: chunk, isLast: false };
        chunk = Buffer.allocUnsafe(size);
        filled = 0;
      }
      const part = piece.subarray(taken, taken + size - filled);
      chunk.set(part, filled);
      filled += part.length;
      taken += part.length;
    }
  }
  yield { bytes: chunk.subarray(0, filled), isLast: true };
}
