import { Worker } from "node:worker_threads";

/** MiB of short-lived objects before a thread collects them. What V8 takes when it is not told is three times what the whole program needs. */
const YOUNG_GENERATION_MB = 8;

/** A thread of a file beside the caller's. As a source that file is `.ts`; built, it is `.js`. */
export function workerOf(callerUrl: string, name: string, workerData: unknown): Worker {
  const file = `./${name}.${callerUrl.endsWith(".ts") ? "ts" : "js"}`;
  return new Worker(new URL(file, callerUrl), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
}
