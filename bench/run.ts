import { writeFileSync } from "node:fs";
import { keptFanOut } from "./cases/kept-fan-out.ts";
import { keptMessages } from "./cases/kept-messages.ts";
import { keptOpen } from "./cases/kept-open.ts";
import { keptSync } from "./cases/kept-sync.ts";
import { linkBenchmarks } from "./cases/link.ts";
import { relayBenchmarks } from "./cases/relay.ts";
import { screenBenchmarks } from "./cases/screen.ts";
import { startBenchmarks } from "./cases/start.ts";
import { trackerBenchmarks } from "./cases/tracker.ts";
import { topologies } from "./cases/topologies.ts";
import { type Benchmark, type Failed, type Measured, measure } from "./measure/benchmark.ts";
import { performancePage } from "./report/performance-page.ts";

// `npm run bench` measures everything and writes docs/performance.md; `npm run bench -- WORD…` only what has a
// WORD in its name, and writes nothing. A missed target is published and fails nothing; a benchmark that cannot run fails.

const words = process.argv.slice(2);
const all: readonly Benchmark[] = [
  ...linkBenchmarks,
  ...trackerBenchmarks,
  ...relayBenchmarks,
  topologies,
  ...[keptMessages, keptSync, keptOpen, keptFanOut],
  ...startBenchmarks,
  ...screenBenchmarks,
];
const chosen = words.length === 0 ? all : all.filter(({ name }) => words.some((word) => name.includes(word)));

const measured: Measured[] = [];
const failed: Failed[] = [];
for (const benchmark of chosen) {
  const needs = benchmark.needs?.();
  if (needs !== undefined) {
    process.stdout.write(`not measured ${benchmark.name}: ${needs}\n`);
    failed.push({ benchmark, needs });
    continue;
  }
  try {
    const result = await measure(benchmark, (text) => process.stderr.write(`${text}\n`));
    measured.push(result);
    for (const { figure, text, met } of result.verdicts)
      process.stdout.write(`${met ? "met   " : "MISSED"} ${benchmark.name}, ${figure.title}: ${text}\n`);
  } catch (error) {
    process.stdout.write(`FAILED ${benchmark.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    failed.push({ benchmark });
    process.exitCode = 1;
  }
}
if (words.length === 0) {
  writeFileSync(new URL("../docs/performance.md", import.meta.url), performancePage(measured, failed));
}
process.stderr.write(`${Math.round(performance.now() / 1000)} s\n`);
// Parts that served several rounds end with it.
process.exit();
