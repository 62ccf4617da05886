// Runs the tests: `npm test`, or `npm test -- packages/protocol`, or `npm test -- --test-name-pattern=T4`.
// A folder means every *.test.ts in it. `--coverage` measures the sources and holds the floor below.
// Its last line is `N passed, N failed`, and its exit code is the runner's.
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ROOT } from "./checks/tree.mjs";
import { judge } from "./coverage.mjs";

/** Percent of the lines of the sources that the tests of one run must execute, children not counted. */
const LINES_COVERED_MIN = 90;
/** Nothing may hang: neither one test nor one file. */
const TEST_TIMEOUT_MS = 120_000;
const EVERYTHING = ["packages", "apps", "bench", "scripts"];
const COUNTS = join(ROOT, ".tmp", "test-counts");
const LCOV = join(ROOT, ".tmp", "lcov.info");

const args = process.argv.slice(2);
const coverage = args.includes("--coverage");
const options = args.filter((arg) => arg.startsWith("-") && arg !== "--coverage");
const asked = args.filter((arg) => !arg.startsWith("-"));
const files = [...new Set((asked.length > 0 ? asked : EVERYTHING).flatMap(testFiles))].sort();

if (files.length === 0) {
  process.stderr.write(`No test file matches ${asked.join(" ") || "anything"}.\n`);
  process.exit(1);
}
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
for (const old of [COUNTS, LCOV]) rmSync(old, { force: true });
const { status } = spawnSync(process.execPath, [...runnerOptions(), ...options, ...files], {
  cwd: ROOT,
  stdio: ["ignore", "inherit", "inherit"],
});
const covered = !coverage || coverageHolds();
const counts = readCounts();
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
// A run that executed nothing proves nothing, whatever the runner thinks of it.
process.exitCode = status === 0 && (counts.passed === 0 || !covered) ? 1 : (status ?? 1);

function testFiles(pathOrPattern) {
  const path = pathOrPattern.replaceAll("\\", "/").replace(/\/$/, "");
  const isFolder = statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const found = globSync(isFolder ? `${path}/**/*.test.ts` : path, {
    cwd: ROOT,
    exclude: (name) => name === "node_modules" || name === "dist",
  });
  return found.map((file) => file.replaceAll("\\", "/"));
}

function runnerOptions() {
  const always = [
    "--conditions=source",
    "--disable-warning=MaxListenersExceededWarning", // Node's own, for having three reporters.
    "--test",
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    ...reporter("spec", "stdout"),
    ...reporter("./scripts/test-counts.mjs", COUNTS),
  ];
  if (!coverage) return always;
  return [
    ...always,
    ...reporter("lcov", LCOV),
    "--experimental-test-coverage",
    "--test-coverage-include=packages/*/src/**",
    "--test-coverage-include=apps/*/src/**",
    "--import=./scripts/cover-this-process-only.mjs",
  ];
}

function reporter(name, destination) {
  return [`--test-reporter=${name}`, `--test-reporter-destination=${destination}`];
}

function coverageHolds() {
  const { percent, unloaded } = judge(LCOV);
  const floor = `${percent.toFixed(1)} % of the lines of the sources were run; the floor is ${LINES_COVERED_MIN} %.`;
  const never = unloaded.length === 0 ? "" : ` Loaded by no test process: ${unloaded.join(", ")}.`;
  process.stdout.write(`${floor}${never}\n`);
  return percent >= LINES_COVERED_MIN;
}

function readCounts() {
  try {
    return JSON.parse(readFileSync(COUNTS, "utf8"));
  } catch {
    return { passed: 0, failed: 1 }; // The runner ended before it could count.
  }
}
