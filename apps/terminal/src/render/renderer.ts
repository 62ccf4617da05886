import { CURSOR_HIDDEN, CURSOR_SHOWN, cursorTo, FRAME_END, FRAME_START } from "../sequences.ts";
import type { TerminalOutput } from "../terminal-output.ts";
import type { Frame, Row } from "./frame.ts";
import { type Paint, RowPainter } from "./paint-row.ts";

/** A row as it stands on the screen. */
type ShownRow = { readonly row: Row; readonly painted: string };

/** Where the cursor stands, or null: hidden. */
type Cursor = Frame["cursor"];

const NO_PARTS: Row = [];

/**
 * Brings frames to a terminal: one write each, with the rows that are different from what stands there, and none when nothing is. A terminal that does not keep up
 * gets the newest frame when it has room again, and none of those between.
 */
export class Renderer {
  readonly #output: TerminalOutput;
  readonly #cells: Paint["cells"];
  readonly #painter: RowPainter;
  readonly #stopListening: () => void;
  /** Undefined: nobody knows what the screen holds. */
  #shown: readonly ShownRow[] | undefined;
  #cursor: Cursor | undefined;
  #size = { columns: 0, rows: 0 };
  /** Of the widths by which rows were painted. */
  #generation = 0;
  #waiting: Frame | undefined;
  #isOpen = true;

  constructor(output: TerminalOutput, paint: Paint) {
    this.#output = output;
    this.#cells = paint.cells;
    this.#painter = new RowPainter(paint);
    this.#stopListening = output.onDrain(() => this.#drained());
  }

  draw(frame: Frame): void {
    if (!this.#isOpen) return;
    if (this.#output.isFull) this.#waiting = frame;
    else this.#output.write(this.#changes(frame));
  }

  /** Something else has written to the screen, or may have: the next frame is drawn whole. */
  invalidate(): void {
    this.#shown = undefined;
    this.#cursor = undefined;
  }

  /** Draws nothing any more. */
  close(): void {
    this.#isOpen = false;
    this.#waiting = undefined;
    this.#stopListening();
  }

  #drained(): void {
    const frame = this.#waiting;
    this.#waiting = undefined;
    if (frame !== undefined) this.draw(frame);
  }

  #changes(frame: Frame): string {
    const { columns, rows } = this.#output;
    const { generation } = this.#cells;
    const isElsewise = columns !== this.#size.columns || rows !== this.#size.rows || generation !== this.#generation;
    if (isElsewise) {
      this.invalidate();
      this.#painter.forget();
    }
    this.#size = { columns, rows };
    this.#generation = generation;

    const before = this.#shown;
    const shown: ShownRow[] = [];
    let changed = "";
    for (let at = 0; at < rows; at += 1) {
      const row = this.#painted(frame.rows[at] ?? NO_PARTS, at);
      shown.push(row);
      if (row.painted !== before?.[at]?.painted) changed += row.painted;
    }
    this.#shown = shown;
    const cursor = within(frame.cursor, { columns, rows });
    if (changed === "") return this.#moved(cursor);
    const hidden = this.#cursor === null ? "" : CURSOR_HIDDEN;
    this.#cursor = null;
    return `${FRAME_START}${hidden}${changed}${this.#moved(cursor)}${FRAME_END}`;
  }

  #painted(row: Row, at: number): ShownRow {
    const before = this.#shown?.[at];
    if (before !== undefined && isSameRow(before.row, row)) return before;
    return { row, painted: this.#painter.row(row, { row: at, columns: this.#size.columns }) };
  }

  #moved(cursor: Cursor): string {
    const before = this.#cursor;
    this.#cursor = cursor;
    if (cursor === null) return before === null ? "" : CURSOR_HIDDEN;
    if (before?.row === cursor.row && before.column === cursor.column) return "";
    return `${cursorTo(cursor.row, cursor.column)}${before === null || before === undefined ? CURSOR_SHOWN : ""}`;
  }
}

/** Of the same parts: whoever draws keeps those that have not changed. */
function isSameRow(one: Row, other: Row): boolean {
  return one === other || (one.length === other.length && one.every((part, at) => part === other[at]));
}

function within(cursor: Cursor, { columns, rows }: { readonly columns: number; readonly rows: number }): Cursor {
  if (cursor === null || cursor.row >= rows || cursor.row < 0) return null;
  return { row: cursor.row, column: Math.max(0, Math.min(cursor.column, columns - 1)) };
}
