/** What a series of rounds says: the middle, and how far the rounds lie apart. */
export type Summary = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
};

export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("no rounds to summarise");
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: quantile(sorted, 0), max: quantile(sorted, 1), rounds: sorted.length };
}

/** `sorted` ascending; the nearest rank. */
export function quantile(sorted: readonly number[], fraction: number): number {
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}
