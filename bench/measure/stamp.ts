import { quantile } from "./statistics.ts";

/** Nanoseconds of a clock that all processes of this machine share and that never goes back. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** A text of this many characters that says when it was made. */
export function stamped(chars: number): string {
  return `${nowNs()} `.padEnd(chars, "papo ");
}

export function stampOf(text: string): number {
  return Number(text.slice(0, text.indexOf(" ")));
}

/** Milliseconds, of nanoseconds. */
export function latencies(values: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5) / 1e6, p99: quantile(sorted, 0.99) / 1e6 };
}
