import {
  type AccountKey,
  type DeviceKey,
  type Endpoint,
  type Member,
  PRIVATE_CONTACTS_DIALLED_MAX,
  type RoomId,
  type StatementDevice,
  type Username,
} from "@papo/protocol";
import type { KeptRoom } from "./conversations/kept/kept-room.ts";
import type { LogMember } from "./conversations/log/room-state.ts";
import { devicesOf } from "./identity/pin-report.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import type { RoomView } from "./tracker-session/room-view.ts";

type Account = { readonly username: Username; readonly account: AccountKey };

export type RememberedPorts = {
  readonly self: AccountKey;
  /** Rooms to which we belong by their logs. */
  readonly rooms: () => readonly KeptRoom[];
  /** With whom we talk in private. */
  readonly privateContacts: () => readonly Account[];
  /** When a device of theirs was last linked. */
  readonly lastSeenMs: (account: AccountKey) => number | null;
  readonly pins: Pick<PinKeeper, "nameOf" | "devicesOf">;
  /** Whether it can be dialled without the tracker's word that it is there. */
  readonly isFindable: (device: DeviceKey) => boolean;
};

/**
 * Whom our own logs and pins know, in the shape in which a tracker would tell of them: those of whom some device can be dialled count as there. For
 * while no tracker tells anything, and for whoever is found without it. docs/protocol/peer.md §7.4
 */
export class RememberedPeople {
  readonly #ports: RememberedPorts;

  constructor(ports: RememberedPorts) {
    this.#ports = ports;
  }

  /** Of the rooms that are kept here; in each, those who can be dialled. */
  views(): readonly RoomView[] {
    return this.#ports.rooms().flatMap((room) => this.#view(room) ?? []);
  }

  /** With whom we talk in private, and who can be dialled; of many those who were seen last. */
  privateContacts(): readonly Member[] {
    const { privateContacts, pins, lastSeenMs } = this.#ports;
    const found = privateContacts().flatMap((contact) => this.#member(contact, pins.devicesOf(contact.username)) ?? []);
    if (found.length <= PRIVATE_CONTACTS_DIALLED_MAX) return found;
    const seenMs = ({ account }: Member): number => (account === null ? 0 : (lastSeenMs(account) ?? 0));
    return found.toSorted((one, other) => seenMs(other) - seenMs(one)).slice(0, PRIVATE_CONTACTS_DIALLED_MAX);
  }

  #view({ id, name, state, stored }: KeptRoom): RoomView | undefined {
    const memberByName = new Map<Username, Member>();
    for (const member of state.memberByAccount.values()) {
      const found = this.#memberOf(member);
      if (found !== undefined) memberByName.set(found.username, found);
    }
    if (memberByName.size === 0) return undefined;
    const kind = state.genesis?.room ?? stored.kind;
    const counts = { capacity: 0, members: memberByName.size, online: memberByName.size, version: -1 };
    return { room: { id, name, kind, owner: null, ...counts }, memberByName };
  }

  #memberOf(member: LogMember): Member | undefined {
    const { account, devices, username: bound } = member;
    if (account === this.#ports.self) return undefined;
    // Statements are read of few: most devices are nowhere to be found.
    if (devices.length > 0 && !devices.some((device) => this.#ports.isFindable(device))) return undefined;
    const username = this.#ports.pins.nameOf(account) ?? bound;
    return username === null ? undefined : this.#member({ username, account }, this.#devicesOf(member));
  }

  /** Of the statement that was met and the one in the log either may be the newer one: what one of them revokes is revoked. */
  #devicesOf({ account, statement }: LogMember): readonly StatementDevice[] {
    const name = this.#ports.pins.nameOf(account);
    const pinned = name === undefined ? [] : this.#ports.pins.devicesOf(name);
    const byDevice = new Map<DeviceKey, StatementDevice>();
    for (const listed of [...pinned, ...devicesOf({ account, statement })])
      if (listed.revoked !== null || !byDevice.has(listed.device)) byDevice.set(listed.device, listed);
    return [...byDevice.values()];
  }

  #member({ username, account }: Account, devices: readonly StatementDevice[]): Member | undefined {
    const there = devices.filter(({ device, revoked }) => revoked === null && this.#ports.isFindable(device));
    const endpoints = there.map(
      ({ device, tls }): Endpoint => ({
        ...{ device, tls },
        ...{ address: null, port: null, addresses: null },
      }),
    );
    return endpoints.length === 0 ? undefined : { username, account, online: true, endpoints };
  }
}

/** The tracker's views of rooms, with those in them who were found without it. */
export function withRemembered(told: readonly RoomView[], remembered: readonly RoomView[]): readonly RoomView[] {
  const rememberedById = new Map<RoomId, RoomView>(remembered.map((view) => [view.room.id, view]));
  const toldIds = new Set(told.map(({ room }) => room.id));
  return [
    ...told.map((view) => merged(view, rememberedById.get(view.room.id))),
    ...remembered.filter(({ room }) => !toldIds.has(room.id)),
  ];
}

function merged(view: RoomView, remembered: RoomView | undefined): RoomView {
  if (remembered === undefined) return view;
  const memberByName = new Map(view.memberByName);
  for (const [name, found] of remembered.memberByName) {
    const known = memberByName.get(name);
    memberByName.set(name, known === undefined ? found : mergedMember(known, found));
  }
  return { room: view.room, memberByName };
}

/** Another key under the same name is somebody else, whose the name may be by now. */
function mergedMember(known: Member, found: Member): Member {
  if (known.account !== found.account) return known.online ? known : found;
  const told = known.online ? known.endpoints : [];
  const devices = new Set(told.map(({ device }) => device));
  const endpoints = [...told, ...found.endpoints.filter(({ device }) => !devices.has(device))];
  return { ...known, online: true, endpoints };
}
