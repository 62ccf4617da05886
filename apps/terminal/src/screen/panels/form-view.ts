import type { FormField, FormPanel } from "@papo/view-model";
import type { Stroke } from "../../input/stroke.ts";
import type { Area } from "../../render/area.ts";
import type { Frame, Look, Row, Run } from "../../render/frame.ts";
import type { PanelView } from "../panel-view.ts";
import { leave } from "./choice-keys.ts";
import { editSecret, FieldEditor, fieldWindow } from "./field-editor.ts";
import { type Body, bodyRow, framed, frameOf, type Hint } from "./panel-frame.ts";
import type { PanelTools } from "./panel-tools.ts";
import { wrapLines } from "./shown-lines.ts";

const MUTED: Look = { tone: "muted" };
/** Narrower than this, a field stands below its name. */
const COLUMNS_BESIDE_MIN = 34;

/** A row of the form; `cursor`: the column in it. `of`: the field that it belongs to. */
type FormRow = { readonly row: Row; readonly cursor?: number; readonly of?: number; readonly doesSubmit?: true };

/** Fields below one another; what there is to know about one stands below it while it is typed in. */
export class FormView implements PanelView {
  readonly coversTabs = false;
  readonly #panel: FormPanel;
  readonly #tools: PanelTools;
  readonly #editors = new Map<string, FieldEditor>();
  #rowsDrawn: readonly FormRow[] = [];
  #top = 0;

  constructor(panel: FormPanel, tools: PanelTools) {
    this.#panel = panel;
    this.#tools = tools;
  }

  draw(area: Area): { readonly rows: Frame["rows"]; readonly cursor: Frame["cursor"] } {
    const { cells } = this.#tools;
    const { title, remark, isBusy } = this.#panel;
    const frame = frameOf(area, title, this.#hints(), cells);
    const { body } = frame;
    const remarks =
      remark === null ? [] : cells.wrapRuns([{ text: remark.text, look: { tone: remark.tone } }], body.columns);
    const remarkRows = remarks.slice(0, Math.max(1, Math.floor(body.rows / 2)));
    const height = Math.max(1, body.rows - remarkRows.length - (body.rows > 8 && remarkRows.length > 0 ? 1 : 0));
    const all = this.#formRows(body);
    const from = firstShown(all, this.#panel.current, height);
    const shown = all.slice(from, from + height);
    this.#rowsDrawn = shown;
    this.#top = body.row;
    const at = shown.findIndex(({ cursor }) => cursor !== undefined);
    const column = shown[at]?.cursor;
    const gap: readonly Row[] = body.rows > 8 && remarkRows.length > 0 ? [[]] : [];
    const rows = [...shown.map(({ row }) => row), ...gap, ...remarkRows.map((runs) => bodyRow(body, runs, cells))];
    const cursor = column === undefined || isBusy ? null : { row: body.row + at, column };
    return { rows: framed(frame, rows), cursor };
  }

  take(stroke: Stroke): boolean {
    if (stroke.kind === "chord" && stroke.chord === "escape") return leave(this.#panel);
    if (this.#panel.isBusy) return stroke.kind !== "chord" || !stroke.chord.startsWith("ctrl-");
    if (stroke.kind === "mouse") return this.#takeMouse(stroke);
    if (stroke.kind === "chord" && this.#takeChord(stroke.chord)) return true;
    return this.#takeText(stroke);
  }

  #hints(): readonly Hint[] {
    const { hints } = this.#tools.texts.panels;
    const { fields, current, submitLabel, dismiss, isBusy } = this.#panel;
    const isLast = current === fields.length - 1;
    return [
      ...(isBusy ? [] : [{ key: "Enter", says: isLast ? submitLabel : hints.nextField }]),
      ...(fields[current]?.completes === true ? [{ key: "Tab", says: hints.complete }] : []),
      ...(fields.length > 1 && !isBusy ? [{ key: "↑ ↓", says: hints.fields }] : []),
      ...(dismiss === undefined ? [] : [{ key: "Esc", says: hints.back }]),
    ];
  }

  #takeMouse({ button, row }: Stroke & { readonly kind: "mouse" }): boolean {
    const hit = button === "left" ? this.#rowsDrawn[row - this.#top] : undefined;
    if (hit?.doesSubmit === true) void this.#panel.submit();
    else if (hit?.of !== undefined) this.#panel.setCurrent(hit.of);
    return true;
  }

  #takeChord(chord: string): boolean {
    const { current, fields } = this.#panel;
    const field = fields[current];
    switch (chord) {
      case "enter":
        if (current >= fields.length - 1) void this.#panel.submit();
        else this.#panel.setCurrent(current + 1);
        return true;
      case "tab":
        if (field?.completes === true) void this.#completeOrGoOn(current);
        else this.#panel.setCurrent((current + 1) % fields.length);
        return true;
      case "down":
        this.#panel.setCurrent((current + 1) % fields.length);
        return true;
      case "up":
      case "shift-tab":
        this.#panel.setCurrent((current - 1 + fields.length) % fields.length);
        return true;
      case "left":
      case "right":
        return field?.options === undefined ? false : this.#turn(field, current, chord === "left" ? -1 : 1);
      default:
        return false;
    }
  }

  /** A path that can mean nothing more is done. */
  async #completeOrGoOn(from: number): Promise<void> {
    const wasCompleted = await this.#panel.complete();
    const { current, fields } = this.#panel;
    if (!wasCompleted && current === from) this.#panel.setCurrent((current + 1) % fields.length);
  }

  #turn({ options = [], value }: FormField, at: number, by: 1 | -1): boolean {
    const now = options.findIndex((option) => option.value === value);
    const next = options[(now + by + options.length) % options.length];
    if (next !== undefined) this.#panel.setValue(at, next.value);
    return true;
  }

