import { type OpenedStatement, deviceForTlsKey, openStatement } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type Outcome,
  type PasswordHash,
  type SignedText,
  type StartId,
  type TlsKey,
  type Username,
  checkUsername,
  fail,
  skeletonOf,
  succeed,
} from "@papo/protocol";
import { afterLogin, type KeyLogin } from "../repositories/key-login.ts";
import type { DeviceStart, StoredIdentity, User, UserRepository } from "../repositories/user-repository.ts";
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
  /** Undefined when the program does not count its starts. */
  readonly started: { readonly epoch: number; readonly start: StartId } | undefined;
  /** Asked once it is known which device this is, before anything is changed: why it may not enter like this. */
  readonly objection: (device: DeviceKey) => Fault | undefined;
};

/** Somebody who may enter, with the root that the account has from now on. */
export type Admitted = {
  readonly username: Username;
  readonly account: AccountKey | null;
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

    const offered = offer.value;
    const start = offered === undefined ? undefined : startOf(offered.device.device, wanted);
    const created = await this.#users.create({
      username,
      skeleton: skeletonOf(username),
      password: password.value,
      weak: wanted.channelKey === undefined,
      identity: offered === undefined ? null : identityOf(offered),
      unlatched: false,
      unlatchedMs: null,
      starts: start === undefined ? [] : [start],
      createdAt: this.#now(),
    });
    if (created === "taken") return fail("name_taken", "a free name");
    const account = offered?.statement.account ?? null;
    return succeed({ username, account, offered, decision: offered === undefined ? "none" : "take" });
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

  /** Lets the account in through the seed dialect again, until its next login with a key. */
  async unlatch(username: Username, account: AccountKey, dateMs: number): Promise<Outcome<object>> {
    const result = await this.#users.unlatch(username, account, dateMs);
    if (result === "stale") return fail("statement_stale", "date: expected one later than the last");
    return result === "unlatched" ? succeed({}) : fail("identity_changed", "the account's present root");
  }

  #readOffer({ statement, channelKey, objection }: Credentials): Outcome<OfferedIdentity | undefined> {
    if (channelKey === undefined) return succeed(undefined);
    if (statement === undefined) return fail("statement_invalid", "a statement");
    const offer = readOffer(statement, channelKey);
    const objected = offer.ok ? objection(offer.value.device.device) : undefined;
    return objected === undefined ? offer : { ok: false, fault: objected };
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
    let current = user;
    for (let attempt = 0; attempt < CONFLICT_RETRIES; attempt += 1) {
      const stored = current.identity === null ? null : openStored(current.identity);
      const decision = decideIdentity({ stored, weak: user.weak, offered, by: wayOf(given) });
      if (!decision.ok) return decision;
      const { kind } = decision.value;
      const login = loginOf(kind === "keep" && stored !== null ? stored : offered, offered, given);
      const entered = await this.#enter(current, login);
      if (entered === "copied") return fail("profile_copied", "the start that follows the device's last");
      const { account } = offered.statement;
      if (entered === "entered") return succeed({ username: user.username, account, offered, decision: kind });
      current = (await this.#users.find(user.username)) ?? current;
    }
    return fail("busy", "no other login of this account at the same moment");
  }

  /** Most logins change nothing, and write nothing. */
  async #enter(current: User, login: KeyLogin): Promise<"entered" | "conflict" | "copied"> {
    if (afterLogin(current, login) === current) return "entered";
    const { identity } = current;
    const expected = identity === null ? null : { account: identity.account, version: identity.version };
    return this.#users.enter(current.username, expected, login);
  }
}

function wayOf({ password, newIdentity }: Credentials): IdentityCase["by"] {
  if (password === undefined) return "key";
  return newIdentity ? "password_new_identity" : "password";
}

/** `holding` is the statement that holds from now on: it says which devices there are, and which of them this is. */
function loginOf(holding: OpenedStatement, offered: OfferedIdentity, given: Credentials): KeyLogin {
  const { statement } = holding;
  const devices = statement.devices.filter(({ revoked }) => revoked === null).map(({ device }) => device);
  const own = deviceForTlsKey(statement, offered.device.tls);
  return {
    identity: identityOf(holding),
    devices,
    start: startOf(own.ok ? own.value.device : offered.device.device, given),
  };
}

function startOf(device: DeviceKey, { started }: Credentials): DeviceStart | undefined {
  return started === undefined ? undefined : { device, ...started };
}

/** It was verified before it was stored: one that does not open now was damaged on the way. */
function openStored({ statement: signed }: StoredIdentity): OpenedStatement {
  const opened = openStatement(signed);
  if (!opened.ok) throw new TypeError("a stored statement does not open");
  return { statement: opened.value, signed };
}

/** The latch: an account that has shown a key does not enter without one, unless that key has said so. */
function admitSeed(user: User): Outcome<Admitted> {
  if (user.identity !== null && !user.unlatched) return refuse();
  const account = user.identity?.account ?? null;
  return succeed({ username: user.username, account, offered: undefined, decision: "none" });
}

function refuse(): {
  readonly ok: false;
  readonly fault: { readonly code: "invalid_credentials"; readonly detail: string };
} {
  return { ok: false, fault: { code: "invalid_credentials", detail: "a known name and its password" } };
}

function identityOf({ statement, signed }: OpenedStatement): StoredIdentity {
  return { account: statement.account, statement: signed, version: statement.version };
}
