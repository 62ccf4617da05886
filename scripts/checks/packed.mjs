// Builds and packs every public package, installs the tarballs in an empty folder, as a user who never saw this
// checkout would, and runs the program from there: `papo --help`, then `papo demo`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { ROOT, workspaceFolders } from "./tree.mjs";

/** The demo starts four processes and talks; installing fetches a few libraries. */
const STEP_TIMEOUT_MS = 180_000;

const place = mkdtempSync(join(tmpdir(), "papo-packed-"));
try {
  process.exitCode = tryPacked();
} finally {
  rmSync(place, { recursive: true, force: true });
}

function tryPacked() {
  const folders = workspaceFolders().filter((folder) => !manifest(join(ROOT, folder)).private);
  if (!succeeds("build", [process.execPath, "scripts/build.mjs"], ROOT)) return 1;
  const names = folders.map((folder) => `--workspace=${folder}`);
  if (!succeeds("pack", [...npm(), "pack", ...names, "--pack-destination", place], ROOT)) return 1;
  const tarballs = readdirSync(place).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length !== folders.length) return fail(`${tarballs.length} tarballs of ${folders.length} packages`);

  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "somewhere-else", private: true }));
  const install = [...npm(), "install", "--prefer-offline", "--no-audit", "--no-fund", "--omit=dev"];
  if (!succeeds("install", [...install, ...tarballs.map((name) => `./${name}`)], place)) return 1;
  const strays = folders.filter((folder) => existsSync(join(installedAt(folder), "src")));
  if (strays.length > 0) return fail(`sources were packed with ${strays.join(", ")}`);

  const papo = [process.execPath, join(place, "node_modules", "papo", "bin", "papo.js")];
  const home = {
    HOME: place,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
    XDG_CACHE_HOME: undefined,
  };
  if (!succeeds("papo --help", [...papo, "--help"], place, home)) return 1;
  if (!succeeds("papo demo", [...papo, "demo"], place, home)) return 1;
  process.stdout.write(
    `${tarballs.length} packages installed in an empty folder; papo --help and papo demo run there\n`,
  );
  return 0;
}

function installedAt(folder) {
  return join(place, "node_modules", ...manifest(join(ROOT, folder)).name.split("/"));
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** The npm that runs us, else the one on PATH. */
function npm() {
  const path = process.env.npm_execpath;
  return path && /^npm-cli\.c?js$/.test(basename(path)) ? [process.execPath, path] : ["npm"];
}

function succeeds(what, [command, ...args], cwd, changes = {}) {
  // Without the variables of the npm that may have started us: they would point into the checkout.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name)),
  );
  env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH}`;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...env, ...changes },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: STEP_TIMEOUT_MS,
  });
  if (status === 0) return true;
  process.stdout.write(`${what} failed (${error?.message ?? status}):\n${stdout}${stderr}`);
  return false;
}

function fail(message) {
  process.stdout.write(`${message}\n`);
  return 1;
}
