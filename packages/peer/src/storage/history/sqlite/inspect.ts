import type { DatabaseSync } from "node:sqlite";
import { type Cell, isSound } from "./sums.ts";
import { TABLES, columnsOf } from "./tables.ts";

/** Looks at every page and every row. Takes about a second for each 100 MB. */
export function isWhole(db: DatabaseSync): boolean {
  return (
    db.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"] === "ok" &&
    TABLES.every((table) => hasTrueSums(db, table))
  );
}

function hasTrueSums(db: DatabaseSync, table: (typeof TABLES)[number]): boolean {
  const statement = db.prepare(`SELECT ${columnsOf(table)} FROM ${table}`);
  statement.setReturnArrays(true);
  for (const row of statement.iterate() as Iterable<unknown> as Iterable<Cell[]>) if (!isSound(row)) return false;
  return true;
}
