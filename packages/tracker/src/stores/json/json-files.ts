import { readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, createFileAtomically } from "@papo/link";
import { REPORT_FILES, readText } from "../../import-export/report-files.ts";
import { StoreRefused } from "../opened-store.ts";
import { AUTHORITY_FILE, damaged } from "./authority.ts";

/** The text of one of our files, undefined if there is none. Throws `StoreRefused` for what cannot be read at all. */
export async function textOf(path: string): Promise<string | undefined> {
  const read = await readText(path);
  switch (read.kind) {
    case "text":
      return read.text;
    case "missing":
      return undefined;
    case "not_utf8":
      if (basename(path) === AUTHORITY_FILE) throw damaged(path);
      return NOT_TEXT;
    case "too_large":
      throw new StoreRefused({
        problem: "too_large",
        path,
        detail: "it is larger than a store of JSON files may be; move it away, or use --store sqlite",
      });
    case "unreadable":
      throw new StoreRefused({ problem: "unwritable", path, detail: `it cannot be read (${read.code})` });
  }
}

/** Stands for bytes that are no text: it is no JSON either, so the file is set aside like any other that is damaged. */
const NOT_TEXT = "\uFFFD";

/** Moves a damaged file out of the way, to `NAME.corrupt-<n>`, and never over another. Answers the new path. */
export async function setAside(path: string): Promise<string> {
  const kept = await freeName(path, "corrupt");
  await rename(path, kept);
  return kept;
}

/** Leaves a copy of a text that is about to be replaced by one that does not hold all of it. */
export async function keepCopy(path: string, text: string): Promise<string> {
  const kept = await freeName(path, "original");
  await createFileAtomically(kept, text);
  return kept;
}

/** What a crash left half-written. The caller holds the folder's lock, so nobody else is writing. */
export async function removeUnfinished(directory: string): Promise<void> {
  const ours = [AUTHORITY_FILE, ...Object.values(REPORT_FILES)];
  const isUnfinished = (name: string) => name.endsWith(".tmp") && ours.some((file) => name.startsWith(`.${file}.`));
  for (const name of await readdir(directory)) {
    if (isUnfinished(name)) await rm(join(directory, name), { force: true });
  }
}

async function freeName(path: string, what: "corrupt" | "original"): Promise<string> {
  const taken = new Set(await readdir(dirname(path)));
  let number = 1;
  while (taken.has(`${basename(path)}.${what}-${number}`)) number += 1;
  return `${path}.${what}-${number}`;
}

/** What the file system says as a refusal to open. */
export function unwritable(path: string, error: unknown): StoreRefused {
  return new StoreRefused({
    problem: "unwritable",
    path,
    detail: `it cannot be written (${codeOf(error) ?? "unknown"})`,
  });
}
