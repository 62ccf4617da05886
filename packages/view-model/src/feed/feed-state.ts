import type { Conversation, Delivery, PeerEvent, Room } from "@papo/peer/api";
import type { FaultCode, MessageId, RoomId, Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ShownLine } from "./shown-line.ts";

/** What a screen has to remember between two events, so that nothing is said twice and nothing is left unsaid. */
export type FeedState = {
  /** The conversation on the screen; null at a menu. */
  readonly focus: Conversation | null;
  /** A room that this user is leaving or deleting: its end is no news. */
  readonly leaving: RoomId | null;
  /** Own messages on the screen already: they are told both by `send` and by an event. */
  readonly ownShown: readonly MessageId[];
  /** Own messages that nobody had yet when last heard of, and why. */
  readonly held: ReadonlyMap<MessageId, FaultCode>;
  readonly lastOwn: { readonly id: MessageId; readonly delivery: Delivery | null } | null;
  /** "1/2": how far the last message got that did not reach everyone, so that it is said once and not for each. */
  readonly partialTold: string;
  /** Open links by name: somebody may have several devices. */
  readonly linkCounts: ReadonlyMap<Username, number>;
  readonly unreachableTold: ReadonlySet<Username>;
  readonly tracker: "unknown" | "online" | "lost" | "refused";
};

export const INITIAL_FEED: FeedState = {
  focus: null,
  leaving: null,
  ownShown: [],
  held: new Map(),
  lastOwn: null,
  partialTold: "",
  linkCounts: new Map(),
  unreachableTold: new Set(),
  tracker: "unknown",
};

/** What the lines are made with. `atMs`: now, milliseconds since 1970. */
export type FeedView = {
  readonly texts: Catalogue;
  readonly atMs: number;
  readonly room: (id: RoomId) => Room | undefined;
};

export type FeedStep = { readonly state: FeedState; readonly lines: readonly ShownLine[] };

/** The event of one kind. */
export type EventOf<Kind extends PeerEvent["kind"]> = Extract<PeerEvent, { kind: Kind }>;

export function silent(state: FeedState): FeedStep {
  return { state, lines: [] };
}
