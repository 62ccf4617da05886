import { type DeviceKey, SIMULTANEOUS_DIAL_WINDOW_MS } from "@papo/protocol";
import type { LinkPath } from "../api.ts";

/** One of two links between the same two devices. */
export type LinkFacts = { readonly dialledByUs: boolean; readonly verifiedAtMs: number; readonly path: LinkPath };

const RANKS: Readonly<Record<LinkPath, number>> = { direct: 0, punched: 1, relayed: 2 };

/** Whether one way is strictly better than another: nobody in between, then nothing but what routers allow, then a relay. */
export function isBetter(one: LinkPath, other: LinkPath): boolean {
  return RANKS[one] < RANKS[other];
}

/**
 * Which of two links between the same devices stays. docs/protocol/peer.md §6
 *
 * By whichever way is better: both ends know it of each. Of two alike that both sides dialled at about the same time, the one that the
 * smaller device key dialled. Otherwise the other side had a reason to dial again: the newer one.
 */
export function chooseLink(older: LinkFacts, newer: LinkFacts, own: DeviceKey, other: DeviceKey): "older" | "newer" {
  if (older.path !== newer.path) return isBetter(older.path, newer.path) ? "older" : "newer";
  const together = newer.verifiedAtMs - older.verifiedAtMs < SIMULTANEOUS_DIAL_WINDOW_MS;
  if (!together || older.dialledByUs === newer.dialledByUs) return "newer";
  const weDialTheOneThatStays = own < other;
  return older.dialledByUs === weDialTheOneThatStays ? "older" : "newer";
}
