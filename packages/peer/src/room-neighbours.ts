import type { Clock, Random, Timer } from "@papo/link";
import {
  type DeviceKey,
  type Member,
  NEIGHBOURS_SPREAD_MS,
  PARTIAL_MESH_LINKS,
  PEER_LINKS_MAX,
  type RoomId,
  type Username,
} from "@papo/protocol";
import type { PeerLink } from "./mesh/peer-link.ts";
import type { RoomView } from "./tracker-session/room-view.ts";

const DAY_MS = 86_400_000;

export type RoomNeighboursPorts = {
  readonly clock: Clock;
  readonly random: Random;
  /** Whom of these to link with; undefined: everybody. */
  readonly choose: (room: RoomId, online: readonly DeviceKey[]) => ReadonlySet<DeviceKey> | undefined;
  /** Whoever is dialled, for this room or for something else, and does not answer. */
  readonly isGivenUp: (username: Username) => boolean;
  /** Others are to be dialled now. */
  readonly changed: () => void;
};

/**
 * Whom to dial of a room's people: everybody, or in large rooms that are kept those few who are chosen. Chosen anew when the people who are there change, when one
 * of them cannot be reached, and once a day. docs/protocol/room-log.md §7.7
 */
export class RoomNeighbours {
  readonly #ports: RoomNeighboursPorts;
  /** Of large rooms. */
  readonly #chosenByRoom = new Map<RoomId, ReadonlySet<DeviceKey>>();
  /** Were chosen and did not answer: others take their places until tomorrow. */
  readonly #unreachable = new Set<Username>();
  #tomorrow: Timer | undefined;
  #soon: Timer | undefined;

  constructor(ports: RoomNeighboursPorts) {
    this.#ports = ports;
  }

  /** Those to dial, with those of their programs that are to be dialled. */
  dialled({ room, memberByName }: RoomView): readonly Member[] {
    const members = [...memberByName.values()];
    // What is kept finds its way over others; in plain rooms everybody says everything to everybody.
    const chosen = room.kind === "plain" ? undefined : this.#choose(room.id, members);
    if (chosen === undefined) {
      this.#chosenByRoom.delete(room.id);
      return members;
    }
    this.#chosenByRoom.set(room.id, chosen);
    this.#tomorrow ??= this.#waitForTomorrow();
    return members.flatMap((member) => {
      const endpoints = member.endpoints.filter(({ device }) => device !== null && chosen.has(device));
      return endpoints.length === 0 ? [] : [{ ...member, endpoints }];
    });
  }

  /** Undefined: everybody. */
  #choose(room: RoomId, members: readonly Member[]): ReadonlySet<DeviceKey> | undefined {
    const online = members.filter((member) => member.online);
    const all = devicesOf(online);
    const reachable = devicesOf(online.filter(({ username }) => !this.#isPassedOver(username)));
    const candidates = reachable.length > PARTIAL_MESH_LINKS ? reachable : all;
    return this.#ports.choose(room, candidates);
  }

  /** Of who is dialled for something else as well it is told once only, perhaps on another day, or before the room was large. */
  #isPassedOver(username: Username): boolean {
    if (this.#ports.isGivenUp(username)) this.#unreachable.add(username);
    return this.#unreachable.has(username);
  }

  /** Whether a link with somebody is of use to this room: they are chosen, or may have chosen us. Of who is not there by the tracker's word nobody is chosen. */
  needs({ room, memberByName }: RoomView, { party, dialledByUs }: PeerLink): boolean {
    const member = memberByName.get(party.username);
    const chosen = this.#chosenByRoom.get(room.id);
    if (member === undefined || chosen === undefined || !dialledByUs || !member.online) return member !== undefined;
    return party.device !== null && chosen.has(party.device);
  }

  /** Links with people of this large room that it does not need; another one may. */
  unneeded(view: RoomView, links: readonly PeerLink[]): readonly PeerLink[] {
    if (!this.#chosenByRoom.has(view.room.id)) return [];
    return links.filter((link) => view.memberByName.has(link.party.username) && !this.needs(view, link));
  }

  closed(room: RoomId): void {
    this.#chosenByRoom.delete(room);
  }

  /** Nobody answers there, for a while now. */
  unreachable(username: Username): void {
    if (this.#chosenByRoom.size === 0 || this.#unreachable.has(username)) return;
    if (this.#unreachable.size >= PEER_LINKS_MAX) this.#unreachable.clear();
    this.#unreachable.add(username);
    // Whoever tells it is still busy with the contacts as they are.
    this.#soon ??= this.#ports.clock.after(0, () => {
      this.#soon = undefined;
      this.#ports.changed();
    });
  }

  linked(username: Username): void {
    this.#unreachable.delete(username);
  }

  stop(): void {
    this.#tomorrow?.cancel();
    this.#soon?.cancel();
  }

  /** Not everybody in the same moment. */
  #waitForTomorrow(): Timer {
    const { clock, random, changed } = this.#ports;
    const leftMs = DAY_MS - (clock.wallMs() % DAY_MS);
    return clock.after(leftMs + random.fraction() * NEIGHBOURS_SPREAD_MS, () => {
      this.#tomorrow = undefined;
      this.#unreachable.clear();
      if (this.#chosenByRoom.size > 0) changed();
    });
  }
}

function devicesOf(members: readonly Member[]): readonly DeviceKey[] {
  return members.flatMap(({ endpoints }) => [...new Set(endpoints.flatMap(({ device }) => device ?? []))]);
}
