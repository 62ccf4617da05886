import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { rowsOnLeaves } from "./leaf-pages.ts";
import { mend } from "./mend.ts";
import { newDatabase, removeDatabase } from "./new-database.ts";
import { sizeOf } from "./paths.ts";
import { type Cell, isSound } from "./sums.ts";
import { COLUMNS, TABLES, type TableName, columnsOf, insertInto } from "./tables.ts";

/** Counted anew from what was read. */
const NOT_COPIED: readonly TableName[] = ["mark", "usage"];
/** Rows read at once. */
const ROWS_PER_READ = 512;
/** Questions after which a table's tree is given up: one whose root is gone answers none. */
const READS_MAX = 4_096;
const ROWID_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Copies every row that can be read and is what was written, table by table, past what cannot. `damaged` is a copy that may be written to. The
 * word index is made anew from the rows.
 */
export function salvage(damaged: string, fresh: DatabaseSync): { readonly rows: number; readonly lost: number } {
  let rows = 0;
  let lost = 0;
  const source = openAnyhow(damaged);
  fresh.exec("BEGIN IMMEDIATE");
  for (const table of source === undefined ? [] : TABLES.filter((name) => !NOT_COPIED.includes(name))) {
    const copied = copyTable(source ?? fresh, fresh, table);
    rows += copied.rows;
    lost += copied.lost;
  }
  // Closing moves the log into the file, whose pages are all there is to read now.
  if (source?.isOpen === true) source.close();
  if (source === undefined || lost > 0) rows += copyLeaves(damaged, fresh);
  mend(fresh);
  fresh.exec("COMMIT");
  return { rows, lost };
}

function copyTable(source: DatabaseSync, fresh: DatabaseSync, table: TableName): { rows: number; lost: number } {
  const copied = { rows: 0, lost: 0 };
  const insert = fresh.prepare(insertInto(table, "INSERT OR IGNORE"));
  let statement: StatementSync;
  try {
    statement = source.prepare(
      `SELECT ${columnsOf(table)}, rowid FROM ${table} NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ${ROWS_PER_READ}`,
    );
  } catch {
    return { rows: 0, lost: 1 };
  }
  statement.setReturnArrays(true);
  readPast(
    statement,
    (cells) => {
      const row = cells.slice(0, -1);
      const isKept = isSound(row) && insert.run(...row).changes === 1;
      if (isKept) copied.rows += 1;
      else copied.lost += 1;
    },
    () => (copied.lost += 1),
  );
  return copied;
}

/** What the trees do not lead to any more may still lie on its pages: each row tells by its shape and its checksum whose it is. */
function copyLeaves(damaged: string, fresh: DatabaseSync): number {
  const insertByTable = new Map(TABLES.map((table) => [table, fresh.prepare(insertInto(table, "INSERT OR IGNORE"))]));
  let rows = 0;
  for (const row of rowsOnLeaves(damaged)) {
    const table = isSound(row) ? tableOf(row) : undefined;
    if (table !== undefined) rows += Number(insertByTable.get(table)?.run(...row).changes);
  }
  return rows;
}

/** Small tables whose rows look alike are left to be made anew. */
function tableOf(row: readonly Cell[]): TableName | undefined {
  const of = (table: TableName) => row.length === COLUMNS[table].length + 1;
  const [first, second, third] = row;
  if (of("entry")) return "entry";
  if (of("private")) return "private";
  if (of("progress")) return "progress";
  if (of("device") && typeof first === "number" && typeof second === "string") return "device";
  if (of("setting") && typeof first === "string" && typeof second === "string") return "setting";
  const record = of("room") && typeof first === "number" && typeof third === "string" ? third : "";
  if (record.includes('"username"')) return "chat";
  return record.includes('"readUpTo"') ? "room" : undefined;
}

/** Reads range by range; one that fails is halved until the row that cannot be read stands alone. */
function readPast(statement: StatementSync, onRow: (cells: readonly Cell[]) => void, onLost: () => void): void {
  const ranges: [from: number, to: number][] = [[0, ROWID_MAX]];
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const [from, to] = ranges.pop() ?? [0, -1];
    if (to < from) return;
    const rows = tryToRead(statement, from, to);
    if (rows === undefined) {
      if (from === to) onLost();
      else ranges.push([middle(from, to) + 1, to], [from, middle(from, to)]);
    } else {
      rows.forEach(onRow);
      if (rows.length === ROWS_PER_READ) ranges.push([Number(rows.at(-1)?.at(-1)) + 1, to]);
    }
  }
  onLost();
}

function middle(from: number, to: number): number {
  return from + Math.floor((to - from) / 2);
}

function tryToRead(statement: StatementSync, from: number, to: number): readonly (readonly Cell[])[] | undefined {
  try {
    return statement.all(from, to) as unknown as Cell[][];
  } catch {
    return undefined;
  }
}

/** A file whose first page is unreadable gets the one that every history of this schema begins with. */
function openAnyhow(path: string): DatabaseSync | undefined {
  const first = openIfReadable(path);
  if (first !== undefined) return first;
  if ((sizeOf(path) ?? 0) < PAGE_BYTES) return undefined;
  replaceFirstPage(path);
  return openIfReadable(path);
}

function openIfReadable(path: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    for (const table of TABLES) db.prepare(`SELECT ${columnsOf(table)} FROM ${table}`);
    return db;
  } catch {
    if (db?.isOpen === true) db.close();
    return undefined;
  }
}

const PAGE_BYTES = 4_096;
const CHANGE_COUNTER_AT = 24;
const PAGE_COUNT_AT = 28;
const FREE_PAGES_AT = 32;
const COUNTED_AT_CHANGE = 92;

/** https://www.sqlite.org/fileformat.html §1.3 */
function replaceFirstPage(path: string): void {
  const page = firstPageOfModel(`${path}.model`);
  page.writeUInt32BE(Math.floor((sizeOf(path) ?? 0) / PAGE_BYTES), PAGE_COUNT_AT);
  // No list of free pages: some of them may be in use here.
  page.fill(0, FREE_PAGES_AT, FREE_PAGES_AT + 8);
  page.copy(page, COUNTED_AT_CHANGE, CHANGE_COUNTER_AT, CHANGE_COUNTER_AT + 4);
  const handle = openSync(path, "r+");
  try {
    writeSync(handle, page, 0, PAGE_BYTES, 0);
  } finally {
    closeSync(handle);
  }
}

function firstPageOfModel(path: string): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  newDatabase(path).close();
  const handle = openSync(path, "r");
  try {
    readSync(handle, page, 0, PAGE_BYTES, 0);
  } finally {
    closeSync(handle);
    removeDatabase(path);
  }
  return page;
}
