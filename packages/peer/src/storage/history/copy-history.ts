import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Outcome, fail, succeed } from "@papo/protocol";
import type { CopyStart } from "./sqlite/copy-worker.ts";
import { pathsOf } from "./sqlite/paths.ts";
import { workerOf } from "./sqlite/worker-of.ts";

/** A history as it was at one moment, in a file of its own until `remove`. */
export type HistoryCopy = {
  readonly content: () => AsyncIterable<Uint8Array>;
  readonly remove: () => Promise<void>;
};

const COPY = /^history\.copy-[0-9a-f]{12}\.db$/u;

/** Copies the history in an account's folder, which may be in use. `storage_failed`: no room for it, or it cannot be read. */
export async function copyHistory(folder: string): Promise<Outcome<HistoryCopy>> {
  await removeLeftovers(folder);
  const copy = join(folder, `history.copy-${randomBytes(6).toString("hex")}.db`);
  const remove = (): Promise<void> => rm(copy, { force: true });
  try {
    // SQLite would make it readable for whom the umask lets.
    await (await open(copy, "wx", 0o600)).close();
    await copied({ folder, copy });
    return succeed({ content: () => createReadStream(copy), remove });
  } catch {
    await remove().catch(() => {});
    return fail("storage_failed", `${folder}: the history cannot be copied; look at the free space`);
  }
}

/** Of a program that ended while it copied. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (COPY.test(name)) await rm(join(folder, name), { force: true }).catch(() => {});
}

function copied(start: CopyStart): Promise<void> {
  const worker = workerOf(import.meta.url, "sqlite/copy-worker", start);
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread ended")));
  });
}

/** Puts a copied history into an account's folder that has none; on disk when it resolves. What the source throws is thrown. */
export async function placeHistory(folder: string, content: AsyncIterable<Uint8Array>): Promise<Outcome<void>> {
  const file = await onDisk(folder, () => open(pathsOf(folder).database, "wx", 0o600));
  if (!file.ok) return file;
  try {
    for await (const piece of content) {
      const written = await onDisk(folder, () => file.value.writeFile(piece));
      if (!written.ok) return written;
    }
    return await onDisk(folder, () => file.value.sync());
  } finally {
    await file.value.close().catch(() => {});
  }
}

async function onDisk<T>(folder: string, act: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return succeed(await act());
  } catch {
    return fail("storage_failed", `${folder}: the history cannot be written; look at the free space`);
  }
}
