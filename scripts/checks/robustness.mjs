// docs/robustness.md says what holds when things go wrong: tables whose rows begin with an id (`T4`) and end with the test
// files that show it. This check wants every such file to have a test whose name cites the id (`T4: …`, `T5, I15: …`),
// and every id that any test cites to have its row. `--list` prints who cites what.
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { isProgram, parse, report, walk } from "./findings.mjs";
import { tableRows } from "./protocol-docs.mjs";
import { filesUnder, ROOT, workspaceFolders } from "./tree.mjs";

const PAGE = "docs/robustness.md";
const ID = "[FIPRSTWX]\\d{1,2}";
const WHOLE = new RegExp(`^${ID}$`);
const CITING = new RegExp(`^(${ID}(?:, ${ID})*): `);

/** The rows of a page that promise something: `{ id, files }`. */
export function promised(markdown) {
  return tableRows(markdown)
    .filter(([first]) => WHOLE.test(first))
    .map((cells) => ({
      id: cells[0],
      files: cells
        .at(-1)
        .split(/[\s,]+/)
        .filter((file) => file !== ""),
    }));
}

/** The ids that the names of the tests in a source cite. `read`: the text of another source, where names are made of data that stands there. */
export function citedIds(file, text, read = () => "") {
  const source = parse(file, text);
  const ids = new Set();
  let isNamedByData = false;
  walk(source, (node) => {
    if (!isTest(node)) return;
    const [name] = node.arguments;
    const beginning = literalText(name);
    if (beginning === undefined || beginning === "") isNamedByData = true;
    else addCited(ids, beginning);
  });
  if (!isNamedByData) return ids;
  const shared = sharedData(file, source).map((other) => parse(other, read(other)));
  for (const one of [source, ...shared]) walk(one, (node) => addFromData(ids, node));
  return ids;
}

/** Sources of a test's own folders from which it takes a constant. */
function sharedData(file, source) {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.text.startsWith(".")) return [];
    const names = statement.importClause?.namedBindings?.elements ?? [];
    const other = posix.join(posix.dirname(file), statement.moduleSpecifier.text);
    return other.includes("/test/") && names.some(({ name }) => CONSTANT.test(name.text)) ? [other] : [];
  });
}

const CONSTANT = /^[A-Z][A-Z0-9_]+$/;

function isTest(node) {
  if (!ts.isCallExpression(node) || node.arguments.length === 0) return false;
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  return name === "test" || name === "it" || name === "labTest";
}

/** What a name says before its first substitution; undefined when it is not written there at all. */
function literalText(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : undefined;
}

function addCited(ids, text) {
  for (const id of CITING.exec(text)?.[1].split(", ") ?? []) ids.add(id);
}

/** Names made from data: the ids stand in its keys (`R1: […]`) and values (`id: "P4"`, `"T12: bytes that …"`). */
function addFromData(ids, node) {
  const isKey = ts.isPropertyAssignment(node.parent ?? node) && node.parent.name === node;
  const isValue = ts.isStringLiteralLike(node) && !ts.isCallExpression(node.parent);
  if (!isKey && !isValue) return;
  if (WHOLE.test(node.text)) ids.add(node.text);
  else addCited(ids, node.text);
}

/** What is wrong between a page and the tests. `idsByFile` holds every test source. */
export function robustnessFindings(markdown, idsByFile) {
  const rows = promised(markdown);
  const known = new Set(rows.map(({ id }) => id));
  const findings = [];
  const twice = rows.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index);
  for (const id of twice) findings.push({ file: PAGE, rule: "row", message: `${id} has two rows` });
  for (const { id, files } of rows) {
    if (files.length === 0) findings.push({ file: PAGE, rule: "row", message: `${id} names no test file` });
    for (const file of files) {
      const ids = idsByFile.get(file);
      if (ids === undefined)
        findings.push({ file: PAGE, rule: "missing", message: `${id}: ${file} is no test source` });
      else if (!ids.has(id))
        findings.push({ file: PAGE, rule: "uncited", message: `${id}: no test in ${file} cites it` });
    }
  }
  for (const [file, ids] of idsByFile) {
    for (const id of ids) {
      if (!known.has(id)) findings.push({ file, rule: "unknown", message: `${id} has no row in ${PAGE}` });
    }
  }
  return findings;
}

function testSources() {
  const folders = workspaceFolders().map((folder) => `${folder}/test`);
  const files = folders.flatMap((folder) => filesUnder(ROOT, folder, ".ts"));
  const read = (file) => readFileSync(join(ROOT, file), "utf8");
  return new Map(files.map((file) => [file, citedIds(file, read(file), read)]));
}

if (isProgram(import.meta)) {
  const idsByFile = testSources();
  const citing = [...idsByFile].flatMap(([file, ids]) => [...ids].map((id) => `${id} ${file}`));
  if (process.argv.includes("--list")) process.stdout.write(`${citing.sort().join("\n")}\n`);
  else if (!existsSync(join(ROOT, PAGE))) report([{ file: PAGE, rule: "missing", message: "there is no such page" }]);
  else
    report(
      robustnessFindings(readFileSync(join(ROOT, PAGE), "utf8"), idsByFile),
      "every promise has its test, every cited id its row",
    );
}
