import type {
  AccountKey,
  DeviceKey,
  Fault,
  ListedPeer,
  MessageId,
  Outcome,
  RoomId,
  RoomKind,
  RoomName,
  RoomView,
  TrackerAddress,
  TrackerKey,
  Username,
} from "@papo/protocol";

// What front ends and bots see of the engine: types only, nothing of how it is done.

/** Where a message belongs. Two references are the same when `conversationKey` says so. */
export type Conversation =
  | { readonly kind: "room"; readonly id: RoomId }
  | { readonly kind: "private"; readonly username: Username };

/** The session with the tracker. `refused` is final until the user acts (replaced, its key changed…). */
export type TrackerState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: number }
  | { readonly kind: "online"; readonly username: Username; readonly encrypted: boolean }
  | { readonly kind: "waiting"; readonly retryInMs: number; readonly reason: Fault }
  | { readonly kind: "refused"; readonly reason: Fault };

/** How far a name's key can be believed. `none`: the program at the other end has no key (seed dialect). */
export type Trust = "none" | "unverified" | "verified" | "changed" | "blocked";

/** Where a member stands, seen from here. */
export type Reach =
  | { readonly kind: "self" }
  | { readonly kind: "offline" }
  | { readonly kind: "connecting" }
  | { readonly kind: "linked"; readonly encrypted: boolean; readonly path: "direct" }
  | { readonly kind: "unreachable"; readonly reason: Fault };

export type RoomMember = {
  readonly username: Username;
  readonly account: AccountKey | null;
  readonly online: boolean;
  readonly trust: Trust;
  readonly reach: Reach;
};

/** A room of which this account is a member. Members by username, as they are when they are first looked at. */
export type Room = {
  readonly id: RoomId;
  readonly name: RoomName;
  readonly kind: RoomKind;
  /** Null while an original tracker hides an owner who is offline. */
  readonly owner: Username | null;
  readonly capacity: number;
  readonly members: readonly RoomMember[];
  /** Members by the tracker's count, which may run ahead of `members` while pages arrive. */
  readonly memberCount: number;
};

/** One line of the list of rooms. Seed dialect: `version` is 0 and the kind always `plain`. */
export type ListedRoom = Omit<RoomView, "owner"> & {
  /** Null while an original tracker hides an owner who is offline. */
  readonly owner: Username | null;
  readonly joined: boolean;
};

/**
 * Where an own message stands. `held` says why nobody has it yet: it waits in memory, for as long as this program runs,
 * and goes to each member whose link opens. `sent`: of the `of` members that it is for, `received` have confirmed it and
 * `silent` are seed programs, to which it was written and which never confirm.
 */
export type Delivery =
  | { readonly kind: "held"; readonly reason: Fault }
  | { readonly kind: "sent"; readonly received: number; readonly silent: number; readonly of: number };

export type Message = {
  readonly id: MessageId;
  readonly conversation: Conversation;
  readonly author: Username;
  readonly own: boolean;
  readonly content: string;
  /** Milliseconds since 1970: when it was sent here, or arrived here. */
  readonly atMs: number;
  /** False when any part of its way was readable: it was sent to or came from a seed program. */
  readonly encrypted: boolean;
  /** Null for messages of others. */
  readonly delivery: Delivery | null;
};

/** An account that this profile holds keys for. */
export type KnownAccount = {
  readonly username: Username;
  readonly tracker: string;
  /** Another running process has it open. */
  readonly inUse: boolean;
};

export type SignIn = { readonly username: Username; readonly password: string };

export type LogIn = SignIn & {
  /** Start a new identity: everyone who knew the old key is asked whether to believe it. */
  readonly newIdentity?: boolean;
};

/** A name whose account key is not the pinned one. Sending to it stops until the user decides. */
export type KeyChange = { readonly username: Username; readonly known: AccountKey; readonly offered: AccountKey };

/** One link, for `/users` and diagnostics. */
export type LinkReport = {
  readonly username: Username;
  readonly device: DeviceKey | null;
  readonly encrypted: boolean;
  /** Key exchange group of the TLS handshake, e.g. `X25519MLKEM768`. */
  readonly group: string | null;
  readonly dialledByUs: boolean;
  readonly openedAtMs: number;
};

/** Something is wrong with a file of the profile: it was set aside, or could not be written. */
export type Problem = { readonly fault: Fault; readonly file: string };

