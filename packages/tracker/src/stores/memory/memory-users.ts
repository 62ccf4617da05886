import type { Username } from "@papo/protocol";
import { compareText } from "../../repositories/name-order.ts";
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

  setIdentity(
    username: Username,
    expected: { readonly account: string; readonly version: number } | null,
    identity: StoredIdentity,
  ): "set" | "conflict" {
    const user = this.#userByName.get(username);
    if (user === undefined || !isExpected(user.identity, expected)) return "conflict";
    this.#userByName.set(username, { ...user, identity });
    return "set";
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

function isExpected(
  stored: StoredIdentity | null,
  expected: { readonly account: string; readonly version: number } | null,
): boolean {
  if (stored === null || expected === null) return stored === expected;
  return stored.account === expected.account && stored.version === expected.version;
}
