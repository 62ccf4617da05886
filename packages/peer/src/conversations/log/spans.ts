import type { Span } from "./room-state.ts";

// Numbers of one chain that are accepted, as sorted spans that do not touch.

export function isWithin(spans: readonly Span[], seq: number): boolean {
  return spans.some(([from, to]) => seq >= from && seq <= to);
}

/** The first number after `seq` that counts; undefined when nothing more of this chain will. */
export function nextNumber(spans: readonly Span[], seq: number): number | undefined {
  for (const [from, to] of spans) {
    if (to > seq) return Math.max(from, seq + 1);
  }
  return undefined;
}

/** What counts after `seq`, up to the end of a span. */
export function nextSpan(
  spans: readonly Span[],
  seq: number,
): { readonly from: number; readonly to: number } | undefined {
  const from = nextNumber(spans, seq);
  const span = spans.find(([, to]) => to > seq);
  return from === undefined || span === undefined ? undefined : { from, to: span[1] };
}

/** The last number up to `seq` that counts; 0: none. */
export function lastNumber(spans: readonly Span[], seq: number): number {
  let last = 0;
  for (const [from, to] of spans) {
    if (from <= seq) last = Math.min(to, seq);
  }
  return last;
}

/** What of `from..to` lies in the spans. */
export function clip(spans: readonly Span[], from: number, to: number): readonly Span[] {
  return spans.flatMap(([start, end]): Span[] => {
    const low = Math.max(start, from);
    const high = Math.min(end, to);
    return low > high ? [] : [[low, high]];
  });
}

/** What lies in `spans` and not in `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  let left = [...spans];
  for (const [from, to] of others) {
    left = left.flatMap(([start, end]): Span[] => {
      if (end < from || start > to) return [[start, end]];
      const before: Span[] = start < from ? [[start, from - 1]] : [];
      const after: Span[] = end > to ? [[to + 1, end]] : [];
      return [...before, ...after];
    });
  }
  return left;
}

export function sameSpans(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every(([from, to], index) => from === b[index]?.[0] && to === b[index]?.[1]);
}
