import { isWhole } from "./sqlite/inspect.ts";
import { openForReading } from "./sqlite/database.ts";
import { isNewer } from "./sqlite/migrate.ts";
import { pathsOf, sizeOf } from "./sqlite/paths.ts";
import { isDamage } from "./sqlite/sqlite-failure.ts";

/** `large`: not read through, because it is larger than was wanted; `unreadable`: it cannot be opened, which is not the same as damaged. */
export type HistoryLooks = "none" | "whole" | "large" | "newer" | "damaged" | "unreadable";

/** How an account's history looks, beside whoever has it open. Changes nothing. */
export function lookAtHistory(
  folder: string,
  bytesMax: number,
): { readonly looks: HistoryLooks; readonly readBytes: number } {
  const paths = pathsOf(folder);
  const size = sizeOf(paths.database);
  if (sizeOf(paths.mark) !== undefined) return { looks: "damaged", readBytes: 0 };
  if (size === undefined) return { looks: "none", readBytes: 0 };
  // Ours are born whole: an empty one has lost what was in it.
  if (size === 0) return { looks: "damaged", readBytes: 0 };
  try {
    if (isNewer(paths.database)) return { looks: "newer", readBytes: 0 };
    const db = openForReading(paths);
    try {
      if (size > bytesMax) {
        db.prepare("SELECT count(*) FROM sqlite_schema").get();
        return { looks: "large", readBytes: 0 };
      }
      return { looks: isWhole(db) ? "whole" : "damaged", readBytes: size };
    } finally {
      db.close();
    }
  } catch (error) {
    return { looks: isDamage(error) ? "damaged" : "unreadable", readBytes: size };
  }
}
