import type { Clock, Link, Listener, Network, Random } from "@papo/link";
import {
  DIAL_TIMEOUT_MS,
  type Fault,
  type FaultCode,
  HELLOS_PENDING_MAX,
  type Outcome,
  PEER_ALPN,
  PEER_LINK_QUEUE_BYTES_MAX,
  PEER_LINKS_MAX,
  TLS_TRIED_FIRST_MS,
  type RoomId,
  type RoomName,
  type TrackerKey,
  type Username,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { KeyChange, Reach } from "../api.ts";
import type { Introduction } from "../identity/introduction.ts";
import type { OwnAccount } from "../identity/own-account.ts";
import type { PinKeeper } from "../identity/pin-keeper.ts";
import { ContactBook } from "./contact-book.ts";
import type { Address, Contact } from "./contacts.ts";
import { type HandshakePorts, firstSeedWord, greetAsDialler, greetAsListener } from "./handshake.ts";
import { LinkBook } from "./link-book.ts";
import { PapoPeerLink } from "./papo-peer-link.ts";
import type { Heard, PeerLink } from "./peer-link.ts";
import { SeedPeerLink } from "./seed-peer-link.ts";

export type MeshPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly pins: PinKeeper;
  readonly allowPlaintext: boolean;
  /** As it is now: the tracker renews its word for the name at each login. */
  readonly own: () => OwnAccount;
  /** Whose word for names counts; null at an original tracker. */
  readonly tracker: () => TrackerKey | null;
  readonly plainRoom: (name: RoomName) => RoomId | undefined;
  /** Whether this name is known to have a key, so that nobody may use it without one (latch). */
  readonly hasKey: (name: Username) => boolean;
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
}

/** What a dial says when somebody is there and it is not TLS, or it does not answer as TLS would. */
const NOT_TLS: ReadonlySet<FaultCode> = new Set(["unsupported", "timeout"]);

/** Links with other peers: accepts them, dials them, keeps one with each device. */
export class Mesh {
  readonly #ports: MeshPorts;
  readonly #receiver: MeshReceiver;
  readonly #links: LinkBook;
  readonly #contacts: ContactBook;
  #listener: Listener | undefined;
  /** Accepted, and their HELLO has not come: oldest first. */
  readonly #atTheDoor = new Set<Link>();
  #closed = false;

