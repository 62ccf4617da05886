import type { ChoicePanel } from "@papo/view-model";
import type { Stroke } from "../../input/stroke.ts";
import type { Area } from "../../render/area.ts";
import type { Frame, Look, Row, Run } from "../../render/frame.ts";
import type { PanelView } from "../panel-view.ts";
import { choiceOf, leave, run } from "./choice-keys.ts";
import { type Body, bodyRow, framed, frameOf, type Hint, type PanelFrame } from "./panel-frame.ts";
import type { PanelTools } from "./panel-tools.ts";
import { ScrolledRows } from "./scrolled-rows.ts";
import { wrapLines } from "./shown-lines.ts";

type Split = { readonly text: number; readonly gap: number; readonly choices: number };
type LaidOut = { readonly frame: PanelFrame; readonly text: readonly Row[]; readonly split: Split };

/** A question: what there is to know, then the answers, one below the other. */
export class ChoiceView implements PanelView {
  readonly coversTabs = false;
  readonly #panel: ChoicePanel;
  readonly #tools: PanelTools;
  readonly #text = new ScrolledRows();
  #selected: number;
  /** Of the choice that is drawn at it, by the row of the screen. */
  #choiceByRow: ReadonlyMap<number, number> = new Map();

  constructor(panel: ChoicePanel, tools: PanelTools) {
    this.#panel = panel;
    this.#tools = tools;
    this.#selected = panel.selected;
  }

  draw(area: Area): { readonly rows: Frame["rows"]; readonly cursor: Frame["cursor"] } {
    const { hints } = this.#tools.texts.panels;
    const plain = this.#laidOut(area, []);
    const scrolled = this.#laidOut(area, [{ key: hints.pageKeys, says: hints.scroll }]);
    // That there is more to read is said unless it takes the row of an answer.
    const isTold = plain.text.length > plain.split.text && scrolled.split.choices === plain.split.choices;
    const { frame, text, split } = isTold ? scrolled : plain;
    const shown = this.#text.shown(text, split.text);
    const gap: readonly Row[] = Array.from({ length: split.gap }, () => []);
    const answers = this.#answers(frame.body, shown.length + split.gap, split.choices);
    return { rows: framed(frame, [...shown, ...gap, ...answers]), cursor: null };
  }

  /** With a key more there may be a row less. */
  #laidOut(area: Area, scroll: readonly Hint[]): LaidOut {
    const { cells, texts } = this.#tools;
    const { title, lines, choices, dismiss } = this.#panel;
    const { hints } = texts.panels;
    const select = { key: "↑ ↓", says: hints.select };
    const choose = { key: "Enter", says: hints.choose };
    const back = dismiss === undefined ? [] : [{ key: "Esc", says: hints.back }];
    const frame = frameOf(area, title, [select, choose, ...scroll, ...back], cells);
    const { body } = frame;
    const text = wrapLines(lines, body.columns, cells).map((runs) => bodyRow(body, runs, cells));
    return { frame, text, split: splitOf(body.rows, text.length, choices.length) };
  }

  take(stroke: Stroke): boolean {
    const { choices } = this.#panel;
    const choice = choiceOf(choices, stroke, false);
    if (choice !== undefined) run(choice);
    else if (stroke.kind === "mouse") return this.#takeMouse(stroke);
    else if (stroke.kind === "chord") return this.#takeChord(stroke);
    return stroke.kind === "text" || stroke.kind === "paste";
  }

  #takeMouse(stroke: Stroke & { readonly kind: "mouse" }): boolean {
    const at = stroke.button === "left" ? this.#choiceByRow.get(stroke.row) : undefined;
    const choice = at === undefined ? undefined : this.#panel.choices[at];
    if (choice === undefined) return this.#text.take(stroke);
    run(choice);
    return true;
  }

  #takeChord(stroke: Stroke & { readonly kind: "chord" }): boolean {
    const { choices } = this.#panel;
    switch (stroke.chord) {
      case "escape":
        return leave(this.#panel);
      case "enter": {
        const choice = choices[this.#selected];
        if (choice !== undefined) run(choice);
        return true;
      }
      case "up":
      case "left":
      case "shift-tab":
        return this.#step(-1);
      case "down":
      case "right":
      case "tab":
        return this.#step(1);
      default:
        return this.#text.take(stroke);
    }
  }

  #step(by: 1 | -1): boolean {
    const { length } = this.#panel.choices;
    if (length > 0) this.#selected = (this.#selected + by + length) % length;
    return true;
  }

  #answers(body: Body, from: number, height: number): readonly Row[] {
    const { choices } = this.#panel;
    this.#selected = Math.max(0, Math.min(this.#selected, choices.length - 1));
    const first = Math.max(0, Math.min(this.#selected - Math.floor(height / 2), choices.length - height));
    const visible = choices.slice(first, first + height);
    this.#choiceByRow = new Map(visible.map((_, at) => [body.row + from + at, first + at]));
    return visible.map((choice, at) => this.#answer(choice, first + at === this.#selected, body));
  }

  #answer({ key, label, tone }: ChoicePanel["choices"][number], isSelected: boolean, body: Body): Row {
    const look: Look = { ...(tone === undefined ? {} : { tone }), ...(isSelected ? SELECTED : {}) };
    const runs: readonly Run[] = [
      { text: isSelected ? "> " : "  ", look },
      { text: key.toUpperCase(), look: { ...(isSelected ? SELECTED : {}), tone: "key" } },
      { text: `  ${label}`, look },
    ];
    return bodyRow(body, runs, this.#tools.cells, isSelected ? SELECTED : undefined);
  }
}

const SELECTED: Look = { bar: "selected" };

/** Rows for the text and for the answers, of which there is always one at least. */
function splitOf(rows: number, text: number, choices: number): Split {
  if (text + 1 + choices <= rows) return { text, gap: text === 0 ? 0 : 1, choices };
  const most = Math.max(1, Math.ceil(rows / 2));
  const shownChoices = Math.min(choices, Math.max(most, rows - text));
  return { text: Math.max(0, rows - shownChoices), gap: 0, choices: shownChoices };
}
