import { INPUT_LINE_CHARS_MAX } from "@papo/protocol";
import { boundaryAfter, boundaryAt, boundaryBefore, wholeBoundary } from "../graphemes.ts";
import type { Key, KeyName } from "./keys.ts";

/** A line being typed. `cursor` is a UTF-16 index that never cuts a character; `yank` is what was killed last. */
export type EditorState = {
  readonly text: string;
  readonly cursor: number;
  readonly yank: string;
  /** Kills that follow one another are yanked together. */
  readonly killing: boolean;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Where in `history` the user is; its length: at the line being typed, kept in `draft` meanwhile. */
  readonly historyAt: number;
  readonly draft: string;
};

export function emptyEditor(history: readonly string[] = [], yank = ""): EditorState {
  return { text: "", cursor: 0, yank, killing: false, history, historyAt: history.length, draft: "" };
}

/** Pure: the keys of readline that move and change. Enter, Ctrl-C, Ctrl-L and the end of input are the driver's. */
export function editKey(state: EditorState, key: Key): EditorState {
  if (key.kind !== "press") return insert(quiet(state), key.kind === "paste" ? cleanPaste(key.text) : key.text);
  const kill = killRange(state, key.name);
  if (kill !== undefined) return killed(state, kill.from, kill.to);
  return editPress(quiet(state), key.name);
}

function quiet(state: EditorState): EditorState {
  return { ...state, killing: false };
}

function editPress(state: EditorState, name: KeyName): EditorState {
  const { text, cursor } = state;
  switch (name) {
    case "left":
      return { ...state, cursor: boundaryBefore(text, cursor) };
    case "right":
      return { ...state, cursor: boundaryAfter(text, cursor) };
    case "home":
      return { ...state, cursor: 0 };
    case "end":
      return { ...state, cursor: text.length };
    case "word-left":
      return { ...state, cursor: wordStart(text, cursor) };
    case "word-right":
      return { ...state, cursor: wordEnd(text, cursor) };
    case "backspace":
      return without(state, boundaryBefore(text, cursor), cursor);
    case "delete":
    case "end-or-delete":
      return without(state, cursor, boundaryAfter(text, cursor));
    case "yank":
      return insert(state, state.yank);
    case "transpose":
      return transpose(state);
    case "up":
      return recall(state, state.historyAt - 1);
    case "down":
      return recall(state, state.historyAt + 1);
    case "line-break":
      return insert(state, "\n");
    default:
      return state;
  }
}

/** The parts that Ctrl-K, Ctrl-U, Ctrl-W, Alt-Backspace and Alt-D take out for Ctrl-Y. */
function killRange({ text, cursor }: EditorState, name: KeyName): { from: number; to: number } | undefined {
  switch (name) {
    case "kill-to-end":
      return { from: cursor, to: text.length };
    case "kill-to-start":
      return { from: 0, to: cursor };
    case "kill-blank-word":
      return { from: backOver(text, backOver(text, cursor, BLANK), INK), to: cursor };
    case "kill-word-left":
      return { from: wordStart(text, cursor), to: cursor };
    case "kill-word-right":
      return { from: cursor, to: wordEnd(text, cursor) };
    default:
      return undefined;
  }
}

function killed(state: EditorState, from: number, to: number): EditorState {
  const part = state.text.slice(from, to);
  const before = state.killing ? state.yank : "";
  const yank = to === state.cursor && from < to ? part + before : before + part;
  return { ...without(state, from, to), yank: part === "" && !state.killing ? state.yank : yank, killing: true };
}

function without(state: EditorState, from: number, to: number): EditorState {
  const text = state.text.slice(0, from) + state.text.slice(to);
  return { ...state, text, cursor: wholeBoundary(text, from) };
}

function insert(state: EditorState, typed: string): EditorState {
  const room = Math.max(0, INPUT_LINE_CHARS_MAX - state.text.length);
  const added = typed.slice(0, room);
  const text = state.text.slice(0, state.cursor) + added + state.text.slice(state.cursor);
  return { ...state, text, cursor: wholeBoundary(text, state.cursor + added.length) };
}

function transpose(state: EditorState): EditorState {
  const { text } = state;
  const to = boundaryAfter(text, state.cursor);
  const middle = boundaryBefore(text, to);
  const from = boundaryBefore(text, middle);
  if (from === middle) return state;
  const swapped = text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle) + text.slice(to);
  return { ...state, text: swapped, cursor: wholeBoundary(swapped, to) };
}

function recall(state: EditorState, at: number): EditorState {
  if (at < 0 || at > state.history.length || at === state.historyAt) return state;
  const draft = state.historyAt === state.history.length ? state.text : state.draft;
  const text = at === state.history.length ? draft : (state.history[at] ?? "");
  return { ...state, draft, historyAt: at, text, cursor: text.length };
}

/** Line breaks stay, as characters: nothing in a paste is Enter. Other control characters are dropped. */
function cleanPaste(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replaceAll("\t", " ")
    .replace(/[^\P{Cc}\n]/gu, "");
}

const WORD = /^[\p{L}\p{M}\p{N}_]$/u;
const NO_WORD = /^[^\p{L}\p{M}\p{N}_]$/u;
const BLANK = /^\s$/u;
const INK = /^\S$/u;

function wordStart(text: string, cursor: number): number {
  return backOver(text, backOver(text, cursor, NO_WORD), WORD);
}

/** Back from `at` over the characters of one kind; by steps, because a regex looking backwards is quadratic. */
function backOver(text: string, at: number, kind: RegExp): number {
  let index = at;
  for (;;) {
    const character = lastCodePoint(text, index);
    if (character === "" || !kind.test(character)) return boundaryAt(text, index);
    index -= character.length;
  }
}

function lastCodePoint(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return pair.length === 2 && pair.codePointAt(0) !== pair.charCodeAt(0) ? pair : pair.slice(-1);
}

function wordEnd(text: string, cursor: number): number {
  const passed = /^[^\p{L}\p{M}\p{N}_]*[\p{L}\p{M}\p{N}_]*/u.exec(text.slice(cursor))?.[0] ?? "";
  return wholeBoundary(text, cursor + passed.length);
}
