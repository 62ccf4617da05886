import type {
  AccountKey,
  DeviceAddress,
  DeviceKey,
  EntryId,
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
  RoomHistory,
  Username,
} from "@papo/protocol";

export type {
  DoctorCheck,
  DoctorFinding,
  DoctorFindings,
  DoctorReport,
  DoctorState,
  DoctorSubject,
} from "./doctor/report.ts";

// What front ends and bots see of the engine: types only, nothing of how it is done.

/** Where a message belongs. Two references are the same when `conversationKey` says so. */
export type Conversation =
  | { readonly kind: "room"; readonly id: RoomId }
  | { readonly kind: "private"; readonly username: Username };

/**
 * The session with the tracker. `refused` is final until the user acts (replaced, its key changed…). `sinceMs`: since when there has been none, by the wall
 * clock; unset while the very first one is being opened. Chats go on meanwhile, with whoever can be reached. `retryInMs` counts from when it is told.
 */
export type TrackerState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: number; readonly sinceMs?: number }
  | { readonly kind: "online"; readonly username: Username; readonly encrypted: boolean }
  | { readonly kind: "waiting"; readonly retryInMs: number; readonly reason: Fault; readonly sinceMs?: number }
  | { readonly kind: "refused"; readonly reason: Fault };

/** How far a name's key can be believed. `none`: the program at the other end has no key (seed dialect). */
export type Trust = "none" | "unverified" | "verified" | "changed" | "blocked";

/**
 * By which way a link goes. `direct`: one side dialled the other; `punched`: both opened TCP to each other at once, through their routers;
 * `relayed`: through a relay, which sees nothing but the TLS of the two.
 */
export type LinkPath = "direct" | "punched" | "relayed";

/** Where a member stands, seen from here. */
export type Reach =
  | { readonly kind: "self" }
  /** By the tracker's word. */
  | { readonly kind: "offline" }
  /** There is no tracker to say whether they are there. */
  | { readonly kind: "unknown" }
  | { readonly kind: "connecting" }
  | { readonly kind: "linked"; readonly encrypted: boolean; readonly path: LinkPath }
  | { readonly kind: "unreachable"; readonly reason: Fault };

export type RoomMember = {
  readonly username: Username;
  readonly account: AccountKey | null;
  readonly online: boolean;
  readonly trust: Trust;
  readonly reach: Reach;
  /** Only in rooms that are kept. */
  readonly role?: RoomRole;
  /** What they say of where they are, as they wrote it; undefined while they are not away. */
  readonly away?: string;
};

/** What a kept room is beyond its list of people. */
export type RoomLogDetails = {
  readonly standing: RoomStanding;
  readonly topic: string;
  readonly history: RoomHistory;
  readonly role: RoomRole | null;
  readonly unread: number;
  /** Entries that others are known to have and we lack: while it is above 0, more is coming. */
  readonly missing: number;
  /** Whom the tracker lists in the room, and who is no member by its log: invented, or on their way in. */
  readonly unproven: readonly Username[];
  /** Members by the log whom the tracker does not list: withheld, or not told of yet. They are members all the same. */
  readonly unlisted: readonly Username[];
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
  /** Undefined in plain rooms, of which nothing is kept. */
  readonly log?: RoomLogDetails;
};

/** One line of the list of rooms. Seed dialect: `version` is 0 and the kind always `plain`. */
export type ListedRoom = Omit<RoomView, "owner"> & {
  /** Null while an original tracker hides an owner who is offline. */
  readonly owner: Username | null;
  readonly joined: boolean;
};

/**
 * Where an own message stands. `held` says why nobody has it yet: it waits, on disk in kept conversations, else in memory for as long as this
 * program runs, and goes to each member whose link opens. `sent`: of the `of` members that it is for, `received` have confirmed it (where it is kept:
 * that it is on their disk, by whichever way it came) and `silent` are seed programs, to which it was written and which never confirm.
 * `undeliverable`: it will reach nobody more, and says why.
 */
export type Delivery =
  | { readonly kind: "held"; readonly reason: Fault }
  | {
      readonly kind: "sent";
      readonly received: number;
      readonly silent: number;
      readonly of: number;
      /** How many of them say that they have read it; only from those who tell. */
      readonly read?: number;
      /** A large room, in which only our neighbours tell us: more may have it. */
      readonly atLeast?: boolean;
    }
  | { readonly kind: "undeliverable"; readonly reason: Fault };

