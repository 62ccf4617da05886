import { CLUSTER_WIDTHS_REMEMBERED_MAX } from "@papo/protocol";
import stringWidth from "string-width";
import { type ClusterKind, kindOf, type Reading, readingFor, SAMPLES } from "./cluster-widths.ts";
import { clustersOf } from "./clusters.ts";
import type { Run } from "./frame.ts";
import { type Cluster, type Measure, roleOf, rowRanges, type TextRange } from "./line-breaks.ts";

/** Blank cells in front of the first row of a text, and of every further one. */
export type Indents = { readonly first: number; readonly further: number };

const NO_INDENTS: Indents = { first: 0, further: 0 };
/** Where something was cut off. */
const CUT_MARK = "…";

/**
 * How many cells of this terminal a text takes, and how it is cut and broken to fit. Begins with what the tables say and is put right by what the terminal
 * itself answered; `generation` rises with that, and whatever was laid out before is to be laid out again.
 */
export class Cells implements Measure {
  readonly #readings = new Map<ClusterKind, Reading>();
  readonly #known = new Map<string, Cluster>();
  #generation = 0;

  get generation(): number {
    return this.#generation;
  }

  /** Takes over how many cells the terminal gave to the sample of each kind. Whether anything is different from before. */
  learn(cellsByKind: ReadonlyMap<ClusterKind, number>): boolean {
    let hasChanged = false;
    for (const [kind, cells] of cellsByKind) {
      if (this.width(SAMPLES[kind]) === cells) continue;
      hasChanged = true;
      const reading = readingFor(SAMPLES[kind], cells);
      if (reading === undefined) this.#readings.delete(kind);
      else this.#readings.set(kind, reading);
    }
    if (!hasChanged) return false;
    this.#known.clear();
    this.#generation += 1;
    return true;
  }

  width(text: string): number {
    if (this.isPlain(text)) return text.length;
    let width = 0;
    for (const cluster of clustersOf(text)) width += this.#clusterOf(cluster).width;
    return width;
  }

  /** What a reader takes for one character each; never cut in two by anything here. */
  graphemes(text: string): readonly string[] {
    return clustersOf(text);
  }

  clustersOf(text: string): readonly Cluster[] {
    return clustersOf(text).map((cluster) => this.#clusterOf(cluster));
  }

  isPlain(text: string): boolean {
    return this.#readings.has("latin") ? ASCII.test(text) : PLAIN.test(text);
  }

  /** As much of it as fits, with a mark at its end where something is missing. */
  cut(text: string, columns: number): string {
    if (this.width(text) <= columns) return text;
    const markWidth = this.width(CUT_MARK);
    if (columns < markWidth) return "";
    return this.#head(text, columns - markWidth) + CUT_MARK;
  }

  widthOfRuns(runs: readonly Run[]): number {
    let width = 0;
    for (const { text } of runs) width += this.width(text);
    return width;
  }

  /** The same for runs; the mark looks like what was cut. The same array if all of it fits. */
  cutRuns(runs: readonly Run[], columns: number): readonly Run[] {
    if (this.widthOfRuns(runs) <= columns) return runs;
    const room = columns - this.width(CUT_MARK);
    const shown: Run[] = [];
    let column = 0;
    for (const run of runs) {
      const width = this.width(run.text);
      if (column + width > room) {
        if (room >= 0) shown.push({ ...run, text: this.#head(run.text, room - column) + CUT_MARK });
        break;
      }
      shown.push(run);
      column += width;
    }
    return shown;
  }

  /**
   * One row or more, none wider than `columns`. Rows end at blanks, a word that is wider than a row anywhere in it; a web address begins a row of its own
   * rather than being broken. Indents are blank cells within `columns`.
   */
  wrapRuns(runs: readonly Run[], columns: number, indents: Indents = NO_INDENTS): readonly (readonly Run[])[] {
    const text = runs.map((run) => run.text).join("");
    const first = Math.max(0, Math.min(indents.first, columns - 1));
    const further = Math.max(0, Math.min(indents.further, columns - 1));
    const ranges = rowRanges(text, this, { first: columns - first, further: columns - further });
    const slicer = new RunSlicer(runs);
    return ranges.map((range, index) => {
      const indent = index === 0 ? first : further;
      const pieces = slicer.next(range);
      return indent === 0 ? pieces : [{ text: " ".repeat(indent) }, ...pieces];
    });
  }

  #head(text: string, columns: number): string {
    if (this.isPlain(text)) return text.slice(0, Math.max(0, columns));
    let head = "";
    let column = 0;
    for (const cluster of clustersOf(text)) {
      column += this.#clusterOf(cluster).width;
      if (column > columns) break;
      head += cluster;
    }
    return head;
  }

  #clusterOf(text: string): Cluster {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const kind = kindOf(text);
    const reading = kind === undefined ? undefined : this.#readings.get(kind);
    const cluster = { text, width: reading === undefined ? stringWidth(text) : reading(text), role: roleOf(text) };
    if (this.#known.size >= CLUSTER_WIDTHS_REMEMBERED_MAX) this.#known.clear();
    this.#known.set(text, cluster);
    return cluster;
  }
}

const ASCII = /^[ -~]*$/v;
/** Each UTF-16 unit is one character of one cell (unless a terminal takes Latin for wide, as some do for East Asia). */
const PLAIN = /^[ -~\u00a0-\u00ac\u00ae-\u02ff]*$/v;

/** Takes rising ranges out of the joined texts of runs. */
class RunSlicer {
  readonly #runs: readonly Run[];
  #index = 0;
  /** Where the run at `#index` begins in the joined text. */
  #start = 0;

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  next({ from, to }: TextRange): readonly Run[] {
    const pieces: Run[] = [];
    for (;;) {
      const run = this.#runs[this.#index];
      if (run === undefined) return pieces;
      const end = this.#start + run.text.length;
      const text = run.text.slice(Math.max(0, from - this.#start), Math.max(0, to - this.#start));
      if (text !== "") pieces.push(text === run.text ? run : { ...run, text });
      if (end >= to) return pieces;
      this.#index += 1;
      this.#start = end;
    }
  }
}
