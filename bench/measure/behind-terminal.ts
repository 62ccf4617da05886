import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";

/** A Node behind a pseudo-terminal that `script` of util-linux makes, of a usual size. */
export type BehindTerminal = {
  readonly child: ChildProcessWithoutNullStreams;
  /** Calls back with the last that came, since the last `forget`, whenever there is more. Times are of `performance.now`. */
  onOutput(listener: (heard: string, atMs: number) => void): void;
  forget(): void;
  readonly bytes: number;
  /** When the program itself was started, after the terminal. */
  readonly startedAtMs: number;
  stop(): Promise<void>;
};

/** In front of the number of its process. */
const STARTED = /program=(\d+)/u;
const HEARD_CHARS_MAX = 65_536;
const SIZE = "stty cols 120 rows 40";

/** What this machine lacks for it, if anything. */
export function lacksTerminal(): string | undefined {
  const found = spawnSync("script", ["--version"], { encoding: "utf8" });
  return found.stdout?.includes("util-linux") ? undefined : "`script` of util-linux";
}

export function behindTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): BehindTerminal {
  const command = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const child = spawn("script", ["-qefc", `${SIZE}; echo "program=$$"; exec ${command}`, "/dev/null"], {
    env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let heard = "";
  let bytes = 0;
  let program: string | undefined;
  let startedAtMs = Number.NaN;
  const listeners: ((heard: string, atMs: number) => void)[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    const atMs = performance.now();
    heard = (heard + chunk.toString("latin1")).slice(-HEARD_CHARS_MAX);
    bytes += chunk.length;
    if (program === undefined) {
      program = STARTED.exec(heard)?.[1];
      startedAtMs = atMs;
    }
    for (const listener of listeners) listener(heard, atMs);
  });
  return {
    child,
    onOutput: (listener) => listeners.push(listener),
    forget: () => {
      heard = "";
    },
    get bytes() {
      return bytes;
    },
    get startedAtMs() {
      return startedAtMs;
    },
    async stop() {
      // The program first: what it holds, such as the lock of a profile, is free when the terminal ends behind it.
      try {
        if (program !== undefined) process.kill(Number(program), "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await ended;
    },
  };
}
