import type { AccountKey, Signature, Username } from "@papo/protocol";
import { crc32 } from "node:zlib";
import type { DeviceStart, StoredPassword, User } from "../../repositories/user-repository.ts";

/** A row of `user`, without its checksum. */
export type UserRow = {
  readonly username: string;
  readonly skeleton: string;
  readonly password_kind: "argon2id" | "sha256";
  readonly password: string;
  readonly weak: number;
  readonly account: string | null;
  readonly statement: string | null;
  readonly signature: string | null;
  readonly version: number | null;
  readonly created_at: string;
  readonly unlatched: number;
  readonly unlatched_ms: number | null;
  /** JSON, as it stands in the user. */
  readonly starts: string;
};

export const USER_COLUMNS =
  "username, skeleton, password_kind, password, weak, account, statement, signature, version, created_at, unlatched, unlatched_ms, starts";

export function rowOfUser(user: User): UserRow {
  const { username, skeleton, password, weak, identity, createdAt } = user;
  return {
    username,
    skeleton,
    password_kind: password.kind,
    password: password.kind === "argon2id" ? password.phc : password.hex,
    weak: weak ? 1 : 0,
    account: identity?.account ?? null,
    statement: identity?.statement.text ?? null,
    signature: identity?.statement.sig ?? null,
    version: identity?.version ?? null,
    created_at: createdAt,
    unlatched: user.unlatched ? 1 : 0,
    unlatched_ms: user.unlatchedMs,
    starts: JSON.stringify(user.starts),
  };
}

/** The casts are this store's boundary: what stands in the file was decoded before it was written, and is checked at every start. */
export function userOfRow(row: UserRow): User {
  const { account, statement, signature, version } = row;
  const hasIdentity = account !== null && statement !== null && signature !== null && version !== null;
  return {
    username: row.username as Username,
    skeleton: row.skeleton,
    password: passwordOf(row),
    weak: row.weak === 1,
    identity: hasIdentity
      ? { account: account as AccountKey, statement: { text: statement, sig: signature as Signature }, version }
      : null,
    unlatched: row.unlatched === 1,
    unlatchedMs: row.unlatched_ms,
    starts: JSON.parse(row.starts) as readonly DeviceStart[],
    createdAt: row.created_at,
  };
}

function passwordOf({ password_kind, password }: UserRow): StoredPassword {
  return password_kind === "argon2id" ? { kind: "argon2id", phc: password } : { kind: "sha256", hex: password };
}

/**
 * Tells a row that decayed on disk. It is no protection against people. What came with the second schema counts where it says something:
 * a row written before it, where it says nothing, has the sum that it had.
 */
export function sumOfRow(row: UserRow): number {
  const { username, skeleton, password_kind, password, weak, account, statement, signature, version, created_at } = row;
  return crc32(
    JSON.stringify([
      username,
      skeleton,
      password_kind,
      password,
      weak,
      account,
      statement,
      signature,
      version,
      created_at,
      ...(isAsBorn(row) ? [] : [row.unlatched, row.unlatched_ms, row.starts]),
    ]),
  );
}

function isAsBorn({ unlatched, unlatched_ms, starts }: UserRow): boolean {
  return unlatched === 0 && unlatched_ms === null && starts === "[]";
}
