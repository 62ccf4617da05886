import { cursorTo, ERASE_TO_END_OF_ROW, LINK_END, lookOf, PLAIN_LOOK, toColumn } from "../sequences.ts";
import type { Cells } from "./cells.ts";
import type { Part, Row } from "./frame.ts";
import { linkTo } from "./links.ts";
import type { Theme } from "./theme.ts";

export type Paint = {
  readonly cells: Pick<Cells, "cutRuns" | "generation">;
  readonly theme: Theme;
  /** Whether links are made at all. */
  readonly links: boolean;
};

/** Parts of which it is remembered how they were painted, twice: a few screens full. */
const PARTS_REMEMBERED_MAX = 1_000;

/**
 * Makes rows into what a terminal is sent. What was made of a part is remembered while it is seen: what comes up from below, and what stands beside it, is
 * painted once.
 */
export class RowPainter {
  readonly #paint: Paint;
  #textByPart = new Map<Part, string>();
  #textBefore: ReadonlyMap<Part, string> = new Map();

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** The terminal has another width, or counts characters in another way. */
  forget(): void {
    this.#textByPart = new Map();
    this.#textBefore = new Map();
  }

  /**
   * What makes row `row` of a terminal of `columns` show `parts` and nothing else, whatever stood there. Every part begins and is closed off by an absolute move: text that the
   * terminal takes for wider than we do is erased where the part ends, and what is narrower leaves blank cells.
   */
  row(parts: Row, { row, columns }: { readonly row: number; readonly columns: number }): string {
    let painted = `${cursorTo(row, 0)}${ERASE_TO_END_OF_ROW}`;
    let at = 0;
    for (const part of parts) {
      const width = Math.min(part.columns, columns - part.column);
      if (width <= 0) continue;
      if (part.column !== at) painted += toColumn(part.column);
      painted += this.#part(part, width);
      at = part.column + width;
      if (at < columns) painted += `${toColumn(at)}${ERASE_TO_END_OF_ROW}`;
    }
    return painted;
  }

  #part(part: Part, width: number): string {
    const known = this.#textByPart.get(part);
    if (known !== undefined) return known;
    const painted = this.#textBefore.get(part) ?? paintPart(part, width, this.#paint);
    if (this.#textByPart.size >= PARTS_REMEMBERED_MAX) {
      this.#textBefore = this.#textByPart;
      this.#textByPart = new Map();
    }
    this.#textByPart.set(part, painted);
    return painted;
  }
}

function paintPart({ column, runs, fill }: Part, width: number, { cells, theme, links }: Paint): string {
  let painted = "";
  let look = "";
  if (fill !== undefined) {
    look = theme.attributesOf(fill, fill);
    if (look !== "") painted += `${lookOf(look)}${" ".repeat(width)}${toColumn(column)}`;
  }
  let isFirst = true;
  // Whoever laid them out has made them fit; where that went wrong, the neighbours do not suffer.
  for (const run of cells.cutRuns(runs, width)) {
    const text = ASCII.test(run.text) ? run.text : inert(run.text, isFirst);
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

/** Texts are safe before they come here. If one was not, it is at least no sequence and no mirror; a mark at the beginning of a part would sit on what stands in front of it. */
function inert(text: string, isFirst: boolean): string {
  const still = text.toWellFormed().replace(ACTS, "\ufffd");
  return isFirst ? still.replace(LEADING_MARKS, "") : still;
}

const ASCII = /^[ -~]*$/v;
const ACTS = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gv;
const LEADING_MARKS = /^[\p{M}\u200b-\u200d\u2060\ufeff\u1160-\u11ff]+/v;
