import type { Username } from "@papo/protocol";

/** Whether a text speaks of this user: by the own name or one of the words, as whole words, whatever the capitals and accents. */
export class Mentions {
  readonly #words: RegExp | undefined;

  constructor(self: Username | undefined, words: readonly string[]) {
    const wanted = [...(self === undefined ? [] : [self]), ...words].map((word) => folded(word.trim())).filter(isAny);
    if (wanted.length === 0) return;
    const any = wanted.map((word) => RegExp.escape(word)).join("|");
    this.#words = new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${any})(?![\p{L}\p{N}_])`, "u");
  }

  has(text: string): boolean {
    return this.#words?.test(folded(text)) ?? false;
  }
}

function isAny(word: string): boolean {
  return word !== "";
}

const ASCII = /^[\x00-\x7f]*$/u;

function folded(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
