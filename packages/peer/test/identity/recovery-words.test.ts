// Goal: 24 words and an account key are the same thing in two spellings, however they are typed; what is not such words is said without repeating them.
// Method: golden vectors (BIP-39's own, and the keys of RFC 8032 §7.1, spelled by a second implementation), and properties over arbitrary keys.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type KeyPair, accountKeyOfSeed, createAccountKey } from "@papo/link";
import type { AccountKey, Outcome } from "@papo/protocol";
import fc from "fast-check";
import { WORD_LANGUAGES, type WordLanguage, rootFromWords, wordsOf } from "../../src/identity/recovery-words.ts";

type Vector = Readonly<Record<WordLanguage, string>> & {
  readonly name: string;
  readonly secretKey: string;
  readonly publicKey: string | null;
};
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/recovery-words.json", import.meta.url), "utf8"),
) as readonly Vector[];

function rootOf({ secretKey }: Vector): KeyPair<AccountKey> {
  return accountKeyOfSeed(Buffer.from(secretKey, "base64url"));
}

function detailOf(outcome: Outcome<unknown>): string {
  return !outcome.ok && outcome.fault.code === "words_invalid" ? outcome.fault.detail : "none";
}

for (const vector of vectors) {
  test(`${vector.name}: the words of both languages, there and back`, async () => {
    const root = rootOf(vector);
    if (vector.publicKey !== null) assert.equal(root.publicKey, vector.publicKey);
    for (const language of WORD_LANGUAGES) {
      assert.equal((await wordsOf(root, language)).join(" "), vector[language]);
      assert.deepEqual(await rootFromWords(vector[language]), { ok: true, value: root });
    }
  });
}

test("every key that is made comes back whole from its words, from their first four letters, and from any spelling of them", async () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
  await fc.assert(
    fc.asyncProperty(seed, fc.constantFrom(...WORD_LANGUAGES), async (bytes, language) => {
      const root = accountKeyOfSeed(bytes);
      const words = await wordsOf(root, language);
      assert.equal(words.length, 24);
      const spellings = [
        words.join(" "),
        words.map((word) => word.slice(0, 4)).join("\n"),
        `  ${words.join("\t \n").toUpperCase()}  `,
        words.map((word, index) => `${index + 1}. ${word}`).join(", "),
        words
          .map((word) => word.replace("a", "á").replace("c", "ç"))
          .join(" ")
          .normalize("NFC"),
      ];
      for (const spelling of spellings) assert.deepEqual(await rootFromWords(spelling), { ok: true, value: root });
    }),
    { numRuns: 40 },
  );
  const made = createAccountKey();
  assert.deepEqual(await rootFromWords((await wordsOf(made, "pt")).join(" ")), { ok: true, value: made });
});

test("what is wrong is said by its kind and place, never by the words", async () => {
  const [vector] = vectors as readonly [Vector];
  for (const language of WORD_LANGUAGES) {
    const words = vector[language].split(" ");
    const [first = "", second = ""] = words;
    const swapped = [second, first, ...words.slice(2)].join(" ");
    assert.equal(detailOf(await rootFromWords(swapped)), "words: expected those that were written down");
    assert.equal(detailOf(await rootFromWords(words.slice(1).join(" "))), "words: expected 24, not 23");
    assert.equal(
      detailOf(await rootFromWords(words.with(6, "papagaios").join(" "))),
      "word 7: expected one of the list",
    );
    assert.equal(
      detailOf(await rootFromWords(words.with(23, first.slice(0, 3)).join(" "))),
      "word 24: expected one of the list",
    );
  }
  assert.equal(detailOf(await rootFromWords("")), "words: expected 24, not 0");
});

test("words of two languages are no key, whatever stands first", async () => {
  const [vector] = vectors as readonly [Vector];
  const [en, pt] = [vector.en.split(" "), vector.pt.split(" ")];
  const mixed = [...en.slice(0, 12), ...pt.slice(12)].join(" ");
  assert.equal(detailOf(await rootFromWords(mixed)), "word 13: expected one of the list");
});

test("I15: any text is read or refused, and nothing throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
      assert.equal((await rootFromWords(text)).ok, false);
    }),
  );
});
