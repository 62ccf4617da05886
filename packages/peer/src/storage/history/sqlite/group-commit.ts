import type { DatabaseSync } from "node:sqlite";
import type { HistoryChange } from "../history.ts";
import { type StorageFailure, failureOf } from "./sqlite-failure.ts";

export type Commit = readonly HistoryChange[];

/** What performs changes inside a transaction, and what it must do around one. */
export type Applier = { apply(change: HistoryChange): void; finish(): void; forget(): void };

/**
 * Performs the commits in order in one transaction: one disk sync for all of them. If that fails nothing of it has happened, and each half is
 * tried for itself, so that a commit fails for its own sake only. Gives a failure, or undefined, for each.
 */
export function commitTogether(
  db: DatabaseSync,
  applier: Applier,
  commits: readonly Commit[],
): readonly (StorageFailure | undefined)[] {
  const failure = transact(db, applier, commits);
  if (failure === undefined) return commits.map(() => undefined);
  // The file is not what it should be: writing on would only make it worse.
  if (commits.length <= 1 || failure.isDamage) return commits.map(() => failure);
  const half = commits.length >>> 1;
  return [...commitTogether(db, applier, commits.slice(0, half)), ...commitTogether(db, applier, commits.slice(half))];
}

function transact(db: DatabaseSync, applier: Applier, commits: readonly Commit[]): StorageFailure | undefined {
  try {
    db.exec("BEGIN IMMEDIATE");
    for (const changes of commits) for (const change of changes) applier.apply(change);
    applier.finish();
    db.exec("COMMIT");
    return undefined;
  } catch (error) {
    applier.forget();
    // Some failures (a full disk) have rolled back already.
    if (db.isTransaction) rollBack(db);
    return failureOf(error);
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // It has been rolled back by what made it fail.
  }
}
