import type { DatabaseSync, StatementSync } from "node:sqlite";
import { codeOf, isDamage } from "./sqlite-failure.ts";
import type { Cell } from "./sums.ts";

const IO_ERROR = 10;

/** Asks a reading connection. What cannot be read is told once, and answered as not there: nothing more will be written then. */
export class Reading {
  readonly #db: DatabaseSync;
  readonly #onDamage: () => void;
  readonly #statementBySql = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, onDamage: () => void) {
    this.#db = db;
    this.#onDamage = onDamage;
  }

  rows(sql: string, ...parameters: readonly (string | number)[]): readonly (readonly Cell[])[] {
    // Whoever still holds a room after the account was closed sees it empty.
    if (!this.#db.isOpen) return [];
    try {
      return this.#prepared(sql).all(...parameters) as unknown as Cell[][];
    } catch (error) {
      if (!isDamage(error) && codeOf(error) !== IO_ERROR) throw error;
      this.#onDamage();
      return [];
    }
  }

  row(sql: string, ...parameters: readonly (string | number)[]): readonly Cell[] | undefined {
    return this.rows(sql, ...parameters)[0];
  }

  /** Rows as values; one that is not what was written is left out, and told. */
  values<T>(rows: readonly (readonly Cell[])[], valueOf: (row: readonly Cell[]) => T | undefined): readonly T[] {
    const values: T[] = [];
    for (const row of rows) {
      const value = valueOf(row);
      if (value === undefined) this.#onDamage();
      else values.push(value);
    }
    return values;
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statementBySql.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    this.#statementBySql.set(sql, statement);
    return statement;
  }
}
