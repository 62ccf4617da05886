import type { Username } from "@papo/protocol";

/** How many colours a screen needs; it decides which. */
export const NAME_COLOURS = 10;

/** The same name has the same colour everywhere, at every start: FNV-1a over its UTF-16 code units. */
export function nameColour(name: Username): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash % NAME_COLOURS;
}
