import type { ChannelSecurity, LinkEnds } from "@papo/link";
import type {
  Fault,
  FindPeerAnswer,
  ListPeersAnswer,
  Member,
  Outcome,
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

export type RoomListing = { readonly rooms: readonly ListedRoom[]; readonly next: RoomName | null };

/** What a login brings: the tracker's word for the name (ours give one), and the rooms of which the account is a member. */
export type LoggedIn = {
  readonly username: Username;
  readonly binding: SignedText | null;
  readonly rooms: readonly { readonly id: RoomId; readonly name: RoomName }[];
};

export type NewRoom = {
  readonly name: RoomName;
  readonly kind: RoomKind | undefined;
  readonly capacity: number | undefined;
};

/** What the tracker says unasked. Called in the order in which it was said. */
export interface LineReceiver {
  delta(delta: RoomDelta): void;
  /** A whole room at once (original trackers). */
  snapshot(view: RoomView): void;
  roomClosed(id: RoomId, reason: "deleted" | "left"): void;
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
  /** From here on the receiver is told; what came before is kept for it. */
  listen(receiver: LineReceiver): void;
  listPeers(page: { readonly query?: string; readonly after?: Username }): Promise<Outcome<ListPeersAnswer>>;
  findPeer(name: Username): Promise<Outcome<FindPeerAnswer>>;
  listRooms(page: { readonly query?: string; readonly after?: RoomName }): Promise<Outcome<RoomListing>>;
  createRoom(room: NewRoom): Promise<Outcome<RoomPage>>;
  joinRoom(name: RoomName): Promise<Outcome<RoomPage>>;
  leaveRoom(id: RoomId): Promise<Outcome<RoomId>>;
  deleteRoom(id: RoomId): Promise<Outcome<RoomId>>;
  listMembers(id: RoomId, after: Username | undefined): Promise<Outcome<RoomPage>>;
  /** Says so to the tracker, then closes. */
  logOut(): Promise<void>;
  close(reason: Fault): void;
}

/** Asks the tracker, or says at once that there is no line. */
export type AskLine = <T>(ask: (line: TrackerLine) => Promise<Outcome<T>>) => Promise<Outcome<T>>;
