/**
 * A room's name for order and search: NFKC, then lower case, then NFKC again, because lowering can undo it (UAX #15, UAX #31).
 * Two rooms may share a fold; their names differ.
 */
export function foldOf(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

/** Code point order, which is also the order of the UTF-8 bytes: every store sorts alike. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** UTF-16 puts surrogates (code points from U+10000) below U+E000–U+FFFF; code points come above. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
