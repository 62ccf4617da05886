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
    return this.#isOurs(account) || this.#ports.views().some((view) => isIn(view, account));
  }

  /** The same for many who are asked about at once: what the tracker lists is gone through only now. */
  asOfNow(): (account: AccountKey) => boolean {
    const listed = new Set<AccountKey | null>();
    for (const { memberByName } of this.#ports.views())
      for (const member of memberByName.values()) listed.add(member.account);
    return (account) => listed.has(account) || this.#isOurs(account);
  }

  #isOurs(account: AccountKey): boolean {
    const { own, isContact } = this.#ports;
    return account === own || isContact(account) || this.#shareLog(account, own);
  }

  /** Both are in one room of ours. */
  shareRoom(one: AccountKey, other: AccountKey): boolean {
    if (one === other) return this.#isAnywhere(one);
    return this.#shareLog(one, other) || this.#sharePlain(one, other);
  }

  #isAnywhere(account: AccountKey): boolean {
    return account === this.#ports.own || this.shareRoom(account, this.#ports.own);
  }

  #shareLog(one: AccountKey, other: AccountKey): boolean {
    const { own, logs } = this.#ports;
    return logs().some(
      ({ memberByAccount }) => memberByAccount.has(own) && memberByAccount.has(one) && memberByAccount.has(other),
    );
  }

  #sharePlain(one: AccountKey, other: AccountKey): boolean {
    return this.#plainRooms().some((view) => isIn(view, one) && isIn(view, other));
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

function isIn({ memberByName }: RoomView, account: AccountKey): boolean {
  for (const member of memberByName.values()) if (member.account === account) return true;
  return false;
}
