import { fault, type Username } from "@papo/protocol";
import type { PrivateChats } from "./conversations/private-chats.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import { type Contact, type ContactRules, contactsOf } from "./mesh/contacts.ts";
import type { RoomDirectory } from "./tracker-session/room-directory.ts";

/** Everybody whom we have to do with: members of our rooms, and those with whom a private chat is open. */
export class People {
  readonly #directory: RoomDirectory;
  readonly #privateChats: PrivateChats;
  readonly #pins: PinKeeper;

  constructor(directory: RoomDirectory, privateChats: PrivateChats, pins: PinKeeper) {
    this.#directory = directory;
    this.#privateChats = privateChats;
    this.#pins = pins;
  }

  /** Their programs, as far as the tracker has told of them. */
  contacts(rules: ContactRules): ReadonlyMap<string, Contact> {
    const inRooms = this.#directory.views().flatMap(({ memberByName }) => [...memberByName.values()]);
    const contacts = contactsOf([...inRooms, ...this.#privateChats.members()], rules);
    return new Map([...contacts].map(([key, contact]) => [key, this.#isBlocked(contact) ? refused(contact) : contact]));
  }

  #isBlocked({ username, account }: Contact): boolean {
    return account !== null && this.#pins.standing(username, account) === "blocked";
  }

  has(username: Username): boolean {
    return this.#privateChats.has(username) || this.#directory.views().some((view) => view.memberByName.has(username));
  }

  /** Met with a key, or known to the tracker as somebody who has one. */
  hasKey(username: Username): boolean {
    if (this.#pins.accountOf(username) !== undefined || this.#privateChats.accountOf(username) !== null) return true;
    return this.#directory.views().some(({ memberByName }) => (memberByName.get(username)?.account ?? null) !== null);
  }
}

/** Dialling would only show the other side a link that ends at once, again and again. */
function refused(contact: Contact): Contact {
  return { ...contact, refusal: fault("identity_changed", "account: expected one that is not blocked") };
}