/** What is known of a message that is kept, beyond a live one. */
export type KeptDetails = {
  readonly edited: boolean;
  /**
   * Its text was taken back, or is not kept any more: `content` is empty. `withdrawn`: it was shown and counts no more, because its author was out of
   * the room when it was written, or wrote it again from another device: the line goes.
   */
  readonly gone: "deleted" | "expired" | "withdrawn" | null;
  readonly reactions: readonly Reaction[];
  readonly replyTo: MessageId | EntryId | null;
  /** It came after others that stand below it. */
  readonly late: boolean;
  /** Something that its author had seen before it is missing here. */
  readonly afterGap: boolean;
  /** Its author's device wrote another one in its place too: a copied profile, or theft. */
  readonly forked?: boolean;
  /** Of a kind that only a newer Papo can show: `content` is empty. */
  readonly needsNewer: boolean;
  /** Control entries are shown as lines too: who joined, left, was removed, and so on. `content` is empty then. */
  readonly notice: RoomNotice | null;
  readonly cursor: HistoryCursor;
};

/** What happened in a room, as its log says. */
export type RoomNotice = {
  readonly kind:
    | "created"
    | "joined"
    | "admitted"
    | "left"
    | "removed"
    | "role"
    | "topic"
    | "closed"
    | "forked"
    | "upgraded";
  /** Whom it is about; null for the room itself. */
  readonly about: Username | null;
  /** The new role or topic; null for others. */
  readonly detail: string | null;
};

export type Message = {
  readonly id: MessageId | EntryId;
  readonly conversation: Conversation;
  readonly author: Username;
  readonly own: boolean;
  readonly content: string;
  /** Milliseconds since 1970: when it was sent here, or arrived here; where it is kept, when its author says that it was written, and no later. */
  readonly atMs: number;
  /** False when any part of its way was readable: it was sent to or came from a seed program. */
  readonly encrypted: boolean;
  /** Null for messages of others. */
  readonly delivery: Delivery | null;
  /** Only in conversations that are kept. */
  readonly kept?: KeptDetails;
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
  readonly path: LinkPath;
  readonly dialledByUs: boolean;
  readonly openedAtMs: number;
};

/** Something is wrong with a file of the profile: it was set aside, or could not be written. */
export type Problem = { readonly fault: Fault; readonly file: string };

/** A port of the router in front of this machine that leads here. `off`: nobody asks for one. */
export type PortMappingReport =
  | { readonly state: "off" | "asking" }
  | { readonly state: "mapped"; readonly port: number; readonly way: "pcp" | "nat-pmp" | "upnp" }
  | { readonly state: "failed"; readonly reason: Fault };

/** Where this device can be dialled: what it tells of itself, and where the tracker sees it. `hidden`: it tells nobody, and is reached through relays alone. */
export type AddressReport = {
  readonly told: readonly DeviceAddress[];
  readonly observed: string | null;
  readonly mapping: PortMappingReport;
  readonly hidden: boolean;
};

export type Diagnostics = {
  readonly tracker: {
    readonly address: string;
    readonly key: TrackerKey | null;
    readonly group: string | null;
    readonly state: TrackerState;
  };
  readonly listening: { readonly host: string; readonly port: number } | null;
  readonly addresses: AddressReport;
  readonly links: readonly LinkReport[];
  /** The last ones since the start, oldest first. */
  readonly problems: readonly Problem[];
};

