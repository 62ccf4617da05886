import { open, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { type Outcome, fail, succeed } from "@papo/protocol";

/** A new file (0600) where the user said; one that is there already is never written over. Nothing half-written stays. */
export async function saveLines(name: string, lines: AsyncIterable<string>): Promise<Outcome<string>> {
  const path = resolve(name);
  const file = await open(path, "wx", 0o600).catch(() => undefined);
  if (file === undefined) return fail("storage_failed", "file");
  try {
    // Not `write`: a disk may take less than it was given, and says nothing.
    for await (const line of lines) await file.appendFile(line.endsWith("\n") ? line : `${line}\n`);
    await file.sync();
    return succeed(path);
  } catch (error) {
    await rm(path, { force: true });
    // What is no disk's is a mistake of ours.
    if (!(error instanceof Error && "code" in error)) throw error;
    return fail("storage_failed", "disk");
  } finally {
    await file.close();
  }
}
