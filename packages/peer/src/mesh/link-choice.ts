import { type DeviceKey, SIMULTANEOUS_DIAL_WINDOW_MS } from "@papo/protocol";

/** One of two links between the same two devices. */
export type LinkFacts = { readonly dialledByUs: boolean; readonly verifiedAtMs: number };

/**
 * Which of two links between the same devices stays. docs/protocol/peer.md §6
 *
 * Dialled by both sides at about the same time, both are good: the one that the smaller device key dialled stays, so
 * that both ends choose alike. Otherwise the other side had a reason to dial again: the newer one stays.
 */
export function chooseLink(older: LinkFacts, newer: LinkFacts, own: DeviceKey, other: DeviceKey): "older" | "newer" {
  const together = newer.verifiedAtMs - older.verifiedAtMs < SIMULTANEOUS_DIAL_WINDOW_MS;
  if (!together || older.dialledByUs === newer.dialledByUs) return "newer";
  const weDialTheOneThatStays = own < other;
  return older.dialledByUs === weDialTheOneThatStays ? "older" : "newer";
}
