import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "@papo/link";
import type { DemoTexts } from "@papo/view-model/command-texts";
import type { ReportedLink } from "./link-reports.ts";

/** The same command as the one that runs, in a checkout and once installed. */
const PAPO_COMMAND = fileURLToPath(new URL("../../bin/papo.js", import.meta.url));
/** How long one step may take. Generous: a slow machine is no failure. */
const STEP_MS_MAX = 60_000;
const LAST_WORDS_LINES = 12;

/** What a step of the demo ran into; its message is for the user. */
export class DemoFailure extends Error {}

export type DemoSurroundings = {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly texts: DemoTexts;
};

/** One `papo …` of the demo, with pipes for keyboard and screen. */
export class DemoProgram {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #surroundings: DemoSurroundings;
  readonly #ended: Promise<void>;
  #screen = "";
  #errors = "";
  #links: readonly ReportedLink[] = [];
  #end: string | undefined;
  #mayEnd = false;
  #changed: () => void = () => {};

  constructor(name: string, args: readonly string[], surroundings: DemoSurroundings) {
    this.name = name;
    this.#surroundings = surroundings;
    this.#child = spawn(process.execPath, [PAPO_COMMAND, ...args], {
      env: surroundings.env,
      stdio: ["pipe", "pipe", "pipe", "ipc"],
    });
    this.#child.stdin?.on("error", () => {});
    this.#child.on("message", (links: readonly ReportedLink[]) => this.#note(() => (this.#links = links)));
    listen(this.#child.stdout, (text) => this.#note(() => (this.#screen += text)));
    listen(this.#child.stderr, (text) => this.#note(() => (this.#errors += text)));
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#note(() => (this.#end = how));
        resolve();
      };
      this.#child.once("error", ({ message }) => end(message));
      this.#child.once("close", (code, signal) => end(String(signal ?? code)));
    });
  }

  get screen(): string {
    return this.#screen;
  }

  get links(): readonly ReportedLink[] {
    return this.#links;
  }

  get lastWords(): string {
    return `${this.#screen}\n${this.#errors}`.trimEnd().split("\n").slice(-LAST_WORDS_LINES).join("\n");
  }

  type(...lines: readonly string[]): void {
    for (const line of lines) this.#child.stdin?.write(`${line}\n`);
  }

  /** Waits until the screen shows it. `what` says it in words. */
  async shows(pattern: RegExp, what: string): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await this.until(() => {
      match = pattern.exec(this.#screen);
      return match !== null;
    }, what);
    if (match === null) throw new Error("until() ended early");
    return match;
  }

  until(holds: () => boolean, what: string): Promise<void> {
    const { clock, texts } = this.#surroundings;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        timer.cancel();
        this.#changed = () => {};
        settle();
      };
      const timer = clock.after(STEP_MS_MAX, () =>
        finish(() => reject(new DemoFailure(texts.tooLong(this.name, what)))),
      );
      this.#changed = () => {
        if (holds()) finish(resolve);
        else if (this.#end !== undefined) {
          const message = texts.ended(this.name, this.#end);
          finish(() => reject(new DemoFailure(message)));
        }
      };
      this.#changed();
    });
  }

  /** Ends its input, as a person who leaves; it must end by itself. */
  async leave(): Promise<void> {
    this.#child.stdin?.end();
    await this.#endsWell();
  }

  /** Asks it to stop, as a service manager does. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#endsWell();
  }

  /** Rejects when it ends, which it should not as long as somebody waits for this. */
  async mustNotEnd(): Promise<never> {
    await this.#ended;
    if (this.#mayEnd) return new Promise(() => {});
    throw new DemoFailure(this.#surroundings.texts.ended(this.name, this.#end ?? ""));
  }

  /** Killed as a part of the demo: that it ended is no news. */
  async crash(): Promise<void> {
    this.#mayEnd = true;
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #endsWell(): Promise<void> {
    const { clock, texts } = this.#surroundings;
    const timer = clock.after(STEP_MS_MAX, () => this.#child.kill("SIGKILL"));
    await this.#ended;
    timer.cancel();
    if (this.#end !== "0") throw new DemoFailure(texts.ended(this.name, this.#end ?? ""));
  }

  #note(change: () => void): void {
    change();
    this.#changed();
  }
}

function listen(stream: NodeJS.ReadableStream | null, take: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  stream?.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
}
