/** The languages that every text exists in, as BCP 47 tags. */
export const LANGUAGES = ["en", "pt-BR"] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language of the screens: the one asked for (`--lang`, else the configuration), else what the locale says.
 * As POSIX has it, the first of LC_ALL, LC_MESSAGES and LANG that is set decides; `C`, `POSIX`, nothing, or a
 * language that we do not speak mean English.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>, asked?: string): Language {
  const chosen = asked === undefined ? undefined : parseLanguage(asked);
  if (chosen !== undefined) return chosen;
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return parseLanguage(locale ?? "") ?? "en";
}

/** `pt`, `pt_BR.UTF-8`, `PT-br` → `pt-BR`; `en`, `en_GB` → `en`; anything else: undefined. */
export function parseLanguage(text: string): Language | undefined {
  const primary = /^([a-z]{2,3})(?:[-_.@].*)?$/u.exec(text.toLowerCase())?.[1];
  if (primary === "pt") return "pt-BR";
  return primary === "en" ? "en" : undefined;
}
