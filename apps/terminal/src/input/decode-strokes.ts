import { INPUT_LINE_CHARS_MAX, KEY_SEQUENCE_CHARS_MAX } from "@papo/protocol";
import { chordOf } from "./chords.ts";
import { strokeOfCsi, strokeOfLinux, strokeOfOldMouse, strokeOfSs3 } from "./key-sequences.ts";
import type { Stroke } from "./stroke.ts";

/** What began in one chunk and ends in another; bounded. */
export type StrokesState = {
  /** The beginning of a sequence: at most KEY_SEQUENCE_CHARS_MAX and a few. */
  readonly pending: string;
  /** Inside of a bracketed paste: what came of it, at most INPUT_LINE_CHARS_MAX. */
  readonly pasted: string | null;
  /** Inside of what nobody asked for: a control sequence that never ends, a string that a terminal answered. */
  readonly skipping: "sequence" | "string" | null;
};

export const NO_STROKES: StrokesState = { pending: "", pasted: null, skipping: null };

export type Decoded = { readonly state: StrokesState; readonly strokes: readonly Stroke[] };

export type DecodeOptions = {
  /** We asked where the cursor is: what looks like the answer is one, and not F3. */
  readonly awaitsCursor?: boolean;
};

const ESC = "\u001b";
const PASTE_BEGIN = "200~";
const PASTE_END = `${ESC}[201~`;

/** Pure: what was pressed, from what a terminal sends; a chunk may end anywhere. What is not known is swallowed whole. */
export function decodeStrokes(state: StrokesState, chunk: string, options: DecodeOptions = {}): Decoded {
  const strokes: Stroke[] = [];
  let rest = state.pending + chunk;
  let { pasted, skipping } = state;
  while (rest !== "") {
    if (pasted !== null) {
      const taken = takePaste(pasted, rest);
      rest = taken.rest;
      pasted = taken.pasted;
      if (!taken.isWhole) break;
      strokes.push({ kind: "paste", text: pasted });
      pasted = null;
      continue;
    }
    if (skipping !== null) {
      const skipped = skip(skipping, rest);
      rest = rest.slice(skipped.length);
      if (!skipped.isOver) break;
      skipping = null;
      continue;
    }
    const taken = takeOne(rest, options.awaitsCursor === true);
    if (taken === undefined) break;
    rest = rest.slice(taken.length);
    pasted = taken.opensPaste === true ? "" : null;
    skipping = taken.skips ?? null;
    strokes.push(...taken.strokes);
  }
  return { state: { pending: rest, pasted, skipping }, strokes };
}

/** Whether something hangs in the air that time decides: Esc alone, or the beginning of a sequence? */
export function awaitsMore({ pending, pasted, skipping }: StrokesState): boolean {
  return pasted === null && (skipping === "string" || UNDECIDED.test(pending));
}

/** Nothing followed for ESCAPE_TIMEOUT_MS: those were keys. The beginning of what can only be a sequence goes on waiting for its end. */
export function flushStrokes(state: StrokesState): Decoded {
  if (!awaitsMore(state)) return { state, strokes: [] };
  const strokes = UNDECIDED.test(state.pending) ? keysAlone(state.pending) : [];
  return { state: NO_STROKES, strokes };
}

/** ESC, or ESC and what would begin a sequence, but is a key with Alt. */
const UNDECIDED = /^\u001b(?:\u001b?[[O]?|[\]PX^_])$/u;

function keysAlone(pending: string): readonly Stroke[] {
  if (pending === ESC) return [chord("escape")];
  const second = pending.charAt(1);
  if (second !== ESC) return [chordWithAlt(second)];
  return pending.length === 2 ? [chord("escape"), chord("escape")] : [chord("escape"), chordWithAlt(pending.charAt(2))];
}

type Taken = {
  readonly length: number;
  readonly strokes: readonly Stroke[];
  readonly opensPaste?: boolean;
  readonly skips?: "sequence" | "string";
};

