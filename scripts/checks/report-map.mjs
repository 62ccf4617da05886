// docs/report-map.md says where everything in the founding report lives here: a table
//   | name in the report | path | test | here |
// with `packages/x/src/y.ts#export` (or `#Class.member`) as a path and `packages/x/test/y.test.ts:"name of a test"` as
// a test, several separated by spaces; a suite in `test/conformance/`, which every store runs, counts as well. This check
// reads the report, wants a row for every name, menu item, screen and log line in it, and wants every path, export
// and test to exist. The last cell is a remark for readers. `--list` prints the names wanted.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { isProgram, parse, report, walk } from "./findings.mjs";
import { proseLines } from "./markdown.mjs";
import { tableRows } from "./protocol-docs.mjs";
import { ROOT } from "./tree.mjs";

const REPORT = "docs/founding-report.md";
const MAP = "docs/report-map.md";

/** Every name that needs a row. Members of a class carry its name: `UserRepository.load_users`. */
export function namesInReport(markdown) {
  const text = markdown.replaceAll("\\_", "_");
  const names = new Set([...namesInProse(proseLines(text)), ...namesOnScreens(text)]);
  names.delete("None"); // A value of Python's, not a thing of the report.
  return [...names];
}

function namesInProse(lines) {
  const names = [];
  let owner;
  for (const line of lines) {
    const heading = /^#{1,6}\s+(?:([\d.]+)\s+)?(.*\S)/.exec(line);
    if (heading) {
      const [, number = "", title] = heading;
      owner = /^[A-Z]\w+$/.test(title) && number.split(".").filter(Boolean).length >= 3 ? title : undefined;
      if (owner !== undefined) names.push(owner);
      if (/^6\.\d/.test(number)) names.push(`${number.replace(/\.$/, "")} ${title}`);
      continue;
    }
    const member = owner === undefined ? null : /^\s*-\s+(.*?)\s*:/.exec(line);
    if (member) names.push(...backticked(member[1]).map((name) => `${owner}.${bare(name)}`));
    names.push(...backticked(member ? line.slice(member[0].length) : line).map(bare));
    names.push(...(line.match(/\b\w+_db\.json\b/g) ?? []));
    names.push(...[...line.matchAll(/\*\*([A-Z][a-z]+[A-Z]\w+)\*\*/g)].map(([, name]) => name));
  }
  return names;
}

/** Menu items, slash commands, JSON commands and the bracketed words of logs and screens. */
function namesOnScreens(text) {
  const commands = [...text.matchAll(/"cmd": "([A-Z_]+)"/g)].map(([, name]) => name);
  const menu = [...text.matchAll(/^(\d\. .*\S)$/gm)].map(([, item]) => item).filter((item) => !item.includes("`"));
  const slash = [...text.matchAll(/^Digite (\/.*)$/gm)].flatMap(([, line]) => line.match(/\/[a-z_]+/g) ?? []);
  const tags = [...text.matchAll(/^(?:.*print\(f?"(?:\\n)?)?(\[[A-ZÀ-Ú0-9 ]+\])/gm)].map(([, tag]) => tag);
  return [...commands, ...menu, ...slash, ...tags];
}

function backticked(text) {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
}

/** `@staticmethod from_dict(data)` → `from_dict`, `connected=True` → `connected`, `peer.x()` → `Peer.x`. */
function bare(name) {
  return name
    .replace(/^@\w+\s+/, "")
    .replace(/\(.*$/, "")
    .trim();
}

/** Names of the report without a row. A member named alone is satisfied by a row that carries its class. */
export function unmapped(names, rows) {
  const mapped = new Set(rows.flatMap(([first]) => first.split(/\s*,\s*/).map(bare)));
  const members = new Set([...mapped].map((name) => name.split(".").at(-1)));
  return names.filter((name) => !mapped.has(name) && !mapped.has(bare(name)) && !(isPlain(name) && members.has(name)));
}

function isPlain(name) {
  return /^\w+$/.test(name);
}

/** What is wrong with a row's path and test cells. `read` gives a file's text, or undefined. */
export function rowProblems([name, paths = "", tests = ""], read) {
  if (paths === "" || tests === "") return [`${name}: the row needs a path and a test`];
  const wrongPaths = paths.split(/[\s,]+/).map((reference) => pathProblem(reference, read));
  const references = [...tests.matchAll(/([^\s:",]+)(?::"([^"]+)")?/g)];
  const wrongTests = references.map(([, file, title]) => testProblem(file, title, read));
  return [...wrongPaths, ...wrongTests]
    .filter((problem) => problem !== undefined)
    .map((problem) => `${name}: ${problem}`);
}

function pathProblem(reference, read) {
  const [file, anchor] = reference.split("#");
  const text = read(file);
  if (text === undefined) return `${file} does not exist`;
  if (anchor === undefined || exportedNames(file, text).has(anchor)) return undefined;
  return `${file} exports no ${anchor}`;
}

function testProblem(file, title, read) {
  const text = read(file);
  if (text === undefined) return `${file} does not exist`;
  if (!/\.test\.ts$|\/test\/conformance\//.test(file)) return `${file} is no test`;
  if (title === undefined || testTitles(file, text).some((known) => known.includes(title))) return undefined;
  return `${file} has no test called "${title}"`;
}

/** Exported names, and `Owner.member` for the members of exported classes, interfaces, types and objects. */
export function exportedNames(file, text) {
  const names = new Set();
  for (const statement of parse(file, text).statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) names.add(name.text);
    }
    if (!ts.canHaveModifiers(statement)) continue;
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const declaration of declared) addDeclared(names, declaration);
  }
  return names;
}

function addDeclared(names, declaration) {
  const owner = declaration.name?.getText();
  if (owner === undefined) return;
  names.add(owner);
  walk(declaration, (node) => {
    const isMember = ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node);
    if (isMember && node.name) names.add(`${owner}.${node.name.getText().replaceAll(/["']/g, "")}`);
  });
}

function testTitles(file, text) {
  const titles = [];
  walk(parse(file, text), (node) => {
    if (!ts.isCallExpression(node) || node.arguments.length === 0) return;
    const [title] = node.arguments;
    if (ts.isStringLiteralLike(title)) titles.push(title.text);
    else if (ts.isTemplateExpression(title)) titles.push(title.getText());
  });
  return titles;
}

function readFromRoot(file) {
  const path = join(ROOT, file);
  if (!existsSync(path)) return undefined;
  return /\.\w+$/.test(file) ? readFileSync(path, "utf8") : "";
}

function allFindings() {
  const missing = [REPORT, MAP].filter((file) => !existsSync(join(ROOT, file)));
  if (missing.length > 0) return missing.map((file) => ({ file, rule: "missing", message: "there is no such page" }));
  const names = namesInReport(readFileSync(join(ROOT, REPORT), "utf8"));
  const rows = tableRows(readFileSync(join(ROOT, MAP), "utf8")).filter(([, path]) => path !== "path");
  const problems = rows.flatMap((row) => rowProblems(row, readFromRoot));
  return [
    ...unmapped(names, rows).map((name) => ({ file: MAP, rule: "unmapped", message: `${name} has no row` })),
    ...problems.map((message) => ({ file: MAP, rule: "row", message })),
  ];
}

if (isProgram(import.meta)) {
  if (process.argv.includes("--list")) {
    const names = namesInReport(readFileSync(join(ROOT, REPORT), "utf8"));
    process.stdout.write(`${names.join("\n")}\n`);
  } else report(allFindings(), "every name of the founding report has its path and test");
}
