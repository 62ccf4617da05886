import { cpus, totalmem } from "node:os";
import type { Measured } from "../measure/benchmark.ts";

/** docs/performance.md, from what was measured just now and nothing else. */
export function performancePage(measured: readonly Measured[]): string {
  const head = `# Performance

Written by \`npm run bench\`; every figure below comes from one run of it. The subject and its baseline run in processes of their own, in turn, and
the median of the rounds is what counts; the spread is the least and the most of them. Ratios are what is promised, the figures themselves belong to the machine.

Machine: ${machine()}.
`;
  return [head, summary(measured), ...measured.map(section)].join("\n");
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${memory} GiB, Node ${process.version}, OpenSSL ${process.versions.openssl}`;
}

function summary(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ benchmark, verdicts }) =>
    verdicts.map(({ text, met }) => `| ${benchmark.title} | ${text} | ${met ? "met" : "**missed**"} |`),
  );
  return ["| what | result | target |", "|---|---|---|", ...rows, ""].join("\n");
}

function section({ benchmark, summaries }: Measured): string {
  const { digits, unit } = benchmark;
  const rows = [...summaries].map(([name, { median, min, max, rounds }]) => {
    const spread = `${min.toFixed(digits)} to ${max.toFixed(digits)}`;
    return `| ${name} | ${median.toFixed(digits)} | ${spread} | ${rounds} |`;
  });
  return [
    `## ${benchmark.title}`,
    "",
    benchmark.method,
    "",
    `| | median (${unit}) | spread | rounds |`,
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
