// What a user reads stands in the catalogue (packages/view-model/src/catalogue), in every language. This check
// refuses text in the sources of the front ends and of the view model:
//   1. a literal that has two words next to each other, wherever it stands;
//   2. a literal that has a word and is handed to something that shows it (`write`, `print`, `title:` …).
// Not text: types, imports, property names, keys of the catalogue, what a program error says (`new …Error("…")`).
// What must be the same in every language says so, with its reason: `// untranslated: scripts wait for this line`.
import ts from "typescript";
import { findingAt, isProgram, parse, report, walk } from "./findings.mjs";
import { filesUnder, ROOT } from "./tree.mjs";

const LOOKED_AT = /^(apps\/[^/]+|packages\/view-model)\/src\//;
const CATALOGUE = /^packages\/view-model\/src\/catalogue(\/|\.ts$|-)/;
const TWO_WORDS = /\p{L}{2,}[\p{P}]*\s+[\p{P}]*\p{L}{2,}|\p{L}{2,}\s+\p{L}\s+\p{L}{2,}/u;
const WORD = /\p{L}{2,}/u;
const SHOWS =
  /^(write|print|show|say|ask|prompt|notice|warn|tell|log|error|info|announce|complain|line|title|label|banner|question)(Line|Lines|ln|Text|Error|Notice|Message)?$/;
const EXCUSE = /\/\/ untranslated: \S+/;

export function catalogueFindings(source) {
  const findings = [];
  const lines = source.text.split(/\r?\n/);
  walk(source, (node) => {
    const text = literalText(node);
    if (text === undefined || !WORD.test(text) || isNotText(node) || isExcused(source, node, lines)) return;
    if (TWO_WORDS.test(text)) findings.push(finding(source, node, "stands outside the catalogue"));
    else if (isShown(node)) findings.push(finding(source, node, "is shown, but is not in the catalogue"));
  });
  return findings;
}

function finding(source, node, what) {
  const text = node.getText(source).replaceAll(/\s+/g, " ");
  return findingAt(source, node, "literal", `${text.length > 60 ? `${text.slice(0, 59)}…` : text} ${what}`);
}

/** The fixed text of a literal; a place-holder counts as a separator that is no letter. */
function literalText(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head, ...node.templateSpans.map((span) => span.literal)].map((part) => part.text).join("\u0000");
  return undefined;
}

function isNotText(node) {
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent) || ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isExternalModuleReference(parent) || isImportCall(parent)) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  if (ts.isElementAccessExpression(parent) || ts.isCaseClause(parent)) return true;
  return isInsideProgramError(node);
}

function isImportCall(node) {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** What says that the program itself is wrong is written for whoever mends it. */
function isInsideProgramError(node) {
  for (let at = node.parent; at !== undefined && !ts.isStatement(at); at = at.parent) {
    if (ts.isNewExpression(at) && at.expression.getText().endsWith("Error")) return true;
  }
  return false;
}

/** Follows the expression outwards: `print(a ? "x" : "y")`, `out.write("x" + y)`, `{ title: "x" }`. */
function isShown(node) {
  let at = node;
  while (isPartOfText(at.parent)) at = at.parent;
  const { parent } = at;
  if (ts.isCallExpression(parent) && parent.arguments.includes(at)) return SHOWS.test(calleeName(parent.expression));
  if (ts.isPropertyAssignment(parent) && parent.initializer === at) return SHOWS.test(parent.name.getText());
  return false;
}

function isPartOfText(node) {
  if (ts.isBinaryExpression(node)) {
    const { PlusToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
    return [PlusToken, BarBarToken, QuestionQuestionToken].includes(node.operatorToken.kind);
  }
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isTemplateSpan(node) ||
    ts.isTemplateExpression(node) ||
    ts.isArrayLiteralExpression(node)
  );
}

function calleeName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}

function isExcused(source, node, lines) {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return EXCUSE.test(lines[line] ?? "") || EXCUSE.test(lines[line - 1] ?? "");
}

if (isProgram(import.meta)) {
  const all = ["packages", "apps"].flatMap((folder) => filesUnder(ROOT, folder, ".ts"));
  const files = all.filter((file) => LOOKED_AT.test(file) && !CATALOGUE.test(file));
  const findings = files.flatMap((file) => catalogueFindings(parse(file)));
  if (!all.some((file) => CATALOGUE.test(file))) {
    findings.push({
      file: "packages/view-model/src/catalogue",
      rule: "missing",
      message: "there is no catalogue",
    });
  }
  report(findings, `${files.length} files looked at`);
}
