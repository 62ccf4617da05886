// Runs the tests: `npm test`, or `npm test -- packages/protocol`, or `npm test -- --test-name-pattern=T4`.
// A folder means every *.test.ts in it. Each file is a process with a group and a time of its own, so that a run always ends and says what did not.
// `--coverage` measures the sources and holds the floor below. `--file-minutes=30` gives a file that is made to take long its time.
// Its last line is `N passed, N failed`; its exit code is 0 when nothing failed. What was not run, because this machine lacks something, is counted before it with the reason.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./checks/tree.mjs";
import { endEverything, runBounded } from "./run-bounded.mjs";
import { testPlaces } from "./test-places.mjs";

/** Percent of the lines of the sources that the tests of one run must execute, children not counted. */
const LINES_COVERED_MIN = 90;
/** Nothing may hang: neither one test, nor one file, nor the run. */
const TEST_TIMEOUT_MS = 300_000;
const FILE_MINUTES_MAX = 8;
const RUN_MINUTES_MAX = 30;
const MINUTE_MS = 60_000;
const EVERYTHING = ["packages", "apps", "bench", "scripts"];
/** They begin first: while a long one runs alone at the end, the other lanes have nothing to do. */
const LONG_ONES = /^(apps\/papo\/test\/acceptance|scripts)\//;
/** In networks made of namespaces a test waits most of its time: these have a lane of their own, beside those that compute. */
const WAITING_ONES = /^[^/]+\/[^/]+\/test\/lab\//;
/** They start the command, most of them many times. */
const STARTS_PROGRAMS = /^(apps\/papo|packages\/testing)\/test\//;
const REPORTS = join(ROOT, ".tmp", "tests", String(process.pid));

const args = process.argv.slice(2);
const coverage = args.includes("--coverage");
const fileMinutes = Number(args.find((arg) => arg.startsWith("--file-minutes="))?.split("=")[1] ?? FILE_MINUTES_MAX);
const options = args.filter((arg) => arg.startsWith("-") && !/^--(coverage|file-minutes)\b/.test(arg));
const asked = args.filter((arg) => !arg.startsWith("-"));
const files = [...new Set((asked.length > 0 ? asked : EVERYTHING).flatMap(testFiles))].sort();
const endsAt = performance.now() + Math.max(RUN_MINUTES_MAX, fileMinutes) * MINUTE_MS;

if (files.length === 0) {
  process.stderr.write(`No test file matches ${asked.join(" ") || "anything"}.\n`);
  process.exit(1);
}
mkdirSync(REPORTS, { recursive: true });
process.once("exit", () => rmSync(REPORTS, { recursive: true, force: true }));
const env = { ...process.env, ...testPlaces(), ...(await programs()) };
// Groups of their own do not hear the terminal's Ctrl-C.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]) {
  process.once(signal, () => {
    endEverything();
    process.exit(code);
  });
}

const waiting = files.map((file, index) => ({ file, reports: join(REPORTS, String(index)) }));
const results = [];
const still = waiting.filter(({ file }) => WAITING_ONES.test(file));
const busy = waiting.filter(({ file }) => !WAITING_ONES.test(file)).sort((one, other) => isLong(other) - isLong(one));
const lanes = Array.from({ length: Math.max(2, availableParallelism()) }, () =>
  lane(() => busy.shift() ?? still.shift()),
);
await Promise.all([lane(() => still.shift()), ...lanes]);
process.exitCode = (await tell()) ? 0 : 1;

async function lane(take) {
  for (let next = take(); next !== undefined; next = take()) results.push(await runFile(next));
}

/** Whoever starts the command is given it bundled. */
async function programs() {
  if (!files.some((file) => STARTS_PROGRAMS.test(file))) return {};
  const { bundledCommand } = await import("./test-programs.mjs");
  return { PAPO_TEST_COMMAND: await bundledCommand() };
}

function isLong({ file }) {
  return LONG_ONES.test(file) ? 1 : 0;
}

