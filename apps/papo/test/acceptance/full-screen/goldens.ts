import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@papo/link";
import type { LiveScreen } from "@papo/testing";

/** Set to write what the screens show instead of comparing it: `UPDATE_GOLDENS=1 npm test -- apps/papo/test/acceptance/full-screen`. */
const IS_UPDATING = (process.env["UPDATE_GOLDENS"] ?? "") !== "";
/** Nothing new for this long counts as done, where there is nothing to compare with. */
const STILL_MS = 700;

/** Times, days, keys, codes and ports differ from run to run; each becomes something of its own width. */
const DIFFERENT: readonly (readonly [pattern: RegExp, instead: string | ((found: string) => string)])[] = [
  [/\b\d\d:\d\d\b/gu, "12:34"],
  [/127\.0\.0\.1:\d+/gu, (found) => "127.0.0.1:".padEnd(found.length, "9")],
  [/(?<=── )[^─]*\d{4} ─+/gu, (found) => "DAY ".padEnd(found.length, "─")],
  [/\b\d{4}-\d\d-\d\d\b/gu, "2025-06-14"],
  [/(?<![\w-])[\w-]{6}(?: [\w-]{6}){3,}(?: \w)?/gu, (found) => found.replaceAll(/\S/gu, "k")],
  [/\b\d{5}\b/gu, "01234"],
  [/[█▀▄][█▀▄ ]+[█▀▄]/gu, (found) => "▒".repeat(found.length)],
];

/** The rows as they are every time. */
function normalised(rows: readonly string[]): string {
  const text = rows.map((row) =>
    DIFFERENT.reduce((before, [pattern, instead]) => replaced(before, pattern, instead), row),
  );
  return `${text.map((row) => row.trimEnd()).join("\n")}\n`;
}

function replaced(row: string, pattern: RegExp, instead: string | ((found: string) => string)): string {
  return typeof instead === "string" ? row.replaceAll(pattern, instead) : row.replaceAll(pattern, instead);
}

/** Waits until the screen is as the file of that name has it; or writes the file. */
export async function looksLike(screen: LiveScreen, name: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../goldens/${name}.txt`, import.meta.url));
  if (IS_UPDATING) return write(file, await whenStill(screen));
  const golden = readFileSync(file, "utf8");
  try {
    await screen.waitFor((rows) => normalised(rows) === golden);
  } catch {
    const shown = normalised(await screen.screen());
    throw new Error(`${name} does not look as it did (UPDATE_GOLDENS=1 writes it anew):\n${difference(golden, shown)}`);
  }
}

async function whenStill(screen: LiveScreen): Promise<string> {
  for (let before = ""; ; ) {
    const now = normalised(await screen.screen());
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => systemClock.after(STILL_MS, () => resolve(undefined)));
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function difference(golden: string, shown: string): string {
  const was = golden.split("\n");
  const is = shown.split("\n");
  return Array.from({ length: Math.max(was.length, is.length) }, (_, at) =>
    was[at] === is[at] ? `  ${is[at] ?? ""}` : `- ${was[at] ?? ""}\n+ ${is[at] ?? ""}`,
  ).join("\n");
}
