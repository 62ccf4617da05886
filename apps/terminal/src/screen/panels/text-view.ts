import type { ShownLine, Span, TextPanel } from "@papo/view-model";
import { qrLines } from "../../classic/qr-lines.ts";
import type { Stroke } from "../../input/stroke.ts";
import type { Area } from "../../render/area.ts";
import type { Cells } from "../../render/cells.ts";
import type { Frame, Row, Run } from "../../render/frame.ts";
import { runsOf } from "../runs.ts";
import type { PanelView } from "../panel-view.ts";
import { choiceHints, choiceOf, leave, run } from "./choice-keys.ts";
import { type Body, bodyRow, framed, frameOf, type Hint } from "./panel-frame.ts";
import type { PanelTools } from "./panel-tools.ts";
import { ScrolledRows } from "./scrolled-rows.ts";
import { wrapLine, wrapLines } from "./shown-lines.ts";

type Picture = { readonly rows: readonly (readonly Run[])[]; readonly columns: number };

/** Cells between a text and the code beside it, and what a text needs there: three groups of a safety number. */
const GAP_COLUMNS = 3;
const TEXT_COLUMNS_MIN = 18;
/** Light modules around the code: as classic has them, and where that is too large for the screen. */
const BORDERS = [2, 1];
/** Of the screen below a panel: the status line, and the line being typed. */
const ROWS_BELOW = 2;

/** A text to be read, with a QR code beside it where there is room, else below it. */
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
    const { cells, texts } = this.#tools;
    const { title, choices, dismiss } = this.#panel;
    const { hints } = texts.panels;
    const all: readonly Hint[] = [
      ...choiceHints(choices, false),
      ...(this.#scrolled.overflows ? [{ key: "↑ ↓", says: hints.scroll }] : []),
      ...(dismiss === undefined ? [] : [{ key: "Esc", says: hints.back }]),
    ];
    const frame = frameOf(area, title, all, cells);
    const rows = this.#bodyRows(frame.body, area);
    const hadHint = this.#scrolled.overflows;
    const shown = this.#scrolled.shown(rows, frame.body.rows);
    // What is longer than it looked a moment ago has a key more.
    if (this.#scrolled.overflows && !hadHint) return this.draw(area);
    return { rows: framed(frame, shown), cursor: null };
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

  #bodyRows(body: Body, area: Area): readonly Row[] {
    const { cells } = this.#tools;
    const { lines, qr } = this.#panel;
    const pictures = this.#picturesOf(qr);
    const smallest = pictures.at(-1);
    if (smallest === undefined) return wrapLines(lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
    const picture = pictures.find(({ rows, columns }) => rows.length <= body.rows && columns <= body.columns);
    if (picture === undefined) return this.#withoutPicture(body, area, smallest);
    const beside = body.columns - picture.columns - GAP_COLUMNS;
    return beside >= TEXT_COLUMNS_MIN ? this.#beside(body, beside, picture) : this.#below(body, picture);
  }

  #withoutPicture(body: Body, area: Area, picture: Picture): readonly Row[] {
    const { cells, texts } = this.#tools;
    const columns = picture.columns + area.columns - body.columns;
    const rows = area.row + picture.rows.length + area.rows - body.rows + ROWS_BELOW;
    const hint = { spans: [{ text: texts.kept.qrLarge(columns, rows), tone: "muted" as const }] };
    const lines = [...this.#panel.lines, { spans: [] }, hint];
    return wrapLines(lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
  }

  #below(body: Body, picture: Picture): readonly Row[] {
    const { cells } = this.#tools;
    const text = wrapLines(this.#panel.lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
    return [...text, [], ...picture.rows.map((runs) => bodyRow(body, runs, cells))];
  }

  /** An address in one piece that is wider than the text beside the code stands below both, so that it can be copied. */
  #beside(body: Body, columns: number, picture: Picture): readonly Row[] {
    const { cells } = this.#tools;
    const isWide = (line: ShownLine): boolean => widestWord(line.spans, cells) > columns;
    const text = this.#panel.lines.filter((line) => !isWide(line)).flatMap((line) => wrapLine(line, columns, cells));
    const wide = wrapLines(this.#panel.lines.filter(isWide), body.columns, cells);
    const pictureAt = body.column + body.columns - picture.columns;
    const rows = Array.from({ length: Math.max(text.length, picture.rows.length) }, (_, at): Row => {
      const code = picture.rows[at];
      return [
        { column: body.column, columns, runs: text[at] ?? [] },
        ...(code === undefined ? [] : [{ column: pictureAt, columns: picture.columns, runs: code }]),
      ];
    });
    return [...rows, ...(wide.length === 0 ? [] : [[]]), ...wide.map((runs) => bodyRow(body, runs, cells))];
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
