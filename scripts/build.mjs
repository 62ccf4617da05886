// `npm run build`: JavaScript and declarations of every package into its dist/, for publishing. Development never
// reads dist/: the `source` condition of each package.json leads to the TypeScript. One compiler run
// sees all packages at once, so there is no order to keep; it writes the declarations. The JavaScript of a package is
// bundled into few files, because a program of hundreds of small ones takes most of its start to find and link them.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { bundlePackage } from "./build/bundle-package.mjs";
import { filesUnder, ROOT, workspaceFolders } from "./checks/tree.mjs";

const folders = workspaceFolders().filter((folder) => existsSync(join(ROOT, folder, "src")));
for (const folder of folders) rmSync(join(ROOT, folder, "dist"), { recursive: true, force: true });
const sources = folders.flatMap((folder) => filesUnder(ROOT, `${folder}/src`, ".ts"));
const problems = compile(sources);
if (problems.length > 0) {
  process.stderr.write(ts.formatDiagnostics(problems, formatHost()));
  process.exitCode = 1;
} else {
  for (const folder of folders) {
    copyAssets(folder);
    await bundlePackage(join(ROOT, folder));
  }
  process.stdout.write(`${sources.length} sources of ${folders.length} packages built\n`);
}

function compile(files) {
  const { config, error } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  if (error) return [error];
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, ROOT);
  const options = {
    ...parsed.options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: ROOT,
    outDir: ROOT,
    allowImportingTsExtensions: false,
    allowJs: false,
  };
  const program = ts.createProgram({ rootNames: parsed.fileNames, options });
  const before = [...parsed.errors, ...ts.getPreEmitDiagnostics(program)];
  if (before.length > 0) return before;
  return [...program.emit(undefined, writeIntoDist).diagnostics];
}

/** The compiler wants to write beside the source; the file goes to the same place under dist/. */
function writeIntoDist(path, text) {
  const inDist = relative(ROOT, path)
    .replaceAll("\\", "/")
    .replace(/^((?:packages|apps)\/[^/]+)\/src\//, "$1/dist/");
  if (!inDist.includes("/dist/")) return; // Reached from a source, and no source itself.
  const target = join(ROOT, inDist);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** What is read at run time and is no TypeScript, and the licence that every package must carry. */
function copyAssets(folder) {
  cpSync(join(ROOT, folder, "src"), join(ROOT, folder, "dist"), {
    recursive: true,
    filter: (path) => !path.endsWith(".ts"),
  });
  copyFileSync(join(ROOT, "LICENSE"), join(ROOT, folder, "LICENSE"));
}

function formatHost() {
  return { getCurrentDirectory: () => ROOT, getCanonicalFileName: (name) => name, getNewLine: () => "\n" };
}
