import { clockTime, type ShownLine, type Span } from "@papo/view-model";
import { graphemes, widthOf } from "./graphemes.ts";
import { inColour, whiteOnBlack } from "./sequences.ts";

/** How lines become rows. `columns` null: whoever reads wraps by itself, as through a pipe. */
export type RowStyle = { readonly colours: boolean; readonly columns: number | null };

/** In front of what is left of a line that was too wide: it never starts where a line of its own would. */
const WRAPPED = "    ";
/** In front of the further lines of a text of several lines. */
const FURTHER = "    │ ";
/** Narrower than this, wrapping makes nothing readable. */
const COLUMNS_WRAPPED_MIN = 24;
const BLANK = /^\s+$/u;
/** An address that stays in one piece, so that a terminal can open or copy it. It has no room for a forged line. */
const WEB_ADDRESS = /^(?:https?|papo):\/\/[\w.~:/?#@!$&'()*+,;=%-]+$/u;

export function rowsOf(line: ShownLine, style: RowStyle): readonly string[] {
  const time = line.atMs === undefined ? [] : [{ text: `[${clockTime(line.atMs)}] ` }];
  return [
    ...wrapped([...time, ...line.spans], WRAPPED, style),
    ...(line.more ?? []).flatMap((text) => wrapped([{ text: FURTHER }, { text }], FURTHER, style)),
  ];
}

function wrapped(spans: readonly Span[], indent: string, style: RowStyle): readonly string[] {
  const { columns } = style;
  const whole = spans.map((span) => painted(span.text, span, style)).join("");
  if (columns === null || columns < COLUMNS_WRAPPED_MIN) return [whole];
  if (spans.reduce((width, span) => width + widthOf(span.text), 0) <= columns) return [whole];

  const rows: string[] = [];
  let row = "";
  let column = 0;
  const startRow = () => {
    rows.push(row.trimEnd());
    row = indent;
    column = indent.length;
  };
  for (const span of spans) {
    for (const piece of piecesOf(span.text, columns - indent.length)) {
      const width = widthOf(piece);
      if (column + width > columns && column > indent.length) startRow();
      const atStartOfFurther = rows.length > 0 && column === indent.length;
      if (atStartOfFurther && BLANK.test(piece)) continue;
      row += painted(piece, span, style);
      column += width;
    }
  }
  return [...rows, row];
}

/** Words and the blanks between them; a word wider than a row character by character. */
function piecesOf(text: string, columns: number): readonly string[] {
  return text.split(/(\s+)/u).flatMap((word) => {
    if (word === "") return [];
    return widthOf(word) <= columns || WEB_ADDRESS.test(word) ? [word] : graphemes(word);
  });
}

function painted(text: string, span: Span, style: RowStyle): string {
  if (!style.colours) return text;
  if (span.code === true) return whiteOnBlack(text);
  return span.colour === undefined ? text : inColour(text, span.colour);
}
