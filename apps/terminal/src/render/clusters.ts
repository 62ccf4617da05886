import { graphemes } from "../graphemes.ts";

/** What a reader takes for one character each, as `graphemes` has it, for less: only what may join with its neighbour is looked up. */
export function clustersOf(text: string): readonly string[] {
  if (SINGLE_ONLY.test(text)) return text.split("");
  const clusters: string[] = [];
  for (const [piece] of text.matchAll(PIECE)) {
    if (SINGLE_ONLY.test(piece)) for (const one of piece) clusters.push(one);
    else clusters.push(...graphemes(piece));
  }
  return clusters;
}

/** Latin, Greek, Cyrillic, punctuation, arrows, boxes, kana, Han and Hangul syllables: no two of them join. */
const SINGLE =
  String.raw`[\u0020-\u007E\u00A0-\u00AC\u00AE-\u02FF\u0370-\u0377\u037A-\u037F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u0482\u048A-\u052F
  \u2010-\u2027\u2030-\u205E\u2190-\u21FF\u2500-\u25FF\u3000-\u3029\u3041-\u3096\u309D-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF9D]`.replace(
    /\s+/g,
    "",
  );
const SINGLE_ONLY = new RegExp(`^${SINGLE}*$`, "v");
/** Single ones, without the last if something follows that may join it; or that, with what follows. */
const PIECE = new RegExp(`${SINGLE}+(?=${SINGLE}|$)|${SINGLE}?[^${SINGLE}]+`, "gv");
