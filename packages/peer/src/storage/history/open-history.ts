import type { Clock } from "@papo/link";
import { type Outcome, fail, fault, succeed } from "@papo/protocol";
import { writeFileSync } from "node:fs";
import type { Problem } from "../../api.ts";
import type { History } from "./history.ts";
import { openForReading } from "./sqlite/database.ts";
import { pathsOf } from "./sqlite/paths.ts";
import type { Rescue } from "./sqlite/rescue.ts";
import { Searcher } from "./sqlite/searcher.ts";
import { SqliteHistory } from "./sqlite/sqlite-history.ts";
import { Writer } from "./sqlite/writer.ts";

export type OpenedHistory = {
  readonly history: History;
  /**
   * The file was damaged: it was set aside and kept, and what could be read of it is in the history now. What this device wrote last may be
   * missing, so it must be treated like a profile that was restored from an old copy.
   */
  readonly problem: Problem | undefined;
};

/**
 * Opens `history.db` in an account's folder, which is locked by its caller; made if there is none. Refuses as `unsupported`, and changes
 * nothing, what a newer Papo has written. `onProblem` is told once if something in the file turns out to be unreadable later on.
 */
export async function openHistory(options: {
  readonly folder: string;
  readonly clock: Clock;
  readonly onProblem: (problem: Problem) => void;
}): Promise<Outcome<OpenedHistory>> {
  const { folder, clock } = options;
  const onDamage = once(() => options.onProblem(markDamaged(folder)));
  const started = await Writer.start(folder, clock, onDamage);
  if (!started.ok) return started;

  const { writer, rescued } = started.value;
  const problem = rescued === undefined ? undefined : problemOf(rescued);
  try {
    const db = openForReading(pathsOf(folder));
    const searcher = new Searcher(folder, onDamage);
    return succeed({ history: new SqliteHistory(db, { writer, searcher, onDamage }), problem });
  } catch {
    await writer.close();
    return fail("storage_failed", `${pathsOf(folder).database}: it cannot be read`);
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

/** The next start looks at all of the file, sets it aside and reads what can be read. */
function markDamaged(folder: string): Problem {
  const { database, mark } = pathsOf(folder);
  try {
    writeFileSync(mark, "", { mode: 0o600, flag: "wx", flush: true });
  } catch {
    // Already there, or the disk takes nothing: the damage will be met again.
  }
  const detail = "part of the history cannot be read; start Papo again, and it saves what it can";
  return { fault: fault("storage_failed", detail), file: database };
}

function problemOf({ file, rows, lost }: Rescue): Problem {
  const detail = `the history was damaged: it is kept aside; ${rows} rows of it were read, ${lost} pieces could not be`;
  return { fault: fault("storage_failed", detail), file };
}
