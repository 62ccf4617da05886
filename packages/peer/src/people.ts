import type { Clock, Random } from "@papo/link";
import { type AccountKey, type DeviceKey, type Member, type RoomId, type Username, fault } from "@papo/protocol";
import type { PrivateChats } from "./conversations/private-chats.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import type { KeptAccount } from "./kept-account.ts";
import { knownDevices } from "./lan/known-devices.ts";
import { type Contact, type ContactRules, contactsOf } from "./mesh/contacts.ts";
import type { PeerLink } from "./mesh/peer-link.ts";
import { RememberedPeople, withRemembered } from "./remembered-people.ts";
import { RoomNeighbours } from "./room-neighbours.ts";
import type { RoomDirectory } from "./tracker-session/room-directory.ts";
import type { RoomView } from "./tracker-session/room-view.ts";

export type PeoplePorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: AccountKey;
  readonly directory: RoomDirectory;
  readonly privateChats: PrivateChats;
  readonly pins: PinKeeper;
  readonly kept: KeptAccount;
  /** Whether it can be dialled without the tracker's word that it is there. */
  readonly isFindable: (device: DeviceKey) => boolean;
  /** Nobody of that name answers, for a while now, wherever they are dialled. */
  readonly isGivenUp: (username: Username) => boolean;
  /** Others are to be dialled now. */
  readonly changed: () => void;
};

/** Everybody whom we have to do with: members of our rooms, and those with whom a private chat is open. */
export class People {
  readonly #ports: PeoplePorts;
  readonly #directory: RoomDirectory;
  readonly #privateChats: PrivateChats;
  readonly #pins: PinKeeper;
  /** Whom of a room's people to dial. */
  readonly #neighbours: RoomNeighbours;
  /** Who may be found without the tracker. */
  readonly #remembered: RememberedPeople;
  /** Who may be met without a tracker's word, as of the last look: a look goes through all members. */
  #rememberedViews: readonly RoomView[] = [];

  constructor(ports: PeoplePorts) {
    this.#ports = ports;
    this.#directory = ports.directory;
    this.#privateChats = ports.privateChats;
    this.#pins = ports.pins;
    this.#neighbours = this.#createNeighbours();
    this.#remembered = this.#createRemembered();
  }

  #createNeighbours(): RoomNeighbours {
    const { clock, random, kept, isGivenUp, changed } = this.#ports;
    return new RoomNeighbours({
      ...{ clock, random, isGivenUp, changed },
      choose: (id, online) => kept.neighbours(id, online),
    });
  }

  #createRemembered(): RememberedPeople {
    const { self, pins, kept, isFindable } = this.#ports;
    return new RememberedPeople({
      ...{ self, pins, isFindable },
      rooms: () => kept.rooms.joined(),
      privateContacts: () => kept.privateChats.contacts(),
      lastSeenMs: (account) => kept.people.lastSeenMs(account),
    });
  }

  stop(): void {
    this.#neighbours.stop();
  }

  // ---- whom to link with

  /** Whom neither rooms nor chats bring, and who is to be met all the same. */
  #wanted(): readonly Member[] {
    return this.#ports.kept.rooms.wantedMembers();
  }

  /** Their programs, as far as the tracker has told of them, or they can be found without it. */
  contacts(rules: ContactRules): ReadonlyMap<string, Contact> {
    this.#rememberedViews = this.#remembered.views();
    const inRooms = this.#views().flatMap((view) => this.#neighbours.dialled(view));
    const inPrivate = [...this.#privateChats.members(), ...this.#remembered.privateContacts()];
    const contacts = contactsOf([...this.#wanted(), ...inPrivate, ...inRooms], rules);
    return new Map([...contacts].map(([key, contact]) => [key, this.#isBlocked(contact) ? refused(contact) : contact]));
  }

  /** Who is in our rooms, and is there. */
  #views(): readonly RoomView[] {
    return withRemembered(this.#directory.views(), this.#rememberedViews);
  }

  /** Those of them in which this name is. */
  viewsWith(username: Username): readonly RoomView[] {
    const told = this.#directory.views();
    const having = [...told, ...this.#rememberedViews].filter(({ memberByName }) => memberByName.has(username));
    const ids = new Set(having.map(({ room }) => room.id));
    const has = ({ room }: RoomView): boolean => ids.has(room.id);
    return withRemembered(told.filter(has), this.#rememberedViews.filter(has));
  }

  #isBlocked({ username, account }: Contact): boolean {
    return account !== null && this.#pins.standing(username, account) === "blocked";
  }

  /** Whether a link is of use here, whoever dialled it. */
  needs(link: PeerLink): boolean {
    return this.#needsAmong(this.viewsWith(link.party.username), link);
  }

  #needsAmong(views: readonly RoomView[], link: PeerLink): boolean {
    const { username } = link.party;
    if (this.#wanted().some((member) => member.username === username)) return true;
    return this.#privateChats.has(username) || views.some((view) => this.#neighbours.needs(view, link));
  }

  /** With whom large rooms have links that nobody needs any more. */
  notNeeded(links: readonly PeerLink[]): readonly Username[] {
    const views = this.#views();
    const idle = views.flatMap((view) => this.#neighbours.unneeded(view, links));
    return [...new Set(idle)].filter((link) => !this.#needsAmong(views, link)).map(({ party }) => party.username);
  }

  linked(username: Username): void {
    this.#neighbours.linked(username);
  }

  /** Nobody answers there, for a while now. */
  unreachable(username: Username): void {
    this.#neighbours.unreachable(username);
  }

  roomClosed(id: RoomId): void {
    this.#neighbours.closed(id);
  }

  // ---- who they are

  /** Met with a key, or known to the tracker as somebody who has one. */
  hasKey(username: Username): boolean {
    if (this.#pins.accountOf(username) !== undefined || this.#privateChats.accountOf(username) !== null) return true;
    return this.viewsWith(username).some(({ memberByName }) => (memberByName.get(username)?.account ?? null) !== null);
  }

  /** The key that the tracker tells of somebody, whom nobody has met here. */
  toldAccount(username: Username): AccountKey | null {
    for (const { memberByName } of this.#directory.views()) {
      const account = memberByName.get(username)?.account;
      if (account !== undefined && account !== null) return account;
    }
    return this.#privateChats.accountOf(username);
  }

  /** By the tracker's word, a member of a plain room of ours. */
  isInPlainRoom(account: AccountKey): boolean {
    for (const { room, memberByName } of this.#directory.views())
      if (room.kind === "plain")
        for (const member of memberByName.values()) if (member.account === account) return true;
    return false;
  }

  /** Their devices, one after the other, some perhaps twice: those to be known again without a tracker's word. */
  knownDevices(): Iterable<DeviceKey> {
    const { directory, pins, kept } = this.#ports;
    return knownDevices({
      logs: kept.rooms.joined().map(({ state }) => state),
      views: directory.views(),
      contacts: kept.privateChats.contacts().map(({ username }) => username),
      pins,
    });
  }
}

/** Dialling would only show the other side a link that ends at once, again and again. */
function refused(contact: Contact): Contact {
  return { ...contact, refusal: fault("identity_changed", "account: expected one that is not blocked") };
}
