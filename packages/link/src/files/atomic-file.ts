import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Owner only: nothing that Papo writes is for others. */
const MODE = 0o600;

/**
 * Puts the whole content in place or leaves what was there: a crash shows the old file or the new one, never half.
 * Throws what the file system says (`ENOSPC`, `EACCES`, …), with the old file untouched.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await viaTemporary(path, content, (temporary) => rename(temporary, path));
}

/** Like `writeFileAtomically`, but what is already there stays, and false says so: of two writers one wins. */
export async function createFileAtomically(path: string, content: string | Uint8Array): Promise<boolean> {
  try {
    await viaTemporary(path, content, (temporary) => link(temporary, path));
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Gives a file or folder its final name; when this returns, a power cut does not take the name back. Throws like `rename`. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** The `code` of a file system error, if it is one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

async function viaTemporary(
  path: string,
  content: string | Uint8Array,
  putInPlace: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeDurably(temporary, content);
    await putInPlace(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx", MODE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name itself must survive a power cut too. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
