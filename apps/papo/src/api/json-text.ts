/** All that a terminal or a log could take for more than a character, and what can be seen wrongly or not at all. */
const UNSEEN = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gv;

/** JSON on one line that holds every text exactly, with what is no plain character escaped: it is safe to print as it stands. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(UNSEEN, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const unit = character.charCodeAt(at).toString(16).padStart(4, "0");
    return String.raw`\u${unit}`;
  }).join("");
}
