import { safeText } from "@papo/protocol";

/** Characters of something typed that are enough to recognise it. */
const SHOWN_CHARS = 32;

/** What the user typed, as it may stand in a sentence. */
export function shortened(typed: string): string {
  const characters = [...typed.slice(0, SHOWN_CHARS * 2)];
  const isWhole = typed.length <= SHOWN_CHARS * 2 && characters.length <= SHOWN_CHARS;
  return safeText(characters.slice(0, SHOWN_CHARS).join("")) + (isWhole ? "" : "…");
}
