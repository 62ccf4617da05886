import { type FileProblem, openPrivateFolder } from "@papo/link";
import { type StoreProblem, StoreRefused } from "./opened-store.ts";

const PROBLEM: Record<FileProblem["kind"], StoreProblem> = {
  open_to_others: "open_to_others",
  foreign_owner: "foreign_owner",
  wrong_kind: "not_a_directory",
  too_large: "unwritable",
  failed: "unwritable",
};

const DETAIL: Record<FileProblem["kind"], string> = {
  open_to_others: "other users of this machine can open it",
  foreign_owner: "it belongs to another user of this machine",
  wrong_kind: "it is not a folder",
  too_large: "it cannot be used",
  failed: "it cannot be made or opened",
};

/** Makes the store's folder (0700) or checks that it is ours alone. Throws `StoreRefused`. */
export async function prepareDirectory(directory: string): Promise<void> {
  const folder = await openPrivateFolder(directory);
  if (folder.ok) return;
  const { kind, path, code, fix } = folder.problem;
  const detail = code === undefined ? DETAIL[kind] : `${DETAIL[kind]} (${code})`;
  throw new StoreRefused({ problem: PROBLEM[kind], path, detail, fix });
}
