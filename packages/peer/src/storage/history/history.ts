import type {
  AccountKey,
  Chain,
  DeviceKey,
  EntryId,
  MessageId,
  Outcome,
  RoomId,
  SignedText,
  Username,
} from "@papo/protocol";

// What a peer keeps of its conversations: one file per account. Whoever reads gets values, whoever writes hands over a list of changes
// that becomes durable as a whole or not at all. The logic is elsewhere (conversations/): a store only keeps.

/** A room's entry with what was found out about it. */
export type StoredEntry = {
  readonly room: RoomId;
  readonly id: EntryId;
  readonly author: DeviceKey;
  readonly chain: Chain;
  readonly seq: number;
  readonly prev: EntryId | null;
  /** Where it stands in the room's order: (effective, author, id). */
  readonly effective: number;
  readonly kind: string;
  /** The exact bytes. */
  readonly header: Uint8Array;
  /** Verified, or null: a later entry of the chain vouches for this one. */
  readonly signature: Uint8Array | null;
  /** Salt and JSON; null once it was dropped. */
  readonly body: Uint8Array | null;
  /** The entry that an edit, a delete or a reaction is about. */
  readonly target: EntryId | null;
  /** What a search finds it by. */
  readonly text: string | null;
  /** Whether a screen shows it as a line of its own. */
  readonly shown: boolean;
  /** Beyond its author's cut: kept, not counted, not passed on, not shown. */
  readonly isVoid: boolean;
  /** Milliseconds since 1970, a label. */
  readonly arrivedMs: number;
};

/** How far one chain is held without gaps, and up to where a signature vouches. */
export type StoredHead = {
  readonly author: DeviceKey;
  readonly chain: Chain;
  readonly seq: number;
  readonly id: EntryId;
};

/** A room that this account has to do with, or had. */
export type StoredRoom = {
  readonly id: RoomId;
  readonly name: string;
  readonly kind: "open" | "invite";
  /** `joining`: asked, nothing of the log has come yet. `closed`, `left` and `removed` rooms are kept to be read. */
  readonly state: "joining" | "member" | "left" | "removed" | "closed";
  /** The entry up to which the user has read, by arrival (`arrival` of EntryLine); 0: none. */
  readonly readUpTo: number;
  /** Where this account's history starts, when not at the beginning: author device -> last content seq that is not ours to read. */
  readonly base: ReadonlyMap<DeviceKey, number>;
};

/** One line of a room's timeline. `arrival` counts up as entries come in, whatever their order in the room. */
export type EntryLine = StoredEntry & { readonly arrival: number };

/** One kind alone, and how many of them of each device. */
export type AboutOnly = { readonly kind: string; readonly perAuthor?: number };

/** A place in a room's order. */
export type EntryPosition = { readonly effective: number; readonly author: DeviceKey; readonly id: EntryId };

export type StoredReceipt = {
  readonly room: RoomId;
  readonly device: DeviceKey;
  readonly count: number;
  readonly signed: SignedText;
};

/** A chat between this account and another. */
export type StoredChat = {
  readonly account: AccountKey;
  readonly username: Username;
  /** `asked`: they wrote first and wait for our answer; `asking`: we did; `unanswered`: and they are known to have been asked. */
  readonly state: "open" | "asked" | "asking" | "unanswered" | "ignored" | "blocked";
  readonly readUpTo: number;
};

export type StoredPrivateMessage = {
  readonly account: AccountKey;
  readonly id: MessageId;
  /** The device that wrote it: one of theirs, or of ours. */
  readonly device: DeviceKey;
  readonly own: boolean;
  /** In the chain of that device with the other account; null for texts of programs that do not number. */
  readonly seq: number | null;
  readonly prev: MessageId | null;
  readonly text: string;
  /** Milliseconds since 1970, the author's label. */
  readonly sentMs: number;
  readonly arrivedMs: number;
  /** False when some part of its way was readable. */
  readonly encrypted: boolean;
  /** The same text in another chain of that account: a device with new keys sent it again. */
  readonly supersedes: PrivateReference | null;
  /** Whether a screen shows it as a line of its own; false when the same text stands there already. */
  readonly shown: boolean;
  /** Something before it in its chain is not held, and its author cannot give it any more. */
  readonly afterGap: boolean;
  /** Its device wrote another one in this place too. */
  readonly forked: boolean;
};
/** A private message of that account or of ours. */
export type PrivateReference = { readonly device: DeviceKey; readonly id: MessageId };
/** `position` counts up over all chats as messages are stored: the order on screen. */
export type PrivateLine = StoredPrivateMessage & { readonly position: number };

