import { type OpenedStatement, openStatement } from "@papo/link";
import {
  type Outcome,
  type PasswordHash,
  type SignedText,
  type TlsKey,
  type Username,
  checkUsername,
  fail,
  skeletonOf,
  succeed,
} from "@papo/protocol";
import type { StoredIdentity, User, UserRepository } from "../repositories/user-repository.ts";
import { type IdentityCase, type IdentityDecision, decideIdentity } from "./identity-decision.ts";
import { type OfferedIdentity, readOffer } from "./offered-identity.ts";
import type { Passwords } from "./passwords.ts";

/** Two logins of one account may cross; whoever loses reads again and decides again. */
const CONFLICT_RETRIES = 3;

export type Credentials = {
  readonly username: Username;
  readonly password: PasswordHash | undefined;
  readonly newIdentity: boolean;
  /** Undefined in the seed dialect. */
  readonly statement: SignedText | undefined;
  /** Undefined on a channel that is not encrypted: then the hash crossed in clear. */
  readonly channelKey: TlsKey | undefined;
};

/** Somebody who may enter, with the root that the account has from now on. */
export type Admitted = {
  readonly username: Username;
  readonly offered: OfferedIdentity | undefined;
  readonly decision: IdentityDecision["kind"] | "none";
};

/** Accounts: who exists, who may enter, and which root stands for whom. */
export class Accounts {
  readonly #users: UserRepository;
  readonly #passwords: Passwords;
  readonly #now: () => string;

  constructor(options: {
    readonly users: UserRepository;
    readonly passwords: Passwords;
    readonly now: () => string;
  }) {
    this.#users = options.users;
    this.#passwords = options.passwords;
    this.#now = options.now;
  }

  async register(wanted: Credentials & { readonly password: PasswordHash }): Promise<Outcome<Admitted>> {
    const { username } = wanted;
    if (checkUsername(username) !== undefined) return fail("name_not_allowed", "a name that may be registered");
    const offer = this.#readOffer(wanted);
    if (!offer.ok) return offer;
    const password = await this.#passwords.hash(wanted.password);
    if (!password.ok) return password;

    const created = await this.#users.create({
      username,
      skeleton: skeletonOf(username),
      password: password.value,
      weak: wanted.channelKey === undefined,
      identity: offer.value === undefined ? null : identityOf(offer.value),
      createdAt: this.#now(),
    });
    if (created === "taken") return fail("name_taken", "a free name");
    return succeed({ username, offered: offer.value, decision: offer.value === undefined ? "none" : "take" });
  }

  async login(given: Credentials): Promise<Outcome<Admitted>> {
    const offer = this.#readOffer(given);
    if (!offer.ok) return offer;
    const user = await this.#users.find(given.username);
    const known = await this.#checkPassword(user, given);
    if (!known.ok) return known;

    if (offer.value === undefined) return admitSeed(known.value);
    return this.#settleIdentity(known.value, offer.value, given);
  }

  async findUser(username: Username): Promise<User | undefined> {
    return this.#users.find(username);
  }

  #readOffer({ statement, channelKey }: Credentials): Outcome<OfferedIdentity | undefined> {
    if (channelKey === undefined) return succeed(undefined);
    if (statement === undefined) return fail("statement_invalid", "a statement");
    return readOffer(statement, channelKey);
  }

  /** Nothing to check for a login by key: TLS has proved the key, and what is stored decides whose it is. */
  async #checkPassword(user: User | undefined, given: Credentials): Promise<Outcome<User>> {
    if (given.password === undefined) return user === undefined ? refuse() : succeed(user);
    const checked = await this.#passwords.check(given.password, user?.password);
    if (!checked.ok) return checked;
    if (user === undefined || !checked.value.isRight) return refuse();

    const weak = user.weak || given.channelKey === undefined;
    const { upgrade } = checked.value;
    if (upgrade !== undefined || weak !== user.weak) {
      await this.#users.setPassword(user.username, upgrade ?? user.password, { weak });
    }
    return succeed({ ...user, weak });
  }

  async #settleIdentity(user: User, offered: OfferedIdentity, given: Credentials): Promise<Outcome<Admitted>> {
    let stored = user.identity;
    for (let attempt = 0; attempt < CONFLICT_RETRIES; attempt += 1) {
      const decision = decideIdentity(caseOf({ ...user, identity: stored }, offered, given));
      if (!decision.ok) return decision;
      const admitted = { username: user.username, offered, decision: decision.value.kind };
      if (decision.value.kind === "keep") return succeed(admitted);

      const expected = stored === null ? null : { account: stored.account, version: stored.version };
      const set = await this.#users.setIdentity(user.username, expected, identityOf(offered));
      if (set === "set") return succeed(admitted);
      stored = (await this.#users.find(user.username))?.identity ?? null;
    }
    return fail("busy", "no other login of this account at the same moment");
  }
}

function caseOf({ identity, weak }: User, offered: OfferedIdentity, given: Credentials): IdentityCase {
  const withPassword = given.newIdentity ? "password_new_identity" : "password";
  const by = given.password === undefined ? "key" : withPassword;
  return { stored: identity === null ? null : openStored(identity), weak, offered, by };
}

/** It was verified before it was stored: one that does not open now was damaged on the way. */
function openStored({ statement: signed }: StoredIdentity): OpenedStatement {
  const opened = openStatement(signed);
  if (!opened.ok) throw new TypeError("a stored statement does not open");
  return { statement: opened.value, signed };
}

/** The latch: an account that has shown a key does not enter without one. */
function admitSeed(user: User): Outcome<Admitted> {
  if (user.identity !== null) return refuse();
  return succeed({ username: user.username, offered: undefined, decision: "none" });
}

function refuse(): {
  readonly ok: false;
  readonly fault: { readonly code: "invalid_credentials"; readonly detail: string };
} {
  return { ok: false, fault: { code: "invalid_credentials", detail: "a known name and its password" } };
}

function identityOf({ statement, signed }: OfferedIdentity): StoredIdentity {
  return { account: statement.account, statement: signed, version: statement.version };
}
