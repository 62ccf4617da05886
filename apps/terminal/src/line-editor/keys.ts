import { INPUT_LINE_CHARS_MAX } from "@papo/protocol";

export type KeyName =
  | "enter"
  | "line-break"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "word-left"
  | "word-right"
  | "kill-to-end"
  | "kill-to-start"
  | "kill-blank-word"
  | "kill-word-left"
  | "kill-word-right"
  | "yank"
  | "transpose"
  | "clear-screen"
  | "interrupt"
  | "end-or-delete";

export type Key =
  | { readonly kind: "text"; readonly text: string }
  /** What stood between the marks of a bracketed paste. It is text, whatever it looks like. */
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "press"; readonly name: KeyName };

/** A sequence that began in one chunk and ends in another. `afterReturn`: a `\n` that follows belongs to it. */
export type KeysState = { readonly pending: string; readonly pasted: string | null; readonly afterReturn: boolean };

export const NO_KEYS: KeysState = { pending: "", pasted: null, afterReturn: false };

const PASTE_END = "\u001b[201~";

const CONTROLS: ReadonlyMap<string, KeyName> = new Map([
  ["\u0001", "home"],
  ["\u0002", "left"],
  ["\u0003", "interrupt"],
  ["\u0004", "end-or-delete"],
  ["\u0005", "end"],
  ["\u0006", "right"],
  ["\b", "backspace"],
  ["\n", "enter"],
  ["\u000b", "kill-to-end"],
  ["\f", "clear-screen"],
  ["\r", "enter"],
  ["\u000e", "down"],
  ["\u0010", "up"],
  ["\u0014", "transpose"],
  ["\u0015", "kill-to-start"],
  ["\u0017", "kill-blank-word"],
  ["\u0019", "yank"],
  ["\u007f", "backspace"],
]);

/** Behind ESC: what Alt makes of a key, and the cursor keys as CSI and SS3 have them. */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map([
  ["b", "word-left"],
  ["B", "word-left"],
  ["f", "word-right"],
  ["F", "word-right"],
  ["d", "kill-word-right"],
  ["D", "kill-word-right"],
  ["\u007f", "kill-word-left"],
  ["\b", "kill-word-left"],
  ["\r", "line-break"],
  ["\n", "line-break"],
  ...(["[", "O"] as const).flatMap((introducer) => [
    [`${introducer}A`, "up"] as const,
    [`${introducer}B`, "down"] as const,
    [`${introducer}C`, "right"] as const,
    [`${introducer}D`, "left"] as const,
    [`${introducer}H`, "home"] as const,
    [`${introducer}F`, "end"] as const,
  ]),
  ["[1~", "home"],
  ["[7~", "home"],
  ["[4~", "end"],
  ["[8~", "end"],
  ["[3~", "delete"],
  ["[1;5D", "word-left"],
  ["[1;3D", "word-left"],
  ["[1;5C", "word-right"],
  ["[1;3C", "word-right"],
  ["[3;5~", "kill-word-right"],
]);

/** Pure: what was typed, from what a terminal sends; a chunk may end anywhere. Unknown sequences are swallowed. */
export function decodeKeys(
  state: KeysState,
  chunk: string,
): { readonly state: KeysState; readonly keys: readonly Key[] } {
  const keys: Key[] = [];
  let rest = state.pending + chunk;
  let { pasted, afterReturn } = state;
  while (rest !== "") {
    if (pasted !== null) {
      const end = rest.indexOf(PASTE_END);
      const kept = end === -1 ? rest.length - endingBegun(rest) : end;
      pasted = (pasted + rest.slice(0, kept)).slice(0, INPUT_LINE_CHARS_MAX);
      rest = rest.slice(end === -1 ? kept : kept + PASTE_END.length);
      if (end === -1) break;
      keys.push({ kind: "paste", text: pasted });
      pasted = null;
      continue;
    }
    const taken = takeOne(rest);
    if (taken === undefined) break;
    rest = rest.slice(taken.length);
    if (taken.opensPaste === true) pasted = "";
    if (taken.key !== undefined && !(afterReturn && taken.lineFeed === true)) keys.push(taken.key);
    afterReturn = taken.carriageReturn === true;
  }
  return { state: { pending: rest, pasted, afterReturn }, keys };
}

type Taken = {
  readonly length: number;
  readonly key?: Key;
  readonly opensPaste?: boolean;
  readonly carriageReturn?: boolean;
  readonly lineFeed?: boolean;
};

/** The key at the start of `text`; undefined while it is not complete. */
function takeOne(text: string): Taken | undefined {
  const printable = PRINTABLE.exec(text)?.[0];
  if (printable !== undefined) return { length: printable.length, key: { kind: "text", text: printable } };
  const first = text.charAt(0);
  if (first === "\u001b") return takeSequence(text);
  const name = CONTROLS.get(first);
  if (name === undefined) return { length: 1 };
  return {
    length: 1,
    key: { kind: "press", name },
    carriageReturn: first === "\r",
    lineFeed: first === "\n",
  };
}

function takeSequence(text: string): Taken | undefined {
  if (text.length === 1) return undefined;
  const introducer = text.charAt(1);
  if (introducer === "\u001b") return { length: 1 };
  if (introducer === "O") {
    return text.length === 2 ? undefined : { length: 3, ...pressOf(text.slice(1, 3)) };
  }
  if (introducer !== "[") return { length: 2, ...pressOf(introducer) };

  const sequence = CONTROL_SEQUENCE.exec(text)?.[0];
  if (sequence !== undefined) {
    if (sequence === "\u001b[200~") return { length: sequence.length, opensPaste: true };
    return { length: sequence.length, ...pressOf(sequence.slice(1)) };
  }
  const begun = CONTROL_SEQUENCE_BEGUN.exec(text)?.[0].length ?? 2;
  return begun === text.length ? undefined : { length: begun };
}

function pressOf(sequence: string): { readonly key?: Key } {
  const name = SEQUENCES.get(sequence);
  return name === undefined ? {} : { key: { kind: "press", name } };
}

/** Characters at the end of `text` that may be the beginning of the end of a paste. */
function endingBegun(text: string): number {
  for (let length = PASTE_END.length - 1; length > 0; length -= 1) {
    if (text.endsWith(PASTE_END.slice(0, length))) return length;
  }
  return 0;
}

const PRINTABLE = /^[^\p{Cc}]+/u;
/** As ECMA-48 has them, no longer than any that a terminal sends. */
const CONTROL_SEQUENCE = /^\u001b\[[0-?]{0,24}[ -/]{0,4}[@-~]/u;
const CONTROL_SEQUENCE_BEGUN = /^\u001b\[[0-?]{0,24}[ -/]{0,4}/u;
