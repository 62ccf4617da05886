// What a generated profile says. The same text at the same number, always.

const SYLLABLES = "ba ca da fa ga la ma na pa ra sa ta va be ce de fe me ne pe re se te bo co do lo mo no po".split(
  " ",
);
const WORDS = 20_000;
const WORDS_PER_TEXT = 8;
const RARE_EVERY = 100_000;
const RARE_AT = 500;

/** In one message of RARE_EVERY. */
export const RARE = "jabuticaba";
/** In more than every second message. */
export const FREQUENT = wordOf(1);
/** In about one of a hundred. */
export const UNUSUAL = wordOf(100);

export function textOf(at: number): string {
  let state = Math.imul(at + 1, 0x9e3779b1) >>> 0;
  const words: string[] = [];
  for (let index = 0; index < WORDS_PER_TEXT; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // Much as in a language: the n-th word is said 1/n as often as the first.
    words.push(wordOf(Math.floor(WORDS ** (state / 2 ** 32))));
  }
  if (at % RARE_EVERY === RARE_AT) words.push(RARE);
  return words.join(" ");
}

/** Three syllables; neighbours in number are none in the alphabet. */
function wordOf(number: number): string {
  const mixed = (number * 7_919) % SYLLABLES.length ** 3;
  const digits = [0, 1, 2].map((place) => Math.floor(mixed / SYLLABLES.length ** place) % SYLLABLES.length);
  return digits.map((digit) => SYLLABLES[digit] ?? "").join("");
}
