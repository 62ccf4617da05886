import { safeText } from "@papo/protocol";
import { boundaryAt } from "../graphemes.ts";
import type { Cells } from "../render/cells.ts";
import type { Look, Run } from "../render/frame.ts";

/** A text being typed, broken into rows. `at` and `end` are UTF-16 indices of what stands in a row. */
type TextRow = {
  readonly runs: readonly Run[];
  readonly at: number;
  readonly end: number;
  readonly isNewLine: boolean;
};

export type InputRows = {
  readonly rows: readonly (readonly Run[])[];
  readonly cursor: { readonly row: number; readonly column: number };
};

export type InputShape = {
  readonly prompt: readonly Run[];
  readonly columns: number;
  /** At least 1. Of more rows, those around the cursor. */
  readonly rows: number;
  readonly cells: Cells;
};

/** A character that is not shown as it is. */
const REPLACED: Look = { tone: "warning" };
const GUTTER: Look = { tone: "muted" };
/** Of a narrow screen, a prompt takes no more than this part. */
const PROMPT_PART = 3;

/** Pure: rows that fit, with the cursor on the cell of its character. Further rows stand under the first, behind a mark where the text has a line break. */
export function inputRows(text: string, cursor: number, shape: InputShape): InputRows {
  const { columns, cells } = shape;
  const prompt = cells.cutRuns(shape.prompt, Math.floor(columns / PROMPT_PART));
  const indent = cells.widthOfRuns(prompt);
  const part = partAround(text, cursor);
  const shownText = text.slice(part.from, part.to);
  const at = cursor - part.from;
  const rows = textRows(shownText, at, { columns: Math.max(1, columns - indent), cells });
  const row = Math.max(
    0,
    rows.findLastIndex((one) => one.at <= at),
  );
  const { first, count } = window(rows.length, row, shape.rows);
  const shown = rows.slice(first, first + count).map((one, index) => {
    const isFirst = first + index === 0 && part.from === 0;
    const isAbove = index === 0 && first + part.from > 0;
    const isBelow = index === count - 1 && (first + count < rows.length || part.to < text.length);
    if (isFirst) return [...prompt, ...one.runs];
    return [...gutter(indent, cells, isAbove ? "↑" : isBelow ? "↓" : one.isNewLine ? "┆" : ""), ...one.runs];
  });
  const before = shownText.slice(rows[row]?.at ?? 0, at);
  return { rows: shown, cursor: { row: row - first, column: indent + cells.widthOfRuns(shownRuns(before, cells)) } };
}

/** More than any screen shows of a line at a time. */
const PART_CHARS = 2_048;
const PART_STEP_CHARS = 1_024;

/** Of a very long text what is around the cursor: laying out all of it at every key would be felt. Where it begins changes in large steps, so that rows stay as they are. */
function partAround(text: string, cursor: number): { readonly from: number; readonly to: number } {
  const from = Math.floor(Math.max(0, cursor - PART_CHARS) / PART_STEP_CHARS) * PART_STEP_CHARS;
  const to = Math.min(text.length, Math.ceil((cursor + PART_CHARS) / PART_STEP_CHARS) * PART_STEP_CHARS);
  return { from: boundaryAt(text, from), to: boundaryAt(text, to) };
}

function window(total: number, cursorRow: number, rows: number): { readonly first: number; readonly count: number } {
  const count = Math.min(total, Math.max(1, rows));
  const last = Math.max(cursorRow, count - 1);
  return { first: last - count + 1, count };
}

function gutter(indent: number, cells: Cells, mark: string): readonly Run[] {
  if (indent === 0) return [];
  const width = cells.width(mark);
  if (mark === "" || indent < 2 || width !== 1) return [{ text: " ".repeat(indent) }];
  return [{ text: `${" ".repeat(indent - 2)}${mark} `, look: GUTTER }];
}

type Width = { readonly columns: number; readonly cells: Cells };

function textRows(text: string, cursor: number, width: Width): readonly TextRow[] {
  const rows: TextRow[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    for (const [index, row] of lineRows(line, width).entries())
      rows.push({ runs: row.runs, at: at + row.at, end: at + row.end, isNewLine: index === 0 });
    at += line.length + 1;
    const last = rows.at(-1);
    // Behind a full row the cursor stands at the start of the next one.
    if (last !== undefined && last.end === cursor && width.cells.widthOfRuns(last.runs) >= width.columns)
      rows.push({ runs: [], at: cursor, end: cursor, isNewLine: false });
  }
  return rows;
}

type LineRow = { readonly runs: readonly Run[]; readonly at: number; readonly end: number };

function lineRows(line: string, { columns, cells }: Width): readonly LineRow[] {
  if (isPlain(line, cells)) return plainRows(line, columns);
  const rows: LineRow[] = [];
  let row: { runs: Run[]; at: number; end: number; column: number } = { runs: [], at: 0, end: 0, column: 0 };
  for (const grapheme of cells.graphemes(line)) {
    for (const run of shownCharacter(grapheme, columns, cells)) {
      const width = cells.width(run.text);
      if (row.column > 0 && row.column + width > columns) {
        rows.push(row);
        row = { runs: [], at: row.end, end: row.end, column: 0 };
      }
      addTo(row.runs, run);
      row.column += width;
    }
    row.end += grapheme.length;
  }
  return [...rows, row];
}

/** Each unit is one cell, shown as it is. */
function isPlain(text: string, cells: Cells): boolean {
  return cells.isPlain(text) && safeText(text) === text;
}

function plainRows(line: string, columns: number): readonly LineRow[] {
  const count = Math.max(1, Math.ceil(line.length / columns));
  return Array.from({ length: count }, (_, index) => {
    const text = line.slice(index * columns, (index + 1) * columns);
    return { runs: [{ text }], at: index * columns, end: index * columns + text.length };
  });
}

/** What is shown in place of one that is not may be wider than a row: then it is broken. */
function shownCharacter(grapheme: string, columns: number, cells: Cells): readonly Run[] {
  const shown = safeCharacter(grapheme);
  if (shown === grapheme) return cells.width(shown) <= columns ? [{ text: shown }] : [{ text: "?", look: REPLACED }];
  const pieces = cells.width(shown) <= columns ? [shown] : cells.graphemes(shown);
  return pieces.map((text) => ({ text: cells.width(text) <= columns ? text : "?", look: REPLACED }));
}

const SAFE_REMEMBERED_MAX = 4_096;
const safeByCharacter = new Map<string, string>();

/** A text of thousands of characters is drawn again at every key: each of them is looked at once. */
function safeCharacter(grapheme: string): string {
  const known = safeByCharacter.get(grapheme);
  if (known !== undefined) return known;
  const safe = safeText(grapheme);
  if (safeByCharacter.size >= SAFE_REMEMBERED_MAX) safeByCharacter.clear();
  safeByCharacter.set(grapheme, safe);
  return safe;
}

function shownRuns(text: string, cells: Cells): readonly Run[] {
  if (isPlain(text, cells)) return [{ text }];
  return cells.graphemes(text).flatMap((grapheme) => shownCharacter(grapheme, Number.POSITIVE_INFINITY, cells));
}

function addTo(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last !== undefined && last.look === run.look) runs[runs.length - 1] = { ...last, text: last.text + run.text };
  else runs.push(run);
}
