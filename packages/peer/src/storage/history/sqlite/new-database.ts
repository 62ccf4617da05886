import { closeSync, openSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createSchema } from "./migrate.ts";

/** An empty history under that path, readable by its owner alone. What stood there goes. */
export function newDatabase(path: string): DatabaseSync {
  removeDatabase(path);
  closeSync(openSync(path, "wx", 0o600));
  const db = new DatabaseSync(path);
  try {
    createSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** With what SQLite puts beside it. */
export function removeDatabase(path: string): void {
  for (const part of [path, `${path}-wal`, `${path}-shm`]) rmSync(part, { force: true });
}
