import { BACKUP_ARGON2_MEMORY_KIB_MAX, BACKUP_ARGON2_PASSES_MAX } from "@papo/protocol";
import { BackupUnreadable } from "./backup-unreadable.ts";

// docs/protocol/backup.md §2

const MAGIC = Buffer.from("papo backup\n", "latin1");
const VERSION = 1;
const ARGON2ID = 1;
const LANES = 1;
export const SALT_BYTES = 16;
export const HEADER_BYTES = 40;

/** How the key is made from the passphrase, argon2id with one lane (RFC 9106). */
type KeyCost = { readonly memoryKib: number; readonly passes: number };
export type BackupHeader = KeyCost & { readonly salt: Uint8Array };

export function encodeHeader({ memoryKib, passes, salt }: BackupHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt8(VERSION, 12);
  header.writeUInt8(ARGON2ID, 13);
  header.writeUInt16BE(LANES, 14);
  header.writeUInt32BE(memoryKib, 16);
  header.writeUInt32BE(passes, 20);
  header.set(salt, 24);
  return header;
}

/** Bounded before any work is done: a file must not make us spend what it likes. */
export function decodeHeader(header: Buffer): BackupHeader {
  const isOurs =
    header.length === HEADER_BYTES &&
    header.subarray(0, MAGIC.length).equals(MAGIC) &&
    header.readUInt8(12) === VERSION &&
    header.readUInt8(13) === ARGON2ID &&
    header.readUInt16BE(14) === LANES;
  if (!isOurs) throw new BackupUnreadable();
  const [memoryKib, passes] = [header.readUInt32BE(16), header.readUInt32BE(20)];
  const isBearable =
    memoryKib >= MEMORY_KIB_MIN &&
    memoryKib <= BACKUP_ARGON2_MEMORY_KIB_MAX &&
    passes >= 1 &&
    passes <= BACKUP_ARGON2_PASSES_MAX;
  if (!isBearable) throw new BackupUnreadable();
  return { memoryKib, passes, salt: header.subarray(24) };
}

/** argon2 itself has no smaller memory for one lane. */
const MEMORY_KIB_MIN = 8;
