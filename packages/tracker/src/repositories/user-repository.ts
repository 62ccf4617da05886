import type { AccountKey, DeviceKey, SignedText, StartId, Username } from "@papo/protocol";
import type { KeyLogin } from "./key-login.ts";

/**
 * A password at rest. `argon2id` is a PHC string over the report's 64 hex digits; `sha256` is an entry of the report's own file as it
 * stood there, upgraded at its first login. One that is not 64 hex digits is kept too: it keeps its name taken and no password is right.
 */
export type StoredPassword =
  | { readonly kind: "argon2id"; readonly phc: string }
  | { readonly kind: "sha256"; readonly hex: string };

/** The root of an account, with the newest statement that it signed. */
export type StoredIdentity = {
  readonly account: AccountKey;
  readonly statement: SignedText;
  readonly version: number;
};

/** The last start of a device of an account: how many there were, and which one it was. */
export type DeviceStart = { readonly device: DeviceKey; readonly epoch: number; readonly start: StartId };

export type User = {
  readonly username: Username;
  /** The case-folded UTS-39 skeleton: unique (report §1.1.1 `user_exists`). */
  readonly skeleton: string;
  readonly password: StoredPassword;
  /** The hash once crossed the network in clear: it no longer authorises a change of identity. */
  readonly weak: boolean;
  /** Null until the account has shown a key; from then on the seed dialect refuses it (the latch). */
  readonly identity: StoredIdentity | null;
  /** The latch is off: the account said so with its key, and has not logged in with one since. */
  readonly unlatched: boolean;
  /** The date of the last request to take it off: none of that date or before is taken again. Milliseconds since 1970. */
  readonly unlatchedMs: number | null;
  /** Devices that told their starts, those of the newest statement only. */
  readonly starts: readonly DeviceStart[];
  /** RFC 3339, a label. */
  readonly createdAt: string;
};

/** Where a page begins: after this user. Any `User` is one. */
export type UserCursor = Pick<User, "skeleton" | "username">;

/** The accounts (report §1.1.1). Every method is atomic and durable before it resolves. */
export interface UserRepository {
  /** Refused when a user of the same skeleton exists. Only names that came from the report's files may share one. */
  create(user: User): Promise<"created" | "taken">;
  /** By the name exactly as it was registered. */
  find(username: Username): Promise<User | undefined>;
  /** Nothing happens when there is no such user. */
  setPassword(username: Username, password: StoredPassword, options: { readonly weak: boolean }): Promise<void>;
  /**
   * A login with a key, by `afterLogin`. Compare and set: `conflict` when the stored root or version is no longer what the caller saw;
   * `copied` when the start is one that cannot follow. Nothing has happened then.
   */
  enter(
    username: Username,
    expected: Pick<StoredIdentity, "account" | "version"> | null,
    login: KeyLogin,
  ): Promise<"entered" | "conflict" | "copied">;
  /** `conflict` when the root is another; `stale` when a request of that date or a later one was used before. */
  unlatch(username: Username, account: AccountKey, dateMs: number): Promise<"unlatched" | "stale" | "conflict">;
  count(): Promise<number>;
  /** In the order of (skeleton, username) by code points, for export and import; `after` is exclusive. */
  page(after: UserCursor | undefined, limit: number): Promise<readonly User[]>;
}
