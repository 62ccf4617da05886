import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, renameDurably } from "@papo/link";
import { BACKUP_CHUNK_BYTES, type Outcome, fail, succeed } from "@papo/protocol";
import { type BackupPorts, readBackup, writeBackup } from "./backup.ts";
import type { BackupPart, TakePart } from "./parts.ts";

/** A new file (0600), under its name only when all of it is on disk. One that is there already stays as it is. */
export async function writeBackupFile(
  path: string,
  passphrase: string,
  parts: AsyncIterable<BackupPart> | Iterable<BackupPart>,
  ports: BackupPorts = {},
): Promise<Outcome<string>> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    if (await exists(path)) return fail("storage_failed", `${path}: there is a file of that name already`);
    await writeAll(unfinished, writeBackup(parts, passphrase, ports));
    await renameDurably(unfinished, path);
    return succeed(path);
  } catch (error) {
    return fileFailure(path, error);
  } finally {
    await rm(unfinished, { force: true }).catch(() => {});
  }
}

async function writeAll(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const bytes of content) await writeWhole(file, bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A disk may take less than it was given. */
async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Like `readBackup`, from a file; what the file system says of it is `storage_failed`. */
export async function readBackupFile(
  path: string,
  passphrase: string,
  take: TakePart,
  ports: Pick<BackupPorts, "derive"> = {},
): Promise<Outcome<number>> {
  let file: FileHandle;
  try {
    // A pipe in its place does not hold us up.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return fileFailure(path, error);
  }
  try {
    if (!(await file.stat()).isFile()) return fail("storage_failed", `${path}: not a file`);
    return await readBackup(bytesOf(file), passphrase, take, ports);
  } catch (error) {
    if (error instanceof ReadFailure) return fileFailure(path, error.cause);
    throw error;
  } finally {
    await file.close();
  }
}

/** Told apart from what the taker of a part throws. */
class ReadFailure extends Error {}

async function* bytesOf(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(BACKUP_CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer).catch((cause: unknown) => {
      throw new ReadFailure("the file cannot be read", { cause });
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** `ENOSPC`, `EACCES`, …; the codes of Node's own errors begin with `ERR_`. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/u;

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** What the file system does not say is somebody's mistake, and goes on. */
function fileFailure(path: string, error: unknown): Outcome<never> {
  const code = codeOf(error);
  if (code === undefined || !SYSTEM_CODE.test(code)) throw error;
  return fail("storage_failed", `${path}: the file system refused (${code})`);
}
