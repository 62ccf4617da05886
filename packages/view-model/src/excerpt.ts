import { safeText } from "@papo/protocol";

/** Characters of a message, or of something typed, that are enough to recognise it. */
const EXCERPT_CHARS = 32;

/** The beginning of a text, safe and on one line. */
export function excerptOf(content: string): string {
  const characters = [...safeText(content)];
  return characters.length > EXCERPT_CHARS ? `${characters.slice(0, EXCERPT_CHARS).join("")}…` : characters.join("");
}