/** Everything that happens, in order. The lists and rooms that an event speaks of are already up to date when it is told. */
export type PeerEvent =
  /**
   * `resume` has opened what is kept of this account, and is logging in: rooms, conversations and history can be read from now on, and what is asked for
   * besides waits for the login. Told before anything else of the account; not while others are signed in. If `resume` fails, nothing can be read any more.
   */
  | { readonly kind: "opened"; readonly username: Username }
  | { readonly kind: "tracker"; readonly state: TrackerState }
  /** Of several addresses of the tracker, one leads to another one: it is not used. Told once for each. */
  | { readonly kind: "tracker-address-refused"; readonly address: string; readonly reason: Fault }
  | { readonly kind: "room-changed"; readonly room: Room }
  | {
      readonly kind: "member-joined" | "member-left" | "member-online" | "member-offline";
      readonly room: Room;
      readonly username: Username;
    }
  | {
      readonly kind: "room-closed";
      readonly id: RoomId;
      readonly name: RoomName;
      readonly reason: "deleted" | "left" | "removed";
    }
  /** Somebody used an invite of ours that is spent, expired, or not theirs to use. */
  | { readonly kind: "invite-refused"; readonly room: Room; readonly username: Username; readonly reason: Fault }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "delivery"; readonly message: Message }
  /** A message that was told before is another now: edited, taken back, reacted to. */
  | { readonly kind: "message-changed"; readonly message: Message }
  | { readonly kind: "contact-request"; readonly request: ContactRequest }
  /** A device of that member wrote two different histories: a copied profile, or theft. */
  | { readonly kind: "forked"; readonly room: Room; readonly username: Username }
  /** This profile was started elsewhere too: this device has new keys from here on. */
  | { readonly kind: "copied" }
  | { readonly kind: "linked"; readonly link: LinkReport }
  /** Another link with the same program has taken the place of the one before, by a better way perhaps. */
  | { readonly kind: "relinked"; readonly link: LinkReport }
  | { readonly kind: "unlinked"; readonly username: Username; readonly reason: Fault }
  | { readonly kind: "unreachable"; readonly username: Username; readonly reason: Fault }
  | { readonly kind: "private-left"; readonly username: Username }
  /** Somebody linked, or this user, is away, or back (null). An empty text says nothing of where. */
  | { readonly kind: "away"; readonly username: Username; readonly text: string | null }
  /** Levels, ignored people or words are others than before, and with them what counts as unread. */
  | { readonly kind: "preferences-changed" }
  | { readonly kind: "key-changed"; readonly change: KeyChange }
  /** Two accounts answer to one name at this moment, each with the tracker's word for it, or one account signed two statements of one version. */
  | { readonly kind: "name-conflict"; readonly username: Username }
  | { readonly kind: "problem"; readonly problem: Problem };

/** One account on one device, headless. Every request answers with a value; nothing here throws for what others did. */
export interface PeerApi extends RoomLogApi, HistoryApi, TrustApi, PreferencesApi {
  readonly trackerAddress: TrackerAddress;
  /** The account in use, once logged in, or `opened`. */
  readonly self: Username | undefined;
  /** Its key, which others see when they compare; likewise. */
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
    /** What those who come in later may read of what was said before; of `invite` rooms alone, where it is `join` unless said. In open ones it is all. */
    readonly history?: RoomHistory;
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
  send(
    to: Conversation,
    content: string,
    options?: {
      /** In rooms that are kept: the message that this one answers. `unsupported` elsewhere; `message_missing` if it is not kept here. */
      readonly replyTo?: MessageReference["id"];
    },
  ): Promise<Outcome<Message>>;
  /** Oldest first, a bounded window. */
  messages(of: Conversation): readonly Message[];

  /** Answer to `key-changed`: believe the offered key from now on, or do not talk to it. A key that was blocked last may be accepted later. */
  decideKeyChange(username: Username, decision: "accept" | "block"): Promise<Outcome<Username>>;
  keyChanges(): readonly KeyChange[];
  diagnostics(): Diagnostics;
  /**
   * Tries at once what waits its turn: the tracker, unless that has said how long it wants to be left alone, and everybody who is not linked; and asks those who are
   * whether they still answer. The state that follows at once. `slow_down`: it was done a moment ago.
   */
  reconnect(): Promise<Outcome<TrackerState>>;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: PeerEvent) => void): () => void;
  /** Says goodbye to everyone and lets go of sockets and files. Idempotent. */
  close(): Promise<void>;
}

// ---- what is kept: history, roles and invites, delivery, trust

/** How a message is called: an entry of a room's log, or a live or private message. */
export type MessageReference = { readonly conversation: Conversation; readonly id: MessageId | EntryId };

export type RoomRole = "owner" | "moderator" | "member";

/** Whether a room can be written in. `joining`: nobody who could show it has been met yet. */
export type RoomStanding = "live" | "joining" | "member" | "read-only" | "left" | "removed" | "closed";

export type Reaction = { readonly emoji: string; readonly by: readonly Username[]; readonly own: boolean };

/** Where a page of messages begins or ends: handed back, never looked into. */
export type HistoryCursor = string & { readonly __brand: "HistoryCursor" };

export type HistoryPage = {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Null when there is nothing before, or nothing after. */
  readonly before: HistoryCursor | null;
  readonly after: HistoryCursor | null;
};

