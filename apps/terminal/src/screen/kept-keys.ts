import { INPUT_AHEAD_CHARS_MAX } from "@papo/protocol/limits";

const PASTE_BEGINS = "\u001b[200~";
const PASTE_ENDS = "\u001b[201~";
/** Characters at the end of a chunk that may be the beginning of a mark. */
const CUT_MAX = PASTE_BEGINS.length - 1;

/**
 * What a terminal sends while nobody reads it, bounded; what does not fit is dropped. With it goes the mark that ends a paste, or begins one: without the first, whoever
 * reads next would take every further key for pasted text, and without the other a paste for keys. So what is kept ends with the mark that counted last.
 */
export class KeptKeys {
  #text = "";
  #cut = "";
  #isPasting = false;
  /** As of the end of what is kept. */
  #wasPasting = false;
  #isFull = false;

  add(text: string): void {
    this.#follow(text);
    this.#isFull ||= this.#text.length + text.length > INPUT_AHEAD_CHARS_MAX;
    if (this.#isFull) return;
    this.#text += text;
    this.#wasPasting = this.#isPasting;
  }

  get text(): string {
    if (this.#wasPasting === this.#isPasting) return this.#text;
    return this.#text + (this.#isPasting ? PASTE_BEGINS : PASTE_ENDS);
  }

  #follow(text: string): void {
    const seen = this.#cut + text;
    const begins = seen.lastIndexOf(PASTE_BEGINS);
    const ends = seen.lastIndexOf(PASTE_ENDS);
    if (begins !== ends) this.#isPasting = begins > ends;
    this.#cut = seen.slice(-CUT_MAX);
  }
}
