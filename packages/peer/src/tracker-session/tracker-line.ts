import type { ChannelSecurity, LinkEnds } from "@papo/link";
import type {
  Call,
  CallId,
  CheckReachAnswer,
  DeviceKey,
  Fault,
  FindPeerAnswer,
  HelloAnswer,
  ListPeersAnswer,
  Member,
  Observed,
  Outcome,
  Paths,
  Punch,
  RelayTicket,
  RoomId,
  RoomKind,
  RoomName,
  SignedText,
  TrackerKey,
  Username,
} from "@papo/protocol";
import type { ListedRoom } from "../api.ts";
import type { RoomDelta, RoomSummary, RoomView } from "./room-view.ts";

/** One page of a room's members by name; `next` is null on the last. */
export type RoomPage = {
  readonly room: RoomSummary;
  readonly members: readonly Member[];
  readonly next: Username | null;
};

/** A room just entered, with the tracker's ticket for its log: null where there is none to be had (plain, invite, an original tracker). */
export type EnteredRoom = RoomPage & { readonly ticket: SignedText | null };

export type RoomListing = { readonly rooms: readonly ListedRoom[]; readonly next: RoomName | null };

/** What a login brings: the tracker's word for the name (ours give one), and the rooms of which the account is a member. */
export type LoggedIn = {
  readonly username: Username;
  readonly binding: SignedText | null;
  readonly rooms: readonly { readonly id: RoomId; readonly name: RoomName }[];
};

export type NewRoom = {
  readonly name: RoomName;
  /** The id of the room's genesis: what our trackers want for `open` and `invite`. None for `plain`; original trackers know no ids. */
  readonly roomId?: RoomId | undefined;
  readonly kind: RoomKind | undefined;
  readonly capacity: number | undefined;
};

/** Whom the tracker is to bring us together with, and what of us they and the tracker may use for it. docs/protocol/tracker.md §7 */
export type CallRequest = {
  readonly username: Username;
  readonly device: DeviceKey;
  /** Ours, if they may know where we are. */
  readonly addresses: SignedText | null;
  /** Whether we would take a relay. */
  readonly relay: boolean;
};

/** What is made of a call. Who does not accept says no more. */
export type CallAnswer = {
  readonly call: CallId;
  readonly accept: boolean;
  readonly addresses: SignedText | null;
  readonly relay: boolean;
};

/** What a tracker says of calls. */
export type CallNews = Call | Paths | Punch;

/** What the tracker says unasked. Called in the order in which it was said. */
export interface LineReceiver {
  delta(delta: RoomDelta): void;
  /** A whole room at once (original trackers). */
  snapshot(view: RoomView): void;
  roomClosed(id: RoomId, reason: "deleted" | "left" | "removed"): void;
  /** A plain connection of ours, with a ticket of `observe`, came from here as the tracker sees it. */
  observed(observed: Observed): void;
  calls(news: CallNews): void;
  /** Once, last. `retryAfterMs` in the fault is the least wait that the tracker asks for. */
  closed(reason: Fault): void;
}

/**
 * One connection to a tracker on which an account is logged in, whatever it speaks: `papo-line.ts` and `seed-line.ts`.
 * It lives once; the session opens the next one.
 */
export interface TrackerLine {
  readonly trackerKey: TrackerKey | null;
  readonly ends: LinkEnds;
  readonly security: ChannelSecurity | undefined;
  /** Whether links may be relayed: `place` is null where the tracker itself was reached. Null: there is no relay. */
  readonly relay: HelloAnswer["relay"];
  /** From here on the receiver is told; what came before is kept for it. */
  listen(receiver: LineReceiver): void;
  listPeers(page: { readonly query?: string; readonly after?: Username }): Promise<Outcome<ListPeersAnswer>>;
  findPeer(name: Username): Promise<Outcome<FindPeerAnswer>>;
  listRooms(page: { readonly query?: string; readonly after?: RoomName }): Promise<Outcome<RoomListing>>;
  createRoom(room: NewRoom): Promise<Outcome<EnteredRoom>>;
  /** With `id`, only the room of that name that has it: one of another id is missing. Original trackers know no ids. */
  joinRoom(name: RoomName, id?: RoomId): Promise<Outcome<EnteredRoom>>;
  leaveRoom(id: RoomId): Promise<Outcome<RoomId>>;
  deleteRoom(id: RoomId): Promise<Outcome<RoomId>>;
  listMembers(id: RoomId, after: Username | undefined): Promise<Outcome<RoomPage>>;
  /** Lets `name` join an `invite` room of ours. Done twice, it changes nothing. Original trackers have none of these four. */
  admitMember(room: RoomId, name: Username): Promise<Outcome<Username>>;
  /** Takes `name` out of a room of our own. Done twice, it changes nothing. */
  removeMember(room: RoomId, name: Username): Promise<Outcome<Username>>;
  /** Makes `name`, a member, the owner of a room of our own. */
  transferRoom(room: RoomId, name: Username): Promise<Outcome<Username>>;
  /** `request`: made by `signUnlatch`. Lets this account in through the seed dialect until its next login with a key. */
  unlatch(request: SignedText): Promise<Outcome<null>>;
  // Original trackers have none of the following either.

  /** Where we can be dialled is another list now. */
  tellAddresses(addresses: SignedText): Promise<Outcome<null>>;
  /** A ticket for `Network.rendezvous`; `LineReceiver.observed` then tells from where that connection came. */
  observe(): Promise<Outcome<RelayTicket>>;
  /** Whether we take connections from outside, at the address that the tracker sees and the port told at login, or at `port`. */
  checkReach(port?: number): Promise<Outcome<CheckReachAnswer>>;
  /** Asks for a meeting with a device; `LineReceiver.calls` tells of the ways there are. */
  connect(request: CallRequest): Promise<Outcome<CallId>>;
  answer(answer: CallAnswer): Promise<Outcome<null>>;
  /** The rendezvous with this ticket stands: both sides may be told where to open. */
  punch(call: CallId, ticket: RelayTicket): Promise<Outcome<null>>;
  /** Whether it still answers, within TRACKER_ANSWER_MS. An original has no word for asking: it is taken to. */
  answers(): Promise<boolean>;
  /** Says so to the tracker, then closes. */
  logOut(): Promise<void>;
  close(reason: Fault): void;
}

/** Asks the tracker, or says at once that there is no line. */
export type AskLine = <T>(ask: (line: TrackerLine) => Promise<Outcome<T>>) => Promise<Outcome<T>>;
