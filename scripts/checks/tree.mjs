// What the checks share: which files the repository has, and a copy of it to plant mistakes in.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Every file that is, or would be, committed; paths relative to the root, with `/`. */
export function repositoryFiles(root = ROOT) {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split("\0"))].filter((file) => file !== "" && existsSync(join(root, file))).sort();
}

/** Files ending in `suffix` under `root/folder`, found on disk; none where the folder does not exist. */
export function filesUnder(root, folder, suffix) {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(suffix) && !/(^|\/)(node_modules|dist)\//.test(file))
    .sort();
}

/** Folders of the workspaces, as package.json lists them. */
export function workspaceFolders(root = ROOT) {
  const under = (folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];
  return [...under("packages"), ...under("apps"), "bench"].filter((folder) =>
    existsSync(join(root, folder, "package.json")),
  );
}

/**
 * A copy of the repository in a temporary folder. Its node_modules holds links to the tools and libraries
 * that are installed here, but the workspace packages in it are the copy's own: a planted import must
 * lead to the copy. Whoever calls removes it.
 */
export function copyOfTree() {
  const copy = mkdtempSync(join(tmpdir(), "papo-copy-"));
  try {
    for (const file of repositoryFiles()) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(ROOT, file), join(copy, file));
    }
    linkModules(copy);
    return copy;
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw error;
  }
}

function linkModules(copy) {
  const installed = join(ROOT, "node_modules");
  const ours = new Set(["@papo", "papo"]);
  mkdirSync(join(copy, "node_modules", "@papo"), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (!ours.has(name)) symlinkSync(join(installed, name), join(copy, "node_modules", name), "junction");
  }
  for (const name of readdirSync(join(installed, "@papo"))) {
    const folder = workspaceFolders(copy).find((path) =>
      path === "bench" ? name === "bench" : path.endsWith(`/${name}`),
    );
    if (folder) symlinkSync(join(copy, folder), join(copy, "node_modules", "@papo", name), "junction");
  }
}
