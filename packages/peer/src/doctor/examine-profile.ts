import { access, constants, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Clock, codeOf, type FileProblem, openPrivateFolder } from "@papo/link";
import { DOCTOR_HISTORY_BYTES_MAX } from "@papo/protocol";
import { type HistoryLooks, lookAtHistory } from "../storage/history/look-at-history.ts";
import { isEncrypted } from "./disk-encryption.ts";
import { found } from "./findings.ts";
import { type DiskTried, judgeDisk } from "./judge.ts";
import type { DoctorCheck } from "./report.ts";

/** A small file: what it is written for is its way to the disk. */
const TRIED_BYTES = 4_096;

/** The profile's folder and what it stands on. Leaves everything as it was. */
export async function examineProfile(folder: string, clock: Clock): Promise<readonly DoctorCheck[]> {
  const isThere = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  const base = isThere ? folder : await nearestAbove(folder);
  const tried = isThere ? await tryWriting(folder, clock) : { code: await mayWrite(base), writeMs: null };
  return [
    await checkFolder(folder),
    judgeDisk({ ...tried, freeBytes: await freeBytesOf(base) }),
    (await isEncrypted(base)) ? found("secrecy", "secrecy_on", {}) : found("secrecy", "secrecy_unknown", {}),
  ];
}

async function checkFolder(folder: string): Promise<DoctorCheck> {
  const stats = await stat(folder).catch((error: unknown) => codeOf(error));
  if (stats === "ENOENT") return found("profile", "profile_new", {});
  if (typeof stats !== "object" || !stats.isDirectory()) return found("profile", "profile_unusable", {});
  const opened = await openPrivateFolder(folder);
  return opened.ok ? found("profile", "profile_ok", {}) : found("profile", FOLDER_PROBLEMS[opened.problem.kind], {});
}

const FOLDER_PROBLEMS = {
  open_to_others: "profile_open_to_others",
  foreign_owner: "profile_foreign_owner",
  wrong_kind: "profile_unusable",
  too_large: "profile_unusable",
  failed: "profile_unusable",
} as const satisfies Record<FileProblem["kind"], string>;

/** Where the folder would be made. */
async function nearestAbove(folder: string): Promise<string> {
  const above = dirname(folder);
  const isThere = (await stat(above).catch(() => undefined)) !== undefined;
  return isThere || above === folder ? above : nearestAbove(above);
}

async function freeBytesOf(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function mayWrite(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? "unknown";
  }
}

async function tryWriting(folder: string, clock: Clock): Promise<Omit<DiskTried, "freeBytes">> {
  const file = join(folder, `.doctor-${process.pid}`);
  const startedMs = clock.monotonicMs();
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.write(Buffer.alloc(TRIED_BYTES));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { code: undefined, writeMs: Math.round(clock.monotonicMs() - startedMs) };
  } catch (error) {
    return { code: codeOf(error) ?? "unknown", writeMs: 0 };
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** Every account's history, in this thread: as much as is read through in well under a second. */
export async function examineHistories(folder: string): Promise<DoctorCheck> {
  const accounts = join(folder, "accounts");
  const names = await readdir(accounts).catch(() => []);
  let left = DOCTOR_HISTORY_BYTES_MAX;
  const seen = names
    .filter((name) => !name.startsWith("."))
    .map((name) => {
      const { looks, readBytes } = lookAtHistory(join(accounts, name), left);
      left -= readBytes;
      return looks;
    });
  const files = seen.filter((looks) => looks !== "none").length;
  if (files === 0) return found("history", "history_none", {});
  for (const worst of ["damaged", "newer", "unreadable"] as const satisfies readonly HistoryLooks[]) {
    if (seen.includes(worst)) return found("history", `history_${worst}`, {});
  }
  return found("history", seen.includes("large") ? "history_large" : "history_ok", { files });
}
