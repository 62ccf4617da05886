import type { Conversation, Delivery, KeyChange, Message, PeerEvent, Room } from "@papo/peer/api";
import type { FaultCode, RoomId, Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ShownLine } from "./shown-line.ts";

/** What a screen has to remember between two events, so that nothing is said twice and nothing is left unsaid. */
export type FeedState = {
  /** The conversation on the screen; null at a menu. */
  readonly focus: Conversation | null;
  /** A room that this user is leaving or deleting: its end is no news. */
  readonly leaving: RoomId | null;
  /** Rooms of which it was said that they open later: that they have is news. */
  readonly awaited: ReadonlySet<RoomId>;
  /** Own messages on the screen already: they are told both by `send` and by an event. */
  readonly ownShown: readonly Message["id"][];
  /** Own messages that nobody had yet when last heard of, and how that was told. */
  readonly held: ReadonlyMap<Message["id"], string>;
  readonly lastOwn: { readonly id: Message["id"]; readonly delivery: Delivery | null } | null;
  /** "1/2": how far the last message got that did not reach everyone, so that it is said once and not for each. */
  readonly partialTold: string;
  /** That message, or one that got as far since. */
  readonly partial: Message["id"] | null;
  /** Open links by name: somebody may have several devices. */
  readonly linkCounts: ReadonlyMap<Username, number>;
  /** Names whose newest link goes through a relay. */
  readonly relayed: ReadonlySet<Username>;
  /** What was told last of somebody in this conversation: a goodbye, a lost link and going offline all say that they are away. */
  readonly presenceTold: ReadonlyMap<Username, "here" | "away">;
  /** Why somebody is out of reach, as told; until there is a link, or they come online anew. */
  readonly outOfReachTold: ReadonlyMap<Username, OutOfReach>;
  /** Names of which two keys are in use, as told. */
  readonly conflictsTold: ReadonlySet<Username>;
  /** Names whose new key this user has refused since the start. */
  readonly blocked: ReadonlySet<Username>;
  readonly tracker: "unknown" | "online" | "lost" | "refused";
  /** Milliseconds since 1970; while it is lost. */
  readonly trackerLostAtMs: number;
};

/** `lost`: a link that stood. `passing`: an attempt failed for a reason that ends by itself. */
export type OutOfReach = "lost" | "passing" | FaultCode;

export const INITIAL_FEED: FeedState = {
  focus: null,
  leaving: null,
  awaited: new Set(),
  ownShown: [],
  held: new Map(),
  lastOwn: null,
  partialTold: "",
  partial: null,
  linkCounts: new Map(),
  relayed: new Set(),
  presenceTold: new Map(),
  outOfReachTold: new Map(),
  conflictsTold: new Set(),
  blocked: new Set(),
  tracker: "unknown",
  trackerLostAtMs: 0,
};

/** What the lines are made with. `atMs`: now, milliseconds since 1970. */
export type FeedView = {
  readonly texts: Catalogue;
  readonly atMs: number;
  readonly room: (id: RoomId) => Room | undefined;
  /** Those that wait for the user's decision. */
  readonly keyChanges: () => readonly KeyChange[];
  /** For a file: texts with all of their lines, and nothing that is of interest on a screen alone. */
  readonly isWhole?: boolean;
};

export type FeedStep = { readonly state: FeedState; readonly lines: readonly ShownLine[] };

/** The event of one kind. */
export type EventOf<Kind extends PeerEvent["kind"]> = Extract<PeerEvent, { kind: Kind }>;

export function silent(state: FeedState): FeedStep {
  return { state, lines: [] };
}

/** A copy with one entry more, or another one. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map([...map, [key, value]]);
}

/** A copy without that entry; the same map if there is none. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  return map.has(key) ? new Map([...map].filter(([other]) => other !== key)) : map;
}
