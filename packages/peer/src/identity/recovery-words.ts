import { type KeyPair, accountKeyOfSeed } from "@papo/link";
import { type AccountKey, type Outcome, fail, succeed } from "@papo/protocol";

/** The lists of BIP-39 that Papo writes and reads. */
export const WORD_LANGUAGES = ["en", "pt"] as const;
export type WordLanguage = (typeof WORD_LANGUAGES)[number];

const WORDS = 24;
/** Within either list the first four letters already say which word it is. */
const LETTERS_THAT_TELL = 4;

/** The account key as 24 words (BIP-39 over the 32 bytes of its seed). Who has them has the account: shown once, never stored or logged. */
export async function wordsOf(root: KeyPair<AccountKey>, language: WordLanguage): Promise<readonly string[]> {
  const { entropyToMnemonic } = await import("@scure/bip39");
  const seed = Buffer.from(root.secretKey, "base64url");
  const words = entropyToMnemonic(seed, await listOf(language)).split(" ");
  seed.fill(0);
  return words;
}

/**
 * The account key that these words are, in whichever language. Case, accents, blanks, numbering and commas between them do not matter,
 * and four letters of a word are enough. `words_invalid` says how many there are, which one is not of the list, or that they are not those which were
 * written down; it repeats none of them.
 */
export async function rootFromWords(text: string): Promise<Outcome<KeyPair<AccountKey>>> {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const typed = plain.match(/\p{L}+/gu) ?? [];
  if (typed.length !== WORDS) return fail("words_invalid", `words: expected ${WORDS}, not ${typed.length}`);

  const lists = await Promise.all(WORD_LANGUAGES.map(listOf));
  const readings = lists.map((list) => ({ list, words: typed.map((letters) => wordIn(list, letters)) }));
  for (const { list, words } of readings) {
    const root = words.includes(undefined) ? undefined : await rootOf(words.join(" "), list);
    if (root !== undefined) return succeed(root);
  }

  // The complaint of the list that goes furthest: the words were written in that language.
  const known = Math.max(
    ...readings.map(({ words }) => (words.includes(undefined) ? words.indexOf(undefined) : WORDS)),
  );
  const what =
    known === WORDS ? "words: expected those that were written down" : `word ${known + 1}: expected one of the list`;
  return fail("words_invalid", what);
}

/** Undefined when the checksum does not hold. */
async function rootOf(words: string, list: string[]): Promise<KeyPair<AccountKey> | undefined> {
  const { mnemonicToEntropy } = await import("@scure/bip39");
  try {
    const seed = mnemonicToEntropy(words, list);
    const root = accountKeyOfSeed(seed);
    seed.fill(0);
    return root;
  } catch {
    // What the library says about it may hold the words.
    return undefined;
  }
}

function wordIn(list: readonly string[], letters: string): string | undefined {
  if (list.includes(letters)) return letters;
  return letters.length < LETTERS_THAT_TELL ? undefined : list.find((word) => word.startsWith(letters));
}

/** Loaded when somebody asks, so that starting does not wait for it. */
async function listOf(language: WordLanguage): Promise<string[]> {
  const { wordlist } =
    language === "en"
      ? await import("@scure/bip39/wordlists/english.js")
      : await import("@scure/bip39/wordlists/portuguese.js");
  return wordlist;
}
