import type { Action } from "../input/actions.ts";
import { decodeStrokes, NO_STROKES, type StrokesState } from "../input/decode-strokes.ts";
import { type CommandLine, DEFAULT_KEYMAP } from "../input/keymap.ts";
import { EDIT_ACTIONS, type EditorState, editAction, pasteText, typeText } from "./editor-state.ts";

/** What a line being asked for can do with a key. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  /** What stood between the marks of a bracketed paste. It is text, whatever it looks like. */
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "press"; readonly action: Action };

/** `afterReturn`: a `\n` that follows belongs to it. */
export type KeysState = StrokesState & { readonly afterReturn: boolean };

export const NO_KEYS: KeysState = { ...NO_STROKES, afterReturn: false };

/** Here is one line and no tabs: keys that lead elsewhere on a full screen are readline's, and Ctrl-J is Enter. */
const ONE_LINE: readonly (readonly [string, Action])[] = [
  ["ctrl-j", "submit"],
  ["ctrl-alt-j", "insert-newline"],
  ["ctrl-p", "history-previous"],
  ["ctrl-n", "history-next"],
  ["ctrl-f", "move-right"],
  ["alt-left", "move-word-left"],
  ["alt-right", "move-word-right"],
  ["alt-shift-b", "move-word-left"],
  ["alt-shift-f", "move-word-right"],
  ["alt-shift-d", "kill-word-right"],
  // Esc alone means nothing here, and no clock tells it from Alt.
  ["alt-up", "history-previous"],
  ["alt-down", "history-next"],
];

const ACTION_BY_CHORD: ReadonlyMap<string, Action> = new Map([
  ...[...DEFAULT_KEYMAP].flatMap(([chord, does]) => (isOfOneLine(does) ? [[chord, does] as const] : [])),
  ...ONE_LINE,
]);

function isOfOneLine(does: Action | CommandLine): does is Action {
  return EDIT_ACTIONS.has(does as Action) || does === "submit" || does === "redraw" || does === "interrupt";
}

/** Pure: what was typed, from what a terminal sends; a chunk may end anywhere. Unknown sequences are swallowed. */
export function decodeKeys(
  state: KeysState,
  chunk: string,
): { readonly state: KeysState; readonly keys: readonly Key[] } {
  const decoded = decodeStrokes(state, chunk);
  const keys: Key[] = [];
  let { afterReturn } = state;
  for (const stroke of decoded.strokes) {
    const repeats = afterReturn && stroke.kind === "chord" && stroke.chord === "ctrl-j";
    afterReturn = stroke.kind === "chord" && stroke.chord === "enter";
    if (repeats) continue;
    if (stroke.kind === "text" || stroke.kind === "paste") keys.push(stroke);
    const action = stroke.kind === "chord" ? ACTION_BY_CHORD.get(stroke.chord) : undefined;
    if (action !== undefined) keys.push({ kind: "press", action });
  }
  return { state: { ...decoded.state, afterReturn }, keys };
}

/** Pure. Enter, Ctrl-C, Ctrl-L and the end of input are the driver's. */
export function editKey(state: EditorState, key: Key): EditorState {
  if (key.kind === "press") return editAction(state, key.action);
  return key.kind === "paste" ? pasteText(state, key.text) : typeText(state, key.text);
}
