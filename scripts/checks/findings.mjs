// How the checks speak: one finding a line, `path:line:column rule: what is wrong`, exit code 1 if there is any.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./tree.mjs";

/** The syntax tree of a source, with parents set. */
export function parse(file, text = readFileSync(join(ROOT, file), "utf8")) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Calls `visit` with every node below `node`, in the order of the text. */
export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

export function findingAt(source, node, rule, message) {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1, column: character + 1, rule, message };
}

/** Prints the findings, or what was looked at when there are none, and sets the exit code. */
export function report(findings, looked) {
  for (const { file, line, column, rule, message } of findings) {
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    process.stdout.write(`${place} ${rule}: ${message}\n`);
  }
  if (findings.length === 0) process.stdout.write(`${looked}\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

/** For programs among the checks that tests import: true when the file is what Node was asked to run. */
export function isProgram(meta) {
  return meta.main === true;
}
