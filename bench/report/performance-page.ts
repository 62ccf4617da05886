import { cpus, totalmem } from "node:os";
import type { Benchmark, Failed, Figure, Measured, Summaries } from "../measure/benchmark.ts";
import { profileOf } from "./profiles.ts";

/** docs/performance.md, from what was measured just now and nothing else. */
export function performancePage(measured: readonly Measured[], failed: readonly Failed[]): string {
  const head = `# Performance

Written by \`npm run bench\`; every figure below comes from one run of it. Subject and baselines run in processes of their own, in turn, for
five rounds, three where a round is long, twenty where one by itself says little; the median of the rounds is what counts, and the least and the most of them stand in brackets. Ratios are what is promised; the
figures themselves belong to the machine.

Machine: ${machine()}.
`;
  return [head, summary(measured, failed), ...measured.map(section)].join("\n");
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${memory} GiB, ${process.platform}, Node ${process.version}, OpenSSL ${process.versions.openssl}`;
}

function summary(measured: readonly Measured[], failed: readonly Failed[]): string {
  const rows = measured.flatMap(({ benchmark, verdicts }) =>
    verdicts.map(
      ({ figure, text, met }) => `| ${benchmark.title}: ${figure.title} | ${text} | ${met ? "met" : "**missed**"} |`,
    ),
  );
  const missing = failed.map(({ benchmark, needs }) =>
    needs === undefined
      ? `| ${benchmark.title} | not measured: it could not run | **missed** |`
      : `| ${benchmark.title} | not measured: ${needs} | |`,
  );
  return ["| what | result | target |", "|---|---|---|", ...rows, ...missing, ""].join("\n");
}

function section({ benchmark, summaries, verdicts }: Measured): string {
  const isMissed = verdicts.some(({ met }) => !met);
  const profile = isMissed ? profileOf(benchmark.name, summaries) : undefined;
  return [
    `## ${benchmark.title}`,
    "",
    benchmark.method,
    "",
    ...table(benchmark, summaries),
    ...(profile === undefined ? [] : ["", `**Where the time goes.** ${profile}`]),
    "",
  ].join("\n");
}

function table({ figures }: Benchmark, summaries: Summaries): string[] {
  const rows = [...summaries].map(([variant, found]) => {
    const cells = figures.map((figure) => cell(figure, found));
    return `| ${[variant, ...cells].join(" | ")} |`;
  });
  const heads = figures.map(({ title, unit }) => `${title} (${unit})`);
  return [`| | ${heads.join(" | ")} |`, `|---${"|---".repeat(figures.length)}|`, ...rows];
}

function cell({ key, digits }: Figure, found: NonNullable<ReturnType<Summaries["get"]>>): string {
  const summary = found.get(key);
  if (summary === undefined) return "";
  const { median, min, max } = summary;
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}
