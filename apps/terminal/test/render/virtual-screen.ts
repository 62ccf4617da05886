import { Writable } from "node:stream";
import xterm from "@xterm/headless";
import { Cells } from "../../src/render/cells.ts";
import type { Frame, Row, Run } from "../../src/render/frame.ts";
import { Renderer } from "../../src/render/renderer.ts";
import { Theme } from "../../src/render/theme.ts";
import { TerminalOutput } from "../../src/terminal-output.ts";

/** A stream that a terminal reads, or that nobody reads until told to. */
export class TerminalStream extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Every write by itself. */
  writes: string[] = [];
  isStuck = false;
  #release: (() => void) | undefined;
  readonly #read: (text: string) => void;

  constructor(columns: number, rows: number, read: (text: string) => void) {
    super({ decodeStrings: false, highWaterMark: 1_024 });
    this.columns = columns;
    this.rows = rows;
    this.#read = read;
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error | null) => void): void {
    this.writes.push(chunk);
    this.#read(chunk);
    if (this.isStuck) this.#release = done;
    else done();
  }

  goOn(): void {
    this.isStuck = false;
    this.#release?.();
    this.#release = undefined;
  }
}

/** A renderer that draws on a terminal made of cells. */
export class VirtualScreen {
  readonly terminal: xterm.Terminal;
  readonly stream: TerminalStream;
  readonly output: TerminalOutput;
  readonly cells = new Cells();
  readonly renderer: Renderer;
  /** What the terminal answered, as if somebody had typed it. */
  replies = "";
  titles: string[] = [];

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.terminal.onData((reply) => (this.replies += reply));
    this.terminal.onTitleChange((title) => this.titles.push(title));
    this.stream = new TerminalStream(columns, rows, (text) => this.terminal.write(text));
    this.output = new TerminalOutput(this.stream);
    this.terminal.write("\u001b[?7l");
    this.renderer = new Renderer(this.output, { cells: this.cells, theme: new Theme("256"), links: true });
  }

  /** What the last frames wrote. */
  taken(): string {
    return this.stream.writes.splice(0).join("");
  }

  /** What stands in the cells of each row, with nothing cut off; a wide character is followed by an empty cell. */
  async grid(): Promise<readonly (readonly string[])[]> {
    await new Promise<void>((resolve) => this.terminal.write("", resolve));
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.terminal.rows }, (_, at) =>
      Array.from({ length: this.terminal.cols }, (__, column) => {
        const cell = active.getLine(at)?.getCell(column);
        return cell === undefined || (cell.getChars() === "" && cell.getWidth() === 1) ? " " : cell.getChars();
      }),
    );
  }

  async texts(): Promise<readonly string[]> {
    return (await this.grid()).map((row) => row.join("").trimEnd());
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.stream.columns = columns;
    this.stream.rows = rows;
  }
}

export function textRow(text: string, columns: number): Row {
  return [{ column: 0, columns, runs: [{ text }] }];
}

export function frameOf(rows: readonly Row[], cursor: Frame["cursor"] = null): Frame {
  return { rows, cursor };
}

export function textOf(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join("");
}