/** What is at the start of `text`; undefined while it is not complete. */
function takeOne(text: string, awaitsCursor: boolean): Taken | undefined {
  const printable = PRINTABLE.exec(text)?.[0];
  if (printable !== undefined) return taken(printable.length, { kind: "text", text: printable });
  if (text.startsWith(ESC)) return takeEscape(text, awaitsCursor);
  const key = controlKey(text.charAt(0));
  return taken(1, key === undefined ? undefined : { kind: "chord", chord: chordOf(key.name, key) });
}

function taken(length: number, stroke: Stroke | undefined): Taken {
  return { length, strokes: stroke === undefined ? [] : [stroke] };
}

function chord(name: string): Stroke {
  return { kind: "chord", chord: name };
}

function takeEscape(text: string, awaitsCursor: boolean): Taken | undefined {
  const second = text.charAt(1);
  if (second === "") return undefined;
  if (second === ESC) return takeDoubleEscape(text, awaitsCursor);
  if (second === "[") return takeCsi(text, awaitsCursor);
  if (second === "O") return takeSs3(text);
  if ("]PX^_".includes(second)) return takeString(text);
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
  if (text.length === 2 && HIGH_SURROGATE.test(second)) return undefined;
  const isNoKey = character >= "\u0080" && character <= "\u009f";
  return taken(1 + character.length, isNoKey ? undefined : chordWithAlt(character));
}

/** rxvt says Alt by an ESC in front of a sequence; else the first was a key of its own. */
function takeDoubleEscape(text: string, awaitsCursor: boolean): Taken | undefined {
  const third = text.charAt(2);
  if (third === "") return undefined;
  if (third !== "[" && third !== "O") return taken(1, chord("escape"));
  const inner = third === "[" ? takeCsi(text.slice(1), awaitsCursor) : takeSs3(text.slice(1));
  if (inner === undefined) return undefined;
  const [stroke] = inner.strokes;
  if (stroke?.kind !== "chord")
    return { ...inner, length: inner.length + 1, strokes: [chord("escape"), ...inner.strokes] };
  return { ...inner, length: inner.length + 1, strokes: [withAlt(stroke.chord)] };
}

function withAlt(written: string): Stroke {
  if (/^(?:ctrl-)?alt-/u.test(written)) return chord(written);
  return chord(written.startsWith("ctrl-") ? `ctrl-alt-${written.slice(5)}` : `alt-${written}`);
}