  constructor(ports: MeshPorts, receiver: MeshReceiver) {
    this.#ports = ports;
    this.#receiver = receiver;
    this.#links = new LinkBook(ports.own().keys.device.publicKey, {
      opened: (link, isFirst) => this.#opened(link, isFirst),
      heard: (link, heard) => receiver.heard(link, heard),
      closed: (link, reason, isLast) => this.#linkClosed(link, reason, isLast),
    });
    this.#contacts = new ContactBook({
      clock: ports.clock,
      random: ports.random,
      dial: (contact, signal) => this.#dial(contact, signal),
      linksTo: (username) => this.#links.to(username),
      changed: ({ username }) => receiver.reachChanged(username),
      failed: ({ username }, reason) => receiver.unreachable(username, reason),
    });
  }

  // ---- listening

  get listening(): { readonly host: string; readonly port: number } | null {
    return this.#listener === undefined ? null : { host: this.#listener.host, port: this.#listener.port };
  }

  async listen(host: string, port: number): Promise<Outcome<Listener>> {
    await this.#listener?.close();
    const listening = await this.#ports.network.listen({
      ...this.#linkSettings(),
      host,
      port,
      dialects: ["papo", "seed"],
      onLink: (link) => void this.#accept(link),
    });
    this.#listener = listening.ok ? listening.value : undefined;
    return listening;
  }

  async #accept(link: Link): Promise<void> {
    if (this.#closed) return link.destroy(fault("closed", "not listening any more"));
    this.#makeRoomAtTheDoor();
    this.#atTheDoor.add(link);
    try {
      await (link.dialect === "papo" ? this.#acceptPapo(link) : this.#acceptSeed(link));
    } finally {
      this.#atTheDoor.delete(link);
    }
  }

  /** In a flood the one that has been silent longest goes: an honest HELLO comes long before. */
  #makeRoomAtTheDoor(): void {
    if (this.#atTheDoor.size < HELLOS_PENDING_MAX) return;
    const [oldest] = this.#atTheDoor;
    if (oldest === undefined) return;
    this.#atTheDoor.delete(oldest);
    oldest.destroy(fault("busy", "too many at the door"));
  }

  async #acceptPapo(link: Link): Promise<void> {
    const met = await greetAsListener(link, this.#handshakePorts());
    if (met.ok) this.#keep(new PapoPeerLink(link, met.value, { clock: this.#ports.clock, dialledByUs: false }));
  }

  /** A tracker's PING is answered always; anything more only by who allows plaintext. */
  async #acceptSeed(link: Link): Promise<void> {
    const word = await firstSeedWord(link, this.#ports.clock);
    if (!word.ok) return;
    if (word.value.cmd === "PING") {
      link.sendJson({ cmd: "PONG" });
      return link.close(fault("closed", "answered"));
    }
    const { username } = word.value;
    if (!this.#mayBePlain(username)) return link.destroy(fault("plaintext_refused", "expected TLS"));
    this.#keep(this.#seedLink(link, username, false));
  }

  #mayBePlain(username: Username): boolean {
    return this.#ports.allowPlaintext && username !== this.#ports.own().username && !this.#ports.hasKey(username);
  }

  // ---- dialling

  want(contactByKey: ReadonlyMap<string, Contact>): void {
    if (!this.#closed) this.#contacts.want(contactByKey);
  }

  hurry(username: Username): void {
    this.#contacts.hurry(username);
  }

  async #dial(contact: Contact, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    let last: Outcome<PeerLink> = fail("unreachable", "no address");
    for (const address of contact.addresses) {
      if (signal.aborted) break;
      last = await this.#dialAt(contact, address, signal);
      if (last.ok) break;
    }
    return last;
  }

  async #dialAt(contact: Contact, address: Address, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    if (contact.dialect === "seed") return this.#dialSeed(contact, address, signal);
    const mayFallBack = contact.dialect === "either" && this.#mayBePlain(contact.username);
    const secure = await this.#secureLink(contact, address, {
      signal,
      timeoutMs: mayFallBack ? TLS_TRIED_FIRST_MS : DIAL_TIMEOUT_MS,
    });
    if (secure.ok) return this.#introduceTo(contact, secure.value);
    if (contact.dialect === "papo" || !NOT_TLS.has(secure.fault.code)) return secure;
    return mayFallBack
      ? this.#dialSeed(contact, address, signal)
      : fail("plaintext_refused", "the other program does not encrypt");
  }

  #secureLink(
    { tls }: Contact,
    { address, port }: Address,
    how: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<Outcome<Link>> {
    const expected = tls === null ? {} : { expectedKey: tls };
    return this.#ports.network.dial({
      ...this.#linkSettings(),
      ...expected,
      ...how,
      host: address,
      port,
      dialect: "papo",
    });
  }

  /** From here on a failure is final for this dial: who spoke TLS is never asked again in clear. */
  async #introduceTo({ username, account }: Contact, link: Link): Promise<Outcome<PeerLink>> {
    const to = account ?? this.#ports.pins.accountOf(username) ?? null;
    const met = await greetAsDialler(link, { username, account: to }, this.#handshakePorts());
    if (!met.ok) return met;
    return this.#keep(new PapoPeerLink(link, met.value, { clock: this.#ports.clock, dialledByUs: true }));
  }

  async #dialSeed(contact: Contact, { address, port }: Address, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    if (!this.#mayBePlain(contact.username)) return fail("plaintext_refused", "this name has a key");
    const dialled = await this.#ports.network.dial({
      ...this.#linkSettings(),
      host: address,
      port,
      dialect: "seed",
      timeoutMs: DIAL_TIMEOUT_MS,
      signal,
    });
    if (!dialled.ok) return dialled;
    dialled.value.sendJson({ cmd: "HELLO", username: this.#ports.own().username });
    return this.#keep(this.#seedLink(dialled.value, contact.username, true));
  }

  #seedLink(link: Link, username: Username, dialledByUs: boolean): PeerLink {
    const { clock, random, plainRoom } = this.#ports;
    return new SeedPeerLink(link, username, {
      clock,
      random,
      plainRoom,
      self: this.#ports.own().username,
      dialledByUs,
    });
  }

  #linkSettings(): { identity: OwnAccount["keys"]["tls"]; alpn: string; queueBytesMax: number } {
    return { identity: this.#ports.own().keys.tls, alpn: PEER_ALPN, queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX };
  }

  // ---- who it is

  #handshakePorts(): HandshakePorts {
    const { clock, own, tracker } = this.#ports;
    return { clock, own: own(), tracker: tracker(), approve: (met) => this.#approve(met) };
  }

  /** A changed key gets a link, so that the user can be asked, but nothing is sent on it or shown from it. */
  async #approve(met: Introduction): Promise<Outcome<Introduction>> {
    const meeting = await this.#ports.pins.meet(met);
    switch (meeting.kind) {
      case "first":
      case "known":
      case "renewed":
        return succeed(met);
      case "changed":
        if (meeting.isNews) this.#receiver.keyChanged(meeting.change);
        if (this.#isLinkedAs(met.username, meeting.change.known)) this.#receiver.nameConflict(met.username);
        return succeed(met);
      case "blocked":
        return fail("identity_changed", "account: expected one that is not blocked");
      case "stale":
        return fail("statement_stale", "statement: expected a device that the newest one lists");
      case "theft":
        this.#receiver.nameConflict(met.username);
        return fail("statement_invalid", "statement: the account signed another one of this version");
    }
  }

  #isLinkedAs(username: Username, account: Introduction["account"]): boolean {
    return this.#links.to(username).some((link) => link.party.account === account);
  }

  // ---- links

  #keep(link: PeerLink): Outcome<PeerLink> {
    if (this.#closed || !this.#hasRoomFor(link)) {
      link.bye(this.#closed ? "closed" : "busy");
      return fail("busy", `at most ${PEER_LINKS_MAX} links`);
    }
    this.#links.add(link);
    return succeed(link);
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
    this.#contacts.linkOpened(link);
    this.#receiver.opened(link, isFirst);
    this.#receiver.reachChanged(link.party.username);
  }

  #linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
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

  reach(username: Username): Reach {
    const [link] = this.linksTo(username);
    if (link !== undefined) return { kind: "linked", encrypted: link.security !== undefined, path: "direct" };
    if (this.#links.to(username).length > 0)
      return { kind: "unreachable", reason: fault("identity_changed", "the key of this name changed") };
    const standing = this.#contacts.standing(username);
    if (standing === undefined) return { kind: "offline" };
    return standing.kind === "connecting" ? { kind: "connecting" } : { kind: "unreachable", reason: standing.reason };
  }

  async close(): Promise<void> {
    this.#contacts.want(new Map());
    this.#closed = true;
    this.#links.closeAll("closed");
    await this.#listener?.close();
    this.#listener = undefined;
  }
}
