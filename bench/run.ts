import { writeFileSync } from "node:fs";
import { linkBenchmarks } from "./cases/link.ts";
import { startBenchmarks } from "./cases/start.ts";
import { trackerBenchmarks } from "./cases/tracker.ts";
import { type Benchmark, type Measured, measure } from "./measure/benchmark.ts";
import { performancePage } from "./report/performance-page.ts";

// `npm run bench` measures everything and writes docs/performance.md; `npm run bench -- WORD…` only what has a
// WORD in its name, and writes nothing. A missed target is published and fails nothing; a benchmark that cannot run fails.

const words = process.argv.slice(2);
const all: readonly Benchmark[] = [...linkBenchmarks, ...trackerBenchmarks, ...startBenchmarks];
const chosen = words.length === 0 ? all : all.filter(({ name }) => words.some((word) => name.includes(word)));

const measured: Measured[] = [];
for (const benchmark of chosen) {
  const result = await measure(benchmark, (text) => process.stderr.write(`${text}\n`));
  measured.push(result);
  for (const { figure, text, met } of result.verdicts)
    process.stdout.write(`${met ? "met   " : "MISSED"} ${benchmark.name}, ${figure.title}: ${text}\n`);
}
if (words.length === 0) writeFileSync(new URL("../docs/performance.md", import.meta.url), performancePage(measured));
