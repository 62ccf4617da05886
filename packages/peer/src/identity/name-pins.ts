import { compareStatements, openStatement } from "@papo/link";
import { type AccountKey, type AccountStatement, PINS_BYTES_MAX, PINS_MAX, type Username } from "@papo/protocol";
import type { KeyChange, Trust } from "../api.ts";
import type { Introduction } from "./introduction.ts";
import { LookAlikes } from "./look-alikes.ts";
import type { OfferedKey, Pin } from "./pin.ts";

/** Keys that one name once had, or that were offered for it and refused. */
const FORMER_KEYS_MAX = 16;
/** Everything in a pin, or in one of its keys, but the signed texts: at most about this. */
const PIN_BYTES = 512;

/** What a name's key is to us. `first`: never met. */
export type Standing = "first" | "trusted" | "changed" | "blocked";

/**
 * `changed`: `isNews` when this key was not offered before. `stale`: an older statement, of a device that the newest does not list. `theft`: two
 * statements of one version, both signed by the account.
 */
export type Meeting =
  | { readonly kind: "first" | "known" | "renewed" | "blocked" | "stale" | "theft" }
  | { readonly kind: "changed"; readonly change: KeyChange; readonly isNews: boolean };

/**
 * Which key each name had when we first met it. Trust on first use: the first meeting pins, another key later waits for the
 * user's word. Pure memory; `storage/pin-file.ts` keeps it. docs/protocol/identity.md §6
 */
export class NamePins {
  /** In the order in which the names were first met. */
  readonly #pinByName = new Map<Username, Pin>();
  /** Made when it is first asked for. */
  #lookAlikes: LookAlikes | undefined;
  readonly #nameByAccount = new Map<AccountKey, Username>();
  #bytes = 0;

  constructor(pins: readonly Pin[] = []) {
    for (const pin of pins) this.#put(pin);
  }

