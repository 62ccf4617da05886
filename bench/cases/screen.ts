import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatTrackerAddress, FRAME_MS } from "@papo/protocol";
import { type BehindTerminal, behindTerminal, lacksTerminal } from "../measure/behind-terminal.ts";
import type { Benchmark, Found, Variant } from "../measure/benchmark.ts";
import { builtCopy } from "../measure/built-copy.ts";
import { medianTime, runTime } from "../measure/spawned.ts";
import { profileOf } from "./kept-open.ts";

const BARE_NODE = "node -e 0";
const START_RUNS = 5;
const TIMEOUT_MS = 60_000;
const FIRST_FRAME = "Opening";
/** Of the status line: how many are in the room, once its newest messages stand above. */
const CONVERSATION = /bench \d 1\]|bench \d 1[^\d]*\]/u;

const bareNode: Variant = {
  name: BARE_NODE,
  run: async () => ({ first: await medianTime(START_RUNS, () => runTime({ args: ["-e", "0"] })) }),
};

const start: Variant = {
  name: "papo, a profile of 1,000,000 messages",
  async run() {
    const { folder, tracker } = await profileOf(1_000_000);
    const address = formatTrackerAddress({ dialect: "papo", host: "127.0.0.1", port: tracker.port, key: tracker.key });
    await onceStarted(address, folder);
    const runs: Found[] = [];
    for (let run = 0; run < START_RUNS; run += 1) runs.push(await onceStarted(address, folder));
    return { first: medianOf(runs, "first"), messages: medianOf(runs, "messages") };
  },
};

function onceStarted(tracker: string, profile: string): Promise<Found> {
  const { papo, home } = builtCopy();
  const places = { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_STATE_HOME: home };
  const args = [papo, "--lang", "en", "--no-lan", "--tracker", tracker, "--profile", profile];
  const terminal = behindTerminal(args, { HOME: home, ...places });
  let first: number | undefined;
  return within(terminal, (heard, atMs) => {
    if (heard.includes(FIRST_FRAME)) first ??= atMs - terminal.startedAtMs;
    if (first === undefined || !CONVERSATION.test(heard)) return undefined;
    return { first, messages: atMs - terminal.startedAtMs };
  });
}

function medianOf(runs: readonly Found[], key: string): number {
  return runs.map((found) => found[key] ?? Number.NaN).toSorted((a, b) => a - b)[runs.length >> 1] ?? Number.NaN;
}

/** Ends the program when there is an answer, or when it is too late for one. */
async function within<T>(terminal: BehindTerminal, look: (heard: string, atMs: number) => T | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error("what was waited for did not come to the screen")), TIMEOUT_MS);
  terminal.child.once("close", () => reject(new Error("the program behind the terminal ended")));
  terminal.onOutput((heard, atMs) => {
    const found = look(heard, atMs);
    if (found !== undefined) resolve(found);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await terminal.stop();
  }
}

const PART = fileURLToPath(new URL("../parts/screen-load.ts", import.meta.url));
const KEY_EVERY_MS = 90;
/** In no message, and in no control sequence. */
const LETTERS = "%&";
const LETTERS_IN_LINE = 16;
const CLEAR_LINE = "\u0015";
const TYPING_AFTER_MS = 3_000;

function load(name: string, as: "screen" | "lines", perSecond: number): Variant {
  return {
    name,
    async run() {
      const result = resultFile();
      const terminal = startLoad({ as, perSecond, result });
      const latenciesMs = as === "screen" ? typeAlong(terminal) : [];
      const bytes = { before: 0, after: 0 };
      await within(terminal, (heard) => {
        if (bytes.before === 0 && heard.includes("]0;measuring")) bytes.before = terminal.bytes;
        if (bytes.after === 0 && heard.includes("]0;measured")) bytes.after = terminal.bytes;
        return heard.includes("]0;over") ? true : undefined;
      });
      const { cpu, seconds } = JSON.parse(readFileSync(result, "utf8")) as Readonly<Record<"cpu" | "seconds", number>>;
      const found = { cpu, bytes: (bytes.after - bytes.before) / seconds / 1024 };
      if (latenciesMs.length === 0) return found;
      const sorted = latenciesMs.toSorted((a, b) => a - b);
      const frames = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / FRAME_MS;
      return { ...found, median: frames(0.5), p99: frames(0.99) };
    },
  };
}

