import { INPUT_LINE_CHARS_MAX, PASTE_ASK_CHARS } from "@papo/protocol";
import { cleanPaste, type EditorState, pasteText } from "../line-editor/editor-state.ts";

/** Pasted text about which the user is asked: it is in no line yet. */
export type HeldPaste = { readonly text: string; readonly lines: number };

/** Blanks and line breaks at its end say nothing: whoever copies a line has one. */
export function heldPaste(pasted: string): HeldPaste {
  const text = cleanPaste(pasted).slice(0, INPUT_LINE_CHARS_MAX).trimEnd();
  return { text, lines: text.split("\n").length };
}

/** Whether it is more than one would paste without looking. */
export function needsLook({ text, lines }: HeldPaste): boolean {
  return lines > 1 || text.length > PASTE_ASK_CHARS;
}

export function withPaste(editor: EditorState, { text }: HeldPaste): EditorState {
  return pasteText(editor, text);
}

/** Also the decoder takes no more of a paste than a line may hold. */
export function isTooLong(editor: EditorState, pasted: string): boolean {
  return pasted.length >= INPUT_LINE_CHARS_MAX || editor.text.length + pasted.length > INPUT_LINE_CHARS_MAX;
}

/** It would be run, or refused, and not said: nothing pasted is a command without a look at it. */
export function looksLikeCommand(line: string): boolean {
  return /^\s*\//u.test(line);
}
