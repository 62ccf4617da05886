import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { formatTrackerAddress, type TrackerKey } from "@papo/protocol";
import { accountFile } from "../measure/account-file.ts";
import type { Benchmark, Variant } from "../measure/benchmark.ts";
import { builtCopy } from "../measure/built-copy.ts";
import { startPart } from "../measure/process.ts";
import { type Command, medianTime, runTime, timeTo } from "../measure/spawned.ts";

const BARE_NODE = "node -e 0";
const RUNS = 7;
/** In the first menu of the classic screens, in English. */
const FIRST_MENU = "1. Log in";

const bareNode: Variant = {
  name: BARE_NODE,
  run: async () => ({ value: await medianTime(RUNS, () => runTime({ args: ["-e", "0"] })) }),
};

const help: Variant = {
  name: "papo --help",
  async run() {
    const command = papo(["--help"]);
    // The first start on a machine compiles; later ones find what was compiled.
    await runTime(command);
    return { value: await medianTime(RUNS, () => runTime(command)) };
  },
};

const prompt: Variant = {
  name: "papo --classic",
  async run() {
    const size = { dialect: "papo", accountsPath: accountFile(), accounts: 0, rooms: 0, crowd: 0 };
    const tracker = startPart("tracker-server", size);
    try {
      const { port, key } = await tracker.next<{ port: number; key: TrackerKey }>();
      const address = formatTrackerAddress({ dialect: "papo", host: "127.0.0.1", port, key });
      const menu = () => timeTo(FIRST_MENU, classic(address));
      await menu();
      return { value: await medianTime(RUNS, menu) };
    } finally {
      await tracker.stop();
    }
  },
};

/** A new profile each time. */
function classic(tracker: string): Command {
  const profile = mkdtempSync(join(builtCopy().home, "profile-"));
  return papo(["--classic", "--lang", "en", "--tracker", tracker, "--profile", profile]);
}

function papo(args: readonly string[]): Command {
  const { papo: program, home } = builtCopy();
  const places = { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_STATE_HOME: home };
  return { args: [program, ...args], env: { HOME: home, ...places } };
}

export const startBenchmarks: readonly Benchmark[] = [
  {
    name: "start-help",
    title: "Start of a built `papo --help`",
    subject: help,
    baselines: [bareNode],
    figures: [
      { key: "value", title: "start to end", unit: "ms", digits: 1, targets: [{ against: BARE_NODE, ratioAtMost: 2 }] },
    ],
    method: `From the start of the process to its end; the median of ${RUNS} within each round, after one start that fills the compile cache.`,
  },
  {
    name: "start-classic",
    title: "Start of a built `papo --classic` to its first menu",
    subject: prompt,
    baselines: [bareNode],
    figures: [{ key: "value", title: "start to menu", unit: "ms", digits: 1, targets: [{ valueAtMost: 300 }] }],
    method: `A new profile each time, a tracker that answers on loopback, input and output through pipes; the median of ${RUNS} within each round, after one start that fills the compile cache. Beside it stands the whole life of a bare Node.`,
  },
];