export type Diagnostics = {
  readonly tracker: {
    readonly address: string;
    readonly key: TrackerKey | null;
    readonly group: string | null;
    readonly state: TrackerState;
  };
  readonly listening: { readonly host: string; readonly port: number } | null;
  readonly links: readonly LinkReport[];
  /** The last ones since the start, oldest first. */
  readonly problems: readonly Problem[];
};

/** Everything that happens, in order. The lists and rooms that an event speaks of are already up to date when it is told. */
export type PeerEvent =
  | { readonly kind: "tracker"; readonly state: TrackerState }
  | { readonly kind: "room-changed"; readonly room: Room }
  | {
      readonly kind: "member-joined" | "member-left" | "member-online" | "member-offline";
      readonly room: Room;
      readonly username: Username;
    }
  | { readonly kind: "room-closed"; readonly id: RoomId; readonly name: RoomName; readonly reason: "deleted" | "left" }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "delivery"; readonly message: Message }
  | { readonly kind: "linked"; readonly link: LinkReport }
  | { readonly kind: "unlinked"; readonly username: Username; readonly reason: Fault }
  | { readonly kind: "unreachable"; readonly username: Username; readonly reason: Fault }
  | { readonly kind: "private-left"; readonly username: Username }
  | { readonly kind: "key-changed"; readonly change: KeyChange }
  /** Two accounts answer to one name at this moment, each with the tracker's word for it, or one account signed two statements of one version. */
  | { readonly kind: "name-conflict"; readonly username: Username }
  | { readonly kind: "problem"; readonly problem: Problem };

/** One account on one device, headless. Every request answers with a value; nothing here throws for what others did. */
export interface PeerApi {
  readonly trackerAddress: TrackerAddress;
  /** The account in use, once logged in. */
  readonly self: Username | undefined;
  /** Its key, which others see when they compare; once logged in. */
  readonly account: AccountKey | undefined;
  trackerState(): TrackerState;
  /** In the order of last use. */
  knownAccounts(): Promise<readonly KnownAccount[]>;
  register(account: SignIn): Promise<Outcome<Username>>;
  /** `identity_required`: the account's keys are on another device; offer the three choices. */
  logIn(account: LogIn): Promise<Outcome<Username>>;
  /** Log in with this profile's key alone, no password. */
  resume(username: Username): Promise<Outcome<Username>>;
  /** Tells the tracker and the peers, closes the links. The engine can log in again. */
  logOut(): Promise<void>;

  listPeers(page?: {
    readonly query?: string;
    readonly after?: Username;
  }): Promise<Outcome<{ readonly peers: readonly ListedPeer[]; readonly next: Username | null }>>;
  listRooms(page?: {
    readonly query?: string;
    readonly after?: RoomName;
  }): Promise<Outcome<{ readonly rooms: readonly ListedRoom[]; readonly next: RoomName | null }>>;
  createRoom(room: {
    readonly name: string;
    readonly kind?: RoomKind;
    readonly capacity?: number;
  }): Promise<Outcome<Room>>;
  joinRoom(name: string): Promise<Outcome<Room>>;
  leaveRoom(id: RoomId): Promise<Outcome<RoomId>>;
  deleteRoom(id: RoomId): Promise<Outcome<RoomId>>;
  rooms(): readonly Room[];
  room(id: RoomId): Room | undefined;

  /** Looks the account up and opens a link to it. */
  openPrivate(username: string): Promise<Outcome<{ readonly username: Username; readonly encrypted: boolean }>>;
  /** Tells the other side that we left the private chat. */
  leavePrivate(username: Username): void;

  /** Resolves when the message is on its way or held. It is told as a `message` event as well, and `delivery` events follow. */
  send(to: Conversation, content: string): Promise<Outcome<Message>>;
  /** Oldest first, a bounded window. */
  messages(of: Conversation): readonly Message[];

  /** Answer to `key-changed`: believe the offered key from now on, or do not talk to it. A key that was blocked last may be accepted later. */
  decideKeyChange(username: Username, decision: "accept" | "block"): Promise<Outcome<Username>>;
  keyChanges(): readonly KeyChange[];
  diagnostics(): Diagnostics;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: PeerEvent) => void): () => void;
  /** Says goodbye to everyone and lets go of sockets and files. Idempotent. */
  close(): Promise<void>;
}
