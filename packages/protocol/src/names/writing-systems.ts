/**
 * The scripts in modern use that UTS #31 recommends for identifiers (table 5), and the combinations of them that one
 * language writes with (UTS #39 §5.2, without its Latin: a name here is of one script).
 */
const COMBINED = [
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Hangul"],
  ["Han", "Bopomofo"],
] as const;
const ALONE = `Latin Cyrillic Greek Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew
  Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan`;
const SYSTEMS: readonly (readonly string[])[] = [...ALONE.split(/\s+/v).map((script) => [script]), ...COMBINED];

// A mark that belongs to no script of its own goes with the letter under it.
const PATTERNS = SYSTEMS.map((scripts) => {
  const members = scripts.map((script) => String.raw`\p{Script_Extensions=${script}}`).join("");
  return new RegExp(String.raw`^[${members}\p{Script=Inherited}]*$`, "v");
});

/** True if one writing system has all these letters, marks and native digits. */
export function isOneWritingSystem(letters: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(letters));
}
