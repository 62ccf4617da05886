import type { Clock, Timer } from "@papo/link";
import { type DeviceKey, type Fault, SPARE_LINK_LINGER_MS, type Username, fault } from "@papo/protocol";
import { ByName } from "../by-name.ts";
import { chooseLink, isBetter } from "./link-choice.ts";
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
 * one that goes is asked a last time, so that what was sent on it has arrived, and then told `replaced`. Both ends choose by the same
 * rules, and the one with the smaller key ends what goes: so never both of them, should they ever see it differently.
 */
export class LinkBook {
  readonly #ownDevice: DeviceKey;
  readonly #clock: Clock;
  readonly #receiver: LinkBookReceiver;
  /** Spare ones whose other end did not end them, should it never do so. */
  readonly #lingering = new Map<PeerLink, Timer>();
  readonly #linksByKey = new Map<string, Links>();
  /** A device belongs to one account, which may go by more than one name. */
  readonly #links = new ByName<Links>();

  constructor(
    { ownDevice, clock }: { readonly ownDevice: DeviceKey; readonly clock: Clock },
    receiver: LinkBookReceiver,
  ) {
    this.#ownDevice = ownDevice;
    this.#clock = clock;
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
    const links = [...this.#links.of(username)].map(({ current }) => current);
    return links.filter((link) => link.party.username === username && link.isOpen);
  }

  has(key: string): boolean {
    return this.#linksByKey.has(key);
  }

  add(link: PeerLink): void {
    link.start({
      heard: (from, heard) => this.#receiver.heard(from, heard),
      closed: (from, reason) => this.#closed(from, reason),
    });
    const known = this.#linksByKey.get(link.key);
    const links = known ?? { current: link, others: new Set() };
    this.#links.add(link.party.username, links);
    if (known !== undefined) return this.#settle(known, link);
    this.#linksByKey.set(link.key, links);
    this.#receiver.opened(link, true);
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
      return limitSpares(links);
    }
    this.#promote(links, newer);
    limitSpares(links);
    if (device !== null) this.#retire(links, older);
  }

  /** The older one is only preferred to a newer one that works if it works itself. */
  async #keepIfAlive(links: Links, older: PeerLink, newer: PeerLink): Promise<void> {
    const isAlive = await older.answers();
    if (links.current === newer) return;
    if (isAlive || links.current !== older || !newer.isOpen) return this.#retire(links, newer);
    this.#promote(links, newer);
    if (this.#decides(older)) older.destroy(fault("dead", "no answer when a newer link came"));
    else this.#retire(links, older);
  }

  #decides({ party }: PeerLink): boolean {
    return party.device === null || this.#ownDevice <= party.device;
  }

  #promote(links: Links, link: PeerLink): void {
    if (links.current !== link) links.others.add(links.current);
    links.others.delete(link);
    links.current = link;
    this.#receiver.opened(link, false);
  }

  #retire(links: Links, link: PeerLink): void {
    if (this.#decides(link)) return void this.#endSpare(links, link);
    if (this.#lingering.has(link) || !link.isOpen) return;
    this.#lingering.set(
      link,
      this.#clock.after(SPARE_LINK_LINGER_MS, () => {
        this.#lingering.delete(link);
        void this.#endSpare(links, link);
      }),
    );
  }

  /** Asked a last time, it has brought all that was on its way. The one that stays is asked too: it may have died as soon as it stood. */
  async #endSpare(links: Links, link: PeerLink): Promise<void> {
    const { current } = links;
    const [isAlive, isCurrentAlive] = await Promise.all([link.answers(), current.answers()]);
    // Meanwhile the other one may have ended, and this is the one that stays.
    if (links.current === link || !link.isOpen) return;
    if (!isAlive || (isCurrentAlive && links.current === current)) return link.bye("replaced");
    if (links.current !== current) return this.#endSpare(links, link);
    this.#promote(links, link);
    current.destroy(fault("dead", "no answer when it came in place of another link"));
  }

  #closed(link: PeerLink, reason: Fault): void {
    this.#lingering.get(link)?.cancel();
    this.#lingering.delete(link);
    const links = this.#linksByKey.get(link.key);
    if (links === undefined || links.current !== link) {
      if (links?.others.delete(link)) this.#unname(links, link);
      return this.#receiver.closed(link, reason, false);
    }

    const heir = heirOf(links);
    if (heir === undefined) {
      this.#linksByKey.delete(link.key);
      this.#links.delete(link.party.username, links);
      for (const other of links.others) this.#links.delete(other.party.username, links);
      return this.#receiver.closed(link, reason, true);
    }
    links.others.delete(heir);
    links.current = heir;
    this.#unname(links, link);
    this.#receiver.closed(link, reason, false);
    this.#receiver.opened(heir, false);
  }

  /** The last link under one of a device's names takes the name with it. */
  #unname(links: Links, { party }: PeerLink): void {
    const isStillNamed = [links.current, ...links.others].some((other) => other.party.username === party.username);
    if (!isStillNamed) this.#links.delete(party.username, links);
  }
}

/** The newest of those that go by the best way. */
function heirOf({ others }: Links): PeerLink | undefined {
  const open = [...others].filter((other) => other.isOpen);
  return open.reduce<PeerLink | undefined>(
    (best, other) => (best !== undefined && isBetter(best.path, other.path) ? best : other),
    undefined,
  );
}

/**
 * Spare links with one program. An original keeps one per name and forgets it when any of them closes, so ours stay; those
 * with a device are on their way out, and whoever dials faster than they go loses the oldest.
 */
const SPARES_MAX = 3;

function limitSpares({ others }: Links): void {
  const [oldest] = others;
  if (others.size > SPARES_MAX) oldest?.destroy(fault("replaced", "too many links with one program"));
}
