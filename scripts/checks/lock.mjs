// package-lock.json is for every machine: it names no host, and it has an entry for each optional package, which for
// our tools means one for each operating system. npm drops the entries of systems whose packages the registry at hand
// does not carry, and `npm ci` then refuses the file; `node scripts/checks/lock.mjs --complete` puts them back.
// Such an entry has no integrity until an `npm install` on a machine of that system fills it in.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isProgram, report } from "./findings.mjs";
import { ROOT } from "./tree.mjs";

const LOCK = "package-lock.json";
const SYSTEM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(gnu|musl))?/;

/** Optional packages that some package of the lock file names and that have no entry: `{ name, version, dev }`. */
export function missingOptionals({ packages }) {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({ path, name, version, dev })),
  );
  return wanted.filter(({ path, name }) => !isLocked(packages, path, name));
}

function isLocked(packages, path, name) {
  return `node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages;
}

/** The lock file with an entry for each missing package, keys in npm's order. */
export function completed(lock) {
  const added = missingOptionals(lock).map(({ name, version, dev }) => [
    `node_modules/${name}`,
    entry(name, version, dev),
  ]);
  const all = [...Object.entries(lock.packages), ...added];
  const packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, "en")));
  return { ...lock, packages };
}

function entry(name, version, dev) {
  const [, os, cpu, libc] = SYSTEM.exec(name) ?? [];
  if (os === undefined || !/^\d/.test(version)) throw new Error(`cannot tell the system of ${name}@${version}`);
  const c = libc === undefined ? {} : { libc: [libc === "gnu" ? "glibc" : libc] };
  return { version, cpu: [cpu], ...(dev && { dev }), ...c, optional: true, os: [os] };
}

function lockFindings(lock) {
  const incomplete = missingOptionals(lock).map(({ name }) => `${name} has no entry; run this check with --complete`);
  const hosts = Object.entries(lock.packages)
    .filter(([, { resolved = "" }]) => /^[a-z+]+:/.test(resolved))
    .map(([path]) => `${path} is tied to one host`);
  return [...incomplete, ...hosts].map((message) => ({ file: LOCK, rule: "lock", message }));
}

if (isProgram(import.meta)) {
  const lock = JSON.parse(readFileSync(join(ROOT, LOCK), "utf8"));
  if (process.argv.includes("--complete")) {
    writeFileSync(join(ROOT, LOCK), `${JSON.stringify(completed(lock), null, 2)}\n`);
  } else report(lockFindings(lock), `${Object.keys(lock.packages).length} entries`);
}
