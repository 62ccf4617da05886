import { safeText } from "@papo/protocol";
import { graphemes, widthOf } from "../graphemes.ts";

export type Layout = {
  /** Safe to write, each at most as wide as asked. */
  readonly rows: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
};

/** A line break in the text being typed. */
const LINE_BREAK = "⏎";

type Line = { readonly prompt: string; readonly text: string; readonly cursor: number };
type Area = { readonly columns: number; readonly rows: number };

/**
 * A prompt and the line behind it, broken into rows of at most `columns` cells. Of more than `rows` rows, those around
 * the cursor.
 */
export function layout(line: Line, area: Area): Layout {
  const columns = Math.max(1, area.columns);
  const rows: string[] = [""];
  let column = 0;
  const put = (shown: string) => {
    const width = widthOf(shown);
    if (column > 0 && column + width > columns) {
      rows.push("");
      column = 0;
    }
    rows[rows.length - 1] += shown;
    column += width;
  };
  for (const grapheme of graphemes(line.prompt)) put(grapheme);

  let at = 0;
  let cursor: { row: number; column: number } | undefined;
  for (const grapheme of graphemes(line.text)) {
    const shown = grapheme === "\n" ? LINE_BREAK : safeText(grapheme);
    // What is shown in place of one that is not may be longer than a row.
    const [first = "", ...rest] = widthOf(shown) <= columns ? [shown] : graphemes(shown);
    const fits = column + widthOf(first) <= columns;
    if (at >= line.cursor) cursor ??= fits ? { row: rows.length - 1, column } : { row: rows.length, column: 0 };
    put(first);
    for (const piece of rest) put(piece);
    at += grapheme.length;
  }
  if (cursor === undefined && column >= columns) {
    rows.push("");
    column = 0;
  }
  return around(rows, cursor ?? { row: rows.length - 1, column }, Math.max(1, area.rows));
}

function around(rows: readonly string[], cursor: { row: number; column: number }, count: number): Layout {
  const last = Math.max(cursor.row, Math.min(rows.length - 1, count - 1));
  const first = Math.max(0, last - count + 1);
  return {
    rows: rows.slice(first, first + count),
    cursorRow: cursor.row - first,
    cursorColumn: cursor.column,
  };
}
