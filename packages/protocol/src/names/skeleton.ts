import unhomoglyph from "unhomoglyph";

/**
 * Two names may not both be taken if their skeletons are equal. The skeleton is that of UTS #39 §4, made blind to
 * case: letters that look alike in lower case or in upper case come out the same (`Gabi`, `gаbі`, `GАВІ`; `o`, `O`,
 * `0`; `l`, `I`, `i`, `1`; `rn`, `m`). Not for showing. Accents are kept: `josé` and `jose` are two names.
 *
 * The price of the capital I, which is both an `i` and to the eye an `l`: `Iara` and `lara` exclude each other.
 */
export function skeletonOf(name: string): string {
  let skeleton = name;
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const next = alike(skeleton);
    if (next === skeleton) break;
    skeleton = next;
  }
  return skeleton;
}

/** A letter may look like one that, in its other case, looks like a third: two passes are usual, four were never needed. */
const PASSES_MAX = 4;

function alike(name: string): string {
  const letters = Array.from(foldCase(name.normalize("NFC")).normalize("NFD"), prototypeOf);
  return foldCase(letters.join("")).normalize("NFD").replaceAll("i", "l");
}

/** `ß` becomes `ss`, `ς` and `Σ` become `σ`, and both letters i of Turkish become `i`. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ").replaceAll("i\u0307", "i");
}

const SMALL_ASCII = /^[a-z0-9]+$/v;

/** What a small letter looks like, or failing that what its capital does: `н` is like no Latin letter, `Н` is. */
function prototypeOf(letter: string): string {
  const asSmall = foldCase(unhomoglyph(letter));
  if (SMALL_ASCII.test(asSmall)) return asSmall;

  const asCapital = foldCase(unhomoglyph(letter.toUpperCase()));
  return SMALL_ASCII.test(asCapital) ? foldCase(unhomoglyph(asCapital)) : asSmall;
}