function testFiles(pathOrPattern) {
  const path = pathOrPattern.replaceAll("\\", "/").replace(/\/$/, "");
  const isFolder = statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const found = globSync(isFolder ? `${path}/**/*.test.ts` : path, {
    cwd: ROOT,
    exclude: (name) => name === "node_modules" || name === "dist",
  });
  return found.map((file) => file.replaceAll("\\", "/"));
}

async function runFile({ file, reports }) {
  const leftMs = Math.min(fileMinutes * MINUTE_MS, endsAt - performance.now());
  if (leftMs <= 0) return finished({ file, passed: 0, skipped: [], failures: ["not begun: the run took too long"] });
  const end = await runBounded(process.execPath, [...nodeOptions(reports), ...options, file], {
    cwd: ROOT,
    env,
    leftMs,
  });
  process.stdout.write(`\n${file} (${(end.ms / 1000).toFixed(1)} s)\n${end.output}`);
  const { passed, skipped, failures } = countsOf(reports);
  const why = end.isLate ? `ended after ${(leftMs / MINUTE_MS).toFixed(1)} minutes` : `ended with ${end.how}`;
  const isOwnFault = end.isLate || (end.how !== "0" && failures.length === 0);
  return finished({ file, passed, skipped, failures: isOwnFault ? [...failures, why] : failures });
}

function finished(result) {
  for (const failure of result.failures) process.stdout.write(`FAILED ${result.file}: ${failure}\n`);
  return result;
}

function nodeOptions(reports) {
  const always = [
    "--conditions=source",
    "--disable-warning=MaxListenersExceededWarning", // Node's own, for having three reporters.
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    ...reporter("./scripts/test-report.mjs", "stdout"),
    ...reporter("./scripts/test-counts.mjs", `${reports}.counts`),
  ];
  if (!coverage) return always;
  return [
    ...always,
    ...reporter("lcov", `${reports}.lcov`),
    "--experimental-test-coverage",
    "--test-coverage-include=packages/*/src/**",
    "--test-coverage-include=apps/*/src/**",
    "--import=./scripts/cover-this-process-only.mjs",
  ];
}

function reporter(name, destination) {
  return [`--test-reporter=${name}`, `--test-reporter-destination=${destination}`];
}

function countsOf(reports) {
  const path = `${reports}.counts`;
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const named = (word) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { passed: named("passed").length, skipped: named("skipped"), failures: named("failed") };
}

/** Whether everything is as it should be. */
async function tell() {
  // They ended in whatever order the lanes took them.
  results.sort((one, other) => (one.file < other.file ? -1 : 1));
  const failures = results.flatMap(({ file, failures: ofFile }) => ofFile.map((failure) => `${file}: ${failure}`));
  const passed = results.reduce((total, result) => total + result.passed, 0);
  process.stdout.write(failures.length === 0 ? "\n" : `\nFailed:\n${failures.map((line) => `  ${line}\n`).join("")}\n`);
  tellSkipped();
  const covered = !coverage || (await coverageHolds());
  process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
  // A run that executed nothing proves nothing.
  return failures.length === 0 && passed > 0 && covered;
}

function tellSkipped() {
  const byReason = Map.groupBy(
    results.flatMap(({ skipped }) => skipped),
    (reason) => reason,
  );
  for (const [reason, { length }] of byReason) process.stdout.write(`${length} skipped: ${reason}\n`);
}

/** It needs the compiler, which is large to load. */
async function coverageHolds() {
  const { judge } = await import("./coverage.mjs");
  const { percent, unloaded } = judge(globSync(join(REPORTS, "*.lcov")));
  const floor = `${percent.toFixed(1)} % of the lines of the sources were run; the floor is ${LINES_COVERED_MIN} %.`;
  const never = unloaded.length === 0 ? "" : ` Loaded by no test process: ${unloaded.join(", ")}.`;
  process.stdout.write(`${floor}${never}\n`);
  return percent >= LINES_COVERED_MIN;
}
