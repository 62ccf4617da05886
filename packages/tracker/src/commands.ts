import type {
  CallId,
  CheckReachAnswer,
  DeviceKey,
  HelloAnswer,
  PasswordHash,
  RelayTicket,
  RoomId,
  RoomKind,
  RoomName,
  SignedText,
  StartId,
  Username,
} from "@papo/protocol";
import type { LiveRoom } from "./services/live-room.ts";
import type { OnlineSession } from "./services/online-session.ts";
import type { StoredRoom } from "./repositories/room-repository.ts";

// What the tracker can be asked, in words that belong to neither dialect. Each dialect translates to and from these.

/** What both ways of entering say about the program that enters. */
type Entering = {
  readonly username: Username;
  /** Undefined in the seed dialect, which knows no keys. */
  readonly statement: SignedText | undefined;
  readonly port: number;
  readonly plaintext: boolean;
  /** Where it says that it can be dialled; null while it does not, and always in the seed dialect. */
  readonly addresses: SignedText | null;
  /** Undefined when the program does not count its starts. */
  readonly started: { readonly epoch: number; readonly start: StartId } | undefined;
};

export type RoomReference = { readonly id: RoomId } | { readonly name: RoomName };

/** By name, page after page; or, for clients that get one short answer, the asker's own first and then the most recently active. */
type Order<N> =
  | { readonly by: "name"; readonly after: N | undefined; readonly query: string | undefined }
  | { readonly by: "activity" };

export type Command =
  | { readonly cmd: "HELLO" }
  | ({ readonly cmd: "REGISTER"; readonly password: PasswordHash } & Entering)
  | ({
      readonly cmd: "LOGIN";
      readonly password: PasswordHash | undefined;
      readonly newIdentity: boolean;
    } & Entering)
  | { readonly cmd: "LOGOUT" }
  | { readonly cmd: "UNLATCH"; readonly request: SignedText }
  | { readonly cmd: "LIST_PEERS"; readonly order: Order<Username> }
  | { readonly cmd: "FIND_PEER"; readonly username: Username }
  | { readonly cmd: "LIST_ROOMS"; readonly order: Order<RoomName> }
  | {
      readonly cmd: "CREATE_ROOM";
      readonly room: RoomName;
      readonly kind: RoomKind;
      /** Undefined when the tracker chooses it: a room without a log. */
      readonly roomId: RoomId | undefined;
      readonly capacity: number | undefined;
    }
  | {
      readonly cmd: "JOIN_ROOM";
      readonly room: RoomName;
      /** Undefined when any room of that name is meant. */
      readonly roomId: RoomId | undefined;
    }
  | { readonly cmd: "LEAVE_ROOM"; readonly room: RoomReference }
  | { readonly cmd: "DELETE_ROOM"; readonly room: RoomReference }
  | { readonly cmd: "LIST_MEMBERS"; readonly room: RoomId; readonly after: Username | undefined }
  | ({ readonly cmd: "ADMIT_MEMBER" } & AboutMember)
  | ({ readonly cmd: "REMOVE_MEMBER" } & AboutMember)
  | ({ readonly cmd: "TRANSFER_ROOM" } & AboutMember)
  | { readonly cmd: "ADDRESSES"; readonly addresses: SignedText }
  | { readonly cmd: "OBSERVE" }
  /** Undefined: the port of the login. */
  | { readonly cmd: "CHECK_REACH"; readonly port: number | undefined }
  | ({ readonly cmd: "CONNECT"; readonly username: Username; readonly device: DeviceKey } & Meeting)
  | ({ readonly cmd: "ANSWER"; readonly call: CallId; readonly accept: boolean } & Meeting)
  | { readonly cmd: "PUNCH"; readonly call: CallId; readonly ticket: RelayTicket };

/** By which ways one side of a call would be met. */
export type Meeting = {
  /** Null when the other side may not know them. */
  readonly addresses: SignedText | null;
  readonly relay: boolean;
};

/** What members do about the membership of others. */
type AboutMember = { readonly room: RoomId; readonly username: Username };

export type CommandName = Command["cmd"];
export type CommandOf<C extends CommandName> = Extract<Command, { cmd: C }>;

/** A member as of now: with no session it is offline. */
export type MemberView = {
  readonly username: Username;
  readonly account: OnlineSession["account"];
  readonly sessions: readonly OnlineSession[];
};

export type RoomEntry = { readonly room: StoredRoom; readonly live: LiveRoom | undefined; readonly joined: boolean };
export type PeerEntry = MemberView & {
  /** The user's rooms that anybody may see listed, in the order of joining. */
  readonly rooms: readonly StoredRoom[];
  readonly lastPing: string;
};
export type RoomPageView = {
  readonly live: LiveRoom;
  /** The room's version when this page was read. */
  readonly version: number;
  readonly members: readonly MemberView[];
  readonly next: Username | null;
};

type EnteredRoom = RoomPageView & { readonly ticket: SignedText | null };
export type MemberChanged = AboutMember;

type Entered = {
  readonly username: Username;
  readonly binding: SignedText | null;
  readonly rooms: readonly { readonly id: RoomId; readonly name: RoomName }[];
};

export type Answers = {
  readonly HELLO: { readonly tracker: SignedText; readonly now: string; readonly relay: HelloAnswer["relay"] };
  readonly REGISTER: Entered;
  readonly LOGIN: Entered;
  readonly LOGOUT: object;
  readonly UNLATCH: object;
  readonly LIST_PEERS: { readonly peers: readonly PeerEntry[]; readonly next: Username | null };
  readonly FIND_PEER: {
    readonly peer: MemberView;
    /** Whether the asker may know where the peer is. */
    readonly isNear: boolean;
    readonly binding: SignedText | null;
  };
  readonly LIST_ROOMS: { readonly rooms: readonly RoomEntry[]; readonly next: RoomName | null };
  readonly CREATE_ROOM: EnteredRoom;
  readonly JOIN_ROOM: EnteredRoom;
  readonly LEAVE_ROOM: { readonly room: StoredRoom };
  readonly DELETE_ROOM: { readonly room: StoredRoom };
  readonly LIST_MEMBERS: RoomPageView;
  readonly ADMIT_MEMBER: MemberChanged;
  readonly REMOVE_MEMBER: MemberChanged;
  readonly TRANSFER_ROOM: MemberChanged;
  readonly ADDRESSES: object;
  readonly OBSERVE: { readonly ticket: RelayTicket };
  readonly CHECK_REACH: CheckReachAnswer;
  readonly CONNECT: { readonly call: CallId };
  readonly ANSWER: object;
  readonly PUNCH: object;
};

/** A command that was done, with what came of it. */
export type Done = {
  [C in CommandName]: { readonly cmd: C; readonly command: CommandOf<C>; readonly answer: Answers[C] };
}[CommandName];
