// docs/protocol is normative, so it must be whole: every message, every fault and every limit of
// packages/protocol has its heading or row there with the same figures, nothing there is out of date, and every
// clause that the code cites (`docs/protocol/tracker.md §4.2`) exists.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isProgram, report } from "./findings.mjs";
import { filesUnder, ROOT } from "./tree.mjs";

const DOCS = "docs/protocol";
/** Which page describes the members of which exported union. */
const PAGES = {
  trackerUpstream: "tracker.md",
  trackerDownstream: "tracker.md",
  peerLanguage: "peer.md",
  seedUpstream: "seed.md",
  seedDownstream: "seed.md",
  seedPeerLanguage: "seed.md",
};

/** Names of the messages of a valibot union: each member's `cmd` or `status` literal. */
export function messageNames(schema) {
  if (Array.isArray(schema.options)) return schema.options.flatMap(messageNames);
  const literal = schema.entries?.cmd?.literal ?? schema.entries?.status?.literal;
  return literal === undefined ? [] : [literal];
}

/** Rows of every table in a page as arrays of cells without back-ticks, the header and its rule left out. */
export function tableRows(markdown) {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .replace(/^\|/, "")
        .replace(/\|\s*$/, "")
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("`", "")),
    )
    .filter((cells) => !cells.every((cell) => /^:?-*:?$/.test(cell)));
}

/** The first number in a cell; `65,536`, `65_536` and `65 536` are one. */
export function numberIn(cell) {
  const digits = /\d(?:[\d_.,\u00a0\u202f ]*\d)?/.exec(cell)?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(/[_,\u00a0\u202f ]/g, ""));
}

export function describes(markdown, name) {
  const word = new RegExp(`(^|[^A-Z_])${name}($|[^A-Z_])`);
  return (
    headings(markdown).some((heading) => word.test(heading)) || tableRows(markdown).some(([first]) => word.test(first))
  );
}

function headings(markdown) {
  return markdown.split("\n").filter((line) => /^#{1,6} /.test(line));
}

export function limitFindings(limits, markdown) {
  const rowByName = new Map(tableRows(markdown).map((cells) => [cells[0], cells]));
  const findings = [];
  for (const [name, value] of Object.entries(limits)) {
    const row = rowByName.get(name);
    if (row === undefined) findings.push(`${name} has no row`);
    else if (!sameValue(value, row[1] ?? "")) findings.push(`${name} is ${value}, its row says ${row[1]}`);
  }
  for (const name of rowByName.keys()) {
    if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name) && !(name in limits)) findings.push(`${name} is no limit any more`);
  }
  return findings;
}

function sameValue(value, cell) {
  return typeof value === "number" ? numberIn(cell) === value : cell.includes(String(value));
}

export function faultFindings(faults, markdown) {
  const rowByCode = new Map(tableRows(markdown).map((cells) => [cells[0], cells]));
  return Object.entries(faults).flatMap(([code, retry]) => {
    const row = rowByCode.get(code);
    if (row === undefined) return [`${code} has no row`];
    return row.slice(1).includes(retry) ? [] : [`${code} is retried "${retry}", its row does not say so`];
  });
}

/** Clauses cited in a source, e.g. `{ page: "tracker.md", clause: "4.2" }`. */
export function citations(text) {
  return [...text.matchAll(/docs\/protocol\/([\w-]+\.md)(?:\s*§\s*(\d+(?:\.\d+)*))?/g)].map(([, page, clause]) => ({
    page,
    clause,
  }));
}

function page(name) {
  const path = join(ROOT, DOCS, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function onPage(name, rule, findings) {
  return findings.map((message) => ({ file: `${DOCS}/${name}`, rule, message }));
}

async function allFindings() {
  const protocol = await import("../../packages/protocol/src/index.ts");
  const limits = await import("../../packages/protocol/src/limits.ts");
  const findings = [];
  const pagesNeeded = new Set(["limits.md", "faults.md", ...Object.values(PAGES)]);
  for (const name of pagesNeeded)
    if (page(name) === undefined) findings.push(...onPage(name, "missing", ["there is no such page"]));
  for (const [union, name] of Object.entries(PAGES)) {
    const text = page(name) ?? "";
    const undescribed = messageNames(protocol[union]).filter((message) => !describes(text, message));
    findings.push(
      ...onPage(
        name,
        "message",
        undescribed.map((message) => `${message} (${union}) has no heading or row`),
      ),
    );
  }
  findings.push(...onPage("limits.md", "limit", limitFindings({ ...limits }, page("limits.md") ?? "")));
  findings.push(...onPage("faults.md", "fault", faultFindings(protocol.FAULTS, page("faults.md") ?? "")));
  return [...findings, ...citationFindings()];
}

function citationFindings() {
  const sources = ["packages", "apps", "bench"].flatMap((folder) => filesUnder(ROOT, folder, ".ts"));
  return sources.flatMap((file) =>
    citations(readFileSync(join(ROOT, file), "utf8"))
      .filter((cited) => !exists(cited))
      .map(({ page: name, clause }) => ({
        file,
        rule: "citation",
        message: `${DOCS}/${name}${clause === undefined ? "" : ` §${clause}`} does not exist`,
      })),
  );
}

function exists({ page: name, clause }) {
  const text = page(name);
  if (text === undefined || clause === undefined) return text !== undefined;
  const number = new RegExp(`^#{1,6} (§\\s*)?${clause.replaceAll(".", "\\.")}[.\\s]`);
  return headings(text).some((heading) => number.test(heading));
}

if (isProgram(import.meta)) report(await allFindings(), "every message, fault, limit and cited clause is documented");
