import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "@papo/link";
import { decodeUtf8, STORE_FILE_BYTES_MAX } from "@papo/protocol";

/** The files of the report's tracker (report §1.1.1–§1.1.3). docs/protocol/seed.md has their shapes. */
export const REPORT_FILES = { users: "users_db.json", rooms: "rooms_db.json", peers: "peers_db.json" } as const;
export type ReportFile = keyof typeof REPORT_FILES;

/** What stands in one of them: its entries in the file's order. A `Map`, because the keys are other people's text. */
export type ReportEntries = ReadonlyMap<string, unknown>;

export type ReadText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" | "too_large" | "not_utf8" }
  | { readonly kind: "unreadable"; readonly code: string };

/** A whole file as text, if it is not larger than we ever read. */
export async function readText(path: string): Promise<ReadText> {
  try {
    const file = await open(path, "r");
    try {
      if ((await file.stat()).size > STORE_FILE_BYTES_MAX) return { kind: "too_large" };
      const text = decodeUtf8(await file.readFile());
      return text === undefined ? { kind: "not_utf8" } : { kind: "text", text };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error) ?? "unknown";
    return code === "ENOENT" ? { kind: "missing" } : { kind: "unreadable", code };
  }
}

export function readReportFile(directory: string, file: ReportFile): Promise<ReadText> {
  return readText(join(directory, REPORT_FILES[file]));
}

/** The entries of a report's file; an empty file has none, as for the original tracker. Undefined when it is not an object. */
export function entriesOfReport(text: string): ReportEntries | undefined {
  if (text.trim() === "") return new Map();
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? new Map<string, unknown>(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
