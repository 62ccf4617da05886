// Where the processes of a test run keep what they need no longer than the run, or only to be faster.
import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./checks/tree.mjs";

const MEMORY_FOLDER = "/dev/shm";
/** Memory is given to temporary files only where it is plenty: a run uses a small part of this. */
const FREE_BYTES_MIN = 2 ** 32;

/**
 * What to add to the environment of the test processes. Stripped and compiled sources are shared by all of them: most of a short test's time went there.
 * Temporary files are in memory where the system has a folder for it, because hundreds of stores otherwise wait for one disk; TMPDIR, where it is set, counts.
 */
export function testPlaces() {
  const places = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || join(ROOT, ".tmp", "compiled") };
  if (process.env.TMPDIR || !isRoomyMemory(MEMORY_FOLDER)) return places;
  const temporary = mkdtempSync(join(MEMORY_FOLDER, "papo-tests-"));
  process.once("exit", () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));
  return { ...places, TMPDIR: temporary };
}

/** Containers often have a small one, or one in which nothing may be run: some tests put a program there. */
function isRoomyMemory(folder) {
  try {
    const mount = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .find(([, place, kind]) => place === folder && kind === "tmpfs");
    const { bavail, bsize } = statfsSync(folder);
    return mount !== undefined && !mount[3].split(",").includes("noexec") && bavail * bsize >= FREE_BYTES_MIN;
  } catch {
    return false; // Not on this system.
  }
}
