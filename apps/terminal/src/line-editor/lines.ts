import { graphemes, wholeBoundary } from "../graphemes.ts";

// The lines of a text of several, by UTF-16 indices.

export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** Where its line break stands, or the text ends. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/**
 * From `at` one line up or down, in the same column (characters from the start of a line), or in `column` where one comes from further away. Undefined: there is
 * no such line.
 */
export function sameColumnBeside(
  text: string,
  at: number,
  step: 1 | -1,
  column?: number,
): { readonly at: number; readonly column: number } | undefined {
  const start = lineStart(text, at);
  const end = lineEnd(text, at);
  if (step === -1 ? start === 0 : end === text.length) return undefined;
  const from = step === -1 ? lineStart(text, start - 1) : end + 1;
  const wanted = column ?? graphemes(text.slice(start, at)).length;
  const passed = graphemes(text.slice(from, lineEnd(text, from))).slice(0, wanted);
  return { at: wholeBoundary(text, from + passed.join("").length), column: wanted };
}
