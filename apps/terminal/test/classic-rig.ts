import { setImmediate as nextTurn } from "node:timers/promises";
import { PassThrough, Writable } from "node:stream";
import { runClassic } from "@papo/terminal";
import type { Language } from "@papo/view-model";
import xterm from "@xterm/headless";
import { FakePeer } from "./fake-peer.ts";
import { RigClock } from "./rig-clock.ts";

/** Turns of the event loop after which what was waited for will never come. */
/** Turns of the loop: some seconds, because what is on its way to a disk takes as long as the disk. */
const TURNS_MAX = 500_000;

export class FakeInput extends PassThrough {
  readonly isTTY: boolean;
  raw = false;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  setRawMode(raw: boolean): this {
    this.raw = raw;
    return this;
  }
}

export class FakeOutput extends Writable {
  readonly isTTY: boolean;
  columns: number;
  rows: number;
  written = "";
  broken = false;
  readonly #also: ((text: string) => void) | undefined;
  constructor(isTTY: boolean, columns: number, rows: number, also?: (text: string) => void) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
    this.#also = also;
  }
  override _write(chunk: string, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.broken) return done(Object.assign(new Error("broken pipe"), { code: "EPIPE" }));
    this.written += chunk;
    this.#also?.(chunk);
    done();
  }
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }
}

export type RigOptions = {
  readonly language?: Language;
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly allowPlaintext?: boolean;
  /** What the peer knows before the screens open. */
  readonly prepare?: (peer: FakePeer) => void;
};

/** The classic screens on a pipe or on a virtual terminal, over a peer that talks to nobody. */
export class ClassicRig {
  readonly clock = new RigClock();
  readonly peer = new FakePeer(this.clock);
  readonly input: FakeInput;
  readonly output: FakeOutput;
  readonly screen: xterm.Terminal | undefined;
  /** What the virtual terminal answered, as if the user had typed it. */
  replies = "";
  readonly ended: Promise<number>;
  #seen = 0;

  constructor(options: RigOptions = {}) {
    const { terminal, language = "pt-BR", env = { TERM: "xterm" }, signal, allowPlaintext = false } = options;
    this.screen =
      terminal === undefined
        ? undefined
        : new xterm.Terminal({ ...terminal, cols: terminal.columns, allowProposedApi: true });
    this.screen?.onData((reply) => (this.replies += reply));
    this.input = new FakeInput(terminal !== undefined);
    const { columns, rows } = terminal ?? { columns: 80, rows: 24 };
    this.output = new FakeOutput(terminal !== undefined, columns, rows, (text) => this.screen?.write(text));
    options.prepare?.(this.peer);
    const { peer, input, output, clock } = this;
    this.ended = runClassic({
      peer,
      language,
      input,
      output,
      env,
      clock,
      allowPlaintext,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  type(text: string): void {
    this.input.write(text);
  }

  /** Waits until the output holds `text` after what was seen last. */
  async sees(text: string): Promise<void> {
    await this.until(() => this.output.written.indexOf(text, this.#seen) !== -1, text);
    this.#seen = this.output.written.indexOf(text, this.#seen) + text.length;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (holds()) return;
      await nextTurn();
    }
    throw new Error(`never seen: ${what}\n${JSON.stringify(this.output.written.slice(-2_000))}`);
  }

  /** Everything that is under way has been done and shown. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    await new Promise<void>((resolve) => (this.screen === undefined ? resolve() : this.screen.write("", resolve)));
  }

  /** A terminal has its new size before the program is told. */
  async resized(columns: number, rows: number): Promise<void> {
    await this.settled();
    this.screen?.resize(columns, rows);
    this.output.resize(columns, rows);
    await this.settled();
  }

  /** Rows of the virtual terminal, scrolled off ones too, without the empty ones at the end. */
  async cells(): Promise<readonly string[]> {
    await this.settled();
    const buffer = this.screen?.buffer.active;
    const rows = Array.from(
      { length: buffer?.length ?? 0 },
      (_, at) => buffer?.getLine(at)?.translateToString(true).trimEnd() ?? "",
    );
    return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
  }

  async signedUp(name: string): Promise<void> {
    this.type(`2\n${name}\nsegredo\n`);
    await this.until(() => this.peer.self === name, "signed up");
    await this.settled();
    this.#seen = this.output.written.length;
  }

  async inRoom(name: string): Promise<{ readonly kind: "room"; readonly id: ReturnType<FakePeer["roomNamed"]>["id"] }> {
    this.type(`3\n${name}\n`);
    await this.until(() => this.peer.rooms().some((room) => room.name === name), "the room");
    await this.settled();
    this.#seen = this.output.written.length;
    return { kind: "room", id: this.peer.rooms().at(-1)?.id ?? this.peer.roomNamed(name).id };
  }

  /** What was written since `sees`, `signedUp` or `inRoom` last looked. */
  get fresh(): string {
    return this.output.written.slice(this.#seen);
  }
}
