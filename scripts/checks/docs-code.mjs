// What the documents tell a reader to type is true: every ```ts block compiles as a module of this workspace, and
// every command in a ```sh or ```console block (`npm run x`, `npx papo sub --flag`, `.ci/run`) exists.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { isProgram, report } from "./findings.mjs";
import { fencedBlocks } from "./markdown.mjs";
import { repositoryFiles, ROOT } from "./tree.mjs";

/** Pages that must be there for this check to mean anything. */
const REQUIRED = ["README.md", "README.pt-BR.md", "ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const SHELL = new Set(["sh", "bash", "console", "shell"]);
const PAPO = join(ROOT, "apps/papo/bin/papo.js");

/** Compiles code as if it stood in a file at the root, without writing it anywhere. */
export function compileFindings(blocks) {
  const byPath = new Map(blocks.map((block, index) => [join(ROOT, `docs-code-${index}.ts`), block]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => byPath.has(path) || fileExists(path);
  host.readFile = (path) => byPath.get(path)?.code ?? readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const block = byPath.get(path);
    if (block === undefined) return getSourceFile(path, target, ...rest);
    return ts.createSourceFile(path, `${block.code}\nexport {};\n`, target, true);
  };
  const program = ts.createProgram({ rootNames: [...byPath.keys()], options, host });
  return [...byPath].flatMap(([path, block]) => {
    const source = program.getSourceFile(path);
    const wrong = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return wrong.map((diagnostic) => ({
      file: block.file,
      line: block.line + source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line,
      rule: `TS${diagnostic.code}`,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
    }));
  });
}

function compilerOptions() {
  const path = join(ROOT, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, dirname(path));
  // A reader's example may leave a value unused.
  return { ...options, noUnusedLocals: false, noUnusedParameters: false };
}

/** What a shell block asks to be run, a line each: prompts, comments and a program's output are not commands. */
export function commands(block) {
  const lines = block.code.replaceAll(/\\\n\s*/g, " ").split("\n");
  const prompted = lines.filter((line) => /^\s*[$#>] /.test(line)).map((line) => line.replace(/^\s*[$#>] /, ""));
  const typed = block.language === "console" || prompted.length > 0 ? prompted : lines;
  return typed
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => line.split(/\s*(?:&&|\|\||;|\|)\s*/));
}

/** Why a command cannot be typed as written, or nothing. `helpOf` gives a subcommand's help, or undefined. */
export function commandProblem(command, { scripts, helpOf }) {
  const words = command.replace(/^([A-Z_]+=\S+\s+)+/, "").split(/\s+/);
  if (words[0] === "npm") return npmProblem(words.slice(1), { scripts, helpOf });
  if (words[0] === "papo" || words[0] === "npx") {
    const at = words.indexOf("papo");
    return at === -1 ? undefined : papoProblem(words.slice(at + 1), helpOf);
  }
  const path = words[0] === "node" ? words.find((word, index) => index > 0 && !word.startsWith("-")) : words[0];
  if (path !== undefined && /^(\.ci|\.|scripts|apps|packages|bench)\//.test(path) && !existsSync(join(ROOT, path))) {
    return `${path} does not exist`;
  }
  return undefined;
}

function npmProblem(words, { scripts, helpOf }) {
  const direct = ["start", "test"].includes(words[0]);
  const name = direct ? words[0] : ["run", "run-script"].includes(words[0]) ? words[1] : undefined;
  if (name === undefined) return undefined;
  if (!(name in scripts)) return `package.json has no script "${name}"`;
  const dashes = words.indexOf("--");
  return name === "start" && dashes !== -1 ? papoProblem(words.slice(dashes + 1), helpOf) : undefined;
}

function papoProblem(words, helpOf) {
  const isWord = (word) => /^[a-z][a-z-]*$/.test(word);
  const path = [];
  while (path.length < 2 && words[path.length] !== undefined && isWord(words[path.length]))
    path.push(words[path.length]);
  const help = helpOf(path) ?? helpOf(path.slice(0, 1));
  if (help === undefined) return `papo ${path.join(" ")} --help does not work`.replace("  ", " ");
  const unknown = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]);
  const missing = unknown.filter((flag) => flag !== "--help" && !help.includes(flag));
  return missing.length === 0 ? undefined : `papo ${path.join(" ")} --help does not mention ${missing.join(", ")}`;
}

function helpFromProgram() {
  const known = new Map();
  return (path) => {
    const key = path.join(" ");
    if (!known.has(key)) {
      const { status, stdout } = spawnSync(process.execPath, [PAPO, ...path, "--help"], {
        encoding: "utf8",
        timeout: 20_000,
        stdio: ["ignore", "pipe", "pipe"],
      });
      known.set(key, status === 0 && stdout.trim() !== "" ? stdout : undefined);
    }
    return known.get(key);
  };
}

if (isProgram(import.meta)) {
  const pages = repositoryFiles().filter((file) => file.endsWith(".md") && file !== "docs/founding-report.md");
  const blocks = pages.flatMap((file) =>
    fencedBlocks(readFileSync(join(ROOT, file), "utf8")).map((block) => ({ ...block, file })),
  );
  const code = blocks.filter(({ language }) => language === "ts");
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const world = { scripts, helpOf: helpFromProgram() };
  const findings = REQUIRED.filter((file) => !pages.includes(file)).map((file) => ({
    file,
    rule: "missing",
    message: "there is no such page",
  }));
  if (code.length > 0) findings.push(...compileFindings(code));
  for (const block of blocks.filter(({ language }) => SHELL.has(language))) {
    for (const command of commands(block)) {
      const message = commandProblem(command, world);
      if (message !== undefined) findings.push({ file: block.file, line: block.line, rule: "command", message });
    }
  }
  report(findings, `${code.length} blocks of code and the commands of ${pages.length} pages hold`);
}
