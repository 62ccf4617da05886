import type { AccountKey, DeviceKey } from "@papo/protocol";
import type { RoomState } from "../conversations/log/room-state.ts";
import type { RoomView } from "../tracker-session/room-view.ts";

export type CompanyPorts = {
  readonly own: AccountKey;
  /** Rooms as the tracker tells of them. Of those that are kept only the log says who belongs to them. */
  readonly views: () => readonly RoomView[];
  /** Of the rooms that are kept. */
  readonly logs: () => readonly RoomState[];
  /** We talk in private, and both want to. */
  readonly isContact: (account: AccountKey) => boolean;
};

/** Whom we have to do with, and so who may know where we are: members of our rooms, and accepted contacts. docs/protocol/peer.md §7.1 */
export class Company {
  readonly #ports: CompanyPorts;

  constructor(ports: CompanyPorts) {
    this.#ports = ports;
  }

  /** Whether this account may know our addresses. Whom the tracker lists in a room with us it has told them to. */
  mayKnow(account: AccountKey): boolean {
    const { own, isContact } = this.#ports;
    return account === own || isContact(account) || this.shareRoom(account, own) || this.#isListed(account);
  }

  #isListed(account: AccountKey): boolean {
    const members = this.#ports.views().flatMap(({ memberByName }) => [...memberByName.values()]);
    return members.some((member) => member.account === account);
  }

  /** Both are in one room of ours. */
  shareRoom(one: AccountKey, other: AccountKey): boolean {
    const { own, logs } = this.#ports;
    if (one === other) return this.#isAnywhere(one);
    const isInLog = logs().some(
      ({ memberByAccount }) => memberByAccount.has(own) && memberByAccount.has(one) && memberByAccount.has(other),
    );
    return isInLog || this.#sharePlain(one, other);
  }

  #isAnywhere(account: AccountKey): boolean {
    return account === this.#ports.own || this.shareRoom(account, this.#ports.own);
  }

  #sharePlain(one: AccountKey, other: AccountKey): boolean {
    return this.#plainRooms().some((view) => {
      const accounts = new Set([...view.memberByName.values()].map(({ account }) => account));
      return accounts.has(one) && accounts.has(other);
    });
  }

  #plainRooms(): readonly RoomView[] {
    return this.#ports.views().filter(({ room }) => room.kind === "plain");
  }

  /** Whose device this is, if it is one of somebody whom we have to do with. */
  accountOf(device: DeviceKey): AccountKey | undefined {
    return this.#inLogs(device) ?? this.#inViews(device);
  }

  #inLogs(device: DeviceKey): AccountKey | undefined {
    for (const { memberByAccount } of this.#ports.logs())
      for (const { account, devices } of memberByAccount.values()) if (devices.includes(device)) return account;
    return undefined;
  }

  #inViews(device: DeviceKey): AccountKey | undefined {
    for (const { memberByName } of this.#ports.views())
      for (const { account, endpoints } of memberByName.values())
        if (account !== null && endpoints.some((endpoint) => endpoint.device === device)) return account;
    return undefined;
  }
}
