import { papo as english } from "./catalogue/en/papo.ts";
import type { Language } from "./catalogue/language.ts";
import type { PapoTexts } from "./catalogue/papo-texts.ts";
import { papo as portuguese } from "./catalogue/pt-br/papo.ts";

// An entry of its own: `papo --help` shows these texts, and should not load the screens for it.

export { type Language, LANGUAGES, languageOf, parseLanguage } from "./catalogue/language.ts";
export type {
  CommandName,
  DemoTexts,
  OptionName,
  PapoTexts,
  PlaceholderName,
  StorageProblem,
} from "./catalogue/papo-texts.ts";

const TEXTS: Readonly<Record<Language, PapoTexts>> = { en: english, "pt-BR": portuguese };

/** What the command itself says, outside of the chat screens. */
export function commandTextsOf(language: Language): PapoTexts {
  return TEXTS[language];
}
