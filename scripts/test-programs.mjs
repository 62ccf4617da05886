// The packages as users have them installed, for the programs that tests start: bundled, they load in a third of the work that the sources take. What a
// test process loads itself stays the sources, whose lines are counted.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { bundlePackage } from "./build/bundle-package.mjs";
import { filesUnder, ROOT, workspaceFolders } from "./checks/tree.mjs";

const PLACE = join(ROOT, ".tmp", "programs");
/** What another run of an older state may still be using. */
const KEPT_MS = 3_600_000;

/** The command of the bundled packages; made anew where a source has changed. Several runs may do so at the same time. */
export async function bundledCommand() {
  const folders = workspaceFolders().filter((folder) => !manifestOf(folder).private);
  const place = join(PLACE, stateOf(folders));
  if (!existsSync(place)) await make(place, folders);
  const now = new Date();
  utimesSync(place, now, now);
  return join(place, "apps/papo/bin/papo.js");
}

async function make(place, folders) {
  removeOld();
  const draft = `${place}.${process.pid}`;
  const modules = join(draft, "node_modules");
  for (const folder of folders) {
    const { name } = manifestOf(folder);
    mkdirSync(join(modules, name, ".."), { recursive: true });
    symlinkSync(join(...name.split("/").map(() => ".."), folder), join(modules, name));
    await bundlePackage(join(ROOT, folder), join(draft, folder));
    cpSync(join(ROOT, folder, "package.json"), join(draft, folder, "package.json"));
  }
  cpSync(join(ROOT, "apps/papo/bin"), join(draft, "apps/papo/bin"), { recursive: true });
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    rmSync(draft, { recursive: true }); // Another run was first.
  }
}

/** All that goes into the bundles. */
function stateOf(folders) {
  const hash = createHash("sha256");
  const sources = folders.flatMap((folder) => filesUnder(ROOT, `${folder}/src`, ".ts"));
  const others = folders.map((folder) => `${folder}/package.json`);
  for (const file of [
    ...sources,
    ...others,
    "apps/papo/bin/papo.js",
    "scripts/build/bundle-package.mjs",
    "package-lock.json",
  ])
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 16);
}

function removeOld() {
  mkdirSync(PLACE, { recursive: true });
  for (const name of readdirSync(PLACE)) {
    const { mtimeMs } = statSync(join(PLACE, name), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    if (Date.now() - mtimeMs > KEPT_MS) rmSync(join(PLACE, name), { recursive: true, force: true });
  }
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
}
