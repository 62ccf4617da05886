import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreRefused } from "./opened-store.ts";

const WRITABLE_BY_OTHERS = 0o022;

/** Makes the store's folder (0700) inside an existing one, or checks that an existing one is ours alone to write. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw refused(directory, error);
  }
  await checkOwnership(directory, "directory");
}

/** Refuses a file or folder of another user, or one that others may write. Systems without such owners pass. */
export async function checkOwnership(path: string, expected: "directory" | "file"): Promise<void> {
  const found = await stat(path);
  if (expected === "directory" && !found.isDirectory()) {
    throw new StoreRefused("not_a_directory", path, "a file is in the way; name a folder");
  }
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user) {
    throw new StoreRefused(
      "foreign_owner",
      path,
      `it belongs to user ${found.uid}; run as that user, or chown it to user ${user}`,
    );
  }
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new StoreRefused("writable_by_others", path, `other users may change it; run: chmod go-w on it`);
  }
}

function refused(directory: string, error: unknown): StoreRefused {
  switch (codeOf(error)) {
    case "ENOENT":
      return new StoreRefused("no_parent", directory, `${dirname(directory)} does not exist; make it first`);
    case "ENOTDIR":
      return new StoreRefused("not_a_directory", directory, `${dirname(directory)} is not a folder`);
    default:
      return new StoreRefused("unwritable", directory, `it cannot be made (${codeOf(error)})`);
  }
}

/** The system's name of what failed, such as ENOENT. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
