import type { ShownLine, Span, TextPanel } from "@papo/view-model";
import { qrLines } from "../../classic/qr-lines.ts";
import type { Stroke } from "../../input/stroke.ts";
import type { Area } from "../../render/area.ts";
import type { Cells } from "../../render/cells.ts";
import type { Frame, Row, Run } from "../../render/frame.ts";
import { runsOf } from "../runs.ts";
import type { PanelView } from "../panel-view.ts";
import { choiceHints, choiceOf, leave, run } from "./choice-keys.ts";
import { type Body, bodyRow, framed, frameOf, type Hint, type PanelFrame } from "./panel-frame.ts";
import type { PanelTools } from "./panel-tools.ts";
import { ScrolledRows } from "./scrolled-rows.ts";
import { wrapLines } from "./shown-lines.ts";

type Picture = { readonly rows: readonly (readonly Run[])[]; readonly columns: number };

/** Cells between a text and the code beside it, and what a text needs there: three groups of a safety number. */
const GAP_COLUMNS = 3;
const TEXT_COLUMNS_MIN = 18;
/** Light modules around the code: as classic has them, and where that is too large for the screen. */
const BORDERS = [2, 1];
/** Of the screen below a panel: the status line, and the line being typed. */
const ROWS_BELOW = 2;

/** A text to be read, with a QR code beside it where there is room, else below it. How it stands depends on the screen alone, not on what stood there before. */
export class TextView implements PanelView {
  readonly #panel: TextPanel;
  readonly #tools: PanelTools;
  readonly #scrolled = new ScrolledRows();
  /** The same code, the larger first. */
  #pictures: readonly Picture[] = [];
  #drawnQr: string | undefined;

  constructor(panel: TextPanel, tools: PanelTools) {
    this.#panel = panel;
    this.#tools = tools;
  }

  get coversTabs(): boolean {
    return this.#panel.qr !== undefined;
  }

  draw(area: Area): { readonly rows: Frame["rows"]; readonly cursor: Frame["cursor"] } {
    const whole = this.#laidOut(area, []);
    const scroll = { key: "↑ ↓", says: this.#tools.texts.panels.hints.scroll };
    // A key more may take a row more.
    const { frame, rows } = whole.rows.length <= whole.frame.body.rows ? whole : this.#laidOut(area, [scroll]);
    return { rows: framed(frame, this.#scrolled.shown(rows, frame.body.rows)), cursor: null };
  }

  #laidOut(area: Area, scroll: readonly Hint[]): { readonly frame: PanelFrame; readonly rows: readonly Row[] } {
    const { cells, texts } = this.#tools;
    const { title, choices, dismiss } = this.#panel;
    const back = dismiss === undefined ? [] : [{ key: "Esc", says: texts.panels.hints.back }];
    const frame = frameOf(area, title, [...choiceHints(choices, false), ...scroll, ...back], cells);
    return { frame, rows: this.#bodyRows(frame.body, area) };
  }

  take(stroke: Stroke): boolean {
    const { choices } = this.#panel;
    const choice = choiceOf(choices, stroke, false);
    if (choice !== undefined) run(choice);
    else if (stroke.kind === "mouse") return this.#scrolled.take(stroke);
    else if (stroke.kind === "chord") return this.#takeChord(stroke.chord, stroke);
    return stroke.kind === "text" || stroke.kind === "paste";
  }

  #takeChord(chord: string, stroke: Stroke): boolean {
    if (chord === "escape" || (chord === "enter" && this.#panel.choices.length === 0)) return leave(this.#panel);
    return this.#scrolled.take(stroke) || chord === "enter" || chord === "tab";
  }

  /** With the largest code with which all of it is seen at once; else with the largest that is seen whole when it is scrolled to. */
  #bodyRows(body: Body, area: Area): readonly Row[] {
    const { cells } = this.#tools;
    const { lines, qr } = this.#panel;
    const pictures = this.#picturesOf(qr);
    const smallest = pictures.at(-1);
    if (smallest === undefined) return wrapLines(lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
    const fitting = pictures.filter(({ rows, columns }) => rows.length <= body.rows && columns <= body.columns);
    const laid = fitting.map((picture) => this.#withPicture(body, picture));
    return laid.find((rows) => rows.length <= body.rows) ?? laid[0] ?? this.#withoutPicture(body, area, smallest);
  }

  #withoutPicture(body: Body, area: Area, picture: Picture): readonly Row[] {
    const { cells, texts } = this.#tools;
    const columns = picture.columns + area.columns - body.columns;
    const rows = area.row + picture.rows.length + area.rows - body.rows + ROWS_BELOW;
    const hint = { spans: [{ text: texts.kept.qrLarge(columns, rows), tone: "muted" as const }] };
    const lines = [...this.#panel.lines, { spans: [] }, hint];
    return wrapLines(lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
  }

  /**
   * Beside the code stands what has room there. All down to the last address that is wider stands above it, in its place and in one piece as before the code
   * was there: it is to be copied, and seen before anything is scrolled.
   */
  #withPicture(body: Body, picture: Picture): readonly Row[] {
    const { cells } = this.#tools;
    const { lines } = this.#panel;
    const columns = body.columns - picture.columns - GAP_COLUMNS;
    const isWide = (line: ShownLine): boolean => widestWord(line.spans, cells) > columns;
    const split = columns < TEXT_COLUMNS_MIN ? lines.length : lines.findLastIndex(isWide) + 1;
    const above = wrapLines(lines.slice(0, split), body.columns, cells).map((runs) => bodyRow(body, runs, cells));
    const text = wrapLines(lines.slice(split), Math.max(1, columns), cells);
    const beside = this.#beside(body, text, picture);
    // Light modules are a border too, where there is no row for another one.
    const hasGap = above.length > 0 && above.length + beside.length !== body.rows;
    return [...above, ...(hasGap ? [[]] : []), ...beside];
  }

  #beside(body: Body, text: readonly (readonly Run[])[], picture: Picture): readonly Row[] {
    if (text.length === 0) return picture.rows.map((runs) => bodyRow(body, runs, this.#tools.cells));
    const pictureAt = body.column + body.columns - picture.columns;
    const columns = pictureAt - GAP_COLUMNS - body.column;
    return Array.from({ length: Math.max(text.length, picture.rows.length) }, (_, at): Row => {
      const code = picture.rows[at];
      return [
        { column: body.column, columns, runs: text[at] ?? [] },
        ...(code === undefined ? [] : [{ column: pictureAt, columns: picture.columns, runs: code }]),
      ];
    });
  }

  /** Making one is code that few sessions load: until it is there, the text stands alone. */
  #picturesOf(qr: string | undefined): readonly Picture[] {
    if (qr !== this.#drawnQr) {
      this.#drawnQr = qr;
      this.#pictures = [];
      if (qr !== undefined) void this.#make(qr);
    }
    return this.#pictures;
  }

  async #make(qr: string): Promise<void> {
    const codes = await Promise.all(BORDERS.map((border) => qrLines(qr, border)));
    if (this.#drawnQr !== qr) return;
    this.#pictures = codes.map((lines) => {
      const rows = lines.map(({ spans }) => runsOf(spans));
      return { rows, columns: Math.max(0, ...rows.map((runs) => this.#tools.cells.widthOfRuns(runs))) };
    });
    this.#tools.redraw();
  }
}

function widestWord(spans: readonly Span[], cells: Cells): number {
  const text = spans.map((span) => span.text).join("");
  return Math.max(0, ...text.split(/\s+/u).map((word) => cells.width(word)));
}