export type SearchHit = { readonly message: Message; readonly cursor: HistoryCursor };

export type Invite = {
  /** `papo://host:port/#i=…`: whoever has it may come in. */
  readonly link: string;
  readonly room: RoomId;
  readonly roomName: RoomName;
  readonly expiresMs: number;
  readonly usesLeft: number;
  /** Lets in nobody else: somebody who was barred. */
  readonly only?: Username;
};

export type ContactRequest = {
  readonly username: Username;
  readonly account: AccountKey;
  readonly text: string;
  readonly atMs: number;
};

/** What `/why` shows: each line says one thing that was looked at, what it answered, and what helps. */
export type Explanation = {
  readonly about:
    | { readonly kind: "message"; readonly message: Message }
    | { readonly kind: "person"; readonly username: Username };
  readonly people: readonly PersonExplanation[];
};
export type PersonExplanation = {
  readonly username: Username;
  readonly account: AccountKey | null;
  readonly trust: Trust;
  readonly reach: Reach;
  /** Since when nobody of theirs was seen, and when last; null: not known. */
  readonly lastSeenMs: number | null;
  /** For a message: whether a device of theirs has it. */
  readonly has: "stored" | "read" | "sent" | "waiting" | "not_for_them" | null;
  /** The reason why it waits, if it does; of a person, why nothing that was written to them gets there now. */
  readonly reason: Fault | null;
  /** What was tried lately to reach their devices, the newest last. Bounded; only for a person. */
  readonly attempts: readonly PathAttempt[];
};

/**
 * One way that was tried to reach a device. `direct`: an address was dialled; `lan`: one that its own device told on this network; `call`: the tracker was
 * asked to bring both together; `punch`: both opened TCP to each other at once; `relay`: both went to a relay.
 */
export type PathAttempt = {
  readonly way: "direct" | "lan" | "call" | "punch" | "relay";
  /** `IP:port`, or `[IPv6]:port`, of what was dialled; null where there is no such thing. */
  readonly where: string | null;
  readonly outcome: "linked" | "failed" | "trying";
  /**
   * Why it failed; null if it did not. Read with the way: of a call, `timeout` and `unreachable` say that the other side did not take it; of a relay,
   * `unsupported` says that there is none for these two; `closed` says that another way was quicker.
   */
  readonly reason: Fault | null;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** So far, while it is tried. */
  readonly tookMs: number;
};

/** 60 digits in 12 groups, equal on both sides; and what the QR code says. */
export type SafetyNumber = {
  readonly username: Username;
  readonly groups: readonly string[];
  readonly qr: string;
  readonly verified: boolean;
};

export type PinnedName = {
  readonly username: Username;
  readonly account: AccountKey;
  readonly trust: Trust;
  readonly firstSeen: string;
  readonly formerKeys: number;
};

export type AccountDevice = {
  readonly device: DeviceKey;
  readonly added: string;
  readonly revoked: string | null;
  readonly own: boolean;
};

/** Rooms whose messages are kept. */
export interface RoomLogApi {
  /** A link that lets `uses` people in until `days` from now. Owner and moderators. */
  createInvite(room: RoomId, terms?: { readonly uses?: number; readonly days?: number }): Promise<Outcome<Invite>>;
  invites(room: RoomId): readonly Invite[];
  revokeInvite(room: RoomId, link: string): Promise<Outcome<RoomId>>;
  /** Who was removed and cannot come back by themselves. */
  barred(room: RoomId): readonly Username[];
  /** A link that lets this one back in who was barred, and nobody else; in open rooms too. Owner and moderators, not below whoever barred them. */
  pardon(room: RoomId, username: Username): Promise<Outcome<Invite>>;
  /** Asks whoever made the link; `peer_offline`: they are not there now, and it is asked again while this program runs. */
  joinByInvite(link: string): Promise<Outcome<Room>>;
  setRole(room: RoomId, username: Username, role: RoomRole): Promise<Outcome<RoomId>>;
  /** `bar`: they cannot come back by themselves. */
  removeMember(room: RoomId, username: Username, options?: { readonly bar?: boolean }): Promise<Outcome<RoomId>>;
  setTopic(room: RoomId, text: string): Promise<Outcome<RoomId>>;
  /** Deletes what this device keeps of a room that is left, closed or lost. */
  forgetRoom(room: RoomId): Promise<Outcome<RoomId>>;

