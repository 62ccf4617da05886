import type { Clock, LinkEnds, Network, Random } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Endpoint,
  type Fault,
  type Observed,
  type RoomId,
  type RoomName,
  type TrackerAddress,
  type TrackerKey,
  type Username,
  decodeWith,
  ipLiteral,
  succeed,
} from "@papo/protocol";
import type { AddressReport, Reach } from "./api.ts";
import type { NetworkWatcher } from "./addresses/network-changes.ts";
import type { MapperOpener } from "./addresses/router-port.ts";
import { Whereabouts } from "./addresses/whereabouts.ts";
import type { PrivateChats } from "./conversations/private-chats.ts";
import type { EpochStore, EpochWatch } from "./identity/epochs.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import type { KeptAccount } from "./kept-account.ts";
import { type LanOpener, LanPresence } from "./lan/lan-presence.ts";
import { LastWay } from "./last-way.ts";
import type { Address } from "./mesh/contacts.ts";
import { isLoopback, mayDial } from "./mesh/dialable.ts";
import { Mesh, type MeshPorts, type MeshReceiver } from "./mesh/mesh.ts";
import type { Acquaintance, PathPorts } from "./mesh/paths/path-finder.ts";
import type { Heard, PeerLink } from "./mesh/peer-link.ts";
import { ReachWatch } from "./mesh/reach-watch.ts";
import { People } from "./people.ts";
import type { ListenFor } from "./tracker-session/open-line.ts";
import type { RoomDirectory } from "./tracker-session/room-directory.ts";
import type { AskLine, TrackerLine } from "./tracker-session/tracker-line.ts";

/** What an account is given to reach others with. */
export type ReachPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly pins: PinKeeper;
  readonly epochs: EpochWatch;
  readonly settings: EpochStore;
  readonly trackerAddress: () => TrackerAddress;
  /** Null at an original tracker. */
  readonly trackerKey: TrackerKey | null;
  readonly allowPlaintext: boolean;
  readonly listen: MeshPorts["listen"];
  /** Nobody is told where we are: only relays lead here. */
  readonly hideAddress?: boolean | undefined;
  readonly openMapper?: MapperOpener | undefined;
  readonly watchNetwork?: NetworkWatcher | undefined;
  readonly openLan?: LanOpener | undefined;
};

export type ConnectionPorts = ReachPorts & {
  /** As it is now; its keys stay as they are. */
  readonly own: () => OwnAccount;
  readonly directory: RoomDirectory;
  readonly kept: KeptAccount;
  readonly privateChats: PrivateChats;
  /** Undefined while there is no session. */
  readonly line: () => TrackerLine | undefined;
  readonly withLine: AskLine;
  readonly renewSession: (reason: Fault) => void;
  readonly plainRoom: (name: RoomName) => RoomId | undefined;
  /** Whether anything was said in private. */
  readonly hasPrivate: (username: Username) => boolean;
};

/** Whom to link with, where they are and where we are, and the links that come of it. What is said on them is for whoever hears it. */
export class Connections {
  readonly people: People;
  /** The links as they are. Whether somebody can be reached, `reach` says: it knows whether a tracker told that they are gone. */
  readonly mesh: Mesh;
  readonly #ports: ConnectionPorts;
  readonly #receiver: MeshReceiver;
  /** How we reached the tracker last: how far that may send us, and where others reach us. */
  readonly #lastWay: LastWay;
  readonly #reachWatch: ReachWatch;
  readonly #whereabouts: Whereabouts;
  readonly #lan: LanPresence | undefined;
  /** Others may hear of us as we are. */
  #isKnown = false;
  readonly #known = Promise.withResolvers<boolean>();

  constructor(ports: ConnectionPorts, receiver: MeshReceiver) {
    this.#ports = ports;
    this.#receiver = receiver;
    this.#lastWay = new LastWay(ports.settings);
    this.people = this.#createPeople();
    this.mesh = this.#createMesh();
    this.#reachWatch = new ReachWatch(ports.clock, (username) => this.reach(username));
    this.#whereabouts = this.#createWhereabouts();
    this.#lan = this.#createLan();
  }

  // ---- the parts, and what each needs of the others

