import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A part of a benchmark that runs in a process of its own and says what it found in lines of JSON. */
export type Part = {
  /** The next line it prints; rejects when it ends first. */
  next<T>(): Promise<T>;
  say(value: unknown): void;
  stop(): Promise<void>;
  readonly pid: number;
};

/** A round that takes longer has hung, and the benchmark fails. */
const PART_TIMEOUT_MS = 240_000;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

/** Starts `bench/parts/NAME.ts` with `settings` as its one argument, on this Node. */
export function startPart(name: string, settings: Readonly<Record<string, unknown>>): Part {
  const script = fileURLToPath(new URL(`../parts/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", "--expose-gc", script, JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if (child.pid === undefined) throw new Error(`${name} did not start`);

  return {
    pid: child.pid,
    async next<T>() {
      const line = await within(lines.next(), `${name} gave no answer`);
      if (line.done === true) throw new Error(`${name} ended early`);
      return JSON.parse(line.value) as T;
    },
    say: (value) => child.stdin.write(`${JSON.stringify(value)}\n`),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function within<T>(promise: Promise<T>, complaint: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(complaint)), PART_TIMEOUT_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
