import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Of an entry in a batch beside its three parts. docs/protocol/room-log.md §6 */
const BATCH_ENTRY_BYTES = 5;

/** Of the one account of a profile. */
export function historyFile(profile: string): string {
  const file = readdirSync(profile, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith("history.db"));
  if (file === undefined) throw new Error("the profile has no history");
  return join(profile, file);
}

/** What a content entry of this profile takes on a link, on average. */
export function contentBytes(profile: string): number {
  const parts = "length(header) + coalesce(length(body), 0) + coalesce(length(signature), 0)";
  return Math.round(one(profile, `SELECT avg(${parts}) AS value FROM entry WHERE chain = 1`)) + BATCH_ENTRY_BYTES;
}

/** Messages that are not in the word index yet. */
export function indexedBehind(profile: string): number {
  const mark = (name: string): string => `coalesce((SELECT value FROM mark WHERE name = '${name}'), 0)`;
  return one(profile, `SELECT ${mark("arrival")} - ${mark("indexed")} AS value`);
}

function one(profile: string, sql: string): number {
  const db = new DatabaseSync(historyFile(profile), { readOnly: true });
  const value = Number(db.prepare(sql).get()?.["value"]);
  db.close();
  return value;
}
