import { crc32 } from "node:zlib";

export type Cell = string | number | null | Uint8Array;

/** The checksum that stands in the last column of every row, over those before it. */
function sumOf(cells: readonly Cell[]): number {
  let scalars = "";
  let sum = 0;
  for (const cell of cells) {
    if (cell instanceof Uint8Array) {
      scalars += `b${cell.length}\0`;
      sum = crc32(cell, sum);
    } else {
      scalars += typeof cell === "string" ? `s${cell.length}:${cell}\0` : `${cell}\0`;
    }
  }
  return crc32(scalars, sum);
}

/** The row with its checksum behind it. */
export function summed(cells: readonly Cell[]): Cell[] {
  return [...cells, sumOf(cells)];
}

export function isSound(row: readonly Cell[]): boolean {
  return row.at(-1) === sumOf(row.slice(0, -1));
}
