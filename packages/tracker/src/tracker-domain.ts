import { localAddresses, timestampOf } from "@papo/link";
import { type RoomId, type Username, decodeWith, roomId } from "@papo/protocol";
import { randomBytes } from "node:crypto";
import { askAlive } from "./ask-alive.ts";
import type { Domain } from "./domain.ts";
import { errorWords } from "./log/tracker-log.ts";
import { buildRelaying } from "./relay/relay-choice.ts";
import { NO_RELAY_METRICS } from "./relay/relay-metrics.ts";
import type { TicketDesks } from "./relay/ticket-hall.ts";
import { AccountDirectory } from "./services/account-directory.ts";
import { Accounts } from "./services/accounts.ts";
import { ADMISSION_DEFAULTS, Admission } from "./services/admission.ts";
import { Announcements } from "./services/announcements.ts";
import { Attendance } from "./services/attendance.ts";
import { Introductions } from "./services/introductions.ts";
import { LiveRooms } from "./services/live-rooms.ts";
import { Memberships } from "./services/memberships.ts";
import { Observations } from "./services/observations.ts";
import type { OnlineSession } from "./services/online-session.ts";
import { Passwords } from "./services/passwords.ts";
import { PlainRooms } from "./services/plain-rooms.ts";
import { Presence } from "./services/presence.ts";
import { ReachChecks } from "./services/reach-checks.ts";
import { Rooms } from "./services/rooms.ts";
import { Seats } from "./services/seats.ts";
import type { TrackerOptions } from "./tracker-options.ts";

export type Services = {
  readonly domain: Domain;
  readonly seats: Seats;
  readonly passwords: Passwords;
  /** Where those go who come with a ticket. */
  readonly desks: TicketDesks;
};

/** Puts the services together. Nothing here does anything yet. */
export function buildServices(options: TrackerOptions): Services {
  const { clock, repositories, log, identity } = options;
  const now = () => timestampOf(clock);
  const failed = (error: unknown) => log.event({ kind: "failed", where: "background", error: errorWords(error) });
  const told = (sessions: readonly OnlineSession[]) => {
    log.event({ kind: "notifying", usernames: sessions.map(({ username }): Username => username) });
  };

  const presence = new Presence();
  const announcements = new Announcements({ clock, presence, told });
  const liveRooms = new LiveRooms({ repository: repositories.rooms, announcements, presence });
  const directory = new AccountDirectory(repositories.users);
  const plainRooms = new PlainRooms();
  const rooms = new Rooms({
    repository: repositories.rooms,
    live: liveRooms,
    presence,
    announcements,
    directory,
    plainRooms,
  });
  const memberships = new Memberships({
    repository: repositories.rooms,
    live: liveRooms,
    presence,
    announcements,
    directory,
  });
  const seats = new Seats({ clock, repository: repositories.rooms, rooms, presence, failed });
  const attendance = new Attendance({
    presence,
    live: liveRooms,
    announcements,
    seats,
    directory,
    users: repositories.users,
    rooms: repositories.rooms,
    peers: repositories.peers,
    now,
    failed,
  });
  const metrics = options.metrics?.relay ?? NO_RELAY_METRICS;
  const limits = { ...ADMISSION_DEFAULTS, ...options.limits };
  const { connectionsPerAddress } = limits;
  const relaying = buildRelaying(options.relay ?? { at: "here" }, { clock, log, metrics, connectionsPerAddress });
  const { tickets, offer, desk } = relaying;
  const observations = new Observations({ clock, tickets, connectionsPerAddress });
  const ask = askAlive(options);
  const passwords = new Passwords(options.deriveKey);
  const domain: Domain = {
    accounts: new Accounts({ users: repositories.users, passwords, now }),
    admission: new Admission(limits),
    attendance,
    directory,
    presence,
    rooms,
    memberships,
    liveRooms,
    plainRooms,
    roomRepository: repositories.rooms,
    observations,
    reachChecks: new ReachChecks({ clock, ask }),
    introductions: new Introductions({
      clock,
      relay: offer,
      areNear: (one, other) => presence.areNear(one, other),
    }),
    relay: offer,
    ownAddresses: options.ownAddresses ?? localAddresses,
    log,
    trackerKey: identity.key,
    statement: identity.statement,
    bind: (name, account) => identity.bind(name, account, now()),
    ticket: (room, account, name) => identity.ticket({ room, account, name, date: now() }),
    newRoomId,
    now,
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
  };
  return { domain, seats, passwords, desks: { tickets, observations, desk, metrics } };
}

function newRoomId(): RoomId {
  const decoded = decodeWith(roomId, randomBytes(32).toString("base64url"));
  if (!decoded.ok) throw new TypeError("a new room id does not read back");
  return decoded.value;
}
