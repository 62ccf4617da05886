import { readFileSync } from "node:fs";

/** For the program itself. */
const OWN = 500;

/** How many connections one process may hold here, up to `wanted`. Node raises the soft limit to the hard one when it starts. */
export function connectionsAtMost(wanted: number): number {
  return Math.min(wanted, openFilesMax() - OWN);
}

function openFilesMax(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files +(\d+)/mu.exec(limits)?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    // Not Linux. Too few show as a failure to connect.
    return Number.POSITIVE_INFINITY;
  }
}
