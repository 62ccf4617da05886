import { plainText } from "../plain-text.ts";
import { COMMAND_NAMES } from "./table.ts";

/** Slips of the fingers that still point to one command. */
const SLIPS_MAX = 2;
/** Nothing longer is a mistyped command. */
const TYPED_CHARS_MAX = 32;

/** The command that was probably meant; undefined when none is near. */
export function nearestName(typed: string): string | undefined {
  const name = plainText(typed);
  if (name.length > TYPED_CHARS_MAX || name.length < 3) return undefined;
  const begun = COMMAND_NAMES.find((candidate) => candidate.startsWith(name));
  if (begun !== undefined) return begun;
  const ranked = COMMAND_NAMES.map((candidate) => ({ candidate, slips: slipsBetween(name, candidate) }))
    .filter(({ candidate, slips }) => slips <= Math.min(SLIPS_MAX, candidate.length - 3))
    .sort((one, other) => one.slips - other.slips);
  return ranked[0]?.candidate;
}

/** Letters to insert, drop, change, or swap with their neighbour (optimal string alignment). */
function slipsBetween(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let least = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
