import type { PeerApi, Room } from "@papo/peer/api";

/** As one types it: a sign in front is no part of the name. */
export function bareRoomName(typed: string): string {
  return typed.replace(/^#/u, "").trim();
}

/** One of this account's rooms, whatever the capitals; of several of one name the one that still lives. */
export function ownRoomNamed(peer: PeerApi, typed: string): Room | undefined {
  const bare = bareRoomName(typed);
  const named = peer.rooms().filter(({ name }) => name === bare);
  const near = named.length > 0 ? named : peer.rooms().filter(({ name }) => sameName(name, bare));
  return near.find((room) => !isOverHere(room)) ?? near[0];
}

export function sameName(one: string, other: string): boolean {
  return one.normalize("NFKC").toLowerCase() === other.normalize("NFKC").toLowerCase();
}

/** It can be read, and nothing can be said in it any more. */
export function isOverHere({ log }: Room): boolean {
  return log?.standing === "left" || log?.standing === "removed" || log?.standing === "closed";
}