  all(): readonly Pin[] {
    return [...this.#pinByName.values()];
  }

  of(name: Username): Pin | undefined {
    return this.#pinByName.get(name);
  }

  /** The name that was last pinned to this key. */
  nameOf(account: AccountKey): Username | undefined {
    const name = this.#nameByAccount.get(account);
    return name !== undefined && this.#pinByName.get(name)?.account === account ? name : undefined;
  }

  accountOf(name: Username): AccountKey | undefined {
    return this.#pinByName.get(name)?.account;
  }

  /** Other names that were met and look like this one (docs/protocol/names.md §1): wherever one of them is shown, so is a part of its key. */
  lookAlikesOf(name: Username): readonly Username[] {
    this.#lookAlikes ??= new LookAlikes(this.#pinByName.keys());
    return this.#lookAlikes.of(name);
  }

  standing(name: Username, account: AccountKey): Standing {
    const pin = this.#pinByName.get(name);
    if (pin === undefined) return "first";
    if (pin.blocked.includes(account)) return "blocked";
    return pin.account === account ? "trusted" : "changed";
  }

  /** `account` is the one that is seen now, null for a program without keys. */
  trust(name: Username, account: AccountKey | null): Trust {
    const pin = this.#pinByName.get(name);
    if (pin === undefined) return account === null ? "none" : "unverified";
    const standing = this.standing(name, account ?? pin.account);
    if (standing === "blocked" || standing === "changed") return standing;
    return pin.verified ? "verified" : "unverified";
  }

  /** Somebody has proven who they are. Anything but `known`, `stale` and `theft` leaves something to be written. */
  meet(met: Introduction, firstSeen: string): Meeting {
    const pin = this.#pinByName.get(met.username);
    if (pin === undefined) {
      this.#put({
        ...keyOf(met),
        name: met.username,
        verified: false,
        blocked: [],
        offered: null,
        former: [],
        firstSeen,
      });
      return { kind: "first" };
    }
    if (pin.blocked.includes(met.account)) return { kind: "blocked" };
    return pin.account === met.account ? this.#meetAgain(pin, met) : this.#meetChanged(pin, met);
  }

  /** The newest statement holds, whoever brings it: a device may come with an older one, if the newest lists it. */
  #meetAgain(pin: Pin, met: Introduction): Meeting {
    const known = openStatement(pin.statement);
    if (!known.ok) return this.#renew(pin, met);
    switch (compareStatements({ statement: known.value, signed: pin.statement }, met.statement)) {
      case "newer":
        return this.#renew(pin, met);
      case "same":
        return { kind: "known" };
      case "older":
        return { kind: isListed(known.value, met) ? "known" : "stale" };
      case "theft":
        return { kind: "theft" };
    }
  }

  #renew(pin: Pin, met: Introduction): Meeting {
    this.#put({ ...pin, ...keyOf(met) });
    return { kind: "renewed" };
  }

  /** The key that the user is asked about stays that one until the answer: a third one gets its turn afterwards. */
  #meetChanged(pin: Pin, met: Introduction): Meeting {
    const isNews = pin.offered === null;
    const offered = pin.offered === null || isNewer(pin.offered, met) ? keyOf(met) : pin.offered;
    this.#put({ ...pin, offered });
    return { kind: "changed", change: { username: pin.name, known: pin.account, offered: offered.account }, isNews };
  }

  changes(): readonly KeyChange[] {
    return this.all().flatMap(({ name, account, offered }) =>
      offered === null ? [] : [{ username: name, known: account, offered: offered.account }],
    );
  }

  /**
   * The offered key is the name's from now on, or, where none waits for an answer, the one that was refused last: people
   * change their minds. The old one is kept with its binding. False when there is neither.
   */
  accept(name: Username): boolean {
    const pin = this.#pinByName.get(name);
    const accepted = pin?.offered ?? (pin === undefined ? undefined : lastBlocked(pin));
    if (pin === undefined || accepted === undefined) return false;
    const before: OfferedKey = { account: pin.account, statement: pin.statement, binding: pin.binding };
    const former = [...pin.former.filter(({ account }) => account !== accepted.account), before].slice(
      -FORMER_KEYS_MAX,
    );
    const blocked = pin.blocked.filter((account) => account !== accepted.account);
    this.#put({ ...pin, ...accepted, verified: false, blocked, offered: null, former });
    return true;
  }

  /** The offered key is never talked to; the known one stays. False when nothing was offered. */
  block(name: Username): boolean {
    const pin = this.#pinByName.get(name);
    if (pin === undefined || pin.offered === null) return false;
    const blocked = [...pin.blocked, pin.offered.account].slice(-FORMER_KEYS_MAX);
    const former = [...pin.former, pin.offered].slice(-FORMER_KEYS_MAX);
    this.#put({ ...pin, blocked, offered: null, former });
    return true;
  }

  /** Two people have compared this key. False when the name is pinned to another one, or not at all. A changed key is not verified any more. */
  verify(name: Username, account: AccountKey): boolean {
    const pin = this.#pinByName.get(name);
    if (pin === undefined || pin.account !== account) return false;
    if (!pin.verified) this.#put({ ...pin, verified: true });
    return true;
  }

  /** False when it was not verified. */
  unverify(name: Username): boolean {
    const pin = this.#pinByName.get(name);
    if (pin === undefined || !pin.verified) return false;
    this.#put({ ...pin, verified: false });
    return true;
  }

  #put(pin: Pin): void {
    const known = this.#pinByName.get(pin.name);
    if (known === undefined) this.#lookAlikes?.add(pin.name);
    this.#bytes += bytesOf(pin) - (known === undefined ? 0 : bytesOf(known));
    this.#pinByName.set(pin.name, pin);
    this.#nameByAccount.set(pin.account, pin.name);
    if (this.#isOverFull()) this.#makeRoom(pin);
  }

  #isOverFull(): boolean {
    return this.#pinByName.size > PINS_MAX || this.#bytes > PINS_BYTES_MAX;
  }

  /** Who came last goes first: a crowd of new names costs nobody who was met before it their pin. */
  #makeRoom(newest: Pin): void {
    for (const candidate of this.all().toReversed()) {
      if (!this.#isOverFull()) return;
      if (candidate.name === newest.name || wasDecided(candidate)) continue;
      this.#pinByName.delete(candidate.name);
      this.#nameByAccount.delete(candidate.account);
      this.#lookAlikes?.remove(candidate.name);
      this.#bytes -= bytesOf(candidate);
    }
  }
}

function lastBlocked({ blocked, former }: Pin): OfferedKey | undefined {
  return former.find(({ account }) => account === blocked.at(-1));
}

/** Whether the user had a say in it, or is being asked for one. */
function wasDecided({ verified, blocked, offered, former }: Pin): boolean {
  return verified || blocked.length > 0 || former.length > 0 || offered !== null;
}

/** What a pin adds to its file, where escapes can double it. */
function bytesOf(pin: Pin): number {
  const offered = pin.offered === null ? [] : [pin.offered];
  const keys = [pin, ...offered, ...pin.former];
  return keys.reduce((sum, key) => sum + bytesOfKey(key), PIN_BYTES);
}

function bytesOfKey({ statement, binding }: OfferedKey): number {
  return PIN_BYTES + Buffer.byteLength(statement.text) + Buffer.byteLength(binding?.text ?? "");
}

function isListed({ devices }: AccountStatement, met: Introduction): boolean {
  return devices.some(({ device, tls, revoked }) => device === met.device && tls === met.tls && revoked === null);
}

function isNewer(offered: OfferedKey, met: Introduction): boolean {
  const known = openStatement(offered.statement);
  if (!known.ok || offered.account !== met.account) return false;
  return compareStatements({ statement: known.value, signed: offered.statement }, met.statement) === "newer";
}

function keyOf(met: Introduction): OfferedKey {
  return { account: met.account, statement: met.statement.signed, binding: met.binding };
}
