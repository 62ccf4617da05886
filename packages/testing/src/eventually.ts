import { EXPECT_TIMEOUT_MS } from "./processes/transcript.ts";

const LOOK_INTERVAL_MS = 50;

/** Looks again and again until there is something: for what nobody tells by itself. `what` is said when it does not come. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  forMs = EXPECT_TIMEOUT_MS,
): Promise<T> {
  const endsAt = performance.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endsAt) throw new Error(`${what}: not within ${forMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
  }
}

/** Whole milliseconds since it was started. For reports: no test judges by them. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => Math.round(performance.now() - started);
}
