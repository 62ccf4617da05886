import { encodeSeedJson } from "@papo/link";
import { SEED_ANSWER_BYTES_MAX, SEED_ROOM_PLACES, type Username } from "@papo/protocol";
import type { PeerEntry, RoomEntry } from "../commands.ts";
import type { StoredRoom } from "../repositories/room-repository.ts";
import type { LiveRoom } from "../services/live-room.ts";
import { type OnlineSession, isSeed } from "../services/online-session.ts";
import type { Presence } from "../services/presence.ts";
import { shownAddress } from "../services/shown-address.ts";
import type { Viewer } from "./dialect.ts";

/** The words and brackets around a list, and room for the comma that ends each entry. */
const LIST_FRAME_BYTES = 64;

type SeedPeerView = {
  readonly username: Username;
  readonly last_ping: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly connected: boolean;
};

/** What an original program is shown: rooms of three places, and addresses only of those who talk in plain text. docs/protocol/seed.md §3 */
export class SeedView {
  readonly #presence: Presence;

  constructor(presence: Presence) {
    this.#presence = presence;
  }

  room(room: StoredRoom, live: LiveRoom | undefined, viewer: Viewer): object {
    const owner = this.#owner(room, live, viewer);
    const [one = null, two = null] = live === undefined ? [] : this.#guests(live, viewer);
    return { name: room.name, peer_owner: owner, peer_one: one, peer_two: two };
  }

  /** As many as fit into one read of an original client. */
  rooms(entries: readonly RoomEntry[], viewer: Viewer): object {
    return fill(entries, ({ room, live }) => [room.name, this.room(room, live, viewer)]);
  }

  peers(entries: readonly PeerEntry[], viewer: Viewer): object {
    return fill(entries, (entry) => [entry.username, this.#listed(entry, viewer)]);
  }

  #listed({ username, sessions, rooms, lastPing }: PeerEntry, viewer: Viewer): object {
    const shown = sessionFor(sessions);
    const place = { address: shown === undefined ? null : shownAddress(shown, viewer), port: shown?.port ?? null };
    const room = rooms.findLast(({ kind }) => kind === "plain")?.name ?? null;
    return { username, last_ping: lastPing, ...place, connected: true, room };
  }

  /** An owner of the original program keeps her place even while she is away; one of ours is there while a member. */
  #owner(room: StoredRoom, live: LiveRoom | undefined, viewer: Viewer): SeedPeerView | null {
    const sessions = this.#presence.sessionsOf(room.owner);
    const isMember = live?.seats.has(room.owner) === true;
    return this.#peer(room.owner, isMember ? sessions : sessions.filter(isSeed), viewer);
  }

  /** The places beside the owner's: fixed ones in a room of three, else the viewer and whoever else is online. */
  #guests(live: LiveRoom, viewer: Viewer): (SeedPeerView | null)[] {
    const names = live.room.capacity <= SEED_ROOM_PLACES ? live.places : this.#crowd(live, viewer);
    return names.map((name) => (name === undefined ? null : this.#peer(name, this.#presence.sessionsOf(name), viewer)));
  }

  #crowd(live: LiveRoom, viewer: Viewer): Username[] {
    const { owner } = live.room;
    const self = viewer.username;
    const first = self !== undefined && self !== owner && live.seats.has(self) ? [self] : [];
    for (const name of live.seats.keys()) {
      if (first.length === SEED_ROOM_PLACES - 1) break;
      const isOther = name !== owner && name !== self;
      if (isOther && sessionFor(this.#presence.sessionsOf(name)) !== undefined) first.push(name);
    }
    return first;
  }

  #peer(username: Username, sessions: readonly OnlineSession[], viewer: Viewer): SeedPeerView | null {
    const shown = sessionFor(sessions);
    if (shown === undefined) return null;
    const lastPing = this.#presence.get(username)?.lastPing ?? "";
    return { username, last_ping: lastPing, address: shownAddress(shown, viewer), port: shown.port, connected: true };
  }
}

/** The newest that an original program can talk with. */
function sessionFor(sessions: readonly OnlineSession[]): OnlineSession | undefined {
  return sessions.findLast((session) => session.plaintext);
}

/** The longest beginning of a list that an original client can read at once. The keys are others' words: data properties, whatever they say. */
function fill<T>(items: readonly T[], entryOf: (item: T) => [string, object]): object {
  const entries: [string, object][] = [];
  let bytes = LIST_FRAME_BYTES;
  for (const item of items) {
    const entry = entryOf(item);
    bytes += encodeSeedJson(entry).length;
    if (bytes > SEED_ANSWER_BYTES_MAX) break;
    entries.push(entry);
  }
  return Object.fromEntries(entries);
}
