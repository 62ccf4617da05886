import stringWidth from "string-width";

// What a reader takes for one character, and how many cells of a terminal it fills.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function graphemes(text: string): readonly string[] {
  if (ASCII.test(text)) return text.split("");
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cells of a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Where the character before `at` begins; 0 at the start. UTF-16 indices. */
export function boundaryBefore(text: string, at: number): number {
  if (at <= 0) return 0;
  return segmenter.segment(text).containing(at - 1)?.index ?? 0;
}

/** Where the character at `at` ends; the length at the end. */
export function boundaryAfter(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const found = segmenter.segment(text).containing(at);
  return found === undefined ? text.length : found.index + found.segment.length;
}

/** `at`, or the start of the character that it would cut in two. */
export function boundaryAt(text: string, at: number): number {
  return at >= text.length ? text.length : (segmenter.segment(text).containing(at)?.index ?? 0);
}

/** `at`, or the end of the character that it would cut in two. */
export function wholeBoundary(text: string, at: number): number {
  return at <= 0 ? 0 : boundaryAfter(text, at - 1);
}

const ASCII = /^[ -~]*$/u;
