import { createHash } from "node:crypto";
import {
  type Endpoint,
  type Member,
  type RoomId,
  type RoomName,
  SEED_ROOM_PLACES,
  type SeedPeer,
  type SeedRoom,
  type Username,
  decodeWith,
  ipLiteral,
  port,
  roomId,
} from "@papo/protocol";
import * as v from "valibot";
import type { ListedRoom } from "../api.ts";
import { type RoomSummary, type RoomView, viewOf } from "./room-view.ts";

// An original tracker's rooms seen as ours. docs/protocol/seed.md §3, docs/protocol/peer.md §8

/** An original tracker gives rooms no ids: the name is all there is. */
export function seedRoomId(name: RoomName): RoomId {
  const digest = createHash("sha256").update("papo/seed-room/1\0").update(name).digest("base64url");
  return v.parse(roomId, digest);
}

/**
 * What must outlive one connection to an original tracker: which rooms we are in, whose they are (an owner who is offline is not
 * shown), and a count that orders what was told, because nothing there has a version.
 */
export class SeedMemory {
  readonly nameByJoinedId = new Map<RoomId, RoomName>();
  readonly #ownerById = new Map<RoomId, Username>();
  #version = 0;

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  ownerOf(id: RoomId, room: SeedRoom): Username | null {
    const shown = room.peer_owner?.username;
    if (shown !== undefined) this.#ownerById.set(id, shown);
    return shown ?? this.#ownerById.get(id) ?? null;
  }

  owned(id: RoomId, owner: Username): void {
    this.#ownerById.set(id, owner);
  }

  forget(id: RoomId): void {
    this.#ownerById.delete(id);
    this.nameByJoinedId.delete(id);
  }
}

export function seedRoomView(room: SeedRoom, memory: SeedMemory, trackerIsLocal: boolean): RoomView {
  const members = placesOf(room).flatMap((peer) => memberOf(peer, trackerIsLocal));
  return viewOf(summaryOf(room, members, memory), members);
}

export function seedListedRoom(room: SeedRoom, memory: SeedMemory): ListedRoom {
  const members = placesOf(room).flatMap((peer) => memberOf(peer, false));
  const summary = summaryOf(room, members, memory);
  return { ...summary, version: 0, joined: memory.nameByJoinedId.has(summary.id) };
}

function placesOf(room: SeedRoom): readonly SeedPeer[] {
  return [room.peer_owner, room.peer_one, room.peer_two].filter((peer) => peer !== null);
}

function summaryOf(room: SeedRoom, members: readonly Member[], memory: SeedMemory): RoomSummary {
  const id = seedRoomId(room.name);
  const counts = { members: members.length, online: members.filter((member) => member.online).length };
  const owner = memory.ownerOf(id, room);
  return {
    id,
    name: room.name,
    kind: "plain",
    owner,
    capacity: SEED_ROOM_PLACES,
    ...counts,
    version: memory.nextVersion(),
  };
}

/** Whom an original tracker names. Whether a program with keys answers there shows when it is dialled. */
export function memberOf(peer: SeedPeer, trackerIsLocal: boolean): Member[] {
  const { username, connected } = peer;
  if (username === undefined) return [];
  return [{ username, account: null, online: connected, endpoints: endpointOf(peer, trackerIsLocal) }];
}

/** `localhost` means this machine only when the tracker is on it as well; no other name is looked up. */
function endpointOf(peer: SeedPeer, trackerIsLocal: boolean): Endpoint[] {
  const text = peer.address === "localhost" && trackerIsLocal ? "127.0.0.1" : peer.address;
  const address = decodeWith(ipLiteral, text);
  const dialled = decodeWith(port, peer.port);
  if (!address.ok || !dialled.ok) return [];
  return [{ device: null, tls: null, address: address.value, port: dialled.value, addresses: null }];
}
