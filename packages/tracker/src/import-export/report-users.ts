import { skeletonOf, username as usernameSchema, type Username } from "@papo/protocol";
import * as v from "valibot";
import type { StoredPassword, User } from "../repositories/user-repository.ts";
import type { ImportNotes } from "./import-note.ts";
import type { ReportEntries } from "./report-files.ts";

const SHA256_HEX = /^[0-9a-f]{64}$/iu;
const PASSWORD_TEXT_MAX = 512;

/** A username from a report's file, whatever today's rules for new ones. `__proto__` is none: no answer could carry it as a key. */
export function reportUsername(name: unknown): Username | undefined {
  const parsed = v.safeParse(usernameSchema, name);
  return parsed.success && isKey(parsed.output) ? parsed.output : undefined;
}

/** Text that can be a key of a JSON object on our wire. */
export function isKey(text: string): boolean {
  return text !== "__proto__" && text.isWellFormed();
}

/**
 * `{USERNAME: hash}` (report §1.1.1). Every such hash has crossed a network in clear, so it is weak. A text that we wrote ourselves
 * (`$argon2id$…`) comes back as what it was.
 */
export function usersOfReport(entries: ReportEntries, createdAt: string, notes: ImportNotes): readonly User[] {
  const users = [...entries].flatMap(([name, text]) => userOf(name, text, createdAt, notes) ?? []);
  const nameBySkeleton = new Map<string, string>();
  for (const { username, skeleton } of users) {
    if (nameBySkeleton.has(skeleton)) notes.add("look_alike", username);
    else nameBySkeleton.set(skeleton, username);
  }
  return users;
}

function userOf(name: string, text: unknown, createdAt: string, notes: ImportNotes): User | undefined {
  const username = reportUsername(name);
  const password = passwordOfReport(text);
  if (username === undefined || password === undefined) {
    notes.add("unusable_entry", name);
    return undefined;
  }
  if (password.kind === "sha256" && !SHA256_HEX.test(password.hex)) notes.add("unusable_password", name);
  return { username, skeleton: skeletonOf(username), password, weak: true, identity: null, ...NO_KEY_YET, createdAt };
}

const NO_KEY_YET = { unlatched: false, unlatchedMs: null, starts: [] } as const;

function passwordOfReport(text: unknown): StoredPassword | undefined {
  if (typeof text !== "string" || text.length > PASSWORD_TEXT_MAX || !text.isWellFormed()) return undefined;
  return text.startsWith("$argon2id$") ? { kind: "argon2id", phc: text } : { kind: "sha256", hex: text };
}

export function textOfPassword(password: StoredPassword): string {
  return password.kind === "argon2id" ? password.phc : password.hex;
}
