/**
 * A text as pieces of at most `bytesMax` bytes each, as an original program writes JSON (all but ASCII as `\uXXXX`): it takes
 * what one read returns for one whole object, so that a longer one would cost it the connection. Cut at spaces where there are any.
 */
export function seedPieces(text: string, bytesMax: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let bytes = 0;
  for (const character of text) {
    const size = bytesOf(character);
    if (bytes + size > bytesMax && piece !== "") {
      const rest = afterLastSpace(piece);
      pieces.push(piece.slice(0, piece.length - rest.length));
      piece = rest;
      bytes = [...rest].reduce((sum, one) => sum + bytesOf(one), 0);
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}

const ESCAPED_UNIT_BYTES = 6;

function bytesOf(character: string): number {
  return character > "\u007e" ? ESCAPED_UNIT_BYTES * character.length : JSON.stringify(character).length - 2;
}

/** The last word, to be kept whole, if it is not most of the piece. */
function afterLastSpace(piece: string): string {
  const space = piece.lastIndexOf(" ");
  return space > piece.length / 2 ? piece.slice(space + 1) : "";
}
