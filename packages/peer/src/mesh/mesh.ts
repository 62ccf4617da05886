import type { LinkEnds } from "@papo/link";
import {
  type AccountKey,
  type Fault,
  type Observed,
  type Outcome,
  PEER_LINKS_MAX,
  STRANGERS_RELAYED_MAX,
  type Username,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { KeyChange, PathAttempt, Reach } from "../api.ts";
import type { CallNews } from "../tracker-session/tracker-line.ts";
import { ContactBook } from "./contact-book.ts";
import type { Contact } from "./contacts.ts";
import { Dialler } from "./dialler.ts";
import { FrontDoor, type FrontDoorPorts } from "./front-door.ts";
import { LinkBook } from "./link-book.ts";
import { LinkLinger } from "./link-linger.ts";
import { type NewLinkPorts, NewLinks } from "./new-links.ts";
import { BetterPaths } from "./paths/better-paths.ts";
import { PathFinder, type PathPorts } from "./paths/path-finder.ts";
import type { Heard, PeerLink } from "./peer-link.ts";

export type MeshPorts = NewLinkPorts & {
  readonly listen: FrontDoorPorts["place"];
  readonly paths: PathPorts;
  /** Whether a link is of use, whoever dialled it. */
  readonly isNeeded: (link: PeerLink) => boolean;
};

export interface MeshReceiver {
  opened(link: PeerLink, isFirst: boolean): void;
  heard(link: PeerLink, heard: Heard): void;
  closed(link: PeerLink, reason: Fault, isLast: boolean): void;
  /** It can be reached otherwise than before, or no more, or why not is another. */
  reachChanged(username: Username): void;
  unreachable(username: Username, reason: Fault): void;
  keyChanged(change: KeyChange): void;
  nameConflict(username: Username): void;
  /** A statement of this account is known that was not before. */
  devicesChanged(account: AccountKey): void;
  /** Somebody says, with a proof, that this device is about twice. */
  copied(reason: Fault): void;
}

/** Links with other peers: those that came in by the front door and those that were dialled, one with each device. */
export class Mesh {
  readonly #ports: MeshPorts;
  readonly #receiver: MeshReceiver;
  readonly #links: LinkBook;
  readonly #contacts: ContactBook;
  readonly #door: FrontDoor;
  readonly #linger: LinkLinger;
  readonly #dialler: Dialler;
  readonly #paths: PathFinder;
  readonly #better: BetterPaths;
  #closed = false;

  constructor(ports: MeshPorts, receiver: MeshReceiver) {
    this.#ports = ports;
    this.#receiver = receiver;
    const { network, clock, random, own } = ports;
    const newLinks = new NewLinks(ports, {
      keyChanged: (change) => receiver.keyChanged(change),
      nameConflict: (username) => receiver.nameConflict(username),
      devicesChanged: (account) => receiver.devicesChanged(account),
      copied: (reason) => receiver.copied(reason),
      isLinkedAs: (username, account) => this.#links.to(username).some((link) => link.party.account === account),
    });
    this.#dialler = new Dialler({ network, newLinks, self: () => own().username });
    this.#door = new FrontDoor({
      network,
      clock,
      newLinks,
      place: ports.listen,
      entered: (link) => void this.#keep(link),
    });
    this.#links = new LinkBook(
      { ownDevice: own().keys.device.publicKey, clock },
      {
        opened: (link, isFirst) => this.#opened(link, isFirst),
        heard: (link, heard) => receiver.heard(link, heard),
        closed: (link, reason, isLast) => this.#linkClosed(link, reason, isLast),
      },
    );
    this.#linger = new LinkLinger({ clock, drop: (username) => this.#dropUnwanted(username) });
    this.#paths = new PathFinder({
      ...ports.paths,
      ...{ clock, network, newLinks },
      own: () => ({ account: own().keys.root.publicKey, device: own().keys.device.publicKey }),
      keep: (link) => this.#keep(link),
    });
    this.#better = new BetterPaths({
      clock,
      ownDevice: own().keys.device.publicKey,
      improve: (link, signal) => this.#ifWanted(link, (contact) => this.#paths.improve(contact, link, signal)),
      renew: (link, signal) => this.#ifWanted(link, (contact) => this.#paths.renew(contact, link, signal)),
    });
    this.#contacts = new ContactBook({
      ...{ clock, random },
      dial: (contact, signal) => this.#dial(contact, signal),
      linksTo: (username) => this.#links.to(username),
      moved: ({ key }) => this.#better.news(key),
      changed: ({ username }) => receiver.reachChanged(username),
      failed: ({ username }, reason) => receiver.unreachable(username, reason),
    });
  }

  async #dial(contact: Contact, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    if (contact.dialect === "papo") return this.#paths.find(contact, signal);
    if (this.#ports.paths.hideAddress) return fail("unreachable", "dialling would show where we are");
    const dialled = await this.#dialler.dial(contact, signal);
    return dialled.ok ? this.#keep(dialled.value) : dialled;
  }

  #ifWanted<T>(link: PeerLink, act: (contact: Contact) => T): T | undefined {
    const contact = this.#contacts.contactOf(link);
    return contact?.dialect === "papo" ? act(contact) : undefined;
  }

  get listening(): { readonly host: string; readonly port: number } | null {
    return this.#door.place;
  }

  /** Listens so that those whom this way to the tracker serves can reach us. Gives the port. */
  listenFor(ends: Pick<LinkEnds, "localAddress">): Promise<Outcome<number>> {
    return this.#door.openFor(ends);
  }

  // ---- whom to dial

  want(contactByKey: ReadonlyMap<string, Contact>): void {
    if (!this.#closed) this.#contacts.want(contactByKey);
  }

  hurry(username: Username): void {
    this.#contacts.hurry(username);
  }

  /** All that wait: they may be reached again. */
  hurryAll(): void {
    this.#contacts.hurryAll();
  }

  /** This machine is in another network: whoever is not linked is dialled anew. */
  redialAll(): void {
    this.#contacts.redialAll();
  }

  // ---- calls, by the tracker's session

  trackerIsGone(): void {
    this.#paths.offline();
  }

  calls(news: CallNews): void {
    this.#paths.heard(news);
  }

  observed(observed: Observed): void {
    this.#paths.observed(observed);
  }

  /** What was tried lately to reach this name's devices. */
  attempts(username: Username): readonly PathAttempt[] {
    return this.#paths.attempts(username);
  }

  // ---- links

  #keep(link: PeerLink): Outcome<PeerLink> {
    if (this.#closed || !this.#hasRoomFor(link)) {
      link.bye(this.#closed ? "closed" : "busy");
      return fail("busy", `at most ${PEER_LINKS_MAX} links`);
    }
    this.#links.add(link);
    if (link.path === "relayed") this.#limitStrangers();
    return succeed(link);
  }

  /** A relay lets each account have so many links: strangers take some of ours, and the one that came first goes first. */
  #limitStrangers(): void {
    const relayed = this.#links.links().filter(({ path }) => path === "relayed");
    if (relayed.length <= STRANGERS_RELAYED_MAX) return;
    const strangers = relayed.filter((link) => !this.#contacts.wants(link) && !this.#ports.isNeeded(link));
    for (const stranger of strangers.slice(0, -STRANGERS_RELAYED_MAX)) stranger.bye("busy");
  }

  /** A link that nobody here asked for makes room for one that somebody did. */
  #hasRoomFor(link: PeerLink): boolean {
    if (this.#links.size < PEER_LINKS_MAX || this.#links.has(link.key)) return true;
    if (!this.#contacts.wants(link)) return false;
    const stranger = this.#links.links().find((candidate) => !this.#contacts.wants(candidate));
    stranger?.bye("busy");
    return stranger !== undefined;
  }

  #opened(link: PeerLink, isFirst: boolean): void {
    this.#paths.linked(link);
    this.#better.opened(link);
    this.#contacts.linkOpened(link);
    this.#receiver.opened(link, isFirst);
    this.#receiver.reachChanged(link.party.username);
  }

  #linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
    if (reason.proof !== undefined) this.#receiver.copied(reason);
    this.#better.closed(link);
    if (isLast && !this.#closed) this.#contacts.linkClosed(link, reason);
    this.#receiver.closed(link, reason, isLast);
    this.#receiver.reachChanged(link.party.username);
  }

  links(): readonly PeerLink[] {
    return this.#links.links();
  }

  /** Open links with that name's programs whose key is the one that we know, or that have none. */
  linksTo(username: Username): readonly PeerLink[] {
    return this.#links.to(username).filter((link) => this.isTrusted(link));
  }

  isTrusted({ party }: PeerLink): boolean {
    if (party.account === null) return !this.#ports.hasKey(party.username);
    return this.#ports.pins.standing(party.username, party.account) === "trusted";
  }

  /** Links of a key that was refused or given up end here. */
  dropUntrusted(username: Username): void {
    for (const link of this.#links.to(username)) if (!this.isTrusted(link)) link.bye("identity_changed");
  }

  /** We share less with these people than before: links that are of no more use end soon. */
  parted(usernames: readonly Username[]): void {
    this.#linger.parted(usernames);
  }

  #dropUnwanted(username: Username): void {
    for (const link of this.#links.to(username))
      if (!this.#contacts.wants(link) && !this.#ports.isNeeded(link)) link.bye("idle");
  }

  reach(username: Username): Reach {
    const [link] = this.linksTo(username);
    if (link !== undefined) return { kind: "linked", encrypted: link.security !== undefined, path: link.path };
    if (this.#links.to(username).length > 0)
      return { kind: "unreachable", reason: fault("identity_changed", "the key of this name changed") };
    const standing = this.#contacts.standing(username);
    if (standing === undefined) return { kind: "offline" };
    return standing.kind === "connecting" ? { kind: "connecting" } : { kind: "unreachable", reason: standing.reason };
  }

  /** Nobody of that name answers, for a while now. Only of who is dialled. */
  isGivenUp(username: Username): boolean {
    return this.linksTo(username).length === 0 && this.#contacts.isGivenUp(username);
  }

  async close(): Promise<void> {
    this.#linger.stop();
    this.#better.stop();
    this.#paths.stop();
    this.#contacts.want(new Map());
    this.#closed = true;
    this.#links.closeAll("closed");
    await this.#door.close();
  }
}
