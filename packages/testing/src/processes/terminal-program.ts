import { execFileSync } from "node:child_process";
import { Program, type ProgramOptions } from "./program.ts";
import { Transcript } from "./transcript.ts";

export type TerminalOptions = ProgramOptions & { readonly columns?: number; readonly rows?: number };

/**
 * A program behind a real pseudo-terminal: it sees a TTY, echo, line discipline and signals from keys, as under a person's hands.
 * The terminal is made by `script` of util-linux, so that no native module is needed. Standard error arrives in `out`.
 */
export class TerminalProgram extends Program {
  /** What it wrote with the escapes taken out; what begins a line anew begins a new line here. */
  readonly lines: Transcript;
  #inner: number | undefined;

  constructor(command: readonly string[], options: TerminalOptions) {
    const { columns = 100, rows = 40 } = options;
    const run = `stty cols ${columns} rows ${rows}; echo "pid=$$"; exec ${command.map(quote).join(" ")}`;
    super(scriptCommand(), ["-qefc", run, "/dev/null"], {
      ...options,
      env: { TERM: "xterm-256color", SHELL: "/bin/sh", ...options.env },
      name: options.name ?? command.join(" "),
    });
    this.lines = new Transcript(`${options.name ?? command.join(" ")} (terminal)`);
    const strip = new EscapeStripper();
    this.out.onText((text) => this.lines.append(strip.next(text)));
    void this.ended.then(({ code, signal }) => this.lines.end(`it ended with ${signal ?? code}`));
  }

  /** One line and the Enter key. */
  enter(line: string): void {
    this.type(`${line}\r`);
  }

  /** Resolves once the terminal stands. Call it first. */
  async ready(): Promise<this> {
    const [, pid] = await this.out.expect(/pid=(\d+)\r?\n/);
    this.#inner = Number(pid);
    return this;
  }

  /** The program behind the terminal; `ready` has resolved. */
  get innerPid(): number {
    if (this.#inner === undefined) throw new Error("the terminal does not stand yet");
    return this.#inner;
  }

  /** Signals the program behind the terminal, not the terminal. */
  override signal(signal: NodeJS.Signals): void {
    if (this.#inner === undefined) {
      super.signal(signal);
      return;
    }
    try {
      process.kill(this.#inner, signal);
    } catch {
      // It is gone already.
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) {
      this.signal("SIGKILL");
      super.signal("SIGKILL");
    }
    await this.ended;
  }

  /** What a person reads: escapes taken out, and what was erased or overwritten in a line gone. */
  get screen(): string {
    return readable(this.out.text);
  }
}

/** Takes escape sequences out of a stream that may be cut anywhere. */
class EscapeStripper {
  #held = "";

  next(text: string): string {
    const whole = this.#held + text;
    const cut = UNFINISHED.exec(whole)?.index ?? whole.length;
    this.#held = whole.slice(cut);
    return whole.slice(0, cut).replaceAll(ESCAPES, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  }
}

const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[@-Z\\-_=>78]|\x07/g;
const UNFINISHED = /(?:\x1b(?:\[[0-?]*[ -/]*|[()])?|\r)$/;

/** A line-wise reading of terminal output: enough for screens that only ever rewrite their last line. */
export function readable(raw: string): string {
  const lines = raw.replaceAll("\r\n", "\n").split("\n");
  return lines.map(readableLine).join("\n");
}

function readableLine(line: string): string {
  let shown = "";
  for (const [, erase, , text] of line.matchAll(ESCAPES_AND_TEXT)) {
    if (erase !== undefined) shown = "";
    else if (text !== undefined) shown += text;
  }
  return shown;
}

/** A carriage return or an erase-line starts the line again; any other escape sequence is invisible. */
const ESCAPES_AND_TEXT =
  /(\r|\x1b\[[012]?[JK])|(\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[@-Z\\-_=>78]|\x07)|([^\r\x1b\x07]+)/g;

let scriptFound: string | undefined;

function scriptCommand(): string {
  if (scriptFound !== undefined) return scriptFound;
  try {
    const version = execFileSync("script", ["--version"], { encoding: "utf8" });
    if (!version.includes("util-linux")) throw new Error(version);
  } catch (cause) {
    throw new Error("These tests need a pseudo-terminal: install util-linux, whose `script` makes one.", { cause });
  }
  scriptFound = "script";
  return scriptFound;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
