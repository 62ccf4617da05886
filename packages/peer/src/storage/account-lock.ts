import { appendFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { type Outcome, fail, succeed } from "@papo/protocol";

/** Lets another process that only looks finish looking. */
const LOOKED_AT_MS = 250;

/**
 * One process at a time has an account open. The lock is SQLite's on an empty file: it is the kernel's, so it ends with the process however
 * that ends, and it works on every system that Node runs on.
 */
export class AccountLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** `busy` when another process, or another engine in this one, has it. */
  static async take(path: string): Promise<Outcome<AccountLock>> {
    const database = await lockedDatabase(path, LOOKED_AT_MS);
    return database.ok ? succeed(new AccountLock(database.value)) : database;
  }

  static async isTaken(path: string): Promise<boolean> {
    const database = await lockedDatabase(path, 0);
    if (!database.ok) return database.fault.code === "busy";
    database.value.close();
    return false;
  }

  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

const SQLITE_BUSY = 5;

async function lockedDatabase(path: string, timeout: number): Promise<Outcome<DatabaseSync>> {
  let database: DatabaseSync | undefined;
  try {
    await appendFile(path, "", { mode: 0o600 });
    database = new DatabaseSync(path, { timeout });
    database.exec("BEGIN EXCLUSIVE");
    return succeed(database);
  } catch (error) {
    database?.close();
    const isBusy = error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
    return isBusy
      ? fail("busy", "the account is open in another process")
      : fail("storage_failed", "the account's lock file cannot be used");
  }
}
