import { COMBINING_MARKS_MAX, USERNAME_CHARS_MAX } from "../limits.ts";
import { isReservedUsername } from "./reserved-names.ts";
import { isOneWritingSystem } from "./writing-systems.ts";

/** Why a name may not be registered, worst first. docs/protocol/names.md §1 has a row for each. */
export type UsernameProblem =
  | "empty"
  | "too_long"
  | "bad_character"
  | "not_nfkc"
  | "mixed_script"
  | "mixed_digits"
  | "bad_edge"
  | "reserved";

/**
 * Undefined if a user may register this name, which is then stored and shown exactly as typed: NFKC, 1 to
 * USERNAME_CHARS_MAX characters, letters of one script, digits of one kind, and `_ - .` anywhere but first and last.
 * Uniqueness is another matter: see `skeletonOf`. Names from an original tracker's files are never asked this.
 */
export function checkUsername(name: string): UsernameProblem | undefined {
  if (name === "") return "empty";
  // A character is at most two units: 10 MB are refused without being looked at.
  if (name.length > 2 * USERNAME_CHARS_MAX || Array.from(name).length > USERNAME_CHARS_MAX) return "too_long";
  if (!ALLOWED.test(name) || MARKS_PILED.test(name)) return "bad_character";
  if (name.normalize("NFKC") !== name) return "not_nfkc";
  if (!isOneWritingSystem(name.replace(NEUTRAL, ""))) return "mixed_script";
  if (!hasOneKindOfDigits(name)) return "mixed_digits";
  if (BAD_EDGE.test(name)) return "bad_edge";
  return isReservedUsername(name) ? "reserved" : undefined;
}

/** Letters, the marks that go on them, digits, `_ - .`: and of these none that is invisible (Hangul fillers, U+034F). */
const ALLOWED = /^[[\p{L}\p{M}\p{Nd}_\-.]--\p{Default_Ignorable_Code_Point}--\p{Me}]+$/v;
/** Marks without a letter before them, or too many on one. */
const MARKS_PILED = new RegExp(String.raw`(?<![\p{L}\p{M}])\p{M}|\p{M}{${COMBINING_MARKS_MAX + 1}}`, "v");
/** Belongs to every script. */
const NEUTRAL = /[0-9_\-.]/gv;
const BAD_EDGE = /^[_\-.]|[_\-.]$/v;
const DIGITS = /\p{Nd}/gv;
const IS_DIGIT = /^\p{Nd}$/v;

function hasOneKindOfDigits(name: string): boolean {
  const zeros = (name.match(DIGITS) ?? []).map(zeroOf);
  return new Set(zeros).size <= 1;
}

/** Unicode keeps the ten digits of one kind together, and those of another kind away from them. */
function zeroOf(digit: string): number {
  let code = digit.codePointAt(0) ?? 0;
  while (IS_DIGIT.test(String.fromCodePoint(code - 1))) code--;
  return code;
}
