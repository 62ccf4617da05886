import { WIDTH_PROBE_TIMEOUT_MS } from "@papo/protocol";
import type { Stroke } from "../input/stroke.ts";
import {
  ASK_FOR_CURSOR,
  CONCEALED_LOOK,
  CURSOR_HIDDEN,
  cursorTo,
  ERASE_TO_END_OF_ROW,
  FRAME_END,
  FRAME_START,
  PLAIN_LOOK,
} from "../sequences.ts";
import type { TerminalOutput } from "../terminal-output.ts";
import type { Cells } from "./cells.ts";
import { CLUSTER_KINDS, type ClusterKind, SAMPLES } from "./cluster-widths.ts";

/** The part of a clock that it needs. */
export type ProbeClock = { after(delayMs: number, callback: () => void): { cancel(): void } };

/** Not the first: an answer about that one could be a function key with Shift, and is written just the same. */
const PROBE_ROW = 1;
/** What every terminal takes for two cells: one that says otherwise is not believed in anything. */
const CONTROL = "ab";
const CONTROL_CELLS = 2;
const ASKED: readonly string[] = [CONTROL, ...CLUSTER_KINDS.map((kind) => SAMPLES[kind])];
/** No cluster takes more. */
const CELLS_MAX = 12;

/**
 * Asks the terminal, once, how many cells it gives to what terminals disagree about: samples are drawn unseen at the beginning of a row, which is erased in the same
 * write. Nothing waits for the answers. Whoever reads the keyboard hands every `cursor-at` to `take`; when all have come in time, `cells` counts as this
 * terminal does and `onLearned` is called if that changed anything.
 */
export class WidthProbe {
  readonly #cells: Cells;
  readonly #onLearned: () => void;
  readonly #answers: number[] = [];
  #timeout: { cancel(): void } | undefined;

  constructor(cells: Cells, onLearned: () => void) {
    this.#cells = cells;
    this.#onLearned = onLearned;
  }

  /** Leaves an empty row behind: before the first frame, or with the screen drawn whole afterwards. */
  ask(output: TerminalOutput, clock: ProbeClock): void {
    if (output.rows <= PROBE_ROW || output.columns <= CELLS_MAX) return;
    const start = cursorTo(PROBE_ROW, 0);
    const questions = ASKED.map((sample) => `${start}${sample}${ASK_FOR_CURSOR}`).join("");
    const erased = `${start}${PLAIN_LOOK}${ERASE_TO_END_OF_ROW}`;
    output.write(`${FRAME_START}${CURSOR_HIDDEN}${CONCEALED_LOOK}${questions}${erased}${FRAME_END}`);
    this.#timeout = clock.after(WIDTH_PROBE_TIMEOUT_MS, () => this.close());
  }

  /** Only then can what looks like an answer be one: the same bytes are a function key with Shift. */
  get isAwaiting(): boolean {
    return this.#timeout !== undefined;
  }

  /** Whether it was an answer, timely or not: then it is nobody else's. */
  take(stroke: Stroke): boolean {
    if (stroke.kind !== "cursor-at") return false;
    if (this.isAwaiting) this.#answered(stroke);
    return true;
  }

  /** Listens no more. */
  close(): void {
    this.#timeout?.cancel();
    this.#timeout = undefined;
  }

  #answered({ row, column }: { readonly row: number; readonly column: number }): void {
    if (row !== PROBE_ROW || column > CELLS_MAX) return this.close();
    this.#answers.push(column);
    if (this.#answers.length < ASKED.length) return;
    this.close();
    const [control, ...answers] = this.#answers;
    if (control !== CONTROL_CELLS) return;
    const cellsByKind = new Map<ClusterKind, number>(CLUSTER_KINDS.map((kind, at) => [kind, answers[at] ?? 0]));
    if (this.#cells.learn(cellsByKind)) this.#onLearned();
  }
}