/**
 * How far a device of the other account has the chain that one of our devices writes to it: together with that chain's head this is the outbox.
 * One for each account, chain and device.
 */
export type StoredProgress = {
  readonly account: AccountKey;
  /** The device of ours that writes the chain. */
  readonly chain: DeviceKey;
  /** The device of the other account. */
  readonly device: DeviceKey;
  /** The first message that is for it. */
  readonly from: number;
  /** The last that it has confirmed, all before it included; 0: none. */
  readonly confirmed: number;
  /** The last that its user has read, as it says; 0: none. */
  readonly read: number;
};

export type SearchResult =
  | { readonly kind: "room"; readonly line: EntryLine }
  | { readonly kind: "private"; readonly line: PrivateLine };

/** Everything that can be changed. A list of them is one durable unit. */
export type HistoryChange =
  | { readonly kind: "put-room"; readonly room: StoredRoom }
  | { readonly kind: "forget-room"; readonly id: RoomId }
  /** Nothing happens when it is held already; but one that is held void counts again, where it stands now. */
  | { readonly kind: "put-entry"; readonly entry: StoredEntry }
  /** A signature that came later for an entry that is held. */
  | { readonly kind: "put-signature"; readonly room: RoomId; readonly id: EntryId; readonly signature: Uint8Array }
  | {
      readonly kind: "put-body";
      readonly room: RoomId;
      readonly id: EntryId;
      readonly body: Uint8Array;
      readonly text: string | null;
    }
  | { readonly kind: "drop-body"; readonly room: RoomId; readonly id: EntryId }
  | { readonly kind: "set-effective"; readonly room: RoomId; readonly id: EntryId; readonly effective: number }
  /** Entries of this chain from `from` on (to the end) are void, or count again. */
  | {
      readonly kind: "set-void";
      readonly room: RoomId;
      readonly author: DeviceKey;
      readonly chain: Chain;
      readonly from: number;
      readonly to: number;
      readonly isVoid: boolean;
    }
  /** How far the chain is held without gaps. */
  | ({ readonly kind: "put-head"; readonly room: RoomId } & StoredHead)
  | { readonly kind: "put-missing"; readonly room: RoomId; readonly missing: EntryId; readonly dependent: EntryId }
  | { readonly kind: "remove-missing"; readonly room: RoomId; readonly missing: EntryId }
  | { readonly kind: "put-receipt"; readonly receipt: StoredReceipt }
  | { readonly kind: "put-chat"; readonly chat: StoredChat }
  /** Nothing happens when this account, device and id are held already. */
  | { readonly kind: "put-private"; readonly message: StoredPrivateMessage }
  /** Takes the place of the one with this account, chain and device. */
  | { readonly kind: "put-progress"; readonly progress: StoredProgress }
  | ({ readonly kind: "remove-progress" } & Pick<StoredProgress, "account" | "chain" | "device">)
  /** Small things by name: epochs, invites, drafts. Null removes. */
  | { readonly kind: "put-setting"; readonly name: string; readonly value: string | null };

