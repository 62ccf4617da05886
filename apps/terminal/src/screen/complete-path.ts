import { opendir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { COMPLETIONS_MAX, safeText } from "@papo/protocol";

/** Names in the folder that a path being typed leads to, folders with a slash at the end; names that could not be shown as they are are left out. */
export async function completePath(typed: string): Promise<readonly string[]> {
  const folder = typed.endsWith("/") || typed === "" ? typed : dirname(typed);
  const last = typed.slice(typed.lastIndexOf("/") + 1);
  const names: string[] = [];
  try {
    for await (const entry of await opendir(resolve(folder))) {
      if (!entry.name.startsWith(last) || entry.name !== safeText(entry.name)) continue;
      names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
      if (names.length >= COMPLETIONS_MAX) break;
    }
  } catch {
    // No such folder, or not for us: there is nothing to propose.
  }
  return names.toSorted();
}