/** Letters, one after the other, and the milliseconds until each came back from the terminal. */
function typeAlong(terminal: BehindTerminal): readonly number[] {
  const latenciesMs: number[] = [];
  let typed = "";
  let sentAtMs: number | undefined;
  const timer = setInterval(() => {
    if (sentAtMs !== undefined || Number.isNaN(terminal.startedAtMs)) return;
    if (performance.now() - terminal.startedAtMs < TYPING_AFTER_MS) return;
    if (typed.length >= LETTERS_IN_LINE) {
      terminal.child.stdin.write(CLEAR_LINE);
      typed = "";
    }
    const letter = LETTERS[typed.length % LETTERS.length] ?? "q";
    typed += letter;
    terminal.forget();
    sentAtMs = performance.now();
    terminal.child.stdin.write(letter);
  }, KEY_EVERY_MS);
  terminal.child.once("exit", () => clearInterval(timer));
  terminal.onOutput((heard, atMs) => {
    if (sentAtMs === undefined || !heard.includes(typed)) return;
    latenciesMs.push(atMs - sentAtMs);
    sentAtMs = undefined;
  });
  return latenciesMs;
}

function resultFile(): string {
  return join(mkdtempSync(join(tmpdir(), "papo-bench-")), "result.json");
}

function startLoad(settings: Readonly<Record<string, unknown>>) {
  return behindTerminal(["--conditions=source", "--expose-gc", PART, JSON.stringify(settings)]);
}

const DAY_MESSAGES = 200_000;
const EMPTY = "the same screen, 1,000 messages";

function day(name: string, messages: number): Variant {
  return {
    name,
    async run() {
      const result = resultFile();
      const terminal = startLoad({ as: "screen", perSecond: 0, messages, result });
      await within(terminal, (heard) => (heard.includes("]0;over") ? true : undefined));
      return JSON.parse(readFileSync(result, "utf8")) as Found;
    },
  };
}

const LINES = "the same messages printed as lines";

function loadBenchmark(perSecond: number, name: string, words: string): Benchmark {
  return {
    name,
    title: `The full screen at ${words} messages a second`,
    rounds: 3,
    needs: lacksTerminal,
    subject: load("full screen", "screen", perSecond),
    baselines: [load(LINES, "lines", perSecond)],
    figures: [
      { key: "cpu", title: "of one core", unit: "%", digits: 1, targets: [{ valueAtMost: 10 }] },
      { key: "bytes", title: "written", unit: "KiB/s", digits: 1, targets: [] },
      { key: "median", title: "keystroke to echo, median", unit: "frames", digits: 2, targets: [{ valueAtMost: 1 }] },
      { key: "p99", title: "99th percentile", unit: "frames", digits: 2, targets: [] },
    ],
    method: `The screen of the sources over an engine that only hands messages on, behind a pseudo-terminal of 120x40; nine of ten messages go to the conversation in front, the rest to nine others. Processor time of the whole process, its feeding included, over five seconds after two of warming up; meanwhile somebody types eleven keys a second, and a key has come back when the terminal has the line with it. A frame is ${FRAME_MS} ms. The baseline makes the same messages and prints each as a line.`,
  };
}

export const screenBenchmarks: readonly Benchmark[] = [
  {
    name: "screen-start",
    title: "Start of a built `papo` to its first frames",
    rounds: 3,
    needs: lacksTerminal,
    subject: start,
    baselines: [bareNode],
    figures: [
      { key: "first", title: "start to first frame", unit: "ms", digits: 0, targets: [{ valueAtMost: 150 }] },
      { key: "messages", title: "to the newest messages", unit: "ms", digits: 0, targets: [] },
    ],
    method: `Behind a pseudo-terminal, a profile of ten rooms, a tracker on loopback; from the start of Node to the arrival of the frame, the median of ${START_RUNS} within each round after one start that fills the compile cache. The first frame has everything in its place and says that the account is being opened. Beside it stands the whole life of a bare Node.`,
  },
  loadBenchmark(20, "screen-load-20", "20"),
  loadBenchmark(1_000, "screen-load-1000", "1,000"),
  {
    name: "screen-day",
    title: "Memory of the full screen after a day of traffic",
    rounds: 3,
    needs: lacksTerminal,
    subject: day(`${DAY_MESSAGES.toLocaleString("en")} messages`, DAY_MESSAGES),
    baselines: [day(EMPTY, 1_000)],
    figures: [
      { key: "memory", title: "memory", unit: "MiB", digits: 0, targets: [{ against: EMPTY, ratioAtMost: 1.25 }] },
      {
        key: "heap",
        title: "of it, objects",
        unit: "MiB",
        digits: 1,
        targets: [{ against: EMPTY, ratioAtMost: 1.25 }],
      },
    ],
    method: `As above, ten rooms, as fast as they are taken, over an engine that keeps nothing; resident memory after garbage collection.`,
  },
];
