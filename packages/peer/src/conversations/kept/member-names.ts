import { openBinding } from "@papo/link";
import {
  type AccountKey,
  type SignedText,
  type TrackerKey,
  type Username,
  decodeWith,
  skeletonOf,
  username,
} from "@papo/protocol";
import type { HistoryReader } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import type { RoomState } from "../log/room-state.ts";
import type { KnownPeople } from "./kept-ports.ts";
import { controlOf } from "./read-entry.ts";

/** Characters of a key that tell apart two members whose names look alike. */
const SUFFIX_CHARS = 4;

type Names = { readonly nameByAccount: Map<AccountKey, Username>; readonly accountByName: Map<Username, AccountKey> };

/**
 * What the members of one room are called here: by the name that is pinned to their key, else by the tracker's word that came with their joining, never
 * by what a message says. No two of them have names that look alike: all but the one who is pinned get a piece of their key.
 */
export class MemberNames {
  readonly #replica: RoomReplica;
  readonly #history: HistoryReader;
  readonly #people: Pick<KnownPeople, "nameOf" | "accountOf">;
  /** Of former members, as their joining said. */
  readonly #formerByAccount = new Map<AccountKey, Username>();
  #namedFor: RoomState | undefined;
  #names: Names = { nameByAccount: new Map(), accountByName: new Map() };

  constructor(replica: RoomReplica, history: HistoryReader, people: Pick<KnownPeople, "nameOf" | "accountOf">) {
    this.#replica = replica;
    this.#history = history;
    this.#people = people;
  }

  of(account: AccountKey): Username {
    return this.#current().nameByAccount.get(account) ?? this.#ofFormer(account);
  }

  accountOf(name: Username): AccountKey | undefined {
    return this.#current().accountByName.get(name);
  }

  /** A pin was made or changed: names are looked up anew. */
  changed(): void {
    this.#namedFor = undefined;
  }

  #current(): Names {
    const { state } = this.#replica;
    if (this.#namedFor !== state) {
      this.#names = this.#nameAll(state);
      this.#namedFor = state;
    }
    return this.#names;
  }

  #nameAll(state: RoomState): Names {
    const plain = new Map<AccountKey, Username>();
    for (const { account, username: bound } of state.memberByAccount.values())
      plain.set(account, this.#people.nameOf(account) ?? bound ?? nameless(account));

    const alikeBySkeleton = new Map<string, AccountKey[]>();
    for (const [account, name] of plain) {
      const alike = alikeBySkeleton.get(skeletonOf(name));
      if (alike === undefined) alikeBySkeleton.set(skeletonOf(name), [account]);
      else alike.push(account);
    }
    const names: Names = { nameByAccount: new Map(), accountByName: new Map() };
    for (const [account, name] of plain) {
      const isAlone = alikeBySkeleton.get(skeletonOf(name))?.length === 1;
      const own = isAlone || this.#people.accountOf(name) === account ? name : withSuffix(name, account, SUFFIX_CHARS);
      // Whoever makes keys until the suffix is another's too gets the whole key shown.
      const shown = names.accountByName.has(own) ? withSuffix(name, account, account.length) : own;
      names.nameByAccount.set(account, shown);
      names.accountByName.set(shown, account);
    }
    return names;
  }

  #ofFormer(account: AccountKey): Username {
    const pinned = this.#people.nameOf(account);
    if (pinned !== undefined) return pinned;
    const known = this.#formerByAccount.get(account);
    if (known !== undefined) return known;
    const found = this.#boundIn(account) ?? nameless(account);
    this.#formerByAccount.set(account, found);
    return found;
  }

  /** Looks through the room's joins: few ask, and each account once. */
  #boundIn(account: AccountKey): Username | undefined {
    const tracker = this.#replica.state.genesis?.tracker ?? null;
    if (tracker === null) return undefined;
    for (const entry of this.#history.control(this.#replica.id)) {
      const control = controlOf(entry);
      if (control?.kind !== "join" && control?.kind !== "admit" && control?.kind !== "genesis") continue;
      const name = boundName(control.body.binding, account, tracker);
      if (name !== undefined) return name;
    }
    return undefined;
  }
}

/** The name in a tracker's word, if it is about this account. */
export function boundName(binding: SignedText | null, account: AccountKey, tracker: TrackerKey): Username | undefined {
  // Most are about somebody else, which shows before any signature is verified.
  if (binding === null || !binding.text.includes(account)) return undefined;
  const opened = openBinding(binding, tracker);
  return opened.ok && opened.value.account === account ? opened.value.name : undefined;
}

function withSuffix(name: Username, account: AccountKey, chars: number): Username {
  const decoded = decodeWith(username, `${name}~${account.slice(0, chars)}`);
  // A name as long as names may be has no place for more.
  return decoded.ok ? decoded.value : nameless(account);
}

function nameless(account: AccountKey): Username {
  const decoded = decodeWith(username, `~${account}`);
  if (!decoded.ok) throw new TypeError("a key is no name");
  return decoded.value;
}
