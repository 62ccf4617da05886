import type { Conversation, PeerEvent } from "@papo/peer/api";
import type { RoomId, Username } from "@papo/protocol";
import { feedStep, expectEnd } from "../feed/feed.ts";
import { type FeedState, type FeedView, INITIAL_FEED } from "../feed/feed-state.ts";
import { decided } from "../feed/keys.ts";
import { awaitEntry } from "../feed/room-standing.ts";
import type { ShownLine } from "../feed/shown-line.ts";
import type { Attention } from "./chat-view.ts";

/** Something that is said at home, and in the conversation that it concerns. */
export type News = { readonly lines: readonly ShownLine[]; readonly attention: Attention };

type Told = Exclude<
  PeerEvent["kind"],
  | "message"
  | "delivery"
  | "message-changed"
  | "member-joined"
  | "member-left"
  | "member-online"
  | "member-offline"
  | "linked"
  | "relinked"
  | "unlinked"
  | "unreachable"
  | "private-left"
  | "away"
  | "preferences-changed"
  | "opened"
>;

/** How much each asks for a look. */
const ATTENTION: Readonly<Record<Told, Attention>> = {
  tracker: "low",
  "tracker-address-refused": "message",
  "room-changed": "message",
  "room-closed": "message",
  "invite-refused": "message",
  "contact-request": "private",
  forked: "message",
  copied: "message",
  "key-changed": "private",
  "name-conflict": "message",
  problem: "message",
};

function isTold(kind: PeerEvent["kind"]): kind is Told {
  return kind in ATTENTION;
}

/** What the feed has to say that belongs to no single conversation, in its words. */
export class ProgramNews {
  #feed: FeedState = INITIAL_FEED;

  /** Undefined when there is nothing to say. */
  of(event: PeerEvent, view: FeedView): News | undefined {
    if (!isTold(event.kind)) return undefined;
    const { state, lines } = feedStep(this.#feed, event, view);
    this.#feed = state;
    return lines.length === 0 ? undefined : { lines, attention: ATTENTION[event.kind] };
  }

  expectEnd(room: RoomId): void {
    this.#feed = expectEnd(this.#feed, room);
  }

  awaitEntry(room: RoomId): void {
    this.#feed = awaitEntry(this.#feed, room);
  }

  decided(username: Username, decision: "accept" | "block"): void {
    this.#feed = decided(this.#feed, username, decision);
  }

  forget(): void {
    this.#feed = INITIAL_FEED;
  }
}

/** Whether what it says should stand in that conversation too. */
export function concerns(event: PeerEvent, of: Conversation, isMember: (username: Username) => boolean): boolean {
  switch (event.kind) {
    case "room-closed":
      return of.kind === "room" && of.id === event.id;
    case "invite-refused":
    case "forked":
      return of.kind === "room" && of.id === event.room.id;
    case "key-changed":
      return isMember(event.change.username);
    case "name-conflict":
      return isMember(event.username);
    default:
      return false;
  }
}
