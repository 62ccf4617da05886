// What has one place and needs a look at the code around it, which the linter's lists of names cannot take:
// reading the clock with `new Date()`, SQL, and tests that are left paused.
import ts from "typescript";
import { findingAt, isProgram, parse, report, walk } from "./findings.mjs";
import { filesUnder, ROOT } from "./tree.mjs";

const CLOCK = "packages/link/src/clock.ts";
const STORES = ["packages/tracker/src/stores/", "packages/peer/src/storage/"];
const RIGS = "packages/testing/";
const SQL =
  /^\s*(select\s[\s\S]+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|(create|alter|drop)\s+(unique\s+|virtual\s+)?(table|index|trigger|view)\s|pragma\s+\w|begin(\s+(immediate|exclusive))?\s*;?$)/i;
const PAUSED = new Set(["only", "skip", "todo"]);
const TEST_FUNCTIONS = new Set(["test", "it", "labTest", "describe", "suite", "t"]);

export function onePlaceFindings(source) {
  const file = source.fileName;
  const isTest = file.includes("/test/");
  const findings = [];
  walk(source, (node) => {
    if (readsTheClock(node) && file !== CLOCK && !file.startsWith(RIGS)) {
      findings.push(findingAt(source, node, "clock", "the time comes from a Clock, see packages/link/src/clock.ts"));
    }
    if (isSql(node) && !isTest && !STORES.some((folder) => file.startsWith(folder))) {
      findings.push(findingAt(source, node, "sql", `SQL stands in ${STORES.join(" and ")} only`));
    }
    if (isTest && isPaused(node)) {
      findings.push(findingAt(source, node, "paused-test", "a test runs or does not exist; take the pause out"));
    }
  });
  return findings;
}

function readsTheClock(node) {
  const isDate = (expression) => ts.isIdentifier(expression) && expression.text === "Date";
  if (ts.isCallExpression(node)) return isDate(node.expression);
  return ts.isNewExpression(node) && isDate(node.expression) && (node.arguments?.length ?? 0) === 0;
}

function isSql(node) {
  if (ts.isStringLiteralLike(node)) return SQL.test(node.text);
  return (
    ts.isTemplateExpression(node) &&
    SQL.test(`${node.head.text}${node.templateSpans.map((span) => `x${span.literal.text}`).join("")}`)
  );
}

function isPaused(node) {
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression;
  const isTestFunction = (expression) => ts.isIdentifier(expression) && TEST_FUNCTIONS.has(expression.text);
  if (ts.isPropertyAccessExpression(callee)) {
    if (saysWhatItNeeds(node)) return false;
    return PAUSED.has(callee.name.text) && isTestFunction(callee.expression);
  }
  if (!isTestFunction(callee)) return false;
  const options = node.arguments.filter(ts.isObjectLiteralExpression).flatMap((object) => [...object.properties]);
  return options.some((property) => property.name && PAUSED.has(property.name.getText()));
}

/** `t.skip("needs …")` while the test runs: it was found that the machine lacks something, and the report says what. */
function saysWhatItNeeds({ expression, arguments: [reason] }) {
  const isOfContext = ts.isIdentifier(expression.expression) && expression.expression.text === "t";
  return isOfContext && reason !== undefined && ts.isStringLiteralLike(reason) && reason.text.startsWith("needs ");
}

if (isProgram(import.meta)) {
  const files = ["packages", "apps"].flatMap((folder) => filesUnder(ROOT, folder, ".ts"));
  report(
    files.flatMap((file) => onePlaceFindings(parse(file))),
    `${files.length} files looked at`,
  );
}
