import type { Area } from "../render/area.ts";
import type { Part, Row } from "../render/frame.ts";

/** Rows of one part of the screen, from the top of its area. */
export type Piece = { readonly area: Area; readonly rows: readonly Row[] };

/** Pure: rows of a whole screen. Pieces that share rows are handed in from left to right; what would stand outside its area is left out. */
export function composed(screenRows: number, pieces: readonly Piece[]): readonly Row[] {
  const rows: Part[][] = Array.from({ length: screenRows }, () => []);
  for (const { area, rows: own } of pieces) {
    const count = Math.min(area.rows, own.length);
    for (let at = 0; at < count; at += 1) {
      const row = rows[area.row + at];
      for (const part of own[at] ?? []) row?.push(part);
    }
  }
  return rows;
}
