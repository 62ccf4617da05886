import { createInterface } from "node:readline";

/** The other end of `startPart`: what a part is asked for, and how it answers. */
export function settingsOfPart<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}

export function tell(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Lines that the benchmark says, in order. */
export async function* heard<T>(): AsyncGenerator<T> {
  for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line) as T;
}

/** Resident memory in bytes once the garbage is gone. */
export function settledMemory(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().rss;
}
