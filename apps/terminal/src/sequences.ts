// Every control sequence that this program ever writes to a terminal (ECMA-48, xterm). Nothing else may stand between
// the texts: tests hold the output against this list.

/** Names' colours by index: those of the 16 that are readable on dark and on light. */
const NAME_SGR = [36, 32, 35, 33, 34, 31, 96, 92, 95, 94] as const;

export const ERASE_BELOW = "\u001b[J";
export const CLEAR_SCREEN = "\u001b[H\u001b[2J";
export const BRACKETED_PASTE_ON = "\u001b[?2004h";
export const BRACKETED_PASTE_OFF = "\u001b[?2004l";

export function cursorUp(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : "";
}

export function cursorRight(cells: number): string {
  return cells > 0 ? `\u001b[${cells}C` : "";
}

/** White on black that no theme changes: both are of the fixed part of the 256 colours. */
export function whiteOnBlack(text: string): string {
  return `\u001b[38;5;231;48;5;16m${text}\u001b[39;49m`;
}

export function inColour(text: string, colour: number): string {
  return `\u001b[${NAME_SGR[colour % NAME_SGR.length] ?? 39}m${text}\u001b[39m`;
}
