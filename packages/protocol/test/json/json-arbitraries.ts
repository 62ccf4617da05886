import fc from "fast-check";

type Edit = { readonly at: number; readonly remove: number; readonly insert: Uint8Array };

// Bytes that mean something to JSON or to UTF-8 turn up far more often than chance would have them.
const telling = fc.constantFrom(
  ...new TextEncoder().encode('{}[]":,\\u0dD8eE+-. \n\t\0'),
  0xc0,
  0xe2,
  0xed,
  0xef,
  0xff,
);

const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(200),
  remove: fc.nat(2),
  insert: fc.array(fc.oneof(telling, fc.nat(255)), { maxLength: 3 }).map((bytes) => Uint8Array.from(bytes)),
});

/** Bytes of JSON, whole or damaged by a few edits: what a scanner must survive. */
export const damagedJson: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.array(anyEdit, { maxLength: 4 }))
  .map(([json, edits]) => edits.reduce(applyEdit, new TextEncoder().encode(json)));

function applyEdit(bytes: Uint8Array, { at, remove, insert }: Edit): Uint8Array {
  const from = Math.min(at, bytes.length);
  return Uint8Array.from([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + remove)]);
}

/** The same bytes in pieces, cut at the given places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}
