import { type KeyPair, accountKeyOfSeed } from "@papo/link";
import type { AccountKey } from "@papo/protocol";

/** The lists of BIP-39 that Papo writes and reads. */
export const WORD_LANGUAGES = ["en", "pt-BR"] as const;
export type WordLanguage = (typeof WORD_LANGUAGES)[number];

const WORDS = 24;
/** Within either list the first four letters already say which word it is. */
const LETTERS_THAT_TELL = 4;

/**
 * Why words are no account key; nothing of them is repeated. `unknown_word`: the first one, counted from 1, that the list has not; `checksum`: all are
 * words of the list, but one of them is another than was written down, or two have changed places.
 */
export type WordsProblem =
  | { readonly kind: "count"; readonly found: number }
  | { readonly kind: "unknown_word"; readonly position: number }
  | { readonly kind: "checksum" };

export type WordsOutcome =
  | { readonly ok: true; readonly value: KeyPair<AccountKey> }
  | { readonly ok: false; readonly problem: WordsProblem };

/** The account key as 24 words (BIP-39 over the 32 bytes of its seed). Who has them has the account: shown once, never stored or logged. */
export async function wordsOf(root: KeyPair<AccountKey>, language: WordLanguage): Promise<readonly string[]> {
  const { entropyToMnemonic } = await import("@scure/bip39");
  const seed = Buffer.from(root.secretKey, "base64url");
  const words = entropyToMnemonic(seed, await listOf(language)).split(" ");
  seed.fill(0);
  return words;
}

/**
 * The account key that these words are, in whichever language. Case, accents, blanks, numbering and commas between them do not matter, and four letters of a
 * word are enough.
 */
export async function rootFromWords(text: string): Promise<WordsOutcome> {
  const typed =
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (typed.length !== WORDS) return { ok: false, problem: { kind: "count", found: typed.length } };

  const readings = await Promise.all(WORD_LANGUAGES.map((language) => readIn(language, typed)));
  const read = readings.find((reading) => reading.ok);
  return read ?? furthest(readings);
}

/** A list either has all the words or is not the one. The two share no word, but some beginnings: the checksum decides. */
async function readIn(language: WordLanguage, typed: readonly string[]): Promise<WordsOutcome> {
  const list = await listOf(language);
  const words = typed.map((letters) => wordIn(list, letters));
  const firstUnknown = words.indexOf(undefined);
  if (firstUnknown !== -1) return { ok: false, problem: { kind: "unknown_word", position: firstUnknown + 1 } };

  const { mnemonicToEntropy } = await import("@scure/bip39");
  try {
    const seed = mnemonicToEntropy(words.join(" "), list);
    const root = accountKeyOfSeed(seed);
    seed.fill(0);
    return { ok: true, value: root };
  } catch {
    // What the library says about it may hold the words.
    return { ok: false, problem: { kind: "checksum" } };
  }
}

function wordIn(list: readonly string[], letters: string): string | undefined {
  if (list.includes(letters)) return letters;
  return letters.length < LETTERS_THAT_TELL ? undefined : list.find((word) => word.startsWith(letters));
}

/** The complaint of the list that fits best: the words were written in that language. */
function furthest(readings: readonly WordsOutcome[]): WordsOutcome {
  const [best] = readings.toSorted((one, other) => reach(other) - reach(one));
  if (best === undefined) throw new Error("no list of words");
  return best;
}

function reach(reading: WordsOutcome): number {
  if (reading.ok || reading.problem.kind !== "unknown_word") return Number.POSITIVE_INFINITY;
  return reading.problem.position;
}

/** Loaded when somebody asks, so that starting does not wait for it. */
async function listOf(language: WordLanguage): Promise<string[]> {
  const { wordlist } =
    language === "en"
      ? await import("@scure/bip39/wordlists/english.js")
      : await import("@scure/bip39/wordlists/portuguese.js");
  return wordlist;
}
