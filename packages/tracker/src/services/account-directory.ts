import { ACCOUNTS_REMEMBERED_MAX, type AccountKey, type Username } from "@papo/protocol";
import type { UserRepository } from "../repositories/user-repository.ts";

/** Which root each name has, remembered so that a page of members costs no query for those seen lately. */
export class AccountDirectory {
  readonly #users: UserRepository;
  /** Least recently set first. */
  readonly #accounts = new Map<Username, AccountKey | null>();

  constructor(users: UserRepository) {
    this.#users = users;
  }

  /** Undefined when it has to be loaded. */
  get(username: Username): AccountKey | null | undefined {
    return this.#accounts.get(username);
  }

  set(username: Username, account: AccountKey | null): void {
    this.#accounts.delete(username);
    this.#accounts.set(username, account);
    if (this.#accounts.size <= ACCOUNTS_REMEMBERED_MAX) return;
    const oldest = this.#accounts.keys().next();
    if (oldest.done !== true) this.#accounts.delete(oldest.value);
  }

  async load(usernames: readonly Username[]): Promise<void> {
    const unknown = usernames.filter((username) => !this.#accounts.has(username));
    const users = await Promise.all(unknown.map((username) => this.#users.find(username)));
    for (const [index, username] of unknown.entries()) {
      // What a login wrote meanwhile is newer than what was read.
      if (!this.#accounts.has(username)) this.set(username, users[index]?.identity?.account ?? null);
    }
  }
}
