import type { Area } from "../../render/area.ts";
import type { Cells } from "../../render/cells.ts";
import type { Look, Part, Row, Run } from "../../render/frame.ts";

// A panel is a bar with its title, what it shows, and a line with its keys; on the smallest screens only what it shows.

/** A key, and what it does. */
export type Hint = { readonly key: string; readonly says: string; readonly tone?: "bad" | undefined };

/** Where the body stands: cells of the screen. */
export type Body = { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number };

export type PanelFrame = { readonly title: readonly Row[]; readonly body: Body; readonly hints: readonly Row[] };

/** Wider lines are hard to read. */
const BODY_COLUMNS_MAX = 96;
/** From this height on there is room for a title, and for the keys. */
const ROWS_WITH_TITLE = 3;
const ROWS_WITH_HINTS = 4;
const BAR: Look = { bar: "status" };

/** What goes around the body of a panel. */
export function frameOf(area: Area, title: string, hints: readonly Hint[], cells: Cells): PanelFrame {
  const margin = area.columns >= 50 ? 2 : area.columns >= 24 ? 1 : 0;
  const columns = Math.max(1, Math.min(BODY_COLUMNS_MAX, area.columns - 2 * margin));
  const column = area.column + margin;
  const hasTitle = area.rows >= ROWS_WITH_TITLE;
  const hintRowsMax = area.rows >= ROWS_WITH_HINTS ? Math.max(1, Math.floor(area.rows / 4)) : 0;
  const hintRows = hintLines(hints, columns, cells)
    .slice(0, hintRowsMax)
    .map((runs) => [{ column, columns, runs }]);
  const titleRun: Run = { text: ` ${title}`, look: { ...BAR, bold: true } };
  const titleRow = [
    { column: area.column, columns: area.columns, runs: cells.cutRuns([titleRun], area.columns), fill: BAR },
  ];
  const top = hasTitle ? 1 : 0;
  return {
    title: hasTitle ? [titleRow] : [],
    body: { row: area.row + top, column, rows: Math.max(1, area.rows - top - hintRows.length), columns },
    hints: hintRows,
  };
}

/** All rows of the area, the keys at its end. */
export function framed({ title, body, hints }: PanelFrame, rows: readonly Row[]): readonly Row[] {
  const shown = rows.slice(0, body.rows);
  const blank: readonly Row[] = Array.from({ length: body.rows - shown.length }, () => []);
  return [...title, ...shown, ...blank, ...hints];
}

/** A line of the body. */
export function bodyRow({ column, columns }: Body, runs: readonly Run[], cells: Cells, fill?: Look): Row {
  const part: Part = { column, columns, runs: cells.cutRuns(runs, columns) };
  return [fill === undefined ? part : { ...part, fill }];
}

function hintLines(hints: readonly Hint[], columns: number, cells: Cells): readonly (readonly Run[])[] {
  const lines: Run[][] = [];
  let width = 0;
  for (const hint of hints) {
    const runs = cells.cutRuns(hintRuns(hint), columns);
    const added = cells.widthOfRuns(runs);
    const line = lines.at(-1);
    if (line === undefined || width + GAP.length + added > columns) {
      lines.push([...runs]);
      width = added;
    } else {
      line.push({ text: GAP }, ...runs);
      width += GAP.length + added;
    }
  }
  return lines;
}

const GAP = "   ";

function hintRuns({ key, says, tone }: Hint): readonly Run[] {
  return [
    { text: key, look: { tone: "key" } },
    { text: ` ${says}`, look: { tone: tone ?? "muted" } },
  ];
}
