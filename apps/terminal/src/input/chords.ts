// How a key pressed together with others is written: `ctrl-a`, `alt-shift-n`, `page-up`. Said in stroke.ts.

/** `shift` is only written where a terminal can tell: with letters and named keys, not with what shift makes of a digit. */
export type Modifiers = { readonly ctrl?: boolean; readonly alt?: boolean; readonly shift?: boolean };

const NAMES: ReadonlySet<string> = new Set([
  ...["enter", "tab", "space", "backspace", "delete", "insert", "escape", "up", "down", "left", "right", "home", "end"],
  ...["page-up", "page-down"],
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
]);

/** As people write them. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["esc", "escape"],
  ["return", "enter"],
  ["del", "delete"],
  ["ins", "insert"],
  ["bs", "backspace"],
  ["pgup", "page-up"],
  ["pageup", "page-up"],
  ["pgdn", "page-down"],
  ["pgdown", "page-down"],
  ["pagedown", "page-down"],
]);

/** What most terminals cannot tell from one another has one name. */
const SAME_KEYS: ReadonlyMap<string, string> = new Map([
  ["ctrl-m", "enter"],
  ["ctrl-i", "tab"],
  ["ctrl-[", "escape"],
  ["ctrl-h", "backspace"],
  ["ctrl-@", "ctrl-space"],
]);

/** `key` is the name of a key or one character, with the case that it came in. */
export function chordOf(key: string, { ctrl = false, alt = false, shift = false }: Modifiers = {}): string {
  const lower = key.toLowerCase();
  const isLetter = !NAMES.has(key) && lower !== key.toUpperCase();
  const shifted = NAMES.has(key) || isLetter ? shift || lower !== key : false;
  const rest = `${shifted ? "shift-" : ""}${lower}`;
  const plain = ctrl ? (SAME_KEYS.get(`ctrl-${rest}`) ?? `ctrl-${rest}`) : rest;
  if (!alt) return plain;
  return plain.startsWith("ctrl-") ? `ctrl-alt-${plain.slice(5)}` : `alt-${plain}`;
}

/** As a person wrote it: modifiers in any order, any case, a few other names of keys. Undefined: no key, or one that types. */
export function parseChord(written: string): string | undefined {
  const text = written.trim().toLowerCase();
  const [, prefix = "", key = ""] = /^((?:(?:ctrl|control|alt|meta|shift|c|m|s)-)*)(.+)$/u.exec(text) ?? [];
  const has = (...names: readonly string[]) => names.some((name) => `-${prefix}`.includes(`-${name}-`));
  const modifiers = { ctrl: has("ctrl", "control", "c"), alt: has("alt", "meta", "m"), shift: has("shift", "s") };
  const name = key === " " ? "space" : (OTHER_NAMES.get(key) ?? key);
  if (NAMES.has(name))
    return name === "space" && !modifiers.ctrl && !modifiers.alt ? undefined : chordOf(name, modifiers);
  const isCharacter = /^[^\p{Cc}\p{Z}]$/u.test(name);
  return isCharacter && (modifiers.ctrl || modifiers.alt) ? chordOf(name, modifiers) : undefined;
}

const SHOWN: ReadonlyMap<string, string> = new Map([
  ["escape", "Esc"],
  ["delete", "Del"],
  ["insert", "Ins"],
  ["page-up", "PgUp"],
  ["page-down", "PgDn"],
  ["up", "↑"],
  ["down", "↓"],
  ["left", "←"],
  ["right", "→"],
]);

/** For people: `Ctrl-A`, `Alt-Shift-N`, `PgUp`, `Alt-←`. */
export function shownChord(chord: string): string {
  const [, prefix = "", key = ""] = /^((?:ctrl-)?(?:alt-)?(?:shift-)?)(.+)$/u.exec(chord) ?? [];
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return prefix.replace(/[a-z]+/gu, capital) + (SHOWN.get(key) ?? capital(key));
}
