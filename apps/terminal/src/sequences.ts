// Every control sequence that this program ever writes to a terminal (ECMA-48, xterm). Nothing else may stand between
// the texts: tests hold the output against this list.

/** Names' colours by index: those of the 16 that are readable on dark and on light. */
const NAME_SGR = [36, 32, 35, 33, 34, 31, 96, 92, 95, 94] as const;

export const ERASE_BELOW = "\u001b[J";
export const CLEAR_SCREEN = "\u001b[H\u001b[2J";
export const BRACKETED_PASTE_ON = "\u001b[?2004h";
export const BRACKETED_PASTE_OFF = "\u001b[?2004l";

// The full screen.
export const ALTERNATE_SCREEN_ON = "\u001b[?1049h";
export const ALTERNATE_SCREEN_OFF = "\u001b[?1049l";
export const CURSOR_SHOWN = "\u001b[?25h";
export const CURSOR_HIDDEN = "\u001b[?25l";
export const WRAP_ON = "\u001b[?7h";
export const WRAP_OFF = "\u001b[?7l";
export const FOCUS_REPORTS_ON = "\u001b[?1004h";
export const FOCUS_REPORTS_OFF = "\u001b[?1004l";
/** Clicks and the wheel, no movements; positions in decimal numbers. */
export const MOUSE_ON = "\u001b[?1000h\u001b[?1006h";
export const MOUSE_OFF = "\u001b[?1006l\u001b[?1000l";
/** Cursor keys and the keys of the numeric pad send what is written on them, whatever ran here before. */
export const ORDINARY_KEYS = "\u001b[?1l\u001b>";
/** What stands between the two is shown at once, by terminals that know how to. */
export const FRAME_START = "\u001b[?2026h";
export const FRAME_END = "\u001b[?2026l";
export const ERASE_TO_END_OF_ROW = "\u001b[K";
export const PLAIN_LOOK = "\u001b[m";
/** Written, and not seen. */
export const CONCEALED_LOOK = "\u001b[8m";
/** The terminal answers with the place of its cursor. */
export const ASK_FOR_CURSOR = "\u001b[6n";
/** Ends an OSC or DCS that was cut short; nothing otherwise. */
export const END_OF_STRING = "\u001b\\";
export const LINK_END = "\u001b]8;;\u001b\\";
export const BELL = "\u0007";

/** Cells from 0. */
export function cursorTo(row: number, column: number): string {
  return `\u001b[${row + 1};${column + 1}H`;
}

/** Within the row; cells from 0. */
export function toColumn(column: number): string {
  return `\u001b[${column + 1}G`;
}

/** `attributes` as ECMA-48 numbers them, on top of nothing. */
export function lookOf(attributes: string): string {
  return `\u001b[0;${attributes}m`;
}

/** Pieces with one `id` are one link. Both are of safe characters. */
export function linkStart(id: string, address: string): string {
  return `\u001b]8;id=${id};${address}\u001b\\`;
}

/** Notices of a desktop. The texts are safe and without `;`. */
export function noticeOfIterm(text: string): string {
  return `\u001b]9;${text}\u001b\\`;
}

export function noticeOfUrxvt(title: string, text: string): string {
  return `\u001b]777;notify;${title};${text}\u001b\\`;
}

/** Through tmux to the terminal that it runs in. */
export function throughTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
}

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
