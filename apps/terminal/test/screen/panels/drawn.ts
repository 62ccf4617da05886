import assert from "node:assert/strict";
import { catalogueOf, type Language, type Panel } from "@papo/view-model";
import { DEFAULT_KEYMAP } from "../../../src/input/keymap.ts";
import type { Stroke } from "../../../src/input/stroke.ts";
import type { Area } from "../../../src/render/area.ts";
import { Cells } from "../../../src/render/cells.ts";
import type { PanelView } from "../../../src/screen/panel-view.ts";
import { panelViewOf } from "../../../src/screen/panels/panel-view-of.ts";

export const SIZES: readonly Area[] = [
  { row: 0, column: 0, rows: 24, columns: 80 },
  { row: 2, column: 3, rows: 40, columns: 120 },
  { row: 0, column: 0, rows: 12, columns: 40 },
  { row: 0, column: 0, rows: 6, columns: 20 },
  { row: 0, column: 0, rows: 1, columns: 1 },
];
const USUAL: Area = { row: 0, column: 0, rows: 24, columns: 80 };

/** A panel on a screen without a terminal. */
export class DrawnPanel {
  readonly cells = new Cells();
  readonly view: PanelView;
  redraws = 0;

  constructor(panel: Panel, language: Language = "en") {
    const redraw = (): void => void (this.redraws += 1);
    this.view = panelViewOf(panel, { cells: this.cells, texts: catalogueOf(language), keymap: DEFAULT_KEYMAP, redraw });
  }

  /** The rows as a terminal has them; what does not fit, or overlaps, fails. */
  rows(area: Area = USUAL): readonly string[] {
    const { rows, cursor } = this.view.draw(area);
    assert.ok(rows.length <= area.rows, `${rows.length} rows in ${area.rows}`);
    if (cursor !== null) {
      assert.ok(cursor.row >= area.row && cursor.row < area.row + area.rows, "the cursor is above or below");
      assert.ok(cursor.column >= area.column && cursor.column < area.column + area.columns, "the cursor is beside");
    }
    return rows.map((parts) => {
      let text = "";
      let end = area.column;
      for (const { column, columns, runs } of parts) {
        assert.ok(column >= end, "parts overlap");
        end = column + columns;
        assert.ok(end <= area.column + area.columns, "a part is wider than the area");
        const said = runs.map((run) => run.text).join("");
        assert.ok(this.cells.width(said) <= columns, `“${said}” is wider than ${columns}`);
        assert.doesNotMatch(said, /\p{Cc}/u, "a control character");
        text = text.padEnd(column - area.column) + said;
      }
      return text.trimEnd();
    });
  }

  text(area: Area = USUAL): string {
    return this.rows(area).join("\n");
  }

  cursor(area: Area = USUAL): { readonly row: number; readonly column: number } | null {
    return this.view.draw(area).cursor;
  }

  /** Keys by their chords; anything else is typed. */
  press(...chords: readonly string[]): void {
    for (const chord of chords) this.view.take({ kind: "chord", chord });
  }

  type(text: string): void {
    this.view.take({ kind: "text", text });
  }

  take(stroke: Stroke): boolean {
    return this.view.take(stroke);
  }
}
