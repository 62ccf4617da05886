import type { AccountKey, Username } from "@papo/protocol";
import { compareText } from "../../repositories/name-order.ts";
import { afterLogin, type KeyLogin } from "../../repositories/key-login.ts";
import type { StoredIdentity, StoredPassword, User, UserCursor } from "../../repositories/user-repository.ts";
import type { UserTable } from "../tables.ts";
import { SortedList } from "./sorted-list.ts";

export class MemoryUsers implements UserTable {
  readonly #userByName = new Map<Username, User>();
  readonly #skeletons = new Set<string>();
  readonly #order = new SortedList<UserCursor>(
    (left, right) => compareText(left.skeleton, right.skeleton) || compareText(left.username, right.username),
  );

  create(user: User): "created" | "taken" {
    if (this.#userByName.has(user.username) || this.#skeletons.has(user.skeleton)) return "taken";
    this.insert(user);
    return "created";
  }

  /** Whatever its skeleton. The caller knows that the name itself is free. */
  insert(user: User): void {
    this.#userByName.set(user.username, user);
    this.#skeletons.add(user.skeleton);
    this.#order.add(user);
  }

  find(username: Username): User | undefined {
    return this.#userByName.get(username);
  }

  setPassword(username: Username, password: StoredPassword, options: { readonly weak: boolean }): void {
    const user = this.#userByName.get(username);
    if (user !== undefined) this.#userByName.set(username, { ...user, password, weak: options.weak });
  }

  enter(username: Username, expected: ExpectedIdentity, login: KeyLogin): "entered" | "conflict" | "copied" {
    const user = this.#userByName.get(username);
    if (user === undefined || !isExpected(user.identity, expected)) return "conflict";
    const after = afterLogin(user, login);
    if (after === "copied") return "copied";
    this.#userByName.set(username, after);
    return "entered";
  }

  unlatch(username: Username, account: AccountKey, dateMs: number): "unlatched" | "stale" | "conflict" {
    const user = this.#userByName.get(username);
    if (user?.identity?.account !== account) return "conflict";
    if (user.unlatchedMs !== null && dateMs <= user.unlatchedMs) return "stale";
    this.#userByName.set(username, { ...user, unlatched: true, unlatchedMs: dateMs });
    return "unlatched";
  }

  count(): number {
    return this.#userByName.size;
  }

  page(after: UserCursor | undefined, limit: number): readonly User[] {
    const cursors = this.#order.page(after, limit);
    return cursors.flatMap(({ username }) => this.#userByName.get(username) ?? []);
  }

  all(): Iterable<User> {
    return this.#userByName.values();
  }
}

type ExpectedIdentity = Pick<StoredIdentity, "account" | "version"> | null;

function isExpected(stored: StoredIdentity | null, expected: ExpectedIdentity): boolean {
  if (stored === null || expected === null) return stored === expected;
  return stored.account === expected.account && stored.version === expected.version;
}
