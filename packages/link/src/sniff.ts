import type { Dialect } from "./link.ts";

/**
 * What the first byte on a listening port says (docs/protocol/framing.md §1): 0x16 opens a TLS handshake, `{` or JSON
 * whitespace the seed dialect. 0x50 announces a ticket, which is no dialect (tickets/ticket-reader.ts).
 */
export function dialectOf(firstByte: number): Dialect | undefined {
  if (firstByte === 0x16) return "papo";
  const isSeed = firstByte === 0x7b || [0x20, 0x09, 0x0a, 0x0d].includes(firstByte);
  return isSeed ? "seed" : undefined;
}
