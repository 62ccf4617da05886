import type { RoomMember } from "@papo/peer/api";
import type { Username } from "@papo/protocol";
import type { Presence } from "./chat-view.ts";
import type { ChatPeer } from "./chat-ports.ts";

/** Who is there, over all rooms and links: for private chats, of which no list of members tells it. Gathered when somebody asks. */
export class Presences {
  readonly #peer: ChatPeer;
  #presenceByName: Map<Username, Presence> | undefined;

  constructor(peer: ChatPeer) {
    this.#peer = peer;
  }

  changed(): void {
    this.#presenceByName = undefined;
  }

  of(username: Username): Presence {
    this.#presenceByName ??= this.#gathered();
    return this.#presenceByName.get(username) ?? (this.#peer.trackerState().kind === "online" ? "offline" : "unknown");
  }

  #gathered(): Map<Username, Presence> {
    const found = new Map<Username, Presence>();
    for (const { username } of this.#peer.diagnostics().links) found.set(username, "here");
    for (const { members } of this.#peer.rooms())
      for (const member of members) {
        const presence = presenceOf(member);
        if (presence === "away" || (presence === "here" && !found.has(member.username)))
          found.set(member.username, presence);
      }
    return found;
  }
}

/** Offline is the tracker's word: of those whom we look for without it nobody knows. */
export function presenceOf({ online, away, reach }: RoomMember): Presence {
  if (away !== undefined) return "away";
  if (online || reach.kind === "self") return "here";
  return reach.kind === "offline" ? "offline" : "unknown";
}
