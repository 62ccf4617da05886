import { chordOf, type Modifiers } from "./chords.ts";
import type { Stroke } from "./stroke.ts";

// What terminals send for keys that type nothing: xterm and all that follow it, rxvt, the Linux console, and the forms that say a key by its
// code point (CSI u, modifyOtherKeys).

const LETTER_KEYS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

/** rxvt's cursor keys with Ctrl (behind SS3) and Shift (behind CSI). */
const RXVT_ARROWS: Readonly<Record<string, string>> = { a: "up", b: "down", c: "right", d: "left" };

const TILDE_KEYS: ReadonlyMap<number, string> = new Map([
  ...["home", "insert", "delete", "end", "page-up", "page-down", "home", "end"].map(
    (name, index) => [index + 1, name] as const,
  ),
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((code, index) => [code, `f${index + 1}`] as const),
]);

const RXVT_TILDES: Readonly<Record<string, Modifiers>> = {
  "~": {},
  "^": { ctrl: true },
  $: { shift: true },
  "@": { ctrl: true, shift: true },
};

/** Keys by code point; the private ones are those of a keypad in kitty's protocol. */
const CODE_KEYS: ReadonlyMap<number, string> = new Map([
  [8, "backspace"],
  [9, "tab"],
  [13, "enter"],
  [27, "escape"],
  [32, "space"],
  [127, "backspace"],
  [57_414, "enter"],
]);

const KEYPAD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from("0123456789", (digit, index) => [String.fromCharCode(0x70 + index), digit])),
  ...{ j: "*", k: "+", l: ",", m: "-", n: ".", o: "/", X: "=" },
};

/** A whole control sequence, without ESC [. Undefined: none that we know, or one that says nothing to us. */
export function strokeOfCsi(sequence: string, awaitsCursor: boolean): Stroke | undefined {
  const [, marker = "", written = "", final = ""] = /^([<=>?]?)([\d;:]*)([ -/]*[@-~]|\$)$/u.exec(sequence) ?? [];
  if (marker === "<") return mouse(numbers(written), final);
  if (final === "R" && awaitsCursor && (marker === "" || marker === "?")) return cursorAt(numbers(written));
  if (marker !== "") return undefined;
  if (written === "" && final === "I") return { kind: "focus", isFocused: true };
  if (written === "" && final === "O") return { kind: "focus", isFocused: false };
  if (written === "" && final === "Z") return chord("tab", { shift: true });
  if (final === "u") return byCodePoint(written.split(";").map((one) => numbers(one.replaceAll(":", ";"))));
  const params = numbers(written);
  if (final === "~" && params[0] === 27) return byCodePoint([[params[2] ?? Number.NaN], [params[1] ?? 1]]);
  const tilde = RXVT_TILDES[final];
  if (tilde !== undefined) return byTilde(params, tilde);
  return byLetter(params, final);
}

/** What follows ESC O. */
export function strokeOfSs3(sequence: string): Stroke | undefined {
  const [, written = "", final = ""] = /^([\d;]*)(.)$/u.exec(sequence) ?? [];
  const name = LETTER_KEYS[final];
  if (name !== undefined) return chord(name, modifiersOf(numbers(written).at(-1)));
  if (final === "M") return chord("enter");
  const rxvt = RXVT_ARROWS[final];
  if (rxvt !== undefined) return chord(rxvt, { ctrl: true });
  const typed = KEYPAD[final];
  return typed === undefined ? undefined : { kind: "text", text: typed };
}

/** The Linux console's F1 to F5: what follows ESC [ [. */
export function strokeOfLinux(letter: string): Stroke | undefined {
  const index = "ABCDE".indexOf(letter);
  return index === -1 ? undefined : chord(`f${index + 1}`);
}

/** The old mouse report: button and place as three characters. */
export function strokeOfOldMouse(report: string): Stroke | undefined {
  const [button = 0, column = 0, row = 0] = Array.from(report, (character) => (character.codePointAt(0) ?? 0) - 32);
  return mouse([button, column, row], (button & 3) === 3 && button < 64 ? "m" : "M");
}

