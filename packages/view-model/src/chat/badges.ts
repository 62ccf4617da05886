import type { Conversation, LinkPath, TrackerState } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { isOverHere } from "../commands/find-room.ts";
import type { ChatPeer } from "./chat-ports.ts";
import type { ConnectionBadge } from "./chat-view.ts";

export function trackerBadge(state: TrackerState, { chat: { tracker } }: Catalogue): ConnectionBadge {
  switch (state.kind) {
    case "idle":
      return { tone: "muted", text: tracker.idle };
    case "connecting":
      return { tone: "warning", text: tracker.connecting };
    case "online":
      return state.encrypted ? { tone: "good", text: tracker.online } : { tone: "warning", text: tracker.plain };
    case "waiting":
      return { tone: "warning", text: tracker.waiting };
    case "refused":
      return { tone: "bad", text: tracker.refused };
  }
}

/** By which ways the people of a conversation are connected: `2 direct, 1 relayed`. Null of a room that is over: links that last are for something else. */
export function linksBadge(of: Conversation, peer: ChatPeer, { chat }: Catalogue): ConnectionBadge | null {
  const room = of.kind === "room" ? peer.room(of.id) : undefined;
  if (room !== undefined && isOverHere(room)) return null;
  const counts = new Map<LinkPath, number>();
  let isPlain = false;
  for (const { path, encrypted } of linksIn(of, peer)) {
    counts.set(path, (counts.get(path) ?? 0) + 1);
    isPlain ||= !encrypted;
  }
  if (counts.size === 0) return { tone: "muted", text: chat.noLinks };
  const ways = PATHS.flatMap((path) => {
    const count = counts.get(path);
    return count === undefined ? [] : [`${count} ${chat.links[path]}`];
  });
  return { tone: isPlain ? "warning" : "good", text: ways.join(", ") };
}

const PATHS: readonly LinkPath[] = ["direct", "punched", "relayed"];

type Link = { readonly path: LinkPath; readonly encrypted: boolean };

function linksIn(of: Conversation, peer: ChatPeer): readonly Link[] {
  if (of.kind === "private") return peer.diagnostics().links.filter(({ username }) => username === of.username);
  return peer.room(of.id)?.members.flatMap(({ reach }) => (reach.kind === "linked" ? [reach] : [])) ?? [];
}
