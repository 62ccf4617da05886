import { type Member, fault, type Username } from "@papo/protocol";
import type { PrivateChats } from "./conversations/private-chats.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { type Contact, type ContactRules, contactsOf } from "./mesh/contacts.ts";
import type { PeerLink } from "./mesh/peer-link.ts";
import { type RememberedPeople, withRemembered } from "./remembered-people.ts";
import type { RoomNeighbours } from "./room-neighbours.ts";
import type { RoomDirectory } from "./tracker-session/room-directory.ts";
import type { RoomView } from "./tracker-session/room-view.ts";

/** Everybody whom we have to do with: members of our rooms, and those with whom a private chat is open. */
export class People {
  readonly #directory: RoomDirectory;
  readonly #privateChats: PrivateChats;
  readonly #pins: PinKeeper;
  readonly #wanted: () => readonly Member[];
  readonly #neighbours: RoomNeighbours;
  readonly #remembered: RememberedPeople;
  /** Who may be met without a tracker's word, as of the last look: a look goes through all members. */
  #views: readonly RoomView[] = [];

  constructor(sources: {
    readonly directory: RoomDirectory;
    readonly privateChats: PrivateChats;
    readonly pins: PinKeeper;
    /** Whom neither brings, and who is to be met all the same. */
    readonly wanted: () => readonly Member[];
    /** Whom of a room's people to dial. */
    readonly neighbours: RoomNeighbours;
    /** Who may be found without the tracker. */
    readonly remembered: RememberedPeople;
  }) {
    this.#directory = sources.directory;
    this.#privateChats = sources.privateChats;
    this.#pins = sources.pins;
    this.#wanted = sources.wanted;
    this.#neighbours = sources.neighbours;
    this.#remembered = sources.remembered;
  }

  /** Their programs, as far as the tracker has told of them, or they can be found without it. */
  contacts(rules: ContactRules): ReadonlyMap<string, Contact> {
    this.#views = this.#remembered.views();
    const inRooms = this.views().flatMap((view) => this.#neighbours.dialled(view));
    const inPrivate = [...this.#privateChats.members(), ...this.#remembered.privateContacts()];
    const contacts = contactsOf([...this.#wanted(), ...inPrivate, ...inRooms], rules);
    return new Map([...contacts].map(([key, contact]) => [key, this.#isBlocked(contact) ? refused(contact) : contact]));
  }

  /** Who is in our rooms, and is there. */
  views(): readonly RoomView[] {
    return withRemembered(this.#directory.views(), this.#views);
  }

  #isBlocked({ username, account }: Contact): boolean {
    return account !== null && this.#pins.standing(username, account) === "blocked";
  }

  /** Whether a link is of use here, whoever dialled it. */
  needs(link: PeerLink): boolean {
    return this.#needsAmong(this.views(), link);
  }

  #needsAmong(views: readonly RoomView[], link: PeerLink): boolean {
    const { username } = link.party;
    if (this.#wanted().some((member) => member.username === username)) return true;
    return this.#privateChats.has(username) || views.some((view) => this.#neighbours.needs(view, link));
  }

  /** With whom large rooms have links that nobody needs any more. */
  notNeeded(links: readonly PeerLink[]): readonly Username[] {
    const views = this.views();
    const idle = views.flatMap((view) => this.#neighbours.unneeded(view, links));
    return [...new Set(idle)].filter((link) => !this.#needsAmong(views, link)).map(({ party }) => party.username);
  }

  /** Met with a key, or known to the tracker as somebody who has one. */
  hasKey(username: Username): boolean {
    if (this.#pins.accountOf(username) !== undefined || this.#privateChats.accountOf(username) !== null) return true;
    return this.views().some(({ memberByName }) => (memberByName.get(username)?.account ?? null) !== null);
  }
}

/** Dialling would only show the other side a link that ends at once, again and again. */
function refused(contact: Contact): Contact {
  return { ...contact, refusal: fault("identity_changed", "account: expected one that is not blocked") };
}
