// Judges the coverage of a test run. Each report counts only the files that some test loaded, so a source that
// nothing loads would not lower its figure; here such a source counts, with all its lines not covered.
import { readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import ts from "typescript";
import { filesUnder, ROOT } from "./checks/tree.mjs";

const PLAIN = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/** Lines of code and how many of them ran, by file, from the texts of lcov reports: a line that ran in any of them ran. */
export function linesByFile(lcovs) {
  const ranByFile = new Map();
  for (const lcov of lcovs) addLines(lcov, ranByFile);
  return new Map(
    [...ranByFile].map(([file, ran]) => [file, { all: ran.size, covered: [...ran.values()].filter(Boolean).length }]),
  );
}

function addLines(lcov, ranByFile) {
  let ran;
  for (const line of lcov.split("\n")) {
    const [tag, rest] = line.split(/:(.*)/s);
    if (tag === "SF") {
      const file = fromRoot(rest);
      ran = ranByFile.get(file) ?? new Map();
      ranByFile.set(file, ran);
    }
    if (tag !== "DA" || ran === undefined) continue;
    const [number, count] = rest.split(",");
    ran.set(number, Number(count) > 0 || ran.get(number) === true);
  }
}

/** Lines of a source as the runner counts them; 0 for a module of types, which is never loaded. */
export function linesOf(source) {
  const code = ts.transpileModule(source, { compilerOptions: { ...PLAIN, removeComments: true } }).outputText;
  return /^\s*(export\s*\{\s*\};?\s*)?$/.test(code) ? 0 : source.trimEnd().split("\n").length;
}

/** The share of lines covered in percent, and the sources that no test process loaded. */
export function judge(lcovPaths) {
  const byFile = linesByFile(textsOf(lcovPaths));
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

/** One by one: together they are large. */
function* textsOf(paths) {
  for (const path of paths) yield readFileSync(path, "utf8");
}

function sources() {
  const inSource = (file) => /^(packages|apps)\/[^/]+\/src\//.test(file) && !file.endsWith(".d.ts");
  return ["packages", "apps"].flatMap((folder) => filesUnder(ROOT, folder, ".ts")).filter(inSource);
}

function fromRoot(path) {
  return (isAbsolute(path) ? relative(ROOT, path) : path).replaceAll("\\", "/");
}
