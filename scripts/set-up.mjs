// Installs what package-lock.json asks for, when it is not installed yet or has changed since. It runs
// before `npm start`, `npm test` and the others, so doing nothing must cost nothing, and it runs on
// whatever Node is there (18 or newer), because the one we pin is among the things it installs.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const busy = join(root, ".tmp", "set-up.pid");

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function isInstalled() {
  const at = modifiedAt(installed);
  return at !== undefined && at >= (modifiedAt(wanted) ?? 0);
}

function holder() {
  try {
    const pid = Number(readFileSync(busy, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === "EPERM" ? -1 : undefined; // EPERM: it lives and belongs to somebody else.
  }
}

/** Several terminals may say `npm start` in a fresh clone at once; only one may install. */
function takeTurn() {
  mkdirSync(dirname(busy), { recursive: true });
  for (let told = false; ; ) {
    try {
      const file = openSync(busy, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (holder() === undefined) {
      // Its owner is gone, or has not written its number yet: look again before believing the former.
      pause(200);
      if (holder() === undefined) rmSync(busy, { force: true });
      continue;
    }
    if (!told) process.stderr.write("Waiting for another process that is installing Papo's tools.\n");
    told = true;
    pause(500);
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function install() {
  // The development tools are asked for by name: NODE_ENV=production would leave out even our Node.
  const args = ["ci", "--include=dev", "--loglevel=error"];
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const npm = process.env.npm_execpath;
  if (npm && /^npm-cli\.c?js$/.test(basename(npm))) return spawnSync(process.execPath, [npm, ...args], options);
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

function setUp() {
  takeTurn();
  try {
    if (isInstalled()) return 0; // Somebody else did it while we waited.
    process.stderr.write("Installing Papo's tools and libraries with npm ci; this happens once.\n");
    const { status, error } = install();
    if (error) process.stderr.write(`npm could not be started: ${error.message}\n`);
    if (status !== 0) return status ?? 1;
    // A lock file dated in the future would otherwise be installed again and again.
    if (!isInstalled()) utimesSync(installed, new Date(), new Date(modifiedAt(wanted)));
    return 0;
  } finally {
    rmSync(busy, { force: true });
  }
}

if (!isInstalled()) process.exitCode = setUp();
