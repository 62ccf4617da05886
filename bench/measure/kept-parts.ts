import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrackerKey } from "@papo/protocol";
import { accountFile } from "./account-file.ts";
import { type Part, startPart } from "./process.ts";

// What the benchmarks of kept rooms have in common.

/** Their rounds are long. */
export const KEPT_ROUNDS = 3;
export const BARE = "bare Papo link";

export type Came = { readonly endedNs: number; readonly p50: number; readonly p99: number; readonly peak: number };
export type Begun = { readonly startedNs: number };
export type Tracker = { readonly port: number; readonly key: TrackerKey };

export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "papo-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gone when the benchmarks end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "papo-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function startTracker(): Part {
  const nobody = { dialect: "papo", accountsPath: accountFile(), accounts: 0, rooms: 0, crowd: 0 };
  return startPart("tracker-server", nobody);
}

export async function startPeer(profile: string, { port, key }: Tracker, username: string): Promise<Part> {
  const part = startPart("kept-peer", { profile, port, key, username });
  await part.next();
  return part;
}

export function ask<T>(part: Part, command: Readonly<Record<string, unknown>>): Promise<T> {
  part.say(command);
  return part.next<T>();
}
