import { cursorTo, ERASE_TO_END_OF_ROW, LINK_END, lookOf, PLAIN_LOOK, toColumn } from "../sequences.ts";
import type { Cells } from "./cells.ts";
import type { Part, Row, Run } from "./frame.ts";
import { linkTo } from "./links.ts";
import type { Theme } from "./theme.ts";

export type Paint = {
  readonly cells: Pick<Cells, "cutRuns" | "generation">;
  readonly theme: Theme;
  /** Whether links are made at all. */
  readonly links: boolean;
};

/**
 * What makes row `row` of a terminal of `columns` show `parts` and nothing else, whatever stood there. Every part begins and is closed off by an absolute move: text that the
 * terminal takes for wider than we do is erased where the part ends, and what is narrower leaves blank cells.
 */
export function paintRow(
  parts: Row,
  { row, columns }: { readonly row: number; readonly columns: number },
  paint: Paint,
): string {
  let painted = `${cursorTo(row, 0)}${ERASE_TO_END_OF_ROW}`;
  let at = 0;
  for (const part of parts) {
    const width = Math.min(part.columns, columns - part.column);
    if (width <= 0) continue;
    if (part.column !== at) painted += toColumn(part.column);
    painted += paintPart(part, width, paint);
    at = part.column + width;
    if (at < columns) painted += `${toColumn(at)}${ERASE_TO_END_OF_ROW}`;
  }
  return painted;
}

function paintPart({ column, runs, fill }: Part, width: number, { cells, theme, links }: Paint): string {
  let painted = "";
  if (fill !== undefined) {
    const attributes = theme.attributesOf(fill, fill);
    if (attributes !== "") painted += `${lookOf(attributes)}${" ".repeat(width)}${toColumn(column)}`;
  }
  let look = painted === "" ? "" : theme.attributesOf(fill, fill);
  let isFirst = true;
  for (const run of fitted(runs, width, cells)) {
    const text = isFirst ? withoutLeadingMarks(inert(run.text)) : inert(run.text);
    if (text === "") continue;
    isFirst = false;
    const attributes = theme.attributesOf(run.look, fill);
    if (attributes !== look) painted += attributes === "" ? PLAIN_LOOK : lookOf(attributes);
    look = attributes;
    const link = links && run.link !== undefined ? linkTo(run.link) : "";
    painted += link === "" ? text : `${link}${text}${LINK_END}`;
  }
  return look === "" ? painted : painted + PLAIN_LOOK;
}

/** Whoever laid them out has made them fit; where that went wrong, the neighbours do not suffer. */
function fitted(runs: readonly Run[], width: number, cells: Paint["cells"]): readonly Run[] {
  return cells.cutRuns(runs, width);
}

/** Texts are safe before they come here. If one was not, it is at least no sequence and no mirror. */
function inert(text: string): string {
  return ASCII.test(text) ? text : text.toWellFormed().replace(ACTS, "\ufffd");
}

/** A mark at the beginning of a part would sit on what stands in front of it. */
function withoutLeadingMarks(text: string): string {
  return ASCII.test(text) ? text : text.replace(LEADING_MARKS, "");
}

const ASCII = /^[ -~]*$/v;
const ACTS = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gv;
const LEADING_MARKS = /^[\p{M}\u200b-\u200d\u2060\ufeff\u1160-\u11ff]+/v;
