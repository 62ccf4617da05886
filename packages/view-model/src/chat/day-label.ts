import type { Language } from "../catalogue/language.ts";
import { clockTime } from "../feed/shown-line.ts";

const FORMATS = new Map<Language, Intl.DateTimeFormat>();

/** `Sunday, November 22, 2026`, in the time zone of this computer. */
export function dayLabel(atMs: number, language: Language): string {
  const format =
    FORMATS.get(language) ??
    new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  FORMATS.set(language, format);
  return format.format(atMs);
}

/** `18:47` */
export function shortTime(atMs: number): string {
  return clockTime(atMs).slice(0, 5);
}
