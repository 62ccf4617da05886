import type { FileProblem } from "@papo/link";
import { type Fault, fault } from "@papo/protocol";

const MEANING: Record<FileProblem["kind"], string> = {
  open_to_others: "others on this machine could read it",
  foreign_owner: "it belongs to another user",
  wrong_kind: "something else stands in its place",
  too_large: "it is larger than it could be",
  failed: "the file system refused",
};

/** A fault for a person who looks after their own files: the path is theirs, and the fix is a command. */
export function fileFault({ kind, path, code, fix }: FileProblem): Fault {
  const reason = code === undefined ? MEANING[kind] : `${MEANING[kind]} (${code})`;
  return fault("storage_failed", `${path}: ${reason}${fix === undefined ? "" : `. To mend it: ${fix}`}`);
}