  #takeText(stroke: Stroke): boolean {
    const { current, fields } = this.#panel;
    const field = fields[current];
    if (field === undefined) return false;
    if (field.options !== undefined) {
      if (stroke.kind === "text" && stroke.text === " ") this.#turn(field, current, 1);
      return stroke.kind === "text" || stroke.kind === "paste";
    }
    const { keymap } = this.#tools;
    const text = field.isSecret
      ? editSecret(field.value, stroke, keymap)
      : this.#editorOf(field).take(field.value, stroke, keymap);
    if (text !== undefined && text !== field.value) this.#panel.setValue(current, text);
    return text !== undefined;
  }

  #editorOf({ name }: FormField): FieldEditor {
    const editor = this.#editors.get(name) ?? new FieldEditor();
    this.#editors.set(name, editor);
    return editor;
  }

  #formRows(body: Body): readonly FormRow[] {
    const { cells } = this.#tools;
    const { lines, fields, current, submitLabel, isBusy } = this.#panel;
    const intro = wrapLines(lines, body.columns, cells).map((runs) => ({ row: bodyRow(body, runs, cells) }));
    const labels = Math.max(0, ...fields.map(({ label }) => cells.width(label)));
    const beside = body.columns >= COLUMNS_BESIDE_MIN && labels <= body.columns / 2 ? labels + 3 : 0;
    const isRoomy = body.rows >= intro.length + 2 * fields.length + 4;
    const air: readonly FormRow[] = isRoomy ? [{ row: [] }] : [];
    const button: Run = { text: `[ ${submitLabel} ]`, look: isBusy ? MUTED : { tone: "key" } };
    return [
      ...(isRoomy ? [{ row: [] }] : []),
      ...intro,
      ...(intro.length > 0 ? air : []),
      ...fields.flatMap((field, at) => [...this.#fieldRows(field, at, body, beside), ...air]),
      ...(fields[current] === undefined ? [] : [{ row: bodyRow(body, [button], cells), doesSubmit: true as const }]),
    ];
  }

  #fieldRows(field: FormField, at: number, body: Body, beside: number): readonly FormRow[] {
    const { cells } = this.#tools;
    const isCurrent = at === this.#panel.current;
    const label: Run = { text: `${field.label}:`, look: isCurrent ? { bold: true } : MUTED };
    const indent = beside === 0 ? Math.min(2, body.columns - 1) : beside;
    const columns = Math.max(1, body.columns - indent);
    const value = this.#valueOf(field, columns);
    const [first = [], ...more] = this.#choiceRows(field, columns) ?? [value.runs];
    const partOf = (runs: readonly Run[]) => ({ column: body.column + indent, columns, runs });
    const valuePart = partOf(first);
    const cursor = isCurrent && value.cursor !== null ? { cursor: body.column + indent + value.cursor } : {};
    const labelRow = bodyRow(beside === 0 ? body : { ...body, columns: beside }, [label], cells);
    const helps = isCurrent ? cells.wrapRuns([{ text: field.help, look: MUTED }], columns) : [];
    const below = [...more, ...(field.help === "" ? [] : helps)].map((runs) => ({ row: [partOf(runs)], of: at }));
    const named: readonly FormRow[] =
      beside === 0
        ? [
            { row: labelRow, of: at },
            { row: [valuePart], of: at, ...cursor },
          ]
        : [{ row: [...labelRow, valuePart], of: at, ...cursor }];
    return [...named, ...below];
  }

  /** What is chosen, whole: it says what it means. Undefined: nothing is chosen here. */
  #choiceRows({ options, value }: FormField, columns: number): readonly (readonly Run[])[] | undefined {
    if (options === undefined) return undefined;
    const chosen = options.find((option) => option.value === value)?.label ?? "";
    return this.#tools.cells.wrapRuns([{ text: `‹ ${chosen} ›` }], columns);
  }

  /** A secret shows nothing at all. */
  #valueOf(field: FormField, columns: number): { readonly runs: readonly Run[]; readonly cursor: number | null } {
    const { cells } = this.#tools;
    if (field.isSecret) return { runs: [], cursor: 0 };
    if (field.options !== undefined) return { runs: [], cursor: null };
    const cursor = this.#editorOf(field).cursorIn(field.value);
    const window = fieldWindow({ text: field.value, cursor, columns }, cells);
    return { runs: window.text === "" ? [] : [{ text: window.text }], cursor: window.column };
  }
}

/** As much from the top as leaves the current field in sight, and what is said below it. */
function firstShown(rows: readonly FormRow[], current: number, height: number): number {
  const last = rows.findLastIndex(({ of }) => of === current);
  const first = rows.findIndex(({ of }) => of === current);
  if (rows.length <= height) return 0;
  return Math.max(0, Math.min(Math.max(0, last - height + 1), first));
}
