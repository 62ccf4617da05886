import { safeText } from "@papo/protocol";
import type { Action } from "../../input/actions.ts";
import type { Keymap } from "../../input/keymap.ts";
import type { Stroke } from "../../input/stroke.ts";
import {
  editAction,
  editorOf,
  type EditorState,
  emptyEditor,
  pasteText,
  typeText,
} from "../../line-editor/editor-state.ts";
import type { Cells } from "../../render/cells.ts";

/** One line being typed into a field of a panel, whose text the model has. */
export class FieldEditor {
  #state: EditorState = emptyEditor();

  /** What the stroke makes of the text; undefined: it is not for a line of text. */
  take(value: string, stroke: Stroke, keymap: Keymap): string | undefined {
    this.#follow(value);
    if (stroke.kind === "text") this.#state = typeText(this.#state, stroke.text);
    else if (stroke.kind === "paste") this.#state = pasteText(this.#state, onOneLine(stroke.text));
    else {
      const action = actionOf(stroke, keymap);
      if (action === undefined) return undefined;
      this.#state = editAction(this.#state, action);
    }
    return this.#state.text;
  }

  /** UTF-16 index in the text. */
  cursorIn(value: string): number {
    this.#follow(value);
    return this.#state.cursor;
  }

  #follow(value: string): void {
    if (this.#state.text !== value) this.#state = editorOf(value, this.#state);
  }
}

/** A secret is kept nowhere but in its form: it grows at its end, loses its last character, or goes. */
export function editSecret(value: string, stroke: Stroke, keymap: Keymap): string | undefined {
  if (stroke.kind === "text") return typeText(editorOf(value, emptyEditor()), stroke.text).text;
  if (stroke.kind === "paste") return pasteText(editorOf(value, emptyEditor()), onOneLine(stroke.text)).text;
  const action = actionOf(stroke, keymap);
  if (action === "delete-backward") return editAction(editorOf(value, emptyEditor()), action).text;
  if (action === "kill-to-start" || action === "kill-blank-word" || action === "kill-word-left") return "";
  return action === undefined ? undefined : value;
}

function actionOf(stroke: Stroke, keymap: Keymap): Action | undefined {
  const does = stroke.kind === "chord" ? keymap.get(stroke.chord) : undefined;
  return does !== undefined && EDITS.test(does) ? (does as Action) : undefined;
}

const EDITS = /^(?:move-|delete-|kill-|yank|transpose$|undo$)/u;

/** Nothing in a paste is Enter; what was copied with the end of its line is meant without it. */
function onOneLine(pasted: string): string {
  return pasted.replace(/[\r\n]+$/u, "").replaceAll(/\r\n?|\n/gu, " ");
}

/** The part of a line around its cursor, as wide as there is room, safe; and the column of the cursor in it. */
export function fieldWindow(
  { text, cursor, columns }: { readonly text: string; readonly cursor: number; readonly columns: number },
  cells: Cells,
): { readonly text: string; readonly column: number } {
  const before = shownGraphemes(text.slice(0, cursor), cells);
  let from = before.length;
  let column = 0;
  while (from > 0) {
    const width = cells.width(before[from - 1] ?? "");
    if (column + width > columns - 1) break;
    column += width;
    from -= 1;
  }
  return {
    text: cells.cut(before.slice(from).join("") + shownGraphemes(text.slice(cursor), cells).join(""), columns),
    column,
  };
}

function shownGraphemes(text: string, cells: Cells): readonly string[] {
  return cells.graphemes(text).map((grapheme) => safeText(grapheme));
}
