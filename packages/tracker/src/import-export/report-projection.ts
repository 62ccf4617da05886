import { SEED_ROOM_PLACES } from "@papo/protocol";
import type { StoredPeer } from "../repositories/peer-repository.ts";
import type { Seat, StoredRoom } from "../repositories/room-repository.ts";
import type { User } from "../repositories/user-repository.ts";
import { textOfPassword } from "./report-users.ts";

/** A room with those who sit in it, in the order of their seats. */
export type SeatedRoom = { readonly room: Omit<StoredRoom, "members">; readonly seats: readonly Seat[] };

/**
 * `users_db.json`: `{USERNAME: text}`. A password that is no longer the report's hash stands there as it is kept (`$argon2id$…`): no
 * hash is equal to it, so an original tracker answers a login as it answers a wrong password, and the name stays taken.
 */
export function usersText(users: Iterable<User>): string {
  return objectText(users, ({ username, password }) => [username, textOfPassword(password)]);
}

/** `peers_db.json`: `{USERNAME: PEER}`. */
export function peersText(peers: Iterable<StoredPeer>): string {
  return objectText(peers, (peer) => [peer.username, peerEntry(peer)]);
}

/**
 * `rooms_db.json`: `{NAME: ROOM}`, of the plain rooms only: what an original tracker reads there, it opens to everyone. The owner's place
 * is the owner's even when away; the two others are the first who sit there.
 */
export function roomsText(rooms: Iterable<SeatedRoom>, peerOf: (username: string) => StoredPeer | undefined): string {
  const place = (username: string | undefined) =>
    username === undefined ? null : peerEntry(peerOf(username) ?? neverSeen(username));
  const plain = [...rooms].filter(({ room }) => room.kind === "plain");
  return objectText(plain, ({ room, seats }) => {
    const [one, two] = guestsShown(room, seats);
    return [room.name, { name: room.name, peer_owner: place(room.owner), peer_one: place(one), peer_two: place(two) }];
  });
}

function guestsShown(room: SeatedRoom["room"], seats: readonly Seat[]): readonly string[] {
  const guests = seats.map(({ username }) => username).filter((username) => username !== room.owner);
  return guests.slice(0, SEED_ROOM_PLACES - 1);
}

type PeerFields = Omit<StoredPeer, "username"> & { readonly username: string };

function peerEntry({ username, lastPing, address, port, connected }: PeerFields): object {
  return { username, last_ping: lastPing ?? {}, address, port, connected };
}

function neverSeen(username: string): PeerFields {
  return { username, lastPing: null, address: null, port: null, connected: false };
}

/** The text of an object, written entry by entry: no key that somebody chose ever becomes a property here. ASCII, as Python's. */
function objectText<T>(items: Iterable<T>, entryOf: (item: T) => readonly [string, unknown]): string {
  const lines = Array.from(items, (item) => {
    const [name, value] = entryOf(item);
    return `    ${JSON.stringify(name)}: ${JSON.stringify(value, null, 4).replaceAll("\n", "\n    ")}`;
  });
  const text = lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n}`;
  return `${text.replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
