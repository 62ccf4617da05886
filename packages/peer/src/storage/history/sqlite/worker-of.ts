import { Worker } from "node:worker_threads";

/** A thread of a file beside the caller's. As a source that file is `.ts`; built, it is `.js`. */
export function workerOf(callerUrl: string, name: string, workerData: unknown): Worker {
  const file = `./${name}.${callerUrl.endsWith(".ts") ? "ts" : "js"}`;
  return new Worker(new URL(file, callerUrl), { workerData });
}