  #createPeople(): People {
    const { clock, random, own, directory, privateChats, pins, kept } = this.#ports;
    return new People({
      ...{ clock, random, directory, privateChats, pins, kept },
      self: own().keys.root.publicKey,
      isFindable: (device) => this.#isFindable(device),
      isGivenUp: (username) => this.mesh.isGivenUp(username),
      changed: () => this.refreshContacts(),
    });
  }

  /** While the tracker says who is there, that counts; and who is seen in our own network. */
  #isFindable(device: DeviceKey): boolean {
    const anywhere = { device, tls: null, address: null, port: null, addresses: null };
    const places = this.#whereabouts.placesOf(anywhere);
    return this.#isTold ? places.some(({ source }) => source === "lan") : places.length > 0;
  }

  /** A tracker says who is there. */
  get #isTold(): boolean {
    return this.#ports.line() !== undefined;
  }

  #createMesh(): Mesh {
    const { network, clock, random, pins, epochs, allowPlaintext, trackerKey, listen } = this.#ports;
    const { own, plainRoom, hasPrivate } = this.#ports;
    const receiver = this.#receiver;
    return new Mesh(
      {
        ...{ network, clock, random, pins, epochs, allowPlaintext, own, plainRoom },
        listen: { ...listen, lastPort: this.#lastWay.port },
        paths: this.#pathPorts(),
        known: () => this.#known.promise,
        tracker: () => trackerKey,
        hasKey: (name) => this.people.hasKey(name),
        isNeeded: (link) => this.people.needs(link) || hasPrivate(link.party.username),
      },
      {
        opened: (link, isFirst) => this.#linkOpened(link, isFirst),
        heard: (link, heard) => this.#heard(link, heard),
        closed: (link, reason, isLast) => receiver.closed(link, reason, isLast),
        reachChanged: (username) => this.#reachChanged(username),
        unreachable: (username, reason) => this.#unreachable(username, reason),
        keyChanged: (change) => receiver.keyChanged(change),
        nameConflict: (username) => receiver.nameConflict(username),
        devicesChanged: (account) => receiver.devicesChanged(account),
        copied: (reason) => receiver.copied(reason),
      },
    );
  }

  #pathPorts(): PathPorts {
    const { hideAddress = false, withLine, line } = this.#ports;
    return {
      ...{ hideAddress, withLine },
      tracker: () => placeOf(line()),
      ownRecord: () => this.#whereabouts.record,
      placesIn: (record, device) =>
        this.#whereabouts.placesIn(record, device).filter((place) => mayDial(place, this.#lastWay.trackerAddress)),
      dialFailed: (device, { address, port }) => {
        const at = decodeWith(ipLiteral, address);
        if (at.ok) this.#whereabouts.failedAt(device, { address: at.value, port });
      },
      acquaintance: (account, username) => this.#acquaintance(account, username),
    };
  }

  /** What somebody who calls may be told. Whoever is blocked does not learn that we are there. */
  #acquaintance(account: AccountKey, username: Username): Acquaintance {
    const { pins, kept } = this.#ports;
    const isBlocked = pins.standing(username, account) === "blocked" || kept.people.isBlocked(account);
    if (isBlocked) return "refused";
    if (this.#whereabouts.company.mayKnow(account)) return "known";
    return kept.privateChats.isRefused(account) ? "refused" : "stranger";
  }

  #createWhereabouts(): Whereabouts {
    const { network, clock, random, settings, trackerAddress, hideAddress = false, ...rest } = this.#ports;
    const { openMapper, watchNetwork, own, directory, kept, line, renewSession } = rest;
    return new Whereabouts({
      ...{ network, clock, random, settings, trackerAddress, hideAddress, openMapper, watchNetwork },
      ...{ own, line, renewSession },
      views: () => directory.views(),
      logs: () => kept.rooms.states(),
      isContact: (account) => kept.privateChats.isContact(account),
      links: () => this.mesh.links(),
      isTrusted: (link) => this.mesh.isTrusted(link),
      redial: () => this.mesh.redialAll(),
      placesChanged: () => this.refreshContacts(),
      networkChanged: () => this.#lan?.networkChanged(),
    });
  }

  /** In the local network those who know us find us without a tracker; whoever is to tell nobody where they are does not say it there either. */
  #createLan(): LanPresence | undefined {
    const { clock, openLan, hideAddress = false, trackerKey, own } = this.#ports;
    if (openLan === undefined || hideAddress || trackerKey === null) return undefined;
    return new LanPresence({
      clock,
      open: openLan,
      self: () => own().keys.device.publicKey,
      knownDevices: () => this.people.knownDevices(),
      seen: (device, place) => this.#whereabouts.seenOnLan(device, place),
    });
  }

  // ---- life

  /** Before there is a session: says where we can be reached. */
  async listenFor({ ends, observed }: Parameters<ListenFor>[0]): ReturnType<ListenFor> {
    const port = await this.mesh.listenFor(ends);
    if (!port.ok) return port;
    this.#showOnLan();
    const addresses = observed === null ? null : this.#whereabouts.sessionAt(observed, port.value);
    return succeed({ port: port.value, addresses });
  }

  /** What only this machine can reach is not announced to others. */
  #showOnLan(): void {
    const place = this.mesh.listening;
    void this.#lan?.start(place === null || isLoopback(place.host) ? undefined : place.port);
  }

  /** Nobody says how others see us: we listen where we did, and are who the tracker has said that we are. False where we never did. docs/protocol/peer.md §7.4 */
  async beginWithout(): Promise<boolean> {
    const { ends } = this.#lastWay;
    if (ends === undefined) return false;
    const port = await this.mesh.listenFor(ends);
    if (port.ok) this.#whereabouts.listensAt(port.value);
    this.#showOnLan();
    this.#becomeKnown();
    return true;
  }

  /** The tracker has let us in; what it tells is not heard yet. */
  loggedIn(ends: LinkEnds): void {
    this.#lastWay.note(ends, this.mesh.listening?.port);
    this.#becomeKnown();
  }

  #becomeKnown(): void {
    this.#isKnown = true;
    this.#known.resolve(true);
  }

  /** The session stands. */
  online(line: TrackerLine): void {
    this.#whereabouts.online(line);
    this.mesh.hurryAll();
  }

  /** Whom the tracker told of are looked for where they were; and so are those of whom the rooms tell. */
  offline(): void {
    this.mesh.trackerIsGone();
    this.refreshContacts();
  }

  /** Says goodbye to all: it needs no tracker. */
  async stop(): Promise<void> {
    this.#known.resolve(false);
    this.people.stop();
    await Promise.all([this.mesh.close(), this.#whereabouts.stop(), this.#lan?.stop()]);
    this.#reachWatch.stop();
  }

  observed(observed: Observed): void {
    this.#whereabouts.observed(observed);
    this.mesh.observed(observed);
  }

  // ---- whom to link with

  /** People, or where they are, or who may know where we are, may be others than before. Goes through all of them. */
  refreshContacts(): void {
    const { own, allowPlaintext, trackerKey } = this.#ports;
    this.#lan?.peopleChanged();
    if (!this.#isKnown) return;
    const contacts = this.people.contacts({
      self: own().username,
      allowPlaintext,
      trackerAddress: this.#lastWay.trackerAddress,
      tracksAccounts: trackerKey !== null,
      placesOf: (endpoint: Endpoint) => this.#whereabouts.placesOf(endpoint),
      mayKnowUs: this.#whereabouts.company.asOfNow(),
    });
    this.mesh.want(contacts);
    this.mesh.parted(this.people.notNeeded(this.mesh.links()));
  }

  roomClosed(id: RoomId): void {
    this.people.roomClosed(id);
    this.refreshContacts();
  }

  /** Another key of this name counts from here on, or none. */
  keyDecided(username: Username): void {
    this.mesh.dropUntrusted(username);
    this.refreshContacts();
    this.#reachChanged(username);
  }

  // ---- links

  #linkOpened(link: PeerLink, isFirst: boolean): void {
    this.people.linked(link.party.username);
    this.#receiver.opened(link, isFirst);
    this.#whereabouts.linkOpened(link);
  }

  #heard(link: PeerLink, heard: Heard): void {
    if (heard.kind === "addresses") this.#whereabouts.heard(link, heard.said);
    else this.#receiver.heard(link, heard);
  }

  #reachChanged(username: Username): void {
    this.#reachWatch.changed(username);
    this.#receiver.reachChanged(username);
  }

  #unreachable(username: Username, reason: Fault): void {
    this.#receiver.unreachable(username, reason);
    this.people.unreachable(username);
  }

  reach(username: Username): Reach {
    if (username === this.#ports.own().username) return { kind: "self" };
    const reach = this.mesh.reach(username);
    return reach.kind === "offline" && !this.#isTold ? { kind: "unknown" } : reach;
  }

  /** Members of our rooms, and accepted contacts. */
  mayKnowUs(account: AccountKey): boolean {
    return this.#whereabouts.company.mayKnow(account);
  }

  /** Tries now what waits its turn, and asks whoever is linked whether they are still there; `tracker`: that one as well. */
  lookAtAll(how: { readonly tracker: boolean }): void {
    this.#whereabouts.lookAtAll(how);
  }

  /** Dials at once, and says how that went. */
  reachNow(username: Username, limitMs: number): Promise<Reach> {
    this.mesh.hurry(username);
    return this.#reachWatch.settled(username, limitMs);
  }

  addresses(): AddressReport {
    return this.#whereabouts.report();
  }
}

/** Where a session's tracker was reached. */
function placeOf(line: TrackerLine | undefined): Address | undefined {
  return line === undefined ? undefined : { address: line.ends.remoteAddress, port: line.ends.remotePort };
}
