import type { ListPanel } from "@papo/view-model";
import type { Stroke } from "../../input/stroke.ts";
import type { Area } from "../../render/area.ts";
import type { Frame, Look, Part, Row, Run } from "../../render/frame.ts";
import { runsOf } from "../runs.ts";
import type { PanelView } from "../panel-view.ts";
import { choiceHints, choiceOf, leave, run } from "./choice-keys.ts";
import { FieldEditor, fieldWindow } from "./field-editor.ts";
import { type Body, bodyRow, framed, frameOf, type Hint } from "./panel-frame.ts";
import type { PanelTools } from "./panel-tools.ts";

const SELECTED: Look = { bar: "selected" };
const MUTED: Look = { tone: "muted" };
const PROMPT = "› ";
/** Rows of a notch of the mouse's wheel. */
const WHEEL_ROWS = 3;
/** What is said of a row beside it needs this much. */
const COLUMNS_WITH_DETAIL = 36;

/** Rows to choose from, filtered by what is typed above them. */
export class ListView implements PanelView {
  readonly coversTabs = false;
  readonly #panel: ListPanel;
  readonly #tools: PanelTools;
  readonly #editor = new FieldEditor();
  #from = 0;
  #height = 1;
  /** Of the row of the list that is drawn at it, by the row of the screen. */
  #indexByRow: ReadonlyMap<number, number> = new Map();

  constructor(panel: ListPanel, tools: PanelTools) {
    this.#panel = panel;
    this.#tools = tools;
  }

