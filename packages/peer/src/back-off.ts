import type { Random } from "@papo/link";
import { BACKOFF_FIRST_MS, BACKOFF_LAST_MS } from "@papo/protocol";

/** The longest wait before the attempt that follows `failures` failures in a row. docs/protocol/peer.md §7 */
export function backOffCeilingMs(failures: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 16);
  return Math.min(BACKOFF_FIRST_MS * 2 ** doublings, BACKOFF_LAST_MS);
}

/**
 * Full jitter: anything from nothing to the ceiling, so that many who lost the same thing at the same moment come back
 * spread out. Never less than `atLeastMs`, which is what the other side asked for.
 */
export function backOffMs(failures: number, random: Random, atLeastMs = 0): number {
  return Math.max(Math.floor(random.fraction() * backOffCeilingMs(failures)), Math.min(atLeastMs, BACKOFF_LAST_MS));
}
