import { type DeviceKey, type Fault, type Username, fault } from "@papo/protocol";
import { chooseLink } from "./link-choice.ts";
import type { Heard, PeerLink } from "./peer-link.ts";

export interface LinkBookReceiver {
  /** `isFirst`: there was no link with this program before. */
  opened(link: PeerLink, isFirst: boolean): void;
  heard(link: PeerLink, heard: Heard): void;
  /** `isLast`: there is none left. */
  closed(link: PeerLink, reason: Fault, isLast: boolean): void;
}

/** The links with one program. New words go over `current`; what arrives is heard on any. */
type Links = { current: PeerLink; readonly others: Set<PeerLink> };

/**
 * All verified links, by device. Two with the same device are brought down to one, without losing what is under way: the
 * one that goes is asked a last time, so that what was sent on it has arrived, and then told `replaced`.
 */
export class LinkBook {
  readonly #ownDevice: DeviceKey;
  readonly #receiver: LinkBookReceiver;
  readonly #linksByKey = new Map<string, Links>();

  constructor(ownDevice: DeviceKey, receiver: LinkBookReceiver) {
    this.#ownDevice = ownDevice;
    this.#receiver = receiver;
  }

  get size(): number {
    return this.#linksByKey.size;
  }

  /** One for each program. */
  links(): readonly PeerLink[] {
    return [...this.#linksByKey.values()].map(({ current }) => current);
  }

  /** One for each of that name's programs. */
  to(username: Username): readonly PeerLink[] {
    return this.links().filter((link) => link.party.username === username && link.isOpen);
  }

  has(key: string): boolean {
    return this.#linksByKey.has(key);
  }

  add(link: PeerLink): void {
    link.start({
      heard: (from, heard) => this.#receiver.heard(from, heard),
      closed: (from, reason) => this.#closed(from, reason),
    });
    const links = this.#linksByKey.get(link.key);
    if (links === undefined) {
      this.#linksByKey.set(link.key, { current: link, others: new Set() });
      this.#receiver.opened(link, true);
      return;
    }
    this.#settle(links, link);
  }

  /** Ends every link, telling the other side why. */
  closeAll(code: "closed" | "replaced"): void {
    for (const { current, others } of this.#linksByKey.values())
      for (const link of [current, ...others]) link.bye(code);
  }

  #settle(links: Links, newer: PeerLink): void {
    const older = links.current;
    const { device } = newer.party;
    links.others.add(newer);
    if (device !== null && chooseLink(older, newer, this.#ownDevice, device) === "older") {
      void this.#keepIfAlive(links, older, newer);
      return;
    }
    this.#promote(links, newer);
    if (device === null) return limitSpares(links);
    void this.#retire(links, older);
  }

  /** The older one is only preferred to a newer one that works if it works itself. */
  async #keepIfAlive(links: Links, older: PeerLink, newer: PeerLink): Promise<void> {
    const isAlive = await older.answers();
    if (links.current !== older) return;
    if (isAlive) return this.#retire(links, newer);
    if (!newer.isOpen) return;
    this.#promote(links, newer);
    older.destroy(fault("dead", "no answer when a newer link came"));
  }

  #promote(links: Links, link: PeerLink): void {
    if (links.current !== link) links.others.add(links.current);
    links.others.delete(link);
    links.current = link;
    this.#receiver.opened(link, false);
  }

  async #retire(links: Links, link: PeerLink): Promise<void> {
    await link.answers();
    // Meanwhile the other one may have ended, and this is the one that stays.
    if (links.current !== link && link.isOpen) link.bye("replaced");
  }

  #closed(link: PeerLink, reason: Fault): void {
    const links = this.#linksByKey.get(link.key);
    if (links === undefined || links.current !== link) {
      links?.others.delete(link);
      return this.#receiver.closed(link, reason, false);
    }

    const heir = [...links.others].findLast((other) => other.isOpen);
    if (heir === undefined) {
      this.#linksByKey.delete(link.key);
      return this.#receiver.closed(link, reason, true);
    }
    links.others.delete(heir);
    links.current = heir;
    this.#receiver.closed(link, reason, false);
    this.#receiver.opened(heir, false);
  }
}

/** Spare links with one seed program. An original keeps one per name and forgets it when any of them closes, so ours stay. */
const SEED_SPARES_MAX = 3;

function limitSpares({ others }: Links): void {
  const [oldest] = others;
  if (others.size > SEED_SPARES_MAX) oldest?.destroy(fault("replaced", "too many links with one program"));
}
