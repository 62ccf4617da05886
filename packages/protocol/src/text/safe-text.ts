import { COMBINING_MARKS_MAX, INVISIBLE_RUN_MAX } from "../limits.ts";
import { EMOJI_SHAPE, safeEmoji } from "./emoji.ts";

export type SafeTextOptions = {
  /** Keep `\n` as it is, for a text that is shown over several lines. Every other line break is made visible. */
  readonly multiline?: boolean;
};

/**
 * Text from elsewhere, made safe to show on a terminal, on a page and in a log (docs/protocol/names.md §3). No
 * control, escape, bidi or other invisible character is left, except those that build a known emoji or join letters
 * as their script demands. What was refused is shown (`␛[2J`, `⟨RLO⟩`), so that nobody is fooled by its absence.
 * Idempotent, linear; at most 9 characters come out for one that went in.
 */
export function safeText(text: string, options: SafeTextOptions = {}): string {
  if (PLAIN_ASCII.test(text)) return text;

  const whole = text.toWellFormed();
  const multiline = options.multiline === true;
  let safe = "";
  let from = 0;
  for (const match of whole.matchAll(UNUSUAL)) {
    safe += whole.slice(from, match.index);
    const startsLine = match.index === 0 || (multiline && whole[match.index - 1] === "\n");
    safe += showUnusual(match, startsLine, multiline);
    from = match.index + match[0].length;
  }
  return safe + whole.slice(from);
}

/**
 * A field of a log line: safe, in straight quotes that nothing inside can close, cut after so many code points of
 * the original.
 */
export function quoteSafe(text: string, maxCodePoints: number): string {
  const head = Array.from(text.slice(0, 2 * maxCodePoints))
    .slice(0, maxCodePoints)
    .join("");
  const ellipsis = head.length < text.length ? "…" : "";
  return `"${safeText(head).replace(/["\\]/gv, "\\$&")}${ellipsis}"`;
}

const PLAIN_ASCII = /^[ -~]*$/v;

const INVISIBLE = String.raw`\p{Default_Ignorable_Code_Point}`;
/** Combining marks, and the vowels and finals of Hangul, which pile up on what is before them just the same. */
const MARK = String.raw`[[\p{M}[[\u1160-\u11FF\uD7B0-\uD7FF]&&\p{L}]]--${INVISIBLE}]`;
/** Scripts in which U+200C and U+200D change how letters join (Unicode 16, §23.2). */
const JOINING_SCRIPTS = `Arabic Syriac Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada
  Malayalam Sinhala Khmer Myanmar Tibetan`;
const JOINING = JOINING_SCRIPTS.split(/\s+/v)
  .map((script) => String.raw`\p{Script_Extensions=${script}}`)
  .join("");
const JOINING_LETTER = `[[${JOINING}]&&\\p{L}]`;
const JOINING_MARKS = `[[${JOINING}]&&\\p{M}]{0,${COMBINING_MARKS_MAX}}`;
const JOINER = `(?<=${JOINING_LETTER}${JOINING_MARKS})[\\u200C\\u200D](?=${JOINING_LETTER})`;
/** A selector right behind a Han character chooses its shape, as some names need. */
const HAN_VARIANT = String.raw`(?<=\p{Script=Han})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`;
/** All that is not a letter, mark, number, punctuation, symbol or space; and what is, but cannot be seen. */
const REFUSED = String.raw`[[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]${INVISIBLE}\p{Emoji_Modifier}]`;

const UNUSUAL = new RegExp(
  `(?<emoji>${EMOJI_SHAPE})|(?<marks>${MARK}+)|(?<kept>${JOINER}|${HAN_VARIANT})|(?<refused>${REFUSED}+)`,
  "gv",
);

function showUnusual(match: RegExpExecArray, startsLine: boolean, multiline: boolean): string {
  const { emoji, marks, kept, refused } = match.groups ?? {};
  if (emoji !== undefined) return safeEmoji(emoji, showInvisible);
  if (marks !== undefined) return cappedMarks(marks, startsLine);
  if (kept !== undefined) return kept;
  return showRefused(refused ?? "", multiline);
}

/** Marks with nothing before them would sit on what the screen shows there: they get a base of their own. */
function cappedMarks(marks: string, startsLine: boolean): string {
  const capped = Array.from(marks).slice(0, COMBINING_MARKS_MAX).join("");
  return startsLine ? `◌${capped}` : capped;
}

const CONTROL_OR_RUN = /\p{Cc}|\P{Cc}+/gv;
const DELETE = 0x7f;

function showRefused(refused: string, multiline: boolean): string {
  return refused.replace(CONTROL_OR_RUN, (run) => {
    if (run === "\n" && multiline) return run;
    return controlPicture(run.charCodeAt(0)) ?? showInvisible(run);
  });
}

/** U+2400 to U+241F and U+2421 picture the controls of ASCII. */
function controlPicture(code: number): string | undefined {
  if (code === DELETE) return "\u2421";
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : undefined;
}

function showInvisible(run: string): string {
  const characters = Array.from(run);
  const shown = characters.slice(0, INVISIBLE_RUN_MAX).map((character) => `⟨${nameOf(character)}⟩`);
  return shown.join("") + (characters.length > INVISIBLE_RUN_MAX ? "⟨…⟩" : "");
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAME_BY_CODE.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

const NAME_BY_CODE: ReadonlyMap<number, string> = new Map([
  [0x0085, "NEL"],
  [0x00ad, "SHY"],
  [0x061c, "ALM"],
  [0x200b, "ZWSP"],
  [0x200c, "ZWNJ"],
  [0x200d, "ZWJ"],
  [0x200e, "LRM"],
  [0x200f, "RLM"],
  [0x2028, "LS"],
  [0x2029, "PS"],
  [0x202a, "LRE"],
  [0x202b, "RLE"],
  [0x202c, "PDF"],
  [0x202d, "LRO"],
  [0x202e, "RLO"],
  [0x2060, "WJ"],
  [0x2066, "LRI"],
  [0x2067, "RLI"],
  [0x2068, "FSI"],
  [0x2069, "PDI"],
  [0xfeff, "BOM"],
]);