  get #isFiltered(): boolean {
    return this.#panel.placeholder !== undefined;
  }

  draw(area: Area): { readonly rows: Frame["rows"]; readonly cursor: Frame["cursor"] } {
    const { cells, texts } = this.#tools;
    const { title, rows, choices, remark, dismiss } = this.#panel;
    const { hints } = texts.panels;
    const all: readonly Hint[] = [
      ...(rows.length === 0 ? [] : [{ key: "Enter", says: hints.choose }]),
      ...choiceHints(choices, this.#isFiltered),
      ...(dismiss === undefined ? [] : [{ key: "Esc", says: hints.back }]),
    ];
    const frame = frameOf(area, title, all, cells);
    const { body } = frame;
    const filter = this.#filterRow(body);
    const remarks = remark === null ? [] : cells.wrapRuns([{ text: remark, look: MUTED }], body.columns);
    const remarkRows = remarks.slice(0, Math.max(rows.length === 0 ? 1 : 0, Math.floor(body.rows / 3)));
    const height = Math.max(1, body.rows - filter.rows.length - remarkRows.length);
    const shown = this.#visible(body, filter.rows.length, height);
    const drawn = [...filter.rows, ...shown, ...remarkRows.map((runs) => bodyRow(body, runs, cells))];
    return { rows: framed(frame, drawn), cursor: filter.cursor };
  }

  take(stroke: Stroke): boolean {
    const { choices } = this.#panel;
    const choice = choiceOf(choices, stroke, this.#isFiltered);
    if (choice !== undefined) {
      run(choice);
      return true;
    }
    if (stroke.kind === "mouse") return this.#takeMouse(stroke);
    if (stroke.kind === "chord" && this.#takeChord(stroke.chord)) return true;
    return this.#takeText(stroke);
  }

  #takeChord(chord: string): boolean {
    const { selected, rows } = this.#panel;
    if (chord === "escape") return leave(this.#panel);
    if (chord === "enter") {
      void this.#panel.choose();
      return true;
    }
    const to = stepOf(chord, this.#height);
    if (to === undefined) return this.#isFiltered ? false : this.#takeEnd(chord);
    const next = Math.abs(to) === 1 && rows.length > 0 ? (selected + to + rows.length) % rows.length : selected + to;
    this.#panel.select(next);
    return true;
  }

  #takeEnd(chord: string): boolean {
    if (chord !== "home" && chord !== "end") return false;
    this.#panel.select(chord === "home" ? 0 : this.#panel.rows.length - 1);
    return true;
  }

  #takeText(stroke: Stroke): boolean {
    if (!this.#isFiltered) return stroke.kind === "text" || stroke.kind === "paste";
    const text = this.#editor.take(this.#panel.filter, stroke, this.#tools.keymap);
    if (text !== undefined) this.#panel.setFilter(text);
    return text !== undefined;
  }

  #takeMouse(stroke: Stroke & { readonly kind: "mouse" }): boolean {
    const { selected } = this.#panel;
    if (stroke.button === "wheel-up") this.#panel.select(selected - WHEEL_ROWS);
    else if (stroke.button === "wheel-down") this.#panel.select(selected + WHEEL_ROWS);
    else {
      const index = stroke.button === "left" ? this.#indexByRow.get(stroke.row) : undefined;
      if (index !== undefined && index === selected) void this.#panel.choose();
      else if (index !== undefined) this.#panel.select(index);
    }
    return true;
  }

  #filterRow(body: Body): { readonly rows: readonly Row[]; readonly cursor: Frame["cursor"] } {
    const { cells } = this.#tools;
    const { placeholder, filter } = this.#panel;
    if (placeholder === undefined) return { rows: [], cursor: null };
    const prompt = body.columns > 12 ? PROMPT : "";
    const columns = body.columns - cells.width(prompt);
    const cursor = this.#editor.cursorIn(filter);
    const window = fieldWindow({ text: filter, cursor, columns }, cells);
    const typed: Run = filter === "" ? { text: placeholder, look: MUTED } : { text: window.text };
    const row = bodyRow(body, [{ text: prompt, look: { tone: "key" } }, typed], cells);
    return { rows: [row], cursor: { row: body.row, column: body.column + cells.width(prompt) + window.column } };
  }

  /** Around the selected one, moving no more than it has to. */
  #visible(body: Body, above: number, height: number): readonly Row[] {
    const { rows, selected } = this.#panel;
    this.#height = height;
    this.#from = Math.max(0, Math.min(this.#from, selected, rows.length - height));
    if (selected >= this.#from + height) this.#from = selected - height + 1;
    const visible = rows.slice(this.#from, this.#from + height);
    this.#indexByRow = new Map(visible.map((_, at) => [body.row + above + at, this.#from + at]));
    return visible.map((row, at) => this.#row(row, this.#from + at === selected, body));
  }

  #row({ spans, detail }: ListPanel["rows"][number], isSelected: boolean, body: Body): Row {
    const { cells } = this.#tools;
    const look: Look = isSelected ? SELECTED : {};
    const mark: Run = { text: isSelected ? "> " : "  ", look };
    const details = cells.cutRuns(runsOf(detail, look), Math.floor(body.columns / 2));
    const detailColumns = body.columns < COLUMNS_WITH_DETAIL ? 0 : cells.widthOfRuns(details);
    const columns = body.columns - (detailColumns === 0 ? 0 : detailColumns + 2);
    const main = cells.cutRuns([mark, ...runsOf(spans, look)], columns);
    const isAlone = detailColumns === 0;
    const part: Part = { column: body.column, columns: isAlone ? body.columns : columns + 2, runs: main };
    const beside: Part = { column: body.column + columns + 2, columns: detailColumns, runs: details };
    const parts = isAlone ? [part] : [part, beside];
    return isSelected ? parts.map((one) => ({ ...one, fill: SELECTED })) : parts;
  }
}

function stepOf(chord: string, height: number): number | undefined {
  switch (chord) {
    case "up":
    case "shift-tab":
    case "ctrl-p":
      return -1;
    case "down":
    case "tab":
    case "ctrl-n":
      return 1;
    case "page-up":
      return -height;
    case "page-down":
      return height;
    default:
      return undefined;
  }
}
