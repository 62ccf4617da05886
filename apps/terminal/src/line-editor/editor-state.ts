import { INPUT_LINE_CHARS_MAX, KILLS_KEPT_MAX, UNDO_STEPS_MAX, UNDO_TYPED_CHARS_MAX } from "@papo/protocol";
import { boundaryAfter, boundaryBefore, wholeBoundary } from "../graphemes.ts";
import type { Action } from "../input/actions.ts";
import { blankWordStart, wordEnd, wordStart } from "./words.ts";
import { lineEnd, lineStart, sameColumnBeside } from "./lines.ts";

/** Lines typed before, oldest first: in this conversation, and anywhere. */
export type History = { readonly tab: readonly string[]; readonly all: readonly string[] };

/** A text being typed, of one line or several. `cursor` is a UTF-16 index that never cuts a character. */
export type EditorState = {
  readonly text: string;
  readonly cursor: number;
  /** What was cut out, newest last. */
  readonly kills: readonly string[];
  readonly history: History;
  /** Where in one of the histories the user is; null: at the text being typed, kept in `draft` meanwhile. */
  readonly walk: { readonly of: keyof History; readonly at: number } | null;
  readonly draft: string;
  /** Newest last. */
  readonly undo: readonly Earlier[];
  /** What was done last, where the next thing depends on it. */
  readonly last: Last;
};

type Earlier = Pick<EditorState, "text" | "cursor" | "walk" | "draft">;

type Last =
  | { readonly kind: "other" }
  /** So many characters in a row. */
  | { readonly kind: "typed"; readonly count: number }
  /** Kills that follow one another are one. */
  | { readonly kind: "killed" }
  /** Put back from `kills[index]`: another may take its place. */
  | { readonly kind: "yanked"; readonly index: number }
  /** Up and down keep to a column (in characters), also through shorter lines. */
  | { readonly kind: "climbed"; readonly column: number };

const OTHER: Last = { kind: "other" };
const NO_HISTORY: History = { tab: [], all: [] };

export function emptyEditor(history: History = NO_HISTORY, kills: readonly string[] = []): EditorState {
  return { text: "", cursor: 0, kills, history, walk: null, draft: "", undo: [], last: OTHER };
}

/** A text to go on with, the cursor behind it. */
export function editorOf(text: string, { history, kills }: EditorState): EditorState {
  const kept = text.slice(0, INPUT_LINE_CHARS_MAX);
  return { ...emptyEditor(history, kills), text: kept, cursor: kept.length };
}

/** Characters as they are typed. */
export function typeText(state: EditorState, typed: string): EditorState {
  const { last } = state;
  const goesOn = last.kind === "typed" && last.count < UNDO_TYPED_CHARS_MAX;
  const next = inserted(goesOn ? state : remembered(state), typed);
  return { ...next, last: { kind: "typed", count: (goesOn ? last.count : 0) + typed.length } };
}

/** Text from elsewhere: line breaks stay, as characters, so that nothing in it is Enter. Other control characters are dropped. */
export function pasteText(state: EditorState, pasted: string): EditorState {
  return { ...inserted(remembered(state), cleanPaste(pasted)), last: OTHER };
}

export function cleanPaste(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replaceAll("\t", " ")
    .replace(/[^\P{Cc}\n]/gu, "");
}

/** `line` instead of `text.slice(from, to)`, undone as one change. */
export function replaceText(state: EditorState, range: { from: number; to: number }, text: string): EditorState {
  const cut = without(remembered(state), range.from, range.to);
  return { ...inserted(cut, text), last: OTHER };
}

/** What changes a text or moves in it. */
export const EDIT_ACTIONS: ReadonlySet<Action> = new Set<Action>([
  ...(["insert-newline", "delete-backward", "delete-forward", "end-of-input", "transpose", "undo"] as const),
  ...(["move-left", "move-right", "move-word-left", "move-word-right", "move-to-start", "move-to-end"] as const),
  ...(["kill-to-end", "kill-to-start", "kill-blank-word", "kill-word-left", "kill-word-right"] as const),
  ...(["yank", "yank-pop"] as const),
  ...(["history-previous", "history-next", "history-previous-global", "history-next-global"] as const),
]);

/** Nothing, and undo brings it back. */
export function clearText(state: EditorState): EditorState {
  return { ...remembered(state), text: "", cursor: 0, walk: null, draft: "", last: OTHER };
}

/** Pure: what readline would make of it. The same state when it is nothing that changes a text or moves in it. */
export function editAction(state: EditorState, action: Action): EditorState {
  const kill = killRange(state, action);
  if (kill !== undefined) return killed(state, kill);
  const to = movement(state, action);
  if (to !== undefined) return { ...state, cursor: to, last: OTHER };
  switch (action) {
    case "delete-backward":
      return changed(state, without(state, boundaryBefore(state.text, state.cursor), state.cursor));
    case "delete-forward":
    case "end-of-input":
      return changed(state, without(state, state.cursor, boundaryAfter(state.text, state.cursor)));
    case "insert-newline":
      return changed(state, inserted(state, "\n"));
    case "transpose":
      return changed(state, transposed(state));
    case "yank":
      return yanked(state, state.kills.length - 1);
    case "yank-pop":
      return yankedInstead(state);
    case "undo":
      return undone(state);
    case "history-previous":
      return climbed(state, -1) ?? walked(state, "tab", -1);
    case "history-next":
      return climbed(state, 1) ?? walked(state, "tab", 1);
    case "history-previous-global":
      return walked(state, "all", -1);
    case "history-next-global":
      return walked(state, "all", 1);
    default:
      return state;
  }
}

