import type { Tone } from "@papo/view-model";

// What a screen shows at one moment, as rows of pieces of text. How it gets into a terminal is the renderer's.

/** How a piece of text looks, by what it is; the theme makes colours of it. */
export type Look = {
  readonly tone?: Tone;
  /** Of a name: below NAME_COLOURS. */
  readonly name?: number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  /** As on a line that is selected, or a bar across the screen. */
  readonly bar?: "status" | "selected" | "warning" | "bad";
  /** White on black whatever the theme is: QR codes. */
  readonly code?: true;
};

/** `text` is safe and on one line; `link` becomes an OSC 8 hyperlink where the terminal has them. */
export type Run = { readonly text: string; readonly look?: Look; readonly link?: string };

/**
 * Runs that begin at a column (from 0). The renderer goes there by an absolute move, so that a terminal that takes a character for wider or narrower than
 * we do spoils no more than the rest of this part. They must fit in `columns` cells by our count. Nothing is padded with blanks: what is not covered is erased;
 * a bar is painted over its whole part (`fill`).
 */
export type Part = {
  readonly column: number;
  readonly columns: number;
  readonly runs: readonly Run[];
  readonly fill?: Look;
};

/** Parts from left to right, without overlap. */
export type Row = readonly Part[];

export type Frame = {
  /** As many as the terminal has, from the top; missing ones are blank. */
  readonly rows: readonly Row[];
  /** Null: hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
};
