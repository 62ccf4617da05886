// A process that stores accounts, eight at a time, and prints each name when the store has acknowledged it. It never ends by itself.
import { writeSync } from "node:fs";
import { systemClock } from "@papo/link";
import { openJsonStore } from "../../../src/stores/json/open-json-store.ts";
import { openSqliteStore } from "../../../src/stores/sqlite/open-sqlite-store.ts";
import { user } from "../../conformance/samples.ts";

const LANES = 8;
const [kind = "", directory = ""] = process.argv.slice(-2);
const opened =
  kind === "json" ? await openJsonStore({ directory, clock: systemClock }) : await openSqliteStore({ directory });
if (!opened.ok) throw new Error(opened.refusal.detail);
const { users } = opened.repositories;
const first = await users.count();

let unsaid = Buffer.alloc(0);

/** Whole lines in order. What a full pipe does not take is said with the next one: on a fast disk this is faster than who reads. */
function say(line: string): void {
  unsaid = Buffer.concat([unsaid, Buffer.from(`${line}\n`)]);
  try {
    while (unsaid.length > 0) unsaid = unsaid.subarray(writeSync(1, unsaid));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
  }
}

async function write(lane: number): Promise<never> {
  for (let number = first; ; number += 1) {
    const name = `user ${lane} ${number}`;
    if ((await users.create(user(name))) === "created") say(name);
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => write(lane)));
