import type { DatabaseSync } from "node:sqlite";
import { type Failed, failedBy } from "./sqlite-failure.ts";
import { perform, type Tables, type TableCall } from "../tables.ts";

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failed: Failed };

/**
 * Performs the steps in order in one transaction: one disk sync for all of them. If one fails, none has happened; then each gets a
 * transaction of its own, so that a step fails for its own sake only. Answers are given when they are durable.
 */
export function commitTogether(db: DatabaseSync, tables: Tables, calls: readonly TableCall[]): readonly Answer[] {
  try {
    return transact(db, () => calls.map((call) => ({ ok: true, value: perform(tables, call) })));
  } catch (error) {
    if (calls.length > 1) return calls.flatMap((call) => commitTogether(db, tables, [call]));
    return [{ ok: false, failed: failedBy(error) }];
  }
}

function transact<T>(db: DatabaseSync, act: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = act();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // Some failures (a full disk) have rolled back already.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