/** What was kept, as of the last commit that resolved. Small and indexed: each call costs what it returns. */
export interface HistoryReader {
  /** By id. */
  rooms(): readonly StoredRoom[];
  heads(room: RoomId): readonly StoredHead[];
  /** All control entries of a room, void ones included, by (effective, author, id). */
  control(room: RoomId): readonly StoredEntry[];
  entry(room: RoomId, id: EntryId): EntryLine | undefined;
  entryAt(room: RoomId, author: DeviceKey, chain: Chain, seq: number): EntryLine | undefined;
  /** By seq, void ones left out. */
  range(room: RoomId, author: DeviceKey, chain: Chain, from: number, limit: number): readonly StoredEntry[];
  /** Entries of a chain after `from` in the room's order, for serving several chains at once: see `RoomReplica.serve`. */
  effectiveOf(room: RoomId, id: EntryId): number | undefined;
  /** Who waits for this entry. */
  dependents(room: RoomId, missing: EntryId): readonly EntryId[];
  /** Entries that some held entry depends on and that are not held. */
  missing(room: RoomId, limit: number): readonly EntryId[];
  /**
   * Lines shown, newest first when `before` (exclusive; undefined: the end), oldest first when `after`. At most one more than a page
   * (HISTORY_PAGE_MAX) has: by it whoever reads a whole page sees whether there is another.
   */
  lines(
    room: RoomId,
    page: {
      readonly before?: EntryPosition | undefined;
      readonly after?: EntryPosition | undefined;
      readonly limit: number;
    },
  ): readonly EntryLine[];
  /**
   * Edits, deletes and reactions about these entries, and what takes their place, by (effective, author, id): of what each device says of one of them in one kind
   * the newest ABOUT_PER_AUTHOR_MAX, of ABOUT_AUTHORS_MAX devices, so that whoever says a lot hides nobody else's and makes nothing slow.
   */
  about(room: RoomId, targets: readonly EntryId[], only?: AboutOnly): readonly StoredEntry[];
  /** Lines shown that came after `readUpTo`, those of these devices left out: nobody has to read what they wrote. */
  unread(room: RoomId, own?: readonly DeviceKey[]): { readonly count: number; readonly first: EntryPosition | null };
  /** The newest arrival. */
  arrival(room: RoomId): number;
  /** Bytes of bodies held of one device. */
  bodyBytes(room: RoomId, author: DeviceKey): number;
  receipts(room: RoomId): readonly StoredReceipt[];

  /** By account. */
  chats(): readonly StoredChat[];
  /** Lines shown, newest first when `before` (exclusive; undefined: the end), oldest first when `after`. */
  privateLines(
    account: AccountKey,
    page: { readonly before?: number | undefined; readonly after?: number | undefined; readonly limit: number },
  ): readonly PrivateLine[];
  privateMessage(account: AccountKey, device: DeviceKey, id: MessageId): PrivateLine | undefined;
  /** The line shown that has this id, whichever device wrote it. */
  privateById(account: AccountKey, id: MessageId): PrivateLine | undefined;
  /** One device's chain from this number on, by (seq, position), what is not shown included. */
  privateChain(account: AccountKey, device: DeviceKey, from: number, limit: number): readonly PrivateLine[];
  /** What was sent again in the place of this one, the newest. */
  privateSuperseding(account: AccountKey, superseded: PrivateReference): PrivateLine | undefined;
  /** The last of each device's chain with that account, own ones included: the highest number, and of two with it the one that came first. */
  privateHeads(
    account: AccountKey,
  ): readonly { readonly device: DeviceKey; readonly own: boolean; readonly seq: number; readonly id: MessageId }[];
  /** Lines of theirs that are shown, after `readUpTo`. */
  unreadPrivate(account: AccountKey): number;
  progress(account: AccountKey): readonly StoredProgress[];
  setting(name: string): string | undefined;
}

export interface HistoryWriter {
  /**
   * All of it or nothing, durable when it resolves; in the order of the calls. Fails as `storage_failed` (disk full, read-only): then nothing
   * changed, and the same may be tried again.
   */
  commit(changes: readonly HistoryChange[]): Promise<Outcome<void>>;
}

export interface HistorySearch {
  /** Newest first; words in any order, the last one as a prefix. Case and accents do not matter. */
  search(query: {
    readonly text: string;
    readonly room?: RoomId | undefined;
    readonly account?: AccountKey | undefined;
    /** Continues after this many. */
    readonly offset?: number;
  }): Promise<Outcome<readonly SearchResult[]>>;
}

export interface History extends HistoryReader, HistoryWriter, HistorySearch {
  close(): Promise<void>;
}
