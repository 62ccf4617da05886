import type { AccountKey, RoomId, SignedText, TlsKey, TrackerKey, Username } from "@papo/protocol";
import type { RoomRepository } from "./repositories/room-repository.ts";
import type { AccountDirectory } from "./services/account-directory.ts";
import type { Accounts } from "./services/accounts.ts";
import type { Admission } from "./services/admission.ts";
import type { Attendance } from "./services/attendance.ts";
import type { LiveRooms } from "./services/live-rooms.ts";
import type { Memberships } from "./services/memberships.ts";
import type { OnlineSession, Outbox } from "./services/online-session.ts";
import type { PlainRooms } from "./services/plain-rooms.ts";
import type { Presence } from "./services/presence.ts";
import type { Rooms } from "./services/rooms.ts";
import type { Introductions } from "./services/introductions.ts";
import type { Observations } from "./services/observations.ts";
import type { ReachChecks } from "./services/reach-checks.ts";
import type { RelayOffer } from "./relay/relay-offer.ts";
import type { Whereabouts } from "./services/whereabouts.ts";
import type { DialectPolicy } from "./dialects/dialect-policy.ts";
import type { Answers, CommandName, CommandOf } from "./commands.ts";
import type { Outcome } from "@papo/protocol";
import type { TrackerLog } from "./log/tracker-log.ts";

/** Everything that handlers may use. */
export type Domain = {
  readonly accounts: Accounts;
  readonly admission: Admission;
  readonly attendance: Attendance;
  readonly directory: AccountDirectory;
  readonly presence: Presence;
  readonly rooms: Rooms;
  readonly memberships: Memberships;
  readonly liveRooms: LiveRooms;
  readonly plainRooms: PlainRooms;
  readonly roomRepository: RoomRepository;
  readonly observations: Observations;
  readonly reachChecks: ReachChecks;
  readonly introductions: Introductions;
  readonly relay: RelayOffer;
  /** The addresses of this machine. */
  readonly ownAddresses: () => readonly string[];
  readonly log: TrackerLog;
  readonly trackerKey: TrackerKey;
  /** The tracker's word that its TLS key is its own. */
  readonly statement: SignedText;
  readonly bind: (name: Username, account: AccountKey) => SignedText;
  /** The tracker's word that it lets this account into that open room. */
  readonly ticket: (room: RoomId, account: AccountKey, name: Username) => SignedText;
  readonly newRoomId: () => RoomId;
  /** RFC 3339, a label. */
  readonly now: () => string;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
};

/** The session that a command came from, as handlers see it. */
export interface Caller {
  readonly policy: DialectPolicy;
  /** Undefined on a channel that is not encrypted. */
  readonly channelKey: TlsKey | undefined;
  readonly remoteAddress: string;
  /** Undefined before login. */
  readonly online: OnlineSession | undefined;
  readonly whereabouts: Whereabouts;
  /** What it is told unasked, also before login. */
  readonly outbox: Outbox;
  /** Makes the session's presence; the caller is not online before `attendance.arrive` has taken it. */
  present(identity: Presented): OnlineSession;
  readonly isOpen: () => boolean;
}

export type Presented = Pick<OnlineSession, "username" | "account" | "device" | "tls" | "port" | "plaintext">;

/** A caller that is logged in. The dispatcher hands a handler one only if its row asks for it. */
export type Member = Caller & { readonly online: OnlineSession };

export type Handler<C extends CommandName, W extends Caller = Member> = (
  command: CommandOf<C>,
  caller: W,
  domain: Domain,
) => Promise<Outcome<Answers[C]>>;
