import { createHash } from "node:crypto";
import { base32 } from "@papo/link";
import { type DeviceKey, LAN_HINT_WINDOW_MS } from "@papo/protocol";

/** 80 bits: nobody is taken for somebody else by chance. */
const HINT_CHARS = 16;

/** Number of the stretch of time that a moment is in. */
export function lanWindowAt(wallMs: number): number {
  return Math.floor(wallMs / LAN_HINT_WINDOW_MS);
}

/** What a device says of itself in a local network during one window: nothing to whoever does not know its key. docs/protocol/lan.md §3 */
export function lanHint(device: DeviceKey, window: number): string {
  const hash = createHash("sha256").update(`papo/lan-hint/1\0${device}\0${window}`).digest();
  return base32(hash).slice(0, HINT_CHARS);
}
