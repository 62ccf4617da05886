import type { Catalogue } from "../catalogue/catalogue.ts";
import { linksBadge, trackerBadge } from "./badges.ts";
import { bannerOf } from "./banner.ts";
import type { ChatPorts } from "./chat-ports.ts";
import type { ChatSession } from "./chat-session.ts";
import type { Banner, Header, Members, StatusView, Timeline } from "./chat-view.ts";
import { shortTime } from "./day-label.ts";
import { headerOf } from "./header.ts";
import { memberRows } from "./member-rows.ts";
import type { Tab } from "./tab.ts";
import { safeText } from "@papo/protocol";
import { shownName } from "../names/shown-name.ts";

/** What stands around the timeline. Made when it is asked for, and kept until something has happened. */
export class ChatPanes {
  readonly #ports: ChatPorts;
  readonly #texts: Catalogue;
  readonly #session: ChatSession;
  #version = -1;
  #of: Tab | undefined;
  #header: Header | undefined;
  #members: Members | undefined;
  #membersBefore: Members | undefined;
  #links: StatusView["links"] | undefined;
  #missing: number | undefined;
  #status: StatusView | undefined;
  #banner: Banner | null = null;

  constructor(ports: ChatPorts, texts: Catalogue, session: ChatSession) {
    this.#ports = ports;
    this.#texts = texts;
    this.#session = session;
  }

  get #active(): Tab {
    return this.#session.desk.list.active;
  }

  /** Whether something has happened since. */
  #look(): void {
    const active = this.#active;
    const { paneVersion } = this.#session;
    if (this.#version === paneVersion && this.#of === active) return;
    this.#membersBefore = this.#of === active ? (this.#members ?? this.#membersBefore) : undefined;
    this.#version = paneVersion;
    this.#of = active;
    this.#header = undefined;
    this.#members = undefined;
    this.#links = undefined;
    this.#missing = undefined;
  }

  header(): Header {
    this.#look();
    return (this.#header ??= headerOf(this.#active.of, this.#ports.peer, this.#texts));
  }

  members(): Members {
    this.#look();
    const { people, presences } = this.#session;
    const sources = { peer: this.#ports.peer, people, presences };
    return (this.#members ??= memberRows(this.#active.of, sources, this.#membersBefore));
  }

  timeline(): Timeline {
    this.#look();
    const { of } = this.#active;
    this.#missing ??= of?.kind === "room" ? (this.#ports.peer.room(of.id)?.log?.missing ?? 0) : 0;
    return this.#active.timeline.view(this.#missing);
  }

  status(): StatusView {
    this.#look();
    const { peer, clock } = this.#ports;
    const { of } = this.#active;
    if (this.#links === undefined) this.#links = of === null ? null : linksBadge(of, peer, this.#texts);
    const away = peer.self === undefined ? null : peer.away();
    const status: StatusView = {
      time: shortTime(clock.wallMs()),
      self: peer.self === undefined ? null : shownName(peer.self),
      away: away === null ? null : safeText(away),
      tracker: trackerBadge(peer.trackerState(), this.#texts),
      links: this.#links,
      memberCount: this.members().rows.length || null,
      hot: this.#session.desk.list.hot(),
      waiting: this.#session.held.count,
    };
    if (this.#status === undefined || !isSame(this.#status, status)) this.#status = status;
    return this.#status;
  }

  banner(): Banner | null {
    const { peer, clock } = this.#ports;
    const facts = { tracker: peer.trackerState(), keyChanges: peer.keyChanges(), nowMs: clock.wallMs() };
    const banner = bannerOf({ ...facts, isCopied: this.#session.isCopied }, this.#texts);
    const isKnown = this.#banner?.tone === banner?.tone && this.#banner?.spans[0]?.text === banner?.spans[0]?.text;
    if (!isKnown) this.#banner = banner;
    return this.#banner;
  }
}

function isSame(one: StatusView, other: StatusView): boolean {
  const { hot, tracker, links, ...plain } = one;
  const { hot: otherHot, tracker: otherTracker, links: otherLinks, ...otherPlain } = other;
  return (
    links === otherLinks &&
    tracker.text === otherTracker.text &&
    hot.length === otherHot.length &&
    hot.every((row, at) => row === otherHot[at]) &&
    JSON.stringify(plain) === JSON.stringify(otherPlain)
  );
}
