import type { EntryHeader, EntryId } from "@papo/protocol";
import { decodeBody } from "./opened-entry.ts";

/** What a store and a screen need to know of an entry's body. */
export type EntryContent = {
  readonly target: EntryId | null;
  readonly text: string | null;
  /** Whether it is a line of its own. */
  readonly shown: boolean;
};

const NOTHING: EntryContent = { target: null, text: null, shown: false };
const LINE: EntryContent = { target: null, text: null, shown: true };

/** Entries of kinds that are not known are lines too: they are shown as needing a newer Papo. */
export function contentOf(header: EntryHeader, body: Uint8Array | null): EntryContent {
  if (header.chain === "control") return NOTHING;
  const decoded = decodeBody(header, body);
  if (decoded.state === "unknown") return LINE;
  if (decoded.state === "malformed") return NOTHING;
  if (decoded.state !== "known") return isAboutAnother(header.kind) ? NOTHING : LINE;
  const { says } = decoded;
  switch (says.kind) {
    case "message":
      // What it takes the place of is found by it, as what an edit is about.
      return { target: says.body.supersedes ?? null, text: says.body.text, shown: true };
    case "edit":
      return { target: says.body.target, text: says.body.text, shown: false };
    case "delete":
    case "reaction":
      return { target: says.body.target, text: null, shown: false };
    default:
      return NOTHING;
  }
}

function isAboutAnother(kind: string): boolean {
  return kind === "edit" || kind === "delete" || kind === "reaction";
}
