import { createInterface } from "node:readline";

const input = createInterface({ input: process.stdin });
// Taken at once, so that no line is lost before somebody asks for it.
const lines = input[Symbol.asyncIterator]();
// Whatever becomes of the benchmark, its parts go with it.
input.once("close", () => process.exit());

/** The other end of `startPart`: what a part is asked for, and how it answers. */
export function settingsOfPart<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}

export function tell(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Lines that the benchmark says, in order. */
export async function* heard<T>(): AsyncGenerator<T> {
  for await (const line of lines) yield JSON.parse(line) as T;
}

/** What a server says about itself when asked: bytes, milliseconds of processor time since it began, open connections. */
export type State = { readonly memory: number; readonly cpuMs: number; readonly connections: number };

/** Answers each line with the server's state, once it has as many connections as the line says. */
export async function answerQuestions(connections: () => number): Promise<void> {
  for await (const wanted of heard<number>()) {
    while (connections() !== wanted) await pause(20);
    const { user, system } = process.cpuUsage();
    tell({ cpuMs: (user + system) / 1000, memory: await settledMemory(), connections: connections() });
  }
}

const SETTLE_ROUNDS = 4;

/** Resident memory in bytes once the garbage is gone. Between the rounds, what was freed is given back to the system. */
async function settledMemory(): Promise<number> {
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) {
    globalThis.gc?.();
    await pause(50);
  }
  return process.memoryUsage().rss;
}

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
