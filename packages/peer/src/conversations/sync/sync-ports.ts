import type { Clock, Random } from "@papo/link";
import type { AccountKey, DeviceKey, Outcome, Receipt, RoomId, SignedText, WireEntry } from "@papo/protocol";
import type { StoredReceipt } from "../../storage/history/history.ts";
import type { Received, RoomReplica } from "../log/room-replica.ts";

/** How far devices are known to have stored or read content chains. */
export type UpTo = readonly (readonly [device: DeviceKey, seq: number])[];

/** What a RoomSync needs; with a virtual clock and seeded chance the same events give the same run. */
export type RoomSyncPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: { readonly account: AccountKey; readonly device: DeviceKey };
  /** Undefined where it is no room of ours. */
  readonly replica: (room: RoomId) => RoomReplica | undefined;
  /** Newest activity first: in this order they are brought up to date. */
  readonly rooms: () => readonly RoomId[];
  /** Where the control set does not say it (yet): the tracker lists this account in the room, or we wait to be let in by it. */
  readonly isExpected: (room: RoomId, account: AccountKey) => boolean;
  /** Our own control entries, by which those who do not know us yet learn that we belong there; at most a frame of them. */
  readonly ownControl: (room: RoomId) => readonly WireEntry[];
  readonly signReceipt: (receipt: Receipt) => SignedText;
  /** As kept: one for each device. */
  readonly receipts: (room: RoomId) => readonly StoredReceipt[];
  /** Resolves when it is durable. */
  readonly keepReceipt: (receipt: StoredReceipt) => Promise<Outcome<void>>;
  /** What the user has read and tells; null: they do not tell. */
  readonly readUpTo: (room: RoomId) => UpTo | null;
  readonly receiver: RoomSyncReceiver;
};

export interface RoomSyncReceiver {
  /** Entries of others became durable, or were found wanting. */
  received(room: RoomId, received: Received): void;
  /** This many entries are known to be missing here (as far as others say, so no more than a guess); 0: up to date again. */
  progress(room: RoomId, missing: number): void;
  /** More is known of who has stored or read what this device of our account wrote. */
  delivery(room: RoomId, author: DeviceKey): void;
  /** What one more of those who are linked has shown to have is here. */
  caughtUp?(room: RoomId): void;
}

/** What was passed over since the start. Nothing here says from whom it came. */
export type PassedOver = {
  /** About rooms that are not ours, or by accounts that are not members. */
  readonly strangers: number;
  /** Receipts and acknowledgements that cannot be true or are not signed by their device. */
  readonly receipts: number;
  /** Messages beyond a link's budget. */
  readonly chatter: number;
  /** Links that did not bring what they said they have. */
  readonly promises: number;
};
