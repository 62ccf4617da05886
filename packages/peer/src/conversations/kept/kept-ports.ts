import type { Clock, Random } from "@papo/link";
import type {
  AccountKey,
  FindPeerAnswer,
  GenesisBody,
  InviteAnswer,
  Outcome,
  RoomId,
  RoomName,
  SignedText,
  TrackerAddress,
  TrackerKey,
  UseInvite,
  Username,
} from "@papo/protocol";
import type { PeerEvent, Reach, Trust } from "../../api.ts";
import type { OwnAccount } from "../../identity/own-account.ts";
import type { History } from "../../storage/history/history.ts";
import type { RoomView } from "../../tracker-session/room-view.ts";
import type { EnteredRoom } from "../../tracker-session/tracker-line.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import type { RoomSync } from "../sync/room-sync.ts";

// What kept rooms need of the others: the logs themselves, who carries them, the tracker, and what is known of people.

/** The logs of all rooms of one account. One replica per room, the same one for everybody who asks. */
export interface RoomReplicas {
  /** Writes the first entry of a new room. Durable when it resolves. */
  create(genesis: GenesisBody): Promise<Outcome<RoomReplica>>;
  /** The log of a room of which something is held, or of which the id alone is known. */
  open(room: RoomId): RoomReplica;
  /** Lets go of it: what is in memory, and what waits for others. */
  close(room: RoomId): void;
}

/** What brings the logs together with others', and knows who has what: a `RoomSync`. */
type RoomSpread = Pick<
  RoomSync,
  | "roomOpened"
  | "roomClosed"
  | "appended"
  | "membersChanged"
  | "readMarksChanged"
  | "storedBy"
  | "readBy"
  | "isCaughtUp"
>;

/** What a tracker is asked about rooms: a `TrackerLine` is one. */
export interface RoomTracker {
  createRoom(room: {
    readonly name: RoomName;
    readonly kind: "open" | "invite";
    readonly capacity: number;
    readonly roomId: RoomId;
  }): Promise<Outcome<EnteredRoom>>;
  joinRoom(name: RoomName, id?: RoomId): Promise<Outcome<EnteredRoom>>;
  leaveRoom(room: RoomId): Promise<Outcome<RoomId>>;
  deleteRoom(room: RoomId): Promise<Outcome<RoomId>>;
  admitMember(room: RoomId, username: Username): Promise<Outcome<Username>>;
  removeMember(room: RoomId, username: Username): Promise<Outcome<Username>>;
  transferRoom(room: RoomId, username: Username): Promise<Outcome<Username>>;
  findPeer(username: Username): Promise<Outcome<FindPeerAnswer>>;
}

/** One link with a device whose account is proven, as far as invites need it. */
export type InviteChannel = {
  readonly party: { readonly username: Username; readonly account: AccountKey; readonly statement: SignedText };
  say(said: UseInvite | InviteAnswer): void;
};

/** What is known of people, beyond one room. */
export interface KnownPeople {
  /** The name that is pinned to this key; undefined: never met. */
  nameOf(account: AccountKey): Username | undefined;
  accountOf(username: Username): AccountKey | undefined;
  trust(username: Username, account: AccountKey | null): Trust;
  reach(username: Username): Reach;
  /** What they, or this user, say of being away; undefined: they are here. */
  away(username: Username): string | undefined;
  isBlocked(account: AccountKey): boolean;
  /** When a device of theirs was last linked; null: not known. */
  lastSeenMs(account: AccountKey): number | null;
}

export type KeptPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly replicas: RoomReplicas;
  readonly spread: RoomSpread;
  readonly people: KnownPeople;
  /** As it is now: the binding comes with each session. */
  readonly own: () => OwnAccount;
  /** Where this account's rooms are, for links that others are to follow; its key where it has one. */
  readonly trackerAddress: () => TrackerAddress;
  readonly trackerKey: TrackerKey | null;
  /** Asks the tracker, or fails at once while there is none. */
  readonly ask: <T>(ask: (tracker: RoomTracker) => Promise<Outcome<T>>) => Promise<Outcome<T>>;
  /** Who is in the room by the tracker's word; undefined: it does not say. */
  readonly view: (room: RoomId) => RoomView | undefined;
  /** Whether there is a tracker to say who is there now; else its last word stands in `view`. */
  readonly isTold: () => boolean;
  /** The tracker has let us into a room: its list of who is there is followed from here on. */
  readonly entered: (page: EnteredRoom) => void;
  /** Open links with devices of this account that may be spoken on. */
  readonly channelsTo: (account: AccountKey) => readonly InviteChannel[];
  /** Whom to dial is another list now: for invites (`KeptRooms.wantedMembers`), or because a room has become large, or small again. */
  readonly contactsChanged: () => void;
  /** A statement of our account, newer than ours, that revokes this device: nothing may be written under its key any more. */
  readonly revoked: (newest: SignedText) => void;
  /** People whose messages nobody here has to read, by name. */
  readonly ignored: () => readonly Username[];
  /** They share a room with us now. */
  readonly acquainted: (account: AccountKey) => void;
  readonly emit: (event: PeerEvent) => void;
};
