import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { EXPECT_TIMEOUT_MS, Transcript } from "./transcript.ts";

export type ProgramOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the rig calls it when it complains. */
  readonly name?: string;
};

export type ProgramEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

const running = new Set<ChildProcess>();
// A test process that ends, however it ends, leaves no program behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A real process with pipes on its three standard streams. Dispose of it and it is gone. */
export class Program {
  readonly out: Transcript;
  readonly err: Transcript;
  /** Resolves when it has ended and everything it said has arrived. */
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[], options: ProgramOptions) {
    const name = options.name ?? args.join(" ");
    this.out = new Transcript(`${name} (stdout)`);
    this.err = new Transcript(`${name} (stderr)`);
    this.#child = spawn(command, args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(this.#child);
    this.#child.stdin?.on("error", () => {}); // It may end before it reads what we typed.
    listen(this.#child.stdout, this.out);
    listen(this.#child.stderr, this.err);
    this.ended = this.#untilEnded();
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the program did not start");
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return running.has(this.#child);
  }

  type(text: string | Uint8Array): void {
    this.#child.stdin?.write(text);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Signals it and waits until it is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<ProgramEnd> {
    this.signal(signal);
    return this.endWithin();
  }

  /** Waits for it to end by itself; kills it and throws if it does not. */
  async endWithin(timeoutMs = EXPECT_TIMEOUT_MS): Promise<ProgramEnd> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    const end = await Promise.race([this.ended, tooLate]);
    clearTimeout(timer);
    if (end !== undefined) return end;
    this.signal("SIGKILL");
    throw new Error(`did not end within ${timeoutMs} ms. It said:\n${this.out.text}\n${this.err.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.signal("SIGKILL");
    await this.ended;
  }

  #untilEnded(): Promise<ProgramEnd> {
    return new Promise((resolve) => {
      const finish = (end: ProgramEnd, why: string): void => {
        running.delete(this.#child);
        for (const transcript of [this.out, this.err]) transcript.end(`${why}; stderr: ${this.err.text}`);
        resolve(end);
      };
      this.#child.once("error", (error) => finish({ code: null, signal: null }, error.message));
      this.#child.once("close", (code, signal) => finish({ code, signal }, `it ended with ${signal ?? code}`));
    });
  }
}

function listen(stream: NodeJS.ReadableStream | null, transcript: Transcript): void {
  const decoder = new StringDecoder("utf8");
  stream?.on("data", (chunk: Buffer) => transcript.append(decoder.write(chunk)));
}
