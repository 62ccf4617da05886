import { parentPort, workerData } from "node:worker_threads";
import { openForReading } from "./database.ts";
import { pathsOf } from "./paths.ts";

// The thread that copies a history for a backup: the copy is one moment of it, and whoever writes meanwhile does not wait.

export type CopyStart = { readonly folder: string; readonly copy: string };

function copy({ folder, copy: to }: CopyStart): void {
  const db = openForReading(pathsOf(folder));
  try {
    // What was deleted stays behind: only what is there is written.
    db.prepare("VACUUM INTO ?").run(to);
  } finally {
    db.close();
  }
}

if (parentPort !== null) {
  copy(workerData as CopyStart);
  parentPort.postMessage("copied");
}
