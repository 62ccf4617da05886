/** Most edits that still count as a slip of the fingers. */
const SLIPS_MAX = 2;

/** The candidate that `word` was probably meant to be; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      edits: candidate.startsWith(word) && word.length > 2 ? 1 : edits(word, candidate),
    }))
    .filter(({ candidate, edits }) => edits <= Math.min(SLIPS_MAX, candidate.length - 1))
    .sort((left, right) => left.edits - right.edits);
  return ranked[0]?.candidate;
}

/** Levenshtein's distance, row by row. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
