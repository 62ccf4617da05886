import { argon2 } from "node:crypto";
import { promisify } from "node:util";
import type { BackupHeader } from "./backup-header.ts";

const KEY_BYTES = 32;

/** The key of a backup. Tests put something quick in its place. */
export type DeriveKey = (passphrase: string, header: BackupHeader) => Promise<Uint8Array>;

/** argon2id on the thread pool. The passphrase counts as it reads, however this system composes its letters. docs/protocol/backup.md §3 */
export const passphraseKey: DeriveKey = (passphrase, { memoryKib, passes, salt }) =>
  promisify(argon2)("argon2id", {
    message: Buffer.from(passphrase.normalize("NFC"), "utf8"),
    nonce: salt,
    parallelism: 1,
    tagLength: KEY_BYTES,
    memory: memoryKib,
    passes,
  });
