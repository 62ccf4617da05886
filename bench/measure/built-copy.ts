import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyOfTree, workspaceFolders } from "../../scripts/checks/tree.mjs";

export type BuiltCopy = {
  /** `papo` as it is published: JavaScript only. */
  readonly papo: string;
  /** An empty folder for caches, configuration and profiles. */
  readonly home: string;
};

let made: BuiltCopy | undefined;

/** A copy of this checkout in a temporary folder, built, and without its sources; made once, gone when the benchmarks end. */
export function builtCopy(): BuiltCopy {
  made ??= build();
  return made;
}

function build(): BuiltCopy {
  const copy: string = copyOfTree();
  process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
    cwd: copy,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
  const folders: readonly string[] = workspaceFolders(copy);
  for (const folder of folders) rmSync(join(copy, folder, "src"), { recursive: true, force: true });
  const home = join(copy, "home");
  mkdirSync(home);
  return { papo: join(copy, "apps", "papo", "bin", "papo.js"), home };
}
