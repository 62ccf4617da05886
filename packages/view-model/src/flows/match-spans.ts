import { safeText } from "@papo/protocol";
import type { Span } from "../feed/shown-line.ts";

/** Characters of a message that are shown around what was found in it. */
const EXCERPT_CHARS = 120;
/** Of these, those in front of it. */
const BEFORE_CHARS = 24;
/** Characters of a message in which what was found is looked for. */
const LOOKED_AT_CHARS_MAX = 4_096;

/** The part of a text around the first of the words that were searched for, on one line, safe, each of them marked. */
export function matchSpans(content: string, query: string): readonly Span[] {
  const whole = [...safeText(content.slice(0, LOOKED_AT_CHARS_MAX))];
  const plain = whole.map(plainCharacter);
  const words = query.split(/\s+/u).flatMap((word) => (word === "" ? [] : [[...word].map(plainCharacter)]));
  const marked = markedIn(plain, words);
  const first = marked.indexOf(true);
  const from = first > BEFORE_CHARS * 2 ? first - BEFORE_CHARS : 0;
  const to = Math.min(whole.length, from + EXCERPT_CHARS);
  const spans: Span[] = from > 0 ? [{ text: "…" }] : [];
  for (let at = from; at < to; ) {
    const isMatch = marked[at] === true;
    let end = at + 1;
    while (end < to && (marked[end] === true) === isMatch) end += 1;
    const text = whole.slice(at, end).join("");
    spans.push(isMatch ? { text, tone: "match" } : { text });
    at = end;
  }
  return to < whole.length || content.length > LOOKED_AT_CHARS_MAX ? [...spans, { text: "…" }] : spans;
}

/** Capitals and accents count for nothing. */
function plainCharacter(character: string): string {
  return character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function markedIn(plain: readonly string[], words: readonly (readonly string[])[]): readonly boolean[] {
  const marked = plain.map(() => false);
  for (const word of words) {
    for (let at = 0; at + word.length <= plain.length; at += 1) {
      if (word.every((character, offset) => plain[at + offset] === character)) marked.fill(true, at, at + word.length);
    }
  }
  return marked;
}
