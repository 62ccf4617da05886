import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Completion } from "./completion.ts";
import { EMOJI_NAMES } from "./emoji-names.ts";
import { plainText } from "../plain-text.ts";

/** Those of which a name begins so, then those that have it further back in one. The reader's language says what each is. */
export function emojiCandidates(typed: string, { wordList }: Catalogue): Completion["candidates"] {
  const wanted = plainText(typed.replace(/:$/u, ""));
  if (wanted === "") return [];
  const named = EMOJI_NAMES.map(([emoji, en, pt]) => ({
    emoji,
    names: wordList === "pt" ? [...pt, ...en] : [...en, ...pt],
  }));
  const begun = named.filter(({ names }) => names.some((name) => name.startsWith(wanted)));
  const holding = named.filter((entry) => !begun.includes(entry) && entry.names.some((name) => name.includes(wanted)));
  return [...begun, ...holding].map(({ emoji, names }) => ({ text: emoji, help: `:${names[0] ?? ""}:` }));
}
