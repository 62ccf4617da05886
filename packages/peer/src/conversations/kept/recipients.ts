import type { AccountKey, EntryId } from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomState } from "../log/room-state.ts";

/** What tells for whom one own entry is. `auth`: the control heads under which it was written. */
export type RecipientFacts = {
  readonly entry: Pick<StoredEntry, "author" | "seq">;
  readonly auth: readonly EntryId[];
  readonly state: RoomState;
  readonly storedBy: ReadonlySet<AccountKey>;
};

/** For whom own entries of a room are. docs/protocol/room-log.md §8 */
export class Recipients {
  readonly #self: AccountKey;
  readonly #othersByMembers = new WeakMap<ReadonlySet<AccountKey>, ReadonlySet<AccountKey>>();

  constructor(self: AccountKey) {
    this.#self = self;
  }

  /**
   * Whoever was a member by what it was written under. Where that was nobody, they come in later, perhaps in the same second: whoever may read it now, and whoever
   * has it and left.
   */
  of(facts: RecipientFacts): ReadonlySet<AccountKey> {
    const then = this.#without(facts.state.membersAt(facts.auth));
    if (then.size > 0) return then;
    const { memberByAccount, formerByAccount } = facts.state;
    const since = new Set([...memberByAccount.keys()].filter((account) => mayRead(account, facts.entry, facts.state)));
    // What they say to have counts from where their history begins: of members that is known.
    for (const account of facts.storedBy) if (formerByAccount.has(account)) since.add(account);
    since.delete(this.#self);
    return since;
  }

  #without(members: ReadonlySet<AccountKey>): ReadonlySet<AccountKey> {
    if (!members.has(this.#self)) return members;
    const known = this.#othersByMembers.get(members);
    if (known !== undefined) return known;
    const others = new Set(members);
    others.delete(this.#self);
    this.#othersByMembers.set(members, others);
    return others;
  }
}

/** Whether it lies in the part of the history that is for this member. */
export function mayRead(
  account: AccountKey,
  { author, seq }: Pick<StoredEntry, "author" | "seq">,
  { memberByAccount }: RoomState,
): boolean {
  const member = memberByAccount.get(account);
  return member !== undefined && seq > (member.base.get(author) ?? 0);
}