function chord(key: string, modifiers: Modifiers = {}): Stroke {
  return { kind: "chord", chord: chordOf(key, modifiers) };
}

function numbers(written: string): readonly number[] {
  return written === "" ? [] : written.split(/[;:]/u).map((digits) => (digits === "" ? Number.NaN : Number(digits)));
}

/** xterm's: one more than the sum of shift 1, alt 2, ctrl 4, meta 8. Locks (64, 128) change nothing. */
function modifiersOf(parameter = 1): Modifiers {
  const bits = Number.isNaN(parameter) ? 0 : Math.max(0, parameter - 1);
  return { shift: (bits & 1) !== 0, alt: (bits & 0b1010) !== 0, ctrl: (bits & 4) !== 0 };
}

function byTilde([code = Number.NaN, modifier]: readonly number[], rxvt: Modifiers): Stroke | undefined {
  const name = TILDE_KEYS.get(code);
  return name === undefined ? undefined : chord(name, modifier === undefined ? rxvt : modifiersOf(modifier));
}

function byLetter(params: readonly number[], final: string): Stroke | undefined {
  const shifted = RXVT_ARROWS[final];
  if (shifted !== undefined && params.length === 0) return chord(shifted, { shift: true });
  const name = LETTER_KEYS[final];
  if (name === undefined || params.length > 2) return undefined;
  // The answer to a question where the cursor is, come too late, looks like F3 but for its row.
  if (final === "R" && (params[0] !== 1 || modifierOf(params) < 2 || modifierOf(params) > 16)) return undefined;
  return chord(name, modifiersOf(modifierOf(params)));
}

/** `1;5A`, and `5A` of older ones. */
function modifierOf(params: readonly number[]): number {
  return params[1] ?? params[0] ?? 1;
}

/** `97;5u`, with kitty's further parts: other keys on it, and what happened to the key. */
function byCodePoint([codes = [], pressed = []]: readonly (readonly number[])[]): Stroke | undefined {
  const [code = Number.NaN, shiftedCode] = codes;
  const [modifier, event] = pressed;
  const isReleased = event === 3;
  if (isReleased || !(code <= 0x10_ff_ff)) return undefined;
  const modifiers = modifiersOf(modifier);
  const name = CODE_KEYS.get(code);
  if (name !== undefined && (name !== "space" || modifiers.ctrl === true || modifiers.alt === true))
    return chord(name, modifiers);

  const character = String.fromCodePoint(code);
  if (/^[\p{Cc}\p{Co}\p{Cs}]$/u.test(character)) return undefined;
  if (modifiers.ctrl === true || modifiers.alt === true) return chord(character, modifiers);
  if (modifiers.shift !== true) return { kind: "text", text: character };
  const shifted =
    shiftedCode !== undefined && shiftedCode <= 0x10_ff_ff ? String.fromCodePoint(shiftedCode) : undefined;
  const text = shifted ?? character.toUpperCase();
  return /\p{Cc}/u.test(text) ? undefined : { kind: "text", text };
}

const WHEEL = 64;
const MOVED = 32;
/** More than any terminal has cells. */
const PLACE_MAX = 65_535;

function mouse([button = Number.NaN, column = 1, row = 1]: readonly number[], final: string): Stroke | undefined {
  if (final !== "M" || !(button < 128) || (button & MOVED) !== 0) return undefined;
  const names = (button & WHEEL) === 0 ? (["left", "middle", "right"] as const) : (["wheel-up", "wheel-down"] as const);
  const name = names[button & 3];
  return name === undefined ? undefined : { kind: "mouse", button: name, row: place(row), column: place(column) };
}

function cursorAt([row = 1, column = 1]: readonly number[]): Stroke {
  return { kind: "cursor-at", row: place(row), column: place(column) };
}

/** From 1 to from 0. */
function place(written: number): number {
  return Number.isNaN(written) ? 0 : Math.min(PLACE_MAX, Math.max(0, written - 1));
}