  edit(message: MessageReference, content: string): Promise<Outcome<Message>>;
  deleteMessage(message: MessageReference): Promise<Outcome<Message>>;
  react(message: MessageReference, emoji: string, on: boolean): Promise<Outcome<Message>>;
}

export interface HistoryApi {
  /** The newest page, or the one before or after a cursor. At most HISTORY_PAGE_MAX messages. */
  history(
    of: Conversation,
    page?: { readonly before?: HistoryCursor; readonly after?: HistoryCursor; readonly limit?: number },
  ): Outcome<HistoryPage>;
  /** One message as it is now: what was edited, taken back or reacted to, where an own one stands. Also of what is not kept, while it is in memory. */
  message(reference: MessageReference): Outcome<Message>;
  /** Newest first, in one conversation or in all. */
  search(
    text: string,
    within?: { readonly in?: Conversation; readonly offset?: number },
  ): Promise<Outcome<readonly SearchHit[]>>;
  /** What others wrote since it was read last, without what ignored people wrote. */
  unread(of: Conversation): { readonly count: number; readonly first: HistoryCursor | null };
  /** Everything up to now has been looked at. */
  markRead(of: Conversation): Promise<void>;
  /** Conversations that are kept here, the newest activity first. */
  conversations(): readonly { readonly conversation: Conversation; readonly title: string; readonly unread: number }[];
  /** Every message of one conversation as it is now, the oldest first, read page by page. */
  eachMessage(of: Conversation): Outcome<AsyncIterable<Message>>;
  /** One conversation as lines of JSON, with headers and signatures where there are any. */
  exportHistory(of: Conversation): Outcome<AsyncIterable<string>>;
  why(about: MessageReference | { readonly username: Username }): Outcome<Explanation>;
  /** Whether others are told what was read here. Off unless turned on. */
  setReadReceipts(on: boolean): Promise<Outcome<boolean>>;
}

export interface TrustApi {
  safetyNumber(username: Username): Outcome<SafetyNumber>;
  /** The user has compared the numbers, or scanned the other's QR code (`scanned`). */
  verify(username: Username, scanned?: string): Promise<Outcome<"verified" | "mismatch">>;
  unverify(username: Username): Promise<Outcome<Username>>;
  pins(): readonly PinnedName[];
  devices(username: Username): Outcome<readonly AccountDevice[]>;
  contactRequests(): readonly ContactRequest[];
  answerContact(username: Username, answer: "accept" | "ignore" | "block"): Promise<Outcome<Username>>;
  /** 24 words that are the account's root: shown once to be written down, never stored or logged. */
  recoveryWords(language: "en" | "pt"): Promise<Outcome<readonly string[]>>;
  /** Back into an account with its 24 words: this device becomes one of its devices. */
  recover(account: { readonly username: string; readonly words: string }): Promise<Outcome<Username>>;
  /** Lets programs of the founding report log in as this account again, until the next login with a key. */
  unlatch(): Promise<Outcome<Username>>;
  /** Everything of this account in one encrypted file. */
  exportBackup(file: string, passphrase: string): Promise<Outcome<string>>;
  /** Makes the account of a backup one of this profile's; as a new device, so that nothing is written twice. */
  importBackup(file: string, passphrase: string): Promise<Outcome<Username>>;
}

/** What is told of a conversation while it is not looked at: everything, what is meant for this user, nothing. */
export type NotifyLevel = "all" | "mentions" | "none";

/** Choices of this account, kept with its history and told to nobody; only `setAway` says something to others, and is kept nowhere. */
export interface PreferencesApi {
  /** `all` unless another one was chosen. */
  notifyLevel(of: Conversation): NotifyLevel;
  setNotifyLevel(of: Conversation, level: NotifyLevel): Promise<Outcome<NotifyLevel>>;
  /** People whose messages front ends do not show, by name. The engine tells of them, stores and carries them all the same. */
  ignored(): readonly Username[];
  setIgnored(username: Username, on: boolean): Promise<Outcome<Username>>;
  /** Words that mean this user besides the own name. */
  highlightWords(): readonly string[];
  /** Takes the place of those that were there. */
  setHighlightWords(words: readonly string[]): Promise<Outcome<readonly string[]>>;
  /** What this user says of being away; null while they are here. */
  away(): string | null;
  /** Told to everybody who has to do with this user and is linked, or is later; forgotten at log-out. Empty: away, without a word of where. */
  setAway(text: string | null): Promise<Outcome<string | null>>;
}
