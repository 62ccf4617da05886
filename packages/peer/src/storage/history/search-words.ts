/** Characters of a word that count: what is longer is no word that anybody types twice. */
const WORD_CHARS_MAX = 64;
const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}+/gu;

/**
 * The words of a text as a search sees them: without case, accents and marks. Both the index and what is not in it yet are searched by these,
 * so that both find the same; the index takes them as they are.
 */
export function wordsOf(text: string): readonly string[] {
  const folded = text.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(MARKS, "");
  const words = folded.match(WORD) ?? [];
  return [...new Set(words.map((word) => word.slice(0, WORD_CHARS_MAX)))];
}

/** What somebody looks for: every one of `whole`, and a word that begins with `start`. */
export type Wanted = { readonly whole: readonly string[]; readonly start: string };

const WORDS_WANTED_MAX = 16;

/** Undefined when there is no word in it. */
export function wantedBy(text: string): Wanted | undefined {
  const words = wordsOf(text).slice(0, WORDS_WANTED_MAX);
  const start = words.at(-1);
  return start === undefined ? undefined : { whole: words.slice(0, -1), start };
}

export function isFoundIn(text: string, { whole, start }: Wanted): boolean {
  const words = wordsOf(text);
  return words.some((word) => word.startsWith(start)) && whole.every((word) => words.includes(word));
}
