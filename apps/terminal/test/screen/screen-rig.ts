import { setImmediate as nextTurn } from "node:timers/promises";
import { runFullScreen } from "@papo/terminal";
import type { Language } from "@papo/view-model";
import xterm from "@xterm/headless";
import { DEFAULT_KEYMAP, type Keymap } from "../../src/input/keymap.ts";
import { FakeInput, FakeOutput } from "../classic-rig.ts";
import { FakePeer, user } from "../fake-peer.ts";
import { RigClock } from "../rig-clock.ts";

/** Turns of the loop after which what was waited for will never come. */
const TURNS_MAX = 3_000;
/** Time that passes in a turn of waiting: a frame comes in every second turn or so. */
const TURN_MS = 20;

export type ScreenRigOptions = {
  readonly language?: Language;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly keymap?: Keymap;
  readonly mouse?: boolean;
  readonly signal?: AbortSignal;
  /** Logged in under this name when the screen opens; null: nobody is. */
  readonly name?: string | null;
  /** What the peer knows before the screen opens. */
  readonly prepare?: (peer: FakePeer) => void;
};

/** The full screen on a virtual terminal that answers as real ones do, over a peer that talks to nobody. */
export class ScreenRig {
  readonly clock: RigClock;
  readonly peer: FakePeer;
  readonly terminal: xterm.Terminal;
  readonly input = new FakeInput(true);
  readonly output: FakeOutput;
  readonly ended: Promise<number>;
  readonly stop = new AbortController();
  isOver = false;
  /** What the virtual terminal answered, as if it had been typed. */
  replies = "";
  /** How often something was written. */
  writes = 0;

  private constructor(options: ScreenRigOptions, clock: RigClock, peer: FakePeer) {
    this.clock = clock;
    this.peer = peer;
    const { language = "pt-BR", columns = 80, rows = 24, env = { TERM: "xterm-256color" } } = options;
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.terminal.onData((reply) => {
      this.replies += reply;
      this.input.write(reply);
    });
    // As whoever asked something before leaves it.
    this.input.pause();
    this.output = new FakeOutput(true, columns, rows, (text) => {
      this.writes += 1;
      this.terminal.write(text);
    });
    this.ended = runFullScreen({
      ...{ peer: this.peer, language, clock: this.clock, env, input: this.input, output: this.output },
      ...{ keymap: options.keymap ?? DEFAULT_KEYMAP, mouse: options.mouse ?? true, signal: this.stop.signal },
      alerts: { bell: true, desktop: "off", throughTmux: false },
    }).finally(() => (this.isOver = true));
  }

  /** Opened, logged in, and drawn. */
  static async open(options: ScreenRigOptions = {}): Promise<ScreenRig> {
    const { name = "gabi" } = options;
    const clock = new RigClock();
    const peer = new FakePeer(clock);
    if (name !== null) await peer.register({ username: user(name), password: "segredo" });
    options.prepare?.(peer);
    const rig = new ScreenRig(options, clock, peer);
    await rig.settled();
    return rig;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.ended;
    this.terminal.dispose();
  }

  /** What a keyboard or a mouse sends. */
  async type(...chunks: readonly string[]): Promise<void> {
    for (const chunk of chunks) {
      this.input.write(chunk);
      await this.settled();
    }
  }

  /** Everything that is under way has been done and drawn. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) {
      await nextTurn();
      this.clock.passes(TURN_MS);
    }
    await this.drawn();
  }

  /** Everything that was written is on the screen; time stands still. */
  async drawn(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    await new Promise<void>((resolve) => this.terminal.write("", resolve));
  }

  /** The rows of the screen, without blanks at their ends. */
  screen(): readonly string[] {
    const buffer = this.terminal.buffer.active;
    return Array.from(
      { length: this.terminal.rows },
      (_, row) =>
        buffer
          .getLine(buffer.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? "",
    );
  }

  text(): string {
    return this.screen().join("\n");
  }

  cellAt(row: number, column: number): xterm.IBufferCell | undefined {
    const buffer = this.terminal.buffer.active;
    return buffer.getLine(buffer.baseY + row)?.getCell(column);
  }

  /** The first row that has the text, and the column where it begins there. */
  find(text: string): { readonly row: number; readonly column: number } {
    const row = this.screen().findIndex((line) => line.includes(text));
    if (row === -1) throw new Error(`not on the screen: ${text}\n${this.text()}`);
    return { row, column: this.screen()[row]?.indexOf(text) ?? 0 };
  }

  /** Waits until the screen shows it. */
  async sees(...texts: readonly string[]): Promise<void> {
    await this.until(() => texts.every((text) => this.text().includes(text)), texts.join(" & "));
  }

  async seesNot(text: string): Promise<void> {
    await this.until(() => !this.text().includes(text), `no ${text}`);
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (holds()) return;
      await nextTurn();
      this.clock.passes(TURN_MS);
      if (turn % 4 === 3) await this.drawn();
    }
    throw new Error(`never came: ${what}\n${this.text()}`);
  }

  /** A terminal has its new size before the program is told. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.settled();
    this.terminal.resize(columns, rows);
    this.output.resize(columns, rows);
    await this.settled();
  }

  /** A click or a turn of the wheel, as terminals report them (SGR). Cells from 0. */
  async mouse(
    button: "left" | "wheel-up" | "wheel-down",
    at: { readonly row: number; readonly column: number },
  ): Promise<void> {
    const code = { left: 0, "wheel-up": 64, "wheel-down": 65 }[button];
    await this.type(`\u001b[<${code};${at.column + 1};${at.row + 1}M`);
  }
}

export const KEYS = {
  enter: "\r",
  escape: "\u001b",
  pageUp: "\u001b[5~",
  pageDown: "\u001b[6~",
  altEnd: "\u001b[1;3F",
  ctrlC: "\u0003",
  ctrlN: "\u000e",
  ctrlP: "\u0010",
  f1: "\u001bOP",
  f7: "\u001b[18~",
  f8: "\u001b[19~",
  alt: (key: string) => `\u001b${key}`,
  paste: (text: string) => `\u001b[200~${text}\u001b[201~`,
} as const;
