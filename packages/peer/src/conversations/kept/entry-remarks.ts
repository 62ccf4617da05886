import {
  type AccountKey,
  type DeviceKey,
  type EntryId,
  REACTION_BYTES_MAX,
  REACTION_KINDS_SHOWN_MAX,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import { contentOf } from "./read-entry.ts";

/** What later entries made of one: its newest text, whether it was taken back, who reacted how, and what stands in its place. */
export type Remarks = {
  readonly text: string | null;
  readonly isDeleted: boolean;
  /** In the order of the first one of each kind. */
  readonly accountsByEmoji: ReadonlyMap<string, readonly AccountKey[]>;
  readonly supersededBy: EntryId | null;
};

/** A sequence that Unicode recommends, or a single sign: what every screen draws as one. */
const ONE_EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$/v;

const NONE: Remarks = { text: null, isDeleted: false, accountsByEmoji: new Map(), supersededBy: null };

/**
 * `about`: everything that names this entry, in the room's order. Only the same account edits and takes the place of its own texts; whether a delete was
 * rightful the log has judged, by dropping the body. Members have their reactions counted once per kind, and the last word holds.
 */
export function remarksOn(
  entry: StoredEntry,
  about: readonly StoredEntry[],
  accountOf: (device: DeviceKey) => AccountKey | undefined,
): Remarks {
  if (about.length === 0) return NONE;
  const author = accountOf(entry.author);
  const reactions = new Map<string, Set<AccountKey>>();
  let text: string | null = null;
  let isDeleted = false;
  let supersededBy: EntryId | null = null;
  for (const later of about) {
    if (later.isVoid) continue;
    if (later.kind === "delete") isDeleted ||= entry.body === null;
    const content = contentOf(later);
    const account = accountOf(later.author);
    if (content === undefined || account === undefined) continue;
    if (content.kind === "edit" && account === author) text = content.body.text;
    if (content.kind === "message" && content.body.supersedes === entry.id && account === author)
      supersededBy = later.id;
    if (content.kind === "reaction") react(reactions, account, content.body);
  }
  return { text, isDeleted, accountsByEmoji: shown(reactions), supersededBy };
}

function react(
  reactions: Map<string, Set<AccountKey>>,
  account: AccountKey,
  { emoji, on }: { readonly emoji: string; readonly on: boolean },
): void {
  if (!isReaction(emoji)) return;
  const accounts = reactions.get(emoji) ?? new Set();
  if (on) accounts.add(account);
  else accounts.delete(account);
  reactions.set(emoji, accounts);
}

function shown(reactions: ReadonlyMap<string, ReadonlySet<AccountKey>>): Remarks["accountsByEmoji"] {
  const present = [...reactions].filter(([, accounts]) => accounts.size > 0).slice(0, REACTION_KINDS_SHOWN_MAX);
  return new Map(present.map(([emoji, accounts]) => [emoji, [...accounts]]));
}

/** One emoji whose cells can be counted, and nothing beside it. */
export function isReaction(text: string): boolean {
  return Buffer.byteLength(text) <= REACTION_BYTES_MAX && ONE_EMOJI.test(text);
}
