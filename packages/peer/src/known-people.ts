import { type AccountKey, type DeviceKey, type Fault, type Username, fault } from "@papo/protocol";
import type { PathAttempt, Reach, Trust } from "./api.ts";
import type { KnownPeople as RoomPeople } from "./conversations/kept/kept-ports.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import type { LastSeen } from "./last-seen.ts";
import type { PeerLink } from "./mesh/peer-link.ts";

export type KnownPeoplePorts = {
  readonly pins: PinKeeper;
  readonly seen: LastSeen;
  readonly reach: (username: Username) => Reach;
  readonly away: (username: Username) => string | undefined;
  /** What was tried lately to reach their devices. */
  readonly attempts: (username: Username) => readonly PathAttempt[];
  readonly links: () => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  /** The key that the tracker tells of somebody whom we have not met. */
  readonly toldAccount: (username: Username) => AccountKey | null;
};

/** What kept conversations ask about people: they are accounts there, and names on the screen. */
export class KnownPeople implements RoomPeople {
  readonly #ports: KnownPeoplePorts;

  constructor(ports: KnownPeoplePorts) {
    this.#ports = ports;
  }

  nameOf(account: AccountKey): Username | undefined {
    return this.#ports.pins.nameOf(account);
  }

  accountOf(username: Username): AccountKey | undefined {
    return this.#ports.pins.accountOf(username) ?? this.#ports.toldAccount(username) ?? undefined;
  }

  /** The key that was met under this name, and not only told. */
  pinnedAccount(username: Username): AccountKey | undefined {
    return this.#ports.pins.accountOf(username);
  }

  trust(username: Username, account: AccountKey | null): Trust {
    return this.#ports.pins.trust(username, account);
  }

  reach(username: Username): Reach {
    return this.#ports.reach(username);
  }

  away(username: Username): string | undefined {
    return this.#ports.away(username);
  }

  attempts(username: Username): readonly PathAttempt[] {
    return this.#ports.attempts(username);
  }

  isBlocked(account: AccountKey): boolean {
    const name = this.nameOf(account);
    return name !== undefined && this.#ports.pins.standing(name, account) === "blocked";
  }

  lastSeenMs(account: AccountKey): number | null {
    return this.#ports.seen.of(account);
  }

  /** Open links with this account that may be spoken on, the newest with each of its devices. */
  linksTo(account: AccountKey): readonly PeerLink[] {
    const { links, isTrusted } = this.#ports;
    const byDevice = new Map<DeviceKey | null, PeerLink>();
    for (const link of links())
      if (link.party.account === account && link.isOpen && isTrusted(link)) byDevice.set(link.party.device, link);
    return [...byDevice.values()];
  }

  /** What the newest statement that we know lists and has not revoked. */
  devicesOf(account: AccountKey): readonly DeviceKey[] {
    const name = this.nameOf(account);
    if (name === undefined) return [];
    const listed = this.#ports.pins.devicesOf(name);
    return listed.filter(({ revoked }) => revoked === null).map(({ device }) => device);
  }

  /** Why nothing goes to this account now. */
  whyHeld(username: Username, account: AccountKey): Fault {
    const { pins, reach } = this.#ports;
    const pinned = pins.accountOf(username);
    if (pinned !== undefined && pins.standing(username, account) !== "trusted")
      return fault("identity_changed", "written for another key of this name");
    const now = reach(username);
    if (now.kind === "unreachable") return now.reason;
    if (now.kind === "connecting") return fault("unreachable", "not connected yet");
    return fault("peer_offline", "not online");
  }
}
