import { readText } from "../console/input-stream.ts";
import { colourDepthOf } from "../render/colour-depth.ts";
import type { Frame, Look, Run } from "../render/frame.ts";
import { Renderer } from "../render/renderer.ts";
import { Theme } from "../render/theme.ts";
import { composed, type Piece } from "./composed.ts";
import { KeptKeys } from "./kept-keys.ts";
import { layoutOf, type ScreenSize } from "./layout.ts";
import { Stage, type StageOptions } from "./stage.ts";

export type StartingOptions = StageOptions & {
  /** In the place of a conversation's name. */
  readonly title: string;
  /** What is going on. */
  readonly says: string;
};

/** What the interrupt and suspend characters of a terminal do before any program takes its keys. */
const CTRL_C = "\u0003";
const CTRL_Z = "\u001a";
const BAR: Look = { bar: "status" };
const PROMPT = "> ";
const RULE: readonly Run[] = [{ text: "│", look: { tone: "muted" } }];

/**
 * The first frame of a program that has hardly begun to load: everything where it will stand, and nothing in it. Keys are kept for whoever reads the terminal next.
 * Ends by `handOver` or by `leave`.
 */
export class StartingScreen {
  readonly #options: StartingOptions;
  readonly #stage: Stage;
  readonly #renderer: Renderer;
  readonly #release: readonly (() => void)[];
  readonly #typed = new KeptKeys();
  #isOver = false;

  constructor(options: StartingOptions) {
    this.#options = options;
    this.#stage = new Stage(options);
    const paint = { cells: SHORT_TEXTS, theme: new Theme(colourDepthOf(options.env)), links: false };
    this.#renderer = new Renderer(this.#stage.output, paint);
    this.#stage.onResumed(() => this.#drawWhole());
    this.#stage.modes.enter();
    this.#draw();
    this.#release = [
      this.#stage.output.onResize(() => this.#draw()),
      readText(options.input, { text: (text) => this.#take(text), end: () => undefined }),
    ];
  }

  /** The screen is its own: nobody else may write to it. */
  get isShown(): boolean {
    return !this.#isOver;
  }

  /** The terminal as it is, for the screen whose frames come now; keys that were typed meanwhile are read once more. Undefined: it was left. */
  handOver(): Stage | undefined {
    return this.#end() ? this.#stage : undefined;
  }

  /** The terminal as it was, and what was typed is still to be read. Does nothing when somebody else has it. */
  leave(): void {
    if (this.#end()) this.#stage.close();
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    for (const release of this.#release) release();
    this.#renderer.close();
    const { text } = this.#typed;
    if (text !== "") this.#options.input.unshift(Buffer.from(text));
    return true;
  }

  #take(text: string): void {
    if (text.includes(CTRL_C)) process.kill(process.pid, "SIGINT");
    else if (text.includes(CTRL_Z)) this.#stage.modes.suspend();
    else this.#typed.add(text);
  }

  #drawWhole(): void {
    this.#renderer.invalidate();
    this.#draw();
  }

  #draw(): void {
    const { rows, columns } = this.#stage.output;
    this.#renderer.draw(this.#frameOf({ rows, columns }));
  }

  #frameOf(size: ScreenSize): Frame {
    const { topic, timeline, status, input, rules } = layoutOf(size, NOTHING_YET);
    const { title, says } = this.#options;
    const pieces: Piece[] = rules.map((area) => ({
      area,
      rows: Array.from({ length: area.rows }, () => [{ column: area.column, columns: 1, runs: RULE }]),
    }));
    if (topic !== null)
      pieces.push({
        area: topic,
        rows: [[{ ...topic, runs: [{ text: title, look: { ...BAR, bold: true } }], fill: BAR }]],
      });
    if (timeline !== null)
      pieces.push({ area: timeline, rows: [[{ ...timeline, runs: [{ text: says, look: { tone: "muted" } }] }]] });
    if (status !== null) pieces.push({ area: status, rows: [[{ ...status, runs: [], fill: BAR }]] });
    pieces.push({ area: input, rows: [[{ ...input, runs: [{ text: PROMPT, look: { tone: "muted" } }] }]] });
    return { rows: composed(size.rows, pieces), cursor: { row: input.row, column: PROMPT.length } };
  }
}

/** Ours, and shorter than any row that they stand in: to measure texts takes tables that take longer to load than all this. */
const SHORT_TEXTS = { generation: 0, cutRuns: (runs: readonly Run[]) => runs };

const NOTHING_YET = {
  folds: { tabs: "auto", members: "auto" },
  ...{ tabsColumns: 0, membersColumns: null, hasTopic: true, hasBanner: false, inputRows: 1 },
} as const;
