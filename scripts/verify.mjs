// `npm run verify`: the whole definition of done. Every step runs, as many at once as there are processors, each is timed, and
// a step that fails shows what it found. `--only lint,types` runs some, `--without tests` leaves some out, `--list` names them.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { ROOT } from "./checks/tree.mjs";

const node = (script, ...args) => [process.execPath, script, ...args];
const check = (name) => node(`scripts/checks/${name}.mjs`);
const tool = (path, ...args) => node(`node_modules/${path}`, ...args);

/** Where sources are that may import each other. */
const CRUISED = ["packages", "apps", "bench", "scripts"];

/** In the order of cost: what fails quickly is told early. The tests have lanes of their own, and nothing runs beside them. */
const STEPS = [
  { name: "format", says: "every file is formatted", run: tool("@biomejs/biome/bin/biome", "format") },
  { name: "lint", says: "no habit the house refuses", run: tool("oxlint/bin/oxlint") },
  { name: "one-place", says: "clock reads, SQL and paused tests", run: check("one-place") },
  { name: "types", says: "the compiler agrees", run: tool("typescript/bin/tsc", "--noEmit", "-p", ".") },
  {
    name: "arrows",
    says: "packages depend one way",
    run: tool("dependency-cruiser/bin/dependency-cruiser.mjs", "--config", ".dependency-cruiser.mjs", ...CRUISED),
  },
  { name: "dead-code", says: "no unused export, file or dependency", run: tool("knip/bin/knip.js") },
  { name: "catalogue", says: "what users read is in the catalogue", run: check("catalogue") },
  { name: "protocol-docs", says: "messages, faults and limits are documented", run: check("protocol-docs") },
  {
    name: "docs-code",
    says: "the documents' code compiles and their commands exist",
    run: check("docs-code"),
  },
  { name: "report-map", says: "everything in the founding report has its place", run: check("report-map") },
  { name: "robustness", says: "each promise has its tests, each cited id its row", run: check("robustness") },
  { name: "lock", says: "the lock file serves every system", run: check("lock") },
  { name: "stands-alone", says: "no path, host or file from outside", run: check("stands-alone") },
  { name: "tools-can-fail", says: "planted mistakes are found", run: check("tools-can-fail") },
  {
    name: "tests",
    says: "they pass and cover the sources",
    run: node("scripts/test.mjs", "--coverage"),
    tail: 3,
    alone: true,
  },
  { name: "packed", says: "installed from its packages, it runs", run: check("packed") },
];

const chosen = choose(process.argv.slice(2));
const failed = [];
const waiting = chosen.filter(({ alone = false }) => !alone);
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await take(step);
  }),
);
for (const step of chosen) if (step.alone) await take(step);
const verdict = failed.length === 0 ? "all of them hold" : `these fail: ${failed.join(", ")}`;
process.stdout.write(`verify: ${chosen.length} steps, ${verdict}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function take({ name, says, run: command, tail }) {
  const startedAt = performance.now();
  const { code, output } = await run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name.padEnd(14)} ${seconds.padStart(6)} s  ${says}\n`);
  if (code !== 0) {
    failed.push(name);
    process.stdout.write(indent(output));
  } else if (tail !== undefined) {
    process.stdout.write(indent(output.trimEnd().split("\n").slice(-tail).join("\n")));
  }
}

function choose(args) {
  if (args.includes("--list")) {
    for (const { name, says } of STEPS) process.stdout.write(`${name.padEnd(14)} ${says}\n`);
    process.exit(0);
  }
  const named = (option) => {
    const at = args.findIndex((arg) => arg === option || arg.startsWith(`${option}=`));
    if (at === -1) return undefined;
    const names = (args[at].includes("=") ? args[at].split("=")[1] : (args[at + 1] ?? "")).split(",");
    const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
    if (unknown.length === 0) return new Set(names);
    process.stderr.write(`No step is called ${unknown.join(", ")}; --list names them.\n`);
    process.exit(2);
  };
  const only = named("--only");
  const without = named("--without");
  return STEPS.filter(({ name }) => (only?.has(name) ?? true) && !(without?.has(name) ?? false));
}

function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

function indent(text) {
  return text === "" ? "" : `${text.trimEnd().replaceAll(/^/gm, "     ")}\n`;
}