function movement({ text, cursor }: EditorState, action: Action): number | undefined {
  switch (action) {
    case "move-left":
      return boundaryBefore(text, cursor);
    case "move-right":
      return boundaryAfter(text, cursor);
    case "move-word-left":
      return wordStart(text, cursor);
    case "move-word-right":
      return wordEnd(text, cursor);
    case "move-to-start":
      return lineStart(text, cursor);
    case "move-to-end":
      return lineEnd(text, cursor);
    default:
      return undefined;
  }
}

type Range = { readonly from: number; readonly to: number };

/** At an end of a line, what is between it and its neighbour: the line break. */
function killRange({ text, cursor }: EditorState, action: Action): Range | undefined {
  switch (action) {
    case "kill-to-end": {
      const end = lineEnd(text, cursor);
      return { from: cursor, to: end > cursor ? end : boundaryAfter(text, cursor) };
    }
    case "kill-to-start": {
      const start = lineStart(text, cursor);
      return { from: start < cursor ? start : boundaryBefore(text, cursor), to: cursor };
    }
    case "kill-blank-word":
      return { from: blankWordStart(text, cursor), to: cursor };
    case "kill-word-left":
      return { from: wordStart(text, cursor), to: cursor };
    case "kill-word-right":
      return { from: cursor, to: wordEnd(text, cursor) };
    default:
      return undefined;
  }
}

function killed(state: EditorState, { from, to }: Range): EditorState {
  const part = state.text.slice(from, to);
  if (part === "") return { ...state, last: state.last.kind === "killed" ? state.last : OTHER };
  const goesOn = state.last.kind === "killed";
  const before = goesOn ? (state.kills.at(-1) ?? "") : "";
  const kill = to === state.cursor ? part + before : before + part;
  const kills = [...(goesOn ? state.kills.slice(0, -1) : state.kills), kill].slice(-KILLS_KEPT_MAX);
  return { ...without(remembered(state), from, to), kills, last: { kind: "killed" } };
}

function yanked(state: EditorState, index: number): EditorState {
  const kill = state.kills[index];
  if (kill === undefined) return state;
  const next = inserted(remembered(state), kill);
  return { ...next, last: { kind: "yanked", index } };
}

function yankedInstead(state: EditorState): EditorState {
  const { last, kills } = state;
  if (last.kind !== "yanked" || kills.length < 2) return state;
  const before = undone(state);
  return yanked(before, (last.index + kills.length - 1) % kills.length);
}

/** Keeps what was, unless nothing became of it. */
function changed(before: EditorState, after: EditorState): EditorState {
  if (after.text === before.text) return { ...after, last: OTHER };
  return { ...after, undo: remembered(before).undo, last: OTHER };
}

function remembered(state: EditorState): EditorState {
  const { text, cursor, walk, draft, undo } = state;
  return { ...state, undo: [...undo.slice(1 - UNDO_STEPS_MAX), { text, cursor, walk, draft }] };
}

function undone(state: EditorState): EditorState {
  const earlier = state.undo.at(-1);
  return earlier === undefined ? state : { ...state, ...earlier, undo: state.undo.slice(0, -1), last: OTHER };
}

function without(state: EditorState, from: number, to: number): EditorState {
  const text = state.text.slice(0, from) + state.text.slice(to);
  return { ...state, text, cursor: wholeBoundary(text, from) };
}

function inserted(state: EditorState, typed: string): EditorState {
  const room = Math.max(0, INPUT_LINE_CHARS_MAX - state.text.length);
  const added = typed.slice(0, room);
  const text = state.text.slice(0, state.cursor) + added + state.text.slice(state.cursor);
  return { ...state, text, cursor: wholeBoundary(text, state.cursor + added.length) };
}

function transposed(state: EditorState): EditorState {
  const { text } = state;
  const to = boundaryAfter(text, state.cursor);
  const middle = boundaryBefore(text, to);
  const from = boundaryBefore(text, middle);
  if (from === middle) return state;
  const swapped = text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle) + text.slice(to);
  return { ...state, text: swapped, cursor: wholeBoundary(swapped, to) };
}

/** To the line above or below in a text of several; undefined where there is none. */
function climbed(state: EditorState, step: 1 | -1): EditorState | undefined {
  const column = state.last.kind === "climbed" ? state.last.column : undefined;
  const beside = sameColumnBeside(state.text, state.cursor, step, column);
  return beside === undefined
    ? undefined
    : { ...state, cursor: beside.at, last: { kind: "climbed", column: beside.column } };
}

function walked(state: EditorState, of: keyof History, step: 1 | -1): EditorState {
  const lines = state.history[of];
  const from = state.walk?.of === of ? state.walk.at : lines.length;
  const at = from + step;
  if (at < 0 || at > lines.length || (at === lines.length && state.walk === null)) return state;
  const draft = state.walk === null ? state.text : state.draft;
  const text = at === lines.length ? draft : (lines[at] ?? "");
  const walk = at === lines.length ? null : { of, at };
  return { ...remembered(state), draft, walk, text, cursor: text.length, last: OTHER };
}
