import type { AccountKey, Chain, DeviceKey, EntryId, GenesisBody, RoomId, SignedText, Username } from "@papo/protocol";

export type Role = "owner" | "moderator" | "member";

/** One account of a room by its control set. */
export type LogMember = {
  readonly account: AccountKey;
  readonly role: Role;
  /** 0 is the owner, then moderators in the order of their appointment, members last and equal. */
  readonly rank: number;
  /** The newest statement of the account that the room has seen. */
  readonly statement: SignedText;
  /** The name as the binding that came with joining says it; null where there was none. */
  readonly username: Username | null;
  readonly binding: SignedText | null;
  /** Device keys that may write now. */
  readonly devices: readonly DeviceKey[];
  /** Where this account's history starts: content seq per device up to which it may not read; empty: at the beginning. */
  readonly base: ReadonlyMap<DeviceKey, number>;
};

/** Numbers of one chain that are accepted, both ends included; the last one open-ended (`Infinity`) while its device may write. */
export type Span = readonly [from: number, to: number];

/** What a set of control entries says, whatever the order in which they came. docs/protocol/room-log.md §4 */
export interface RoomState {
  readonly id: RoomId;
  /** Undefined until the genesis has come. */
  readonly genesis: GenesisBody | undefined;
  readonly topic: string;
  readonly closed: boolean;
  /** A control entry of a kind that this Papo does not know, or a feature: nothing can be written here. */
  readonly readOnly: boolean;
  readonly memberByAccount: ReadonlyMap<AccountKey, LogMember>;
  /** Accounts that were members, with the entry that ended it. `barred`: tickets do not bring them back. */
  readonly formerByAccount: ReadonlyMap<
    AccountKey,
    { readonly by: EntryId; readonly kind: "left" | "removed"; readonly barred: boolean }
  >;
  /** Devices of which two different entries of one number are known. */
  readonly forked: ReadonlySet<DeviceKey>;
  /** Control entries that count for nothing: their author might not do it, or was removed concurrently by a higher rank. */
  readonly voidIds: ReadonlySet<EntryId>;
  /** The newest control entries: none is named by another. Sorted; what is written now names them. */
  readonly heads: readonly EntryId[];
  accountOf(device: DeviceKey): AccountKey | undefined;
  spans(device: DeviceKey, chain: Chain): readonly Span[];
  membersAt(auth: readonly EntryId[]): ReadonlySet<AccountKey>;
}
