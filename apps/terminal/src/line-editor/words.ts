import { boundaryAt, wholeBoundary } from "../graphemes.ts";

// Words as readline has them: letters, marks, figures and _ belong together.

const WORD = /^[\p{L}\p{M}\p{N}_]$/u;
const NO_WORD = /^[^\p{L}\p{M}\p{N}_]$/u;
const BLANK = /^\s$/u;
const INK = /^\S$/u;

export function wordStart(text: string, cursor: number): number {
  return backOver(text, backOver(text, cursor, NO_WORD), WORD);
}

export function wordEnd(text: string, cursor: number): number {
  const passed = /^[^\p{L}\p{M}\p{N}_]*[\p{L}\p{M}\p{N}_]*/u.exec(text.slice(cursor))?.[0] ?? "";
  return wholeBoundary(text, cursor + passed.length);
}

/** Where what is written in one piece, without a blank, begins. */
export function blankWordStart(text: string, cursor: number): number {
  return backOver(text, backOver(text, cursor, BLANK), INK);
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
