import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@papo/link";
import type { Problem } from "../../../src/api.ts";
import type { History } from "../../../src/storage/history/history.ts";
import { type OpenedHistory, openHistory } from "../../../src/storage/history/open-history.ts";

type Hooks = { after(hook: () => Promise<void>): void };

/** A new empty folder that is removed when the test ends. */
export async function emptyFolder(test: Hooks): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-history-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openedIn(
  folder: string,
  onProblem: (problem: Problem) => void = () => {},
): Promise<OpenedHistory> {
  const opened = await openHistory({ folder, clock: systemClock, onProblem });
  assert.ok(opened.ok, opened.ok ? "" : opened.fault.detail);
  return opened.value;
}

/** Opened, and closed when the test ends. */
export async function historyIn(test: Hooks, folder: string): Promise<History> {
  const { history, problem } = await openedIn(folder);
  assert.equal(problem, undefined);
  test.after(() => history.close());
  return history;
}
