import type {
  AccountKey,
  Chain,
  ContentBody,
  ControlBody,
  DeviceHeads,
  DeviceKey,
  EntryId,
  Outcome,
  RoomId,
  Sha256,
  SyncRange,
  WireEntry,
} from "@papo/protocol";
import type { HistoryChange, StoredEntry } from "../../storage/history/history.ts";
import type { RoomState } from "./room-state.ts";

/** What this device is about to write. */
export type Draft = ({ readonly chain: "content" } & ContentBody) | ({ readonly chain: "control" } & ControlBody);

/** What a batch from somebody became. All counts; nothing here names what came in. */
export type Received = {
  /** Durable now, in the room's order; the first time that they are. */
  readonly stored: readonly StoredEntry[];
  /** Wait for what comes before them or for a signature. */
  readonly pending: number;
  /** Cannot be entries of this room, or their author may not write here. */
  readonly refused: number;
  /** Known already. */
  readonly known: number;
  /** A proof that a device wrote two entries of one number was found. */
  readonly forks: readonly DeviceKey[];
  /** The control set grew: `state` is another one. */
  readonly stateChanged: boolean;
};

/** May this account have entries of the room? `until`: it was removed and may learn so. */
export type ReadingRight =
  | { readonly kind: "none" }
  | { readonly kind: "until"; readonly removal: EntryId }
  | { readonly kind: "from"; readonly base: ReadonlyMap<DeviceKey, number> };

/**
 * One room's log as this device holds it: every entry goes in here, its own (`append`) and others' (`receive`), and everything that is told to others comes
 * out of here. Logic and caches on the main thread, over a History that only keeps. Nothing is told before it is durable.
 */
export interface RoomReplica {
  readonly id: RoomId;
  readonly state: RoomState;
  /**
   * One signature at the end of each chain's run; resolves when durable, with what was written: the last one is the last draft's, and before any may stand
   * entries that the log needed (`merge`). Refused as `not_member` (etc.) without a trace. `also`: changes of the caller's that become durable with it, or not
   * at all.
   */
  append(drafts: readonly Draft[], also?: readonly HistoryChange[]): Promise<Outcome<readonly StoredEntry[]>>;
  /** Never fails for what others did. `storage_failed`: nothing changed, ask again later. */
  receive(entries: readonly WireEntry[]): Promise<Outcome<Received>>;
  digest(): { readonly control: Sha256; readonly content: Sha256 };
  /** By device key, accepted entries only. */
  heads(): readonly DeviceHeads[];
  /** What the other side's heads show that we lack, within what we may have: control first. */
  lacks(theirs: readonly DeviceHeads[]): readonly SyncRange[];
  /** Entries of these ranges that `reader` may have, causally ordered (control before content, then the room's order), until about `credit` bytes. */
  serve(
    ranges: readonly SyncRange[],
    credit: number,
    reader: AccountKey,
  ): { readonly entries: readonly WireEntry[]; readonly more: boolean };
  readingRight(account: AccountKey): ReadingRight;
  /** Accounts that are members by these control heads, for `stored k/n`. */
  membersAt(auth: readonly EntryId[]): ReadonlySet<AccountKey>;
  /** How far a chain is held without a gap; 0: nothing. */
  head(device: DeviceKey, chain: Chain): number;
  /** Devices that are proven to have forked, of which the room does not know yet. */
  forks(): readonly DeviceKey[];
  /** What tells the room of such a fork, to be appended; undefined: none is proven, or the room knows. */
  forkDraft(device: DeviceKey): Draft | undefined;
  /** Drops at most about `limit` bodies that the room's retention has outlived; resolves with their number. 0: nothing is left to do. */
  retire(limit: number): Promise<Outcome<number>>;
  /** Lets go of what waits in memory. Nothing may be asked of it any more. */
  close(): void;
}
