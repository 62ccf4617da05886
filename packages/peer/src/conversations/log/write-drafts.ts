import { CONTROL_HEADS_MERGED_ABOVE, ENTRY_AUTH_MAX, type Fault } from "@papo/protocol";
import type { Acceptance } from "./acceptance.ts";
import { type Author, writeEntry } from "./authoring.ts";
import type { GrowingControl } from "./growing-control.ts";
import type { LogStep, NewEntry } from "./log-step.ts";
import { decodeBody } from "./opened-entry.ts";
import { whyNotDraft, whyNotEntry } from "./refusals.ts";
import type { Draft } from "./room-replica.ts";

/** `isDirty`: something of it is in the step, which is to be done again without it. */
export type WrittenDrafts =
  | { readonly kind: "written"; readonly entries: readonly NewEntry[] }
  | {
      readonly kind: "refused";
      readonly fault: Fault;
      readonly isDirty: boolean;
      readonly entries: readonly NewEntry[];
    };

type Into = { readonly step: LogStep; readonly acceptance: Acceptance; readonly control: GrowingControl };

/** Makes entries of our own of what is to be said, all or none; among them those that the log needs before one of them. */
export function writeDrafts(author: Author, drafts: readonly Draft[], into: Into): WrittenDrafts {
  const entries: NewEntry[] = [];
  const refuse = (fault: Fault, isDirty = false): WrittenDrafts => ({
    kind: "refused",
    fault,
    isDirty: isDirty || entries.length > 0,
    entries: [],
  });
  for (const draft of drafts) {
    const fault = whyNotDraft(into.control.state, into.step, draft);
    if (fault !== undefined) return refuse(fault);
    entries.push(...mergeHeads(author, draft, into));
    const written = writeOne(author, draft, into);
    if ("fault" in written) return refuse(written.fault, draft.chain === "control");
    entries.push(written);
  }
  return { kind: "written", entries };
}

function writeOne(
  author: Author,
  draft: Draft,
  { step, acceptance, control }: Into,
): NewEntry | { readonly fault: Fault } {
  const sealed = writeEntry(author, step, control.state, draft);
  if (!sealed.ok) return { fault: sealed.fault };
  const opened = sealed.value;
  if (decodeBody(opened.header, opened.body).state !== "known") {
    return { fault: { code: "invalid_message", detail: "body: expected that of its kind" } };
  }
  if (draft.chain === "control") {
    const verdict = control.offer(opened);
    if (verdict === "refused") return { fault: { code: "not_allowed", detail: "entry: expected one that may stand" } };
    if (verdict === "waits") control.keep(opened);
  }
  const fault = whyNotEntry(control.state, step, opened);
  return fault === undefined ? acceptance.accept(opened, null, undefined) : { fault };
}

/** Many heads, as when many have joined at once, are named once by an entry of ours instead of by everything that we say. */
function mergeHeads(author: Author, draft: Draft, into: Into): readonly NewEntry[] {
  const { control } = into;
  const merges: NewEntry[] = [];
  const most = draft.chain === "content" ? CONTROL_HEADS_MERGED_ABOVE : ENTRY_AUTH_MAX;
  if (draft.kind === "join" || draft.kind === "genesis") return merges;
  for (let heads = control.state.heads.length; heads > most; ) {
    const merged = writeOne(author, { chain: "control", kind: "merge", body: {} }, into);
    const left = control.state.heads.length;
    if ("fault" in merged) break;
    merges.push(merged);
    if (left >= heads) break;
    heads = left;
  }
  return merges;
}
