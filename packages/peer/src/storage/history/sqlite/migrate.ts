import { closeSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations/migrations.ts";

/** "PapH" in ASCII: tells a history from other files (https://www.sqlite.org/fileformat.html §1.3.15). */
const APPLICATION_ID = 0x50617048;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

/** Makes the tables in a new database. */
export function createSchema(db: DatabaseSync): void {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON");
  migrateFrom(db, 0);
}

/** Each step is one transaction: a crash leaves the schema before it or after it. */
function migrateFrom(db: DatabaseSync, version: number): void {
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    const mark = `PRAGMA user_version = ${index + 1}; PRAGMA application_id = ${APPLICATION_ID};`;
    db.exec(`BEGIN IMMEDIATE; ${sql} ${mark} COMMIT`);
  }
}

/** A newer Papo has written the file: looked up without SQLite, which would already write beside it. */
export function isNewer(path: string): boolean {
  const header = Buffer.alloc(100);
  const handle = openSync(path, "r");
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return (
    header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID && header.readInt32BE(USER_VERSION_AT) > MIGRATIONS.length
  );
}

/** Brings the file to this program's schema; false when it is none of ours, or not as ours are. */
export function migrate(db: DatabaseSync): boolean {
  const version = numberOf(db, "user_version");
  if (numberOf(db, "application_id") !== APPLICATION_ID || version < 1 || version > MIGRATIONS.length) return false;
  migrateFrom(db, version);
  return schemaOf(db) === expectedSchema();
}

function numberOf(db: DatabaseSync, pragma: "user_version" | "application_id"): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

function schemaOf(db: DatabaseSync): string {
  return JSON.stringify(db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all());
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
