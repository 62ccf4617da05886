// Judges the coverage of a test run. The runner counts only the files that some test loaded, so a source that
// nothing loads would not lower its figure; here such a source counts, with all its lines not covered.
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import ts from "typescript";
import { filesUnder, ROOT } from "./checks/tree.mjs";

const PLAIN = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/** Lines of code and how many of them ran, by file, from the text of an lcov report. */
export function linesByFile(lcov) {
  const byFile = new Map();
  let lines;
  for (const line of lcov.split("\n")) {
    const [tag, rest] = line.split(/:(.*)/s);
    if (tag === "SF") byFile.set(fromRoot(rest), (lines = { all: 0, covered: 0 }));
    if (tag !== "DA" || lines === undefined) continue;
    lines.all += 1;
    if (Number(rest.split(",")[1]) > 0) lines.covered += 1;
  }
  return byFile;
}

/** Lines of a source as the runner counts them; 0 for a module of types, which is never loaded. */
export function linesOf(source) {
  const code = ts.transpileModule(source, { compilerOptions: { ...PLAIN, removeComments: true } }).outputText;
  return /^\s*(export\s*\{\s*\};?\s*)?$/.test(code) ? 0 : source.trimEnd().split("\n").length;
}

/** The share of lines covered in percent, and the sources that no test process loaded. */
export function judge(lcovPath) {
  const byFile = existsSync(lcovPath) ? linesByFile(readFileSync(lcovPath, "utf8")) : new Map();
  const unloaded = [];
  for (const file of sources()) {
    if (byFile.has(file)) continue;
    const all = linesOf(readFileSync(join(ROOT, file), "utf8"));
    if (all === 0) continue;
    byFile.set(file, { all, covered: 0 });
    unloaded.push(file);
  }
  const sum = (key) => [...byFile.values()].reduce((total, lines) => total + lines[key], 0);
  return { percent: (100 * sum("covered")) / Math.max(1, sum("all")), unloaded };
}

function sources() {
  const inSource = (file) => /^(packages|apps)\/[^/]+\/src\//.test(file) && !file.endsWith(".d.ts");
  return ["packages", "apps"].flatMap((folder) => filesUnder(ROOT, folder, ".ts")).filter(inSource);
}

function fromRoot(path) {
  return (isAbsolute(path) ? relative(ROOT, path) : path).replaceAll("\\", "/");
}
