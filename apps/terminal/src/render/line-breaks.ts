// Where a text that is too wide is broken. UTF-16 indices throughout.

/** A row: what stands from `from` up to `to`. Blanks between two rows are in neither. */
export type TextRange = { readonly from: number; readonly to: number };

/** One character as a reader sees it. */
export type Cluster = { readonly text: string; readonly width: number; readonly role: ClusterRole };

/**
 * What a cluster means for the end of a row: a `blank` goes with it, in front of and behind a `lone` one it may come, and not in front of what is `closing`; the
 * others are words.
 */
export type ClusterRole = "blank" | "lone" | "closing" | "word";

export interface Measure {
  /** Whether every UTF-16 unit is a cluster of one cell. */
  isPlain(text: string): boolean;
  clustersOf(text: string): readonly Cluster[];
}

/** Cells that the first row has, and every further one. */
export type RowWidths = { readonly first: number; readonly further: number };

/** Rows that are never wider than asked; at least one. A cluster that is wider than a whole row is left out. */
export function rowRanges(text: string, measure: Measure, widths: RowWidths): readonly TextRange[] {
  const filler = new RowFiller(widths);
  for (const token of measure.isPlain(text) ? plainTokens(text) : clusterTokens(measure.clustersOf(text))) {
    const { from, to, width } = token;
    if (token.isBlank) filler.leave(width);
    else if (width <= filler.room) filler.put(from, to, width);
    else if (width <= widths.further) filler.putBelow(from, to, width);
    else {
      if (ADDRESS.test(text.slice(from, Math.min(to, from + ADDRESS_HEAD_CHARS)))) filler.startRow(from);
      breakWord(token, filler);
    }
  }
  return filler.ended();
}

export function roleOf(cluster: string): ClusterRole {
  if (BLANK.test(cluster)) return "blank";
  if (CLOSING.test(cluster)) return "closing";
  return LONE.test(cluster) ? "lone" : "word";
}

type Token = TextRange & {
  readonly width: number;
  readonly isBlank: boolean;
  /** Undefined: every UTF-16 unit is one, of one cell. */
  readonly clusters: readonly Cluster[] | undefined;
};

function* plainTokens(text: string): Generator<Token> {
  for (const { 0: token, index } of text.matchAll(PLAIN_TOKEN)) {
    yield {
      from: index,
      to: index + token.length,
      width: token.length,
      isBlank: token[0] === " ",
      clusters: undefined,
    };
  }
}

function* clusterTokens(clusters: readonly Cluster[]): Generator<Token> {
  let at = 0;
  for (let index = 0; index < clusters.length; ) {
    const end = endOfToken(clusters, index);
    const own = clusters.slice(index, end);
    const from = at;
    let width = 0;
    for (const cluster of own) {
      at += cluster.text.length;
      width += cluster.width;
    }
    yield { from, to: at, width, isBlank: own[0]?.role === "blank", clusters: own };
    index = end;
  }
}

function endOfToken(clusters: readonly Cluster[], start: number): number {
  const first = clusters[start]?.role;
  let end = start + 1;
  const follows = (roles: readonly ClusterRole[]) => roles.some((role) => role === clusters[end]?.role);
  const going: readonly ClusterRole[] =
    first === "blank" ? ["blank"] : first === "lone" ? ["closing"] : ["word", "closing"];
  while (follows(going)) end += 1;
  return end;
}

function breakWord({ from, to, clusters }: Token, filler: RowFiller): void {
  let at = from;
  if (clusters === undefined) {
    while (at < to) {
      const length = Math.max(1, Math.min(filler.room, to - at));
      filler.force(at, at + length, length);
      at += length;
    }
    return;
  }
  for (const { text, width } of clusters) {
    filler.force(at, at + text.length, width);
    at += text.length;
  }
}

class RowFiller {
  readonly #widths: RowWidths;
  readonly #rows: TextRange[] = [];
  #from = 0;
  #to = 0;
  #column = 0;
  /** Cells of blanks since the last word: they stand there only if another word follows on the same row. */
  #gap = 0;

  constructor(widths: RowWidths) {
    this.#widths = widths;
  }

  get #columns(): number {
    return this.#rows.length === 0 ? this.#widths.first : this.#widths.further;
  }

  get #isEmpty(): boolean {
    return this.#to === this.#from;
  }

  get room(): number {
    return this.#columns - this.#column - this.#gap;
  }

  leave(width: number): void {
    this.#gap += width;
    // Blanks stay at the beginning of a text, and nowhere else at the beginning of a row.
    if (this.#isEmpty && this.#rows.length > 0) this.#gap = 0;
  }

  put(from: number, to: number, width: number): void {
    if (this.#isEmpty && this.#rows.length > 0) this.#from = from;
    this.#to = to;
    this.#column += this.#gap + width;
    this.#gap = 0;
  }

  /** On a row that begins with it. */
  putBelow(from: number, to: number, width: number): void {
    this.startRow(from);
    this.put(from, to, width);
  }

  /** Wherever there is room, even in the middle of a word. */
  force(from: number, to: number, width: number): void {
    if (width > this.room) this.startRow(from);
    if (width <= this.room) this.put(from, to, width);
    else this.#startAt(to);
  }

  startRow(at: number): void {
    const isNarrowFirst = this.#rows.length === 0 && this.#widths.first < this.#widths.further;
    if (!this.#isEmpty || isNarrowFirst) this.#rows.push({ from: this.#from, to: this.#to });
    this.#startAt(at);
    this.#column = 0;
  }

  ended(): readonly TextRange[] {
    if (!this.#isEmpty || this.#rows.length === 0) this.#rows.push({ from: this.#from, to: this.#to });
    return this.#rows;
  }

  #startAt(at: number): void {
    this.#from = at;
    this.#to = at;
    this.#gap = 0;
  }
}

const PLAIN_TOKEN = / +|[^ ]+/g;
/** Those that hold words together (U+00A0, U+2007, U+202F) are letters here, as is a blank with a mark on it. */
const BLANK = /^[ \u1680\u2000-\u2006\u2008-\u200A\u205F\u3000]$/v;
/** Scripts without blanks between words. */
const LONE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/v;
const CLOSING = /^[、。，．：；？！）」』】〕〉》ー々〜…]/v;
/** A long one begins on a row of its own, so that as much of it as can be is in one piece. */
const ADDRESS = /^[^\p{L}\p{N}]{0,2}(?:https?|papo|mailto):/v;
const ADDRESS_HEAD_CHARS = 12;
