import { PAGE_BYTES_MAX, PAGE_ITEMS_MAX, PEERS_READ_FOR_SEED_MAX, type Username, succeed } from "@papo/protocol";
import type { PeerEntry } from "../../commands.ts";
import type { Domain, Handler } from "../../domain.ts";
import { fitting, textBytesBound } from "../../services/page-budget.ts";
import { peerEntryOf } from "../../services/presence.ts";

/** What one peer takes in a list besides its name and its room's, at most. */
const PEER_FIXED_BYTES = 128;

/** docs/protocol/tracker.md §5.1 */
export const listPeers: Handler<"LIST_PEERS"> = async ({ order }, { online }, domain) => {
  if (order.by === "activity") return succeed({ peers: mostRecent(online.username, domain), next: null });

  const read: PeerEntry[] = [];
  for (const user of domain.presence.byName(order.after, order.query)) {
    read.push(peerEntryOf(user));
    if (read.length > PAGE_ITEMS_MAX) break;
  }
  const peers = fitting(read.slice(0, PAGE_ITEMS_MAX), PAGE_BYTES_MAX, peerBytesBound);
  return succeed({ peers, next: peers.length < read.length ? (peers.at(-1)?.username ?? null) : null });
};

/** For a client that gets one short answer: itself first. */
function mostRecent(self: Username, { presence }: Domain): PeerEntry[] {
  const users = presence.mostRecent(PEERS_READ_FOR_SEED_MAX);
  const own = presence.get(self);
  const others = users.filter((user) => user !== own);
  return (own === undefined ? others : [own, ...others]).map(peerEntryOf);
}

function peerBytesBound({ username, rooms }: PeerEntry): number {
  return PEER_FIXED_BYTES + textBytesBound(username) + textBytesBound(rooms.at(-1)?.name ?? "");
}
