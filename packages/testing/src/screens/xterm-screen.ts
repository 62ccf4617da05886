import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import xterm from "@xterm/headless";
import { type PapoOptions, startPapoInTerminal } from "../processes/papo.ts";
import type { TerminalProgram } from "../processes/terminal-program.ts";
import { EXPECT_TIMEOUT_MS } from "../processes/transcript.ts";
import { type LiveScreen, type Shown, shows, untilShown } from "./live-screen.ts";

/** Mode of a terminal in which it shows nothing of what comes until it is left: a frame is shown whole. */
const SYNCHRONIZED = 2026;

/** What stands in one cell, and how it looks. A wide character has an empty cell behind it. */
export type ScreenCell = {
  readonly text: string;
  readonly width: number;
  /** A number of the palette (0..255), `#rrggbb`, or null: as the terminal has it. */
  readonly colour: number | string | null;
  readonly background: number | string | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isInverse: boolean;
};

export type ScreenOptions = PapoOptions & { readonly columns: number; readonly rows: number };

/** The real `papo` behind a pseudo-terminal whose screen is xterm's own, without a window: it answers what terminals answer. */
export class XtermScreen implements LiveScreen {
  readonly program: TerminalProgram;
  readonly #terminal: xterm.Terminal;
  /** What the terminal answered by itself, as if it had been typed. */
  replies = "";
  /** What the program asked to be called, and to be put into the clipboard. */
  readonly titles: string[] = [];
  readonly clipboards: string[] = [];
  /** Everything that has ever been on the screen, row by row: for what must never be. */
  readonly #everShown = new Set<string>();
  #changed = Promise.withResolvers<void>();
  /** Of what was written last only a part has come: no terminal would show it. */
  #isInFrame = false;

  private constructor(program: TerminalProgram, columns: number, rows: number) {
    this.program = program;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.#terminal.onData((reply) => {
      this.replies += reply;
      program.type(reply);
    });
    this.#terminal.onTitleChange((title) => this.titles.push(title));
    this.#terminal.parser.registerOscHandler(52, (data) => this.clipboards.push(data) > 0);
    this.#noteFrames();
    this.#terminal.write(program.out.text);
    program.out.onText((text) => this.#take(text));
    void program.ended.then(() => this.#tell());
  }

  static async start(args: readonly string[], { columns, rows, ...options }: ScreenOptions): Promise<XtermScreen> {
    const program = await startPapoInTerminal(args, { ...options, columns, rows });
    return new XtermScreen(program, columns, rows);
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** Every row that has been seen since it began. */
  get everShown(): readonly string[] {
    return [...this.#everShown];
  }

  type(...keys: readonly string[]): void {
    this.program.type(keys.join(""));
  }

  async screen(): Promise<readonly string[]> {
    await this.#untilWhole();
    return this.#rowsNow();
  }

  /** The cells of each row. */
  async cells(): Promise<readonly (readonly ScreenCell[])[]> {
    await this.#untilWhole();
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.rows }, (_, at) => {
      const line = active.getLine(active.baseY + at);
      return Array.from({ length: this.columns }, (__, column) => cellOf(line?.getCell(column)));
    });
  }

  waitFor(shown: Shown, forMs = EXPECT_TIMEOUT_MS): Promise<readonly string[]> {
    const { program } = this;
    const changed = async (atMostMs: number): Promise<void> => {
      if (!program.isRunning) throw new Error(`the program has ended before it showed ${String(shown)}`);
      await this.#untilChanged(atMostMs);
    };
    return untilShown("papo", shown, () => this.screen(), changed, forMs);
  }

  waitWithout(shown: Shown): Promise<readonly string[]> {
    return this.waitFor((rows) => !shows(rows, shown));
  }

  async resize(columns: number, rows: number): Promise<void> {
    const pid = this.program.innerPid;
    const tty = readlinkSync(`/proc/${pid}/fd/0`);
    this.#terminal.resize(columns, rows);
    execFileSync("stty", ["-F", tty, "cols", String(columns), "rows", String(rows)]);
    // Where a window is pulled, the kernel tells; `stty` from outside does on most systems and not on all.
    this.program.signal("SIGWINCH");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.#terminal.dispose();
  }

  #noteFrames(): void {
    const { parser } = this.#terminal;
    for (const final of ["h", "l"])
      parser.registerCsiHandler({ prefix: "?", final }, (modes) => {
        if (modes.includes(SYNCHRONIZED)) this.#isInFrame = final === "h";
        return false;
      });
  }

  /** All that has come is on the screen, and it ends with a frame's end. */
  async #untilWhole(): Promise<void> {
    const endsAt = performance.now() + EXPECT_TIMEOUT_MS;
    for (;;) {
      await new Promise<void>((resolve) => this.#terminal.write("", resolve));
      const left = endsAt - performance.now();
      if (!this.#isInFrame || !this.program.isRunning || left <= 0) return;
      await this.#untilChanged(left);
    }
  }

  #take(text: string): void {
    this.#terminal.write(text, () => this.#tell());
  }

  #tell(): void {
    for (const row of this.#rowsNow()) this.#everShown.add(row);
    const before = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    before.resolve();
  }

  #untilChanged(atMostMs: number): Promise<void> {
    const { promise, resolve } = this.#changed;
    const timer = setTimeout(resolve, atMostMs);
    return promise.finally(() => clearTimeout(timer));
  }

  #rowsNow(): readonly string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.rows }, (_, at) =>
      (active.getLine(active.baseY + at)?.translateToString(true, 0, this.columns) ?? "").trimEnd(),
    );
  }
}

function cellOf(cell: xterm.IBufferCell | undefined): ScreenCell {
  return {
    text: cell?.getChars() ?? "",
    width: cell?.getWidth() ?? 1,
    colour: cell === undefined || cell.isFgDefault() ? null : colourOf(cell.isFgRGB(), cell.getFgColor()),
    background: cell === undefined || cell.isBgDefault() ? null : colourOf(cell.isBgRGB(), cell.getBgColor()),
    isBold: (cell?.isBold() ?? 0) > 0,
    isDim: (cell?.isDim() ?? 0) > 0,
    isItalic: (cell?.isItalic() ?? 0) > 0,
    isUnderlined: (cell?.isUnderline() ?? 0) > 0,
    isInverse: (cell?.isInverse() ?? 0) > 0,
  };
}

function colourOf(isRgb: boolean, colour: number): number | string {
  return isRgb ? `#${colour.toString(16).padStart(6, "0")}` : colour;
}
