import type {
  AccountKey,
  Chain,
  DeviceKey,
  EntryId,
  GenesisBody,
  InviteId,
  RoomId,
  SignedText,
  Username,
} from "@papo/protocol";

type Role = "owner" | "moderator" | "member";

/** One account of a room by its control set. */
export type LogMember = {
  readonly account: AccountKey;
  readonly role: Role;
  /** 0 is the owner, then moderators in the order of their appointment, members last and equal (`Infinity`). */
  readonly rank: number;
  /** The newest statement of the account that the room has seen. */
  readonly statement: SignedText;
  /** The name as the binding that came with joining says it, by the room's tracker; null where there was none. */
  readonly username: Username | null;
  readonly binding: SignedText | null;
  /** Device keys that may write now. Empty while an admitted account has not begun. */
  readonly devices: readonly DeviceKey[];
  /** Where this account's history starts: content seq per device up to which it may not read; empty: at the beginning. */
  readonly base: ReadonlyMap<DeviceKey, number>;
};

/** How a membership ended. `barred`: tickets do not bring the account back. */
export type FormerMember = { readonly by: EntryId; readonly kind: "left" | "removed"; readonly barred: boolean };

/** Numbers of one chain that are accepted, both ends included; the last one open-ended (`Infinity`) while its device may write. */
export type Span = readonly [from: number, to: number];

/** What a set of control entries says, whatever the order in which they came; another set gives another object. docs/protocol/room-log.md §4 */
export interface RoomState {
  readonly id: RoomId;
  /** Undefined until the genesis has come. */
  readonly genesis: GenesisBody | undefined;
  readonly topic: string;
  /** What every program in the room needs: the genesis' features and those of upgrades. */
  readonly features: readonly string[];
  readonly closed: boolean;
  /** A control entry of a kind that this Papo does not know, or a feature: nothing can be written here. */
  readonly readOnly: boolean;
  readonly memberByAccount: ReadonlyMap<AccountKey, LogMember>;
  /** Accounts that were members, with the entry that ended it. */
  readonly formerByAccount: ReadonlyMap<AccountKey, FormerMember>;
  /** Devices of which two different entries of one number are known. */
  readonly forked: ReadonlySet<DeviceKey>;
  /** Accounts with two statements of one version, or one that contradicts the one before: somebody else signs with the account's key. */
  readonly stolen: ReadonlySet<AccountKey>;
  /** Who was let in on which invite, by entries that count. More accounts than the invite allowed is for the inviter to see. */
  readonly admittedByInvite: ReadonlyMap<InviteId, readonly AccountKey[]>;
  /** Control entries that count for nothing: their author might not do it, or was removed concurrently by a higher rank. They stay in their chains. */
  readonly voidIds: ReadonlySet<EntryId>;
  /**
   * The newest control entries: none is named by another. Sorted; what is written now names them, the first ENTRY_AUTH_MAX where there are more. Before
   * something is said under more than CONTROL_HEADS_MERGED_ABOVE, and before anybody is removed under more than ENTRY_AUTH_MAX, `merge` entries that
   * name them are written until there are fewer (`members` who joined without having seen each other are all heads).
   */
  readonly heads: readonly EntryId[];
  /** The account for which the device itself has begun to write here, a former member's too. */
  accountOf(device: DeviceKey): AccountKey | undefined;
  /**
   * Control: everything of a device that has begun here is accepted, whatever became of it (what counts for nothing is in `voidIds`), since others may
   * have built on it. Content: from where the device began to where its account left, was removed, or the device was revoked or forked.
   */
  spans(device: DeviceKey, chain: Chain): readonly Span[];
  /** Accounts that are members by these control heads, for `stored k/n`. Heads that are not here count for nothing. */
  membersAt(auth: readonly EntryId[]): ReadonlySet<AccountKey>;
  /** By these control heads: may an act of the first account be about the second (take back what it said)? */
  outranks(auth: readonly EntryId[], higher: AccountKey, lower: AccountKey): boolean;
  /** By what is here: would it count if the first account let the second in, who may have been barred by a higher rank? */
  mayAdmit(by: AccountKey, account: AccountKey): boolean;
}
