import type { AccountKey, Username } from "@papo/protocol";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { afterLogin, type KeyLogin } from "../../repositories/key-login.ts";
import type { StoredIdentity, StoredPassword, User, UserCursor } from "../../repositories/user-repository.ts";
import type { UserTable } from "../tables.ts";
import { rowOfUser, sumOfRow, USER_COLUMNS, type UserRow, userOfRow } from "./user-rows.ts";

/** The only file that names the `user` table outside of migrations and inspection. */
export class SqliteUsers implements UserTable {
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #isTaken: StatementSync;
  readonly #count: StatementSync;
  readonly #page: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO user (${USER_COLUMNS}, sum)
      VALUES (:username, :skeleton, :password_kind, :password, :weak, :account, :statement, :signature, :version, :created_at,
        :unlatched, :unlatched_ms, :starts, :sum)`);
    this.#find = db.prepare(`SELECT ${USER_COLUMNS} FROM user WHERE username = ?`);
    this.#isTaken = db.prepare(
      "SELECT 1 FROM user WHERE username = ? UNION ALL SELECT 1 FROM user WHERE skeleton = ? LIMIT 1",
    );
    this.#count = db.prepare("SELECT count(*) AS count FROM user");
    this.#page = db.prepare(`
      SELECT ${USER_COLUMNS} FROM user
      WHERE (skeleton, username) > (?, ?)
      ORDER BY skeleton, username
      LIMIT ?`);
  }

  create(user: User): "created" | "taken" {
    if (this.#isTaken.get(user.username, user.skeleton) !== undefined) return "taken";
    this.insert(user);
    return "created";
  }

  /** Whatever its skeleton. The caller knows that the name itself is free, or means the user who has it. */
  insert(user: User): void {
    const row = rowOfUser(user);
    this.#put.run({ ...row, sum: sumOfRow(row) });
  }

  find(username: Username): User | undefined {
    const row = this.#find.get(username) as UserRow | undefined;
    return row === undefined ? undefined : userOfRow(row);
  }

  setPassword(username: Username, password: StoredPassword, options: { readonly weak: boolean }): void {
    const user = this.find(username);
    if (user !== undefined) this.insert({ ...user, password, weak: options.weak });
  }

  enter(
    username: Username,
    expected: Pick<StoredIdentity, "account" | "version"> | null,
    login: KeyLogin,
  ): "entered" | "conflict" | "copied" {
    const user = this.find(username);
    if (user === undefined) return "conflict";
    const isExpected = user.identity?.account === expected?.account && user.identity?.version === expected?.version;
    if (!isExpected) return "conflict";
    const after = afterLogin(user, login);
    if (after === "copied") return "copied";
    if (after !== user) this.insert(after);
    return "entered";
  }

  unlatch(username: Username, account: AccountKey, dateMs: number): "unlatched" | "stale" | "conflict" {
    const user = this.find(username);
    if (user?.identity?.account !== account) return "conflict";
    if (user.unlatchedMs !== null && dateMs <= user.unlatchedMs) return "stale";
    this.insert({ ...user, unlatched: true, unlatchedMs: dateMs });
    return "unlatched";
  }

  count(): number {
    return Number(this.#count.get()?.["count"]);
  }

  page(after: UserCursor | undefined, limit: number): readonly User[] {
    const rows = this.#page.all(after?.skeleton ?? "", after?.username ?? "", limit) as unknown as readonly UserRow[];
    return rows.map(userOfRow);
  }
}
