import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { PRIVATE_FILE_BYTES_MAX } from "@papo/protocol";
import { codeOf, createFileAtomically, syncFolder, writeFileAtomically } from "./atomic-file.ts";

/**
 * Why a private file or folder is not used. `fix` is a command that a person can type, where one helps.
 * `open_to_others`: group or world may read it; `foreign_owner`: it is another user's; `wrong_kind`: a link, a folder in a
 * file's place, …; `too_large`; `failed`: what the file system said (`code`).
 */
export type FileProblem = {
  readonly kind: "open_to_others" | "foreign_owner" | "wrong_kind" | "too_large" | "failed";
  readonly path: string;
  readonly code?: string;
  readonly fix?: string;
};

export type FileOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: FileProblem };

const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

/** Makes the folder (0700, parents too) if it is missing. Refuses one that others could read or that is another's. */
export async function openPrivateFolder(path: string): Promise<FileOutcome<string>> {
  try {
    const firstMade = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    if (firstMade !== undefined) await syncAbove(path, firstMade);
    const stats = await lstat(path);
    const problem = stats.isDirectory() ? exposure(path, stats, "700") : wrongKind(path);
    return problem === undefined ? { ok: true, value: path } : { ok: false, problem };
  } catch (error) {
    return failed(path, error);
  }
}

/** Each folder that was just made stands in the one above it, which must survive a power cut as well. */
async function syncAbove(path: string, firstMade: string): Promise<void> {
  const top = dirname(resolve(firstMade));
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    // One that we may write and not read cannot be opened for that; it is somebody else's to look after.
    await syncFolder(folder).catch(() => {});
    if (folder === top || folder === dirname(folder)) return;
  }
}

/** The content of a 0600 file in a 0700 folder, undefined if there is none. */
export async function readPrivateFile(
  path: string,
  bytesMax = PRIVATE_FILE_BYTES_MAX,
): Promise<FileOutcome<string | undefined>> {
  const folder = await openPrivateFolder(dirname(path));
  if (!folder.ok) return folder;

  let file: FileHandle;
  try {
    // A link planted in its place is not followed, and a pipe does not hold us up.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { ok: true, value: undefined };
    if (codeOf(error) === "ELOOP") return { ok: false, problem: wrongKind(path) };
    return failed(path, error);
  }
  try {
    return await readChecked(path, file, bytesMax);
  } catch (error) {
    return failed(path, error);
  } finally {
    await file.close();
  }
}

/** Replaces the file as a whole, or fails with the old one untouched. */
export async function writePrivateFile(path: string, content: string): Promise<FileOutcome<void>> {
  const folder = await openPrivateFolder(dirname(path));
  if (!folder.ok) return folder;
  try {
    await writeFileAtomically(path, content);
    return { ok: true, value: undefined };
  } catch (error) {
    return failed(path, error);
  }
}

/** Reads the file, or writes what `create` makes. When two programs start at once, both get what the first one wrote. */
export async function readOrCreatePrivateFile(path: string, create: () => string): Promise<FileOutcome<string>> {
  const known = await readPrivateFile(path);
  if (!known.ok) return known;
  if (known.value !== undefined) return { ok: true, value: known.value };

  const content = create();
  try {
    if (await createFileAtomically(path, content)) return { ok: true, value: content };
  } catch (error) {
    return failed(path, error);
  }
  return readOrCreatePrivateFile(path, create);
}

async function readChecked(path: string, file: FileHandle, bytesMax: number): Promise<FileOutcome<string>> {
  const stats = await file.stat();
  const problem = stats.isFile() ? exposure(path, stats, "600") : wrongKind(path);
  if (problem !== undefined) return { ok: false, problem };
  if (stats.size > bytesMax) return { ok: false, problem: { kind: "too_large", path } };
  return { ok: true, value: await file.readFile("utf8") };
}

/** Windows has no such modes and owners: there the profile's own folder is the user's. */
function exposure(path: string, stats: Stats, mode: "600" | "700"): FileProblem | undefined {
  const self = process.getuid?.();
  if (self === undefined) return undefined;
  if (stats.uid !== self) {
    return { kind: "foreign_owner", path, fix: `sudo chown -R "$(id -un)" ${quoted(path)}` };
  }
  if ((stats.mode & OTHERS) !== 0) return { kind: "open_to_others", path, fix: `chmod ${mode} ${quoted(path)}` };
  return undefined;
}

function wrongKind(path: string): FileProblem {
  return { kind: "wrong_kind", path };
}

function failed(path: string, error: unknown): { readonly ok: false; readonly problem: FileProblem } {
  return { ok: false, problem: { kind: "failed", path, code: codeOf(error) ?? "unknown" } };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
