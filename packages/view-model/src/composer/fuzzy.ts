import { plainText } from "../plain-text.ts";

/** Characters of a text, and of what is typed, that are compared. */
const COMPARED_CHARS_MAX = 64;
const PER_CHARACTER = 1;
const FOLLOWS = 10;
const STARTS_A_WORD = 8;
const STARTS_THE_TEXT = 4;

/**
 * How well a text answers the few letters that were typed: they stand in it in this order, with others between them. Higher is better; undefined when they
 * do not. Capitals and accents count for nothing.
 */
export function fuzzyScore(typed: string, text: string): number | undefined {
  const wanted = [...plainText(typed)].filter((character) => !/\s/u.test(character)).slice(0, COMPARED_CHARS_MAX);
  const given = [...plainText(text)].slice(0, COMPARED_CHARS_MAX);
  if (wanted.length === 0) return 0;
  let best = bestEndings(wanted[0] ?? "", given);
  for (const character of wanted.slice(1)) best = continued(best, character, given);
  const top = Math.max(...best);
  // Of two that answer alike the shorter one says more.
  return top > 0 ? top - given.length / (COMPARED_CHARS_MAX * 2) : undefined;
}

/** Those that answer, best first; as good ones stay in their order. */
export function fuzzyRank<T>(typed: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, score: fuzzyScore(typed, textOf(item)) }))
    .filter((entry): entry is { item: T; score: number } => entry.score !== undefined)
    .sort((one, other) => other.score - one.score)
    .map(({ item }) => item);
}

/** For each place in the text what is reached by a first letter that stands there; 0 where it does not. */
function bestEndings(character: string, given: readonly string[]): readonly number[] {
  return given.map((found, at) => (found === character ? worthAt(given, at) : 0));
}

/** The same for one letter more. */
function continued(before: readonly number[], character: string, given: readonly string[]): readonly number[] {
  let bestBefore = 0;
  return given.map((found, at) => {
    const adjacent = before[at - 1] ?? 0;
    const reached = Math.max(bestBefore, adjacent > 0 ? adjacent + FOLLOWS : 0);
    bestBefore = Math.max(bestBefore, adjacent);
    return found === character && reached > 0 ? Math.max(reached, bestBefore) + worthAt(given, at) : 0;
  });
}

function worthAt(given: readonly string[], at: number): number {
  if (at === 0) return PER_CHARACTER + STARTS_A_WORD + STARTS_THE_TEXT;
  return /[\s#@._/-]/u.test(given[at - 1] ?? "") ? PER_CHARACTER + STARTS_A_WORD : PER_CHARACTER;
}