function takeCsi(text: string, awaitsCursor: boolean): Taken | undefined {
  if (text.charAt(2) === "[") return text.length < 4 ? undefined : takeLinux(text);
  if (text.charAt(2) === "M") return takeOldMouse(text);
  const rxvt = /^\u001b\[\d{1,3}\$/u.exec(text)?.[0];
  const sequence = rxvt ?? CONTROL_SEQUENCE.exec(text)?.[0];
  if (sequence !== undefined) {
    if (sequence.length > KEY_SEQUENCE_CHARS_MAX) return taken(sequence.length, undefined);
    const body = sequence.slice(2);
    if (body === PASTE_BEGIN) return { ...taken(sequence.length, undefined), opensPaste: true };
    return taken(sequence.length, strokeOfCsi(body, awaitsCursor));
  }
  const begun = CONTROL_SEQUENCE_BEGUN.exec(text)?.[0].length ?? 2;
  if (begun >= KEY_SEQUENCE_CHARS_MAX) return { ...taken(begun, undefined), skips: "sequence" };
  return begun === text.length ? undefined : taken(begun, undefined);
}

function takeLinux(text: string): Taken {
  const letter = text.charAt(3);
  return /[ -~]/u.test(letter) ? taken(4, strokeOfLinux(letter)) : taken(3, undefined);
}

function takeOldMouse(text: string): Taken | undefined {
  const report = text.slice(3, 6);
  const control = report.search(/\p{Cc}/u);
  if (control !== -1) return taken(3 + control, undefined);
  return report.length < 3 ? undefined : taken(6, strokeOfOldMouse(report));
}

function takeSs3(text: string): Taken | undefined {
  const found = /^\u001bO([\d;]{0,8}[!-/<-~])/u.exec(text);
  if (found !== null) return taken(found[0].length, strokeOfSs3(found[1] ?? ""));
  const begun = /^\u001bO[\d;]{0,8}/u.exec(text)?.[0].length ?? 2;
  if (begun === text.length) return undefined;
  return begun === 2 ? taken(2, chordWithAlt("O")) : taken(begun, undefined);
}

/** A terminal's answer in words (OSC, DCS, APC, PM, SOS) begins with a figure or a mark; anything else is a key with Alt. */
function takeString(text: string): Taken | undefined {
  if (text.length === 2) return undefined;
  if (/[\d>!$+=?]/u.test(text.charAt(2))) return { ...taken(2, undefined), skips: "string" };
  return taken(2, chordWithAlt(text.charAt(1)));
}

/** How much of `text` belongs to what is skipped. A control character ends it: nobody answers with Enter in it. */
function skip(what: "sequence" | "string", text: string): { readonly length: number; readonly isOver: boolean } {
  if (what === "sequence") {
    const parameters = /^[ -?]*/u.exec(text)?.[0].length ?? 0;
    if (parameters === text.length) return { length: parameters, isOver: false };
    return { length: parameters + (/[@-~]/u.test(text.charAt(parameters)) ? 1 : 0), isOver: true };
  }
  const end = text.search(/\p{Cc}/u);
  if (end === -1) return { length: text.length, isOver: false };
  if (text.startsWith(`${ESC}\\`, end)) return { length: end + 2, isOver: true };
  if (text.slice(end) === ESC) return { length: end, isOver: false };
  return { length: end + (text.charAt(end) === "\u0007" ? 1 : 0), isOver: true };
}

function takePaste(pasted: string, text: string) {
  const end = text.indexOf(PASTE_END);
  const length = end === -1 ? text.length - endingBegun(text) : end;
  return {
    pasted: (pasted + text.slice(0, length)).slice(0, INPUT_LINE_CHARS_MAX),
    rest: text.slice(end === -1 ? length : length + PASTE_END.length),
    isWhole: end !== -1,
  };
}

/** Characters at the end of `text` that may be the beginning of the end of a paste. */
function endingBegun(text: string): number {
  for (let length = PASTE_END.length - 1; length > 0; length -= 1) {
    if (text.endsWith(PASTE_END.slice(0, length))) return length;
  }
  return 0;
}

function chordWithAlt(character: string): Stroke {
  const key = controlKey(character);
  if (key !== undefined) return chord(chordOf(key.name, { ...key, alt: true }));
  return chord(chordOf(character === " " ? "space" : character, { alt: true }));
}

/** The keys of ASCII that type nothing. Undefined: not one of them, or (8-bit controls) no key. */
function controlKey(character: string): { readonly name: string; readonly ctrl: boolean } | undefined {
  const code = character.charCodeAt(0);
  if (code === 0x0d) return { name: "enter", ctrl: false };
  if (code === 0x09) return { name: "tab", ctrl: false };
  if (code === 0x1b) return { name: "escape", ctrl: false };
  if (code === 0x7f || code === 0x08) return { name: "backspace", ctrl: false };
  if (code === 0) return { name: "space", ctrl: true };
  return code < 0x20 ? { name: String.fromCharCode(code + 0x40).toLowerCase(), ctrl: true } : undefined;
}

const PRINTABLE = /^[^\p{Cc}]+/u;
const HIGH_SURROGATE = /^[\uD800-\uDBFF]$/;
/** As ECMA-48 has them. */
const CONTROL_SEQUENCE = /^\u001b\[[0-?]*[ -/]*[@-~]/u;
const CONTROL_SEQUENCE_BEGUN = /^\u001b\[[0-?]*[ -/]*/u;
