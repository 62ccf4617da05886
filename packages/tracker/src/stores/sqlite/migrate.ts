import { DatabaseSync } from "node:sqlite";
import { StoreRefused } from "../opened-store.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** "Papo" in ASCII: tells our files from other programs' (https://www.sqlite.org/fileformat.html §1.3.15). */
const APPLICATION_ID = 0x5061706f;

/** Makes the tables in a new database. */
export function createSchema(db: DatabaseSync): void {
  applyFrom(db, 0);
}

/**
 * Brings a file of ours to this program's schema, one transaction per step. Refuses a newer one, and one that is not as it should be:
 * ours are born with their tables, so a file without a version is none, or has lost what it held.
 */
export function migrate(db: DatabaseSync, path: string): void {
  const version = numberOf(db, "user_version");
  if (numberOf(db, "application_id") !== APPLICATION_ID || version < 1) throw notOurs(path);
  if (version > MIGRATIONS.length) {
    throw new StoreRefused({
      problem: "newer",
      path,
      detail: "a newer Papo has written it; update this one, or restore a backup",
    });
  }
  applyFrom(db, version);
  if (schemaOf(db) !== expectedSchema()) throw notOurs(path);
}

function notOurs(path: string): StoreRefused {
  return new StoreRefused({
    problem: "damaged",
    path,
    detail: "its tables are not ours; nothing was changed. Move it away, or restore a backup",
  });
}

function applyFrom(db: DatabaseSync, version: number): void {
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    const mark = `PRAGMA user_version = ${index + 1}; PRAGMA application_id = ${APPLICATION_ID};`;
    db.exec(`BEGIN IMMEDIATE; ${sql} ${mark} COMMIT`);
  }
}

function numberOf(db: DatabaseSync, pragma: "user_version" | "application_id"): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

function schemaOf(db: DatabaseSync): string {
  return JSON.stringify(db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all());
}

function expectedSchema(): string {
  const model = new DatabaseSync(":memory:");
  try {
    createSchema(model);
    return schemaOf(model);
  } finally {
    model.close();
  }
}
