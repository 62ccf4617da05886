// Runs a program and all that it starts, in a process group of its own, for a bounded time: whatever it leaves behind ends with it.
import { spawn } from "node:child_process";

/** Between asking it to end, so that it can still say what it was at, and ending it. */
const LAST_WORDS_MS = 5_000;
const hasGroups = process.platform !== "win32";
const running = new Set();

/** `how` is its exit code or the signal that ended it; `output` what came on both its streams, as it came. */
export function runBounded(command, args, { cwd, env, leftMs }) {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd, env, detached: hasGroups, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const pieces = [];
  let isLate = false;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => pieces.push(piece));
  const timers = [
    setTimeout(() => {
      isLate = true;
      child.kill("SIGTERM");
    }, leftMs),
    setTimeout(() => endGroup(child), leftMs + LAST_WORDS_MS),
  ];
  return new Promise((resolve) => {
    const finish = (how) => {
      for (const timer of timers) clearTimeout(timer);
      running.delete(child);
      const ms = performance.now() - startedAt;
      resolve({ how, isLate, ms, output: Buffer.concat(pieces).toString("utf8") });
    };
    child.once("error", (error) => finish(error.message));
    child.once("exit", () => {
      endGroup(child);
      // What left the group may still hold its streams: nobody listens any more.
      timers.push(setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), LAST_WORDS_MS));
    });
    child.once("close", (code, signal) => finish(signal ?? String(code)));
  });
}

export function endEverything() {
  for (const child of running) endGroup(child);
}

function endGroup(child) {
  try {
    if (hasGroups) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
