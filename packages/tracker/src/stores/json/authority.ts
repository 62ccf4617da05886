import { createHash } from "node:crypto";
import { StoreRefused } from "../opened-store.ts";
import type { User } from "../../repositories/user-repository.ts";
import type { Dump } from "../memory/dump.ts";

/** The file that decides. The report's three are written from it, and read only for what was changed in them by others. */
export const AUTHORITY_FILE = "papo_db.json";

/** Counts up when what the file says changes its meaning. 2: accounts have starts and a latch that can be off. */
const FORMAT = 2;

/** A report's file as we wrote it last and the time before: a crash between two writes may leave either. SHA-256 of its text. */
type WrittenDigests = readonly string[];

export type Authority = Pick<Dump, "users" | "rooms"> & {
  readonly written: { readonly users: WrittenDigests; readonly rooms: WrittenDigests };
};

export function authorityText(authority: Authority): string {
  const store = JSON.stringify(authority);
  return `{"format":${FORMAT},"sha256":"${digestOf(store)}",\n"store":${store}}\n`;
}

/** Refuses what is newer or not as it was written: here stand the keys of accounts, so nothing is guessed. */
export function parseAuthority(text: string, path: string): Authority {
  const file = parsedOr(text, {});
  if (typeof file.format === "number" && file.format > FORMAT) {
    throw new StoreRefused({
      problem: "newer",
      path,
      detail: "a newer Papo has written it; update this one, or restore a backup",
    });
  }
  const isKnown = file.format === FORMAT || file.format === 1;
  if (!isKnown || file.sha256 !== digestOf(JSON.stringify(file.store) ?? "")) throw damaged(path);
  const store = file.store as Authority;
  return { ...store, users: store.users.map((user) => ({ ...AS_BORN, ...user })) };
}

/** What an account of format 1 does not say. */
const AS_BORN: Pick<User, "unlatched" | "unlatchedMs" | "starts"> = { unlatched: false, unlatchedMs: null, starts: [] };

export function damaged(path: string): StoreRefused {
  const repair =
    "restore a backup; or move it away to start from the report's files, without identities, kinds of rooms and their members";
  return new StoreRefused({
    problem: "damaged",
    path,
    detail: `it is damaged; nothing was changed. To repair: ${repair}`,
  });
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

type AuthorityFile = { readonly format?: unknown; readonly sha256?: unknown; readonly store?: unknown };

function parsedOr(text: string, otherwise: AuthorityFile): AuthorityFile {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : otherwise;
  } catch {
    return otherwise;
  }
}
