import { closeSync, openSync, readSync } from "node:fs";
import type { Cell } from "./sums.ts";

// Rows straight from the pages of a file, for when the tree above them is lost. https://www.sqlite.org/fileformat.html §1.6, §2.1

const PAGE_BYTES = 4_096;
const LEAF_OF_TABLE = 0x0d;
const FIRST_PAGE_HEADER_BYTES = 100;
/** A row larger than this is none of ours: a body and a header at their limits, and some more. */
const ROW_BYTES_MAX = 131_072;
const COLUMNS_MAX = 32;

/** Every row of every leaf of a table in the file, whatever table it belongs to. What does not make sense is passed over. */
export function* rowsOnLeaves(path: string): Iterable<readonly Cell[]> {
  const handle = openSync(path, "r");
  try {
    const file = new PagesOf(handle);
    for (let page = 1; ; page += 1) {
      const bytes = file.page(page);
      if (bytes === undefined) return;
      yield* rowsOf(file, bytes, page === 1 ? FIRST_PAGE_HEADER_BYTES : 0);
    }
  } finally {
    closeSync(handle);
  }
}

class PagesOf {
  readonly #handle: number;

  constructor(handle: number) {
    this.#handle = handle;
  }

  page(number: number): Buffer | undefined {
    const bytes = Buffer.alloc(PAGE_BYTES);
    const read = readSync(this.#handle, bytes, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
    return read === PAGE_BYTES ? bytes : undefined;
  }
}

function* rowsOf(file: PagesOf, page: Buffer, start: number): Iterable<readonly Cell[]> {
  if (page[start] !== LEAF_OF_TABLE) return;
  const count = page.readUInt16BE(start + 3);
  for (let cell = 0; cell < count && start + 10 + cell * 2 <= PAGE_BYTES; cell += 1) {
    const row = tryToRead(() => rowAt(file, page, page.readUInt16BE(start + 8 + cell * 2)));
    if (row !== undefined) yield row;
  }
}

function tryToRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Throws on what lies outside. */
function rowAt(file: PagesOf, page: Buffer, at: number): readonly Cell[] | undefined {
  const size = varint(page, at);
  const rowid = varint(page, size.end);
  if (size.value > ROW_BYTES_MAX) return undefined;
  const payload = payloadAt(file, page, { at: rowid.end, size: size.value });
  const row = payload === undefined ? undefined : cellsOf(payload);
  // Where the first column is the row's number, it is stored as NULL.
  return row === undefined || row[0] !== null ? row : [rowid.value, ...row.slice(1)];
}

type Place = { readonly at: number; readonly size: number };

/** What does not fit the page goes on in a list of others. */
function payloadAt(file: PagesOf, page: Buffer, { at, size }: Place): Buffer | undefined {
  const most = PAGE_BYTES - 35;
  if (size <= most) return page.subarray(at, at + size);
  const least = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (PAGE_BYTES - 4));
  const local = wanted <= most ? wanted : least;
  const pieces = [page.subarray(at, at + local)];
  let next = page.readUInt32BE(at + local);
  for (let missing = size - local; missing > 0; missing -= PAGE_BYTES - 4) {
    const overflow = next === 0 ? undefined : file.page(next);
    if (overflow === undefined) return undefined;
    pieces.push(overflow.subarray(4, 4 + Math.min(missing, PAGE_BYTES - 4)));
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(pieces);
}

function cellsOf(payload: Buffer): readonly Cell[] | undefined {
  const header = varint(payload, 0);
  const cells: Cell[] = [];
  let at = header.value;
  for (let kind = header.end; kind < header.value; ) {
    const type = varint(payload, kind);
    kind = type.end;
    const { cell, size } = cellOf(payload, at, type.value);
    cells.push(cell);
    at += size;
    if (cells.length > COLUMNS_MAX) return undefined;
  }
  return at === payload.length ? cells : undefined;
}

const INTEGER_BYTES: readonly number[] = [0, 1, 2, 3, 4, 6, 8];

function cellOf(payload: Buffer, at: number, type: number): { readonly cell: Cell; readonly size: number } {
  if (type === 0) return { cell: null, size: 0 };
  if (type === 8 || type === 9) return { cell: type - 8, size: 0 };
  if (type === 7) return { cell: payload.readDoubleBE(at), size: 8 };
  const integer = INTEGER_BYTES[type];
  if (integer === 8) return { cell: Number(payload.readBigInt64BE(at)), size: 8 };
  if (integer !== undefined) return { cell: payload.readIntBE(at, integer), size: integer };
  const size = (type - (type % 2 === 0 ? 12 : 13)) / 2;
  const bytes = payload.subarray(at, at + size);
  return { cell: type % 2 === 0 ? bytes : bytes.toString(), size };
}

/** Up to nine bytes, seven bits each; what is beyond a safe number is no number of ours. */
function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start; at < start + 8; at += 1) {
    const byte = bytes.readUInt8(at);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new RangeError("no number of ours");
}
