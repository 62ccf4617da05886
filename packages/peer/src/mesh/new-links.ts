import type { Clock, Link, Network, Random } from "@papo/link";
import {
  type AccountKey,
  type Fault,
  type Outcome,
  PEER_ALPN,
  PEER_LINK_QUEUE_BYTES_MAX,
  type RoomId,
  type RoomName,
  type SignedText,
  type TrackerKey,
  type Username,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { KeyChange, LinkPath } from "../api.ts";
import type { EpochWatch } from "../identity/epochs.ts";
import type { Introduction } from "../identity/introduction.ts";
import type { OwnAccount } from "../identity/own-account.ts";
import type { PinKeeper } from "../identity/pin-keeper.ts";
import { type Dialled, type HandshakePorts, greetAsDialler, greetAsListener } from "./handshake.ts";
import { PapoPeerLink } from "./papo-peer-link.ts";
import type { PeerLink } from "./peer-link.ts";
import { SeedPeerLink } from "./seed-peer-link.ts";

export type NewLinkPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly pins: PinKeeper;
  readonly allowPlaintext: boolean;
  /** As it is now: the tracker renews its word for the name at each login. */
  readonly own: () => OwnAccount;
  /** True when the tracker has let us in with what we are now: nobody else hears of a new statement before. False: it never will. */
  readonly known: () => Promise<boolean>;
  /** Whose word for names counts; null at an original tracker. */
  readonly tracker: () => TrackerKey | null;
  readonly plainRoom: (name: RoomName) => RoomId | undefined;
  readonly epochs: Pick<EpochWatch, "meet">;
  /** Whether this name is known to have a key, so that nobody may use it without one (latch). */
  readonly hasKey: (name: Username) => boolean;
};

export interface NewLinkReceiver {
  /** Somebody says, with a proof, that this device is about twice. */
  copied(reason: Fault): void;
  keyChanged(change: KeyChange): void;
  nameConflict(username: Username): void;
  /** A statement of this account is known that was not before. */
  devicesChanged(account: AccountKey): void;
  /** Whether there is a link with this name under this key. */
  isLinkedAs(username: Username, account: Introduction["account"]): boolean;
}

const NOT_KNOWN = fault("closed", "not logged in any more");

/** From a connection to a link: who is at the other end, and whether that may be. Who dialled and who accepted share it. */
export class NewLinks {
  readonly #ports: NewLinkPorts;
  readonly #receiver: NewLinkReceiver;

  constructor(ports: NewLinkPorts, receiver: NewLinkReceiver) {
    this.#ports = ports;
    this.#receiver = receiver;
  }

  get settings(): {
    readonly identity: OwnAccount["keys"]["tls"];
    readonly alpn: string;
    readonly queueBytesMax: number;
  } {
    return { identity: this.#ports.own().keys.tls, alpn: PEER_ALPN, queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX };
  }

  /** Whether somebody of this name may be talked to without encryption. */
  mayBePlain(username: Username): boolean {
    return this.#ports.allowPlaintext && username !== this.#ports.own().username && !this.#ports.hasKey(username);
  }

  async greetDialled(
    link: Link,
    { username, account }: Dialled,
    path: LinkPath = "direct",
  ): Promise<Outcome<PeerLink>> {
    const to = account ?? this.#ports.pins.accountOf(username) ?? null;
    const met = await greetAsDialler(link, { username, account: to }, this.#handshake());
    return met.ok ? succeed(this.#papo(link, met.value, { path, dialledByUs: true })) : this.#failed(met);
  }

  async greetCaller(link: Link, path: LinkPath = "direct"): Promise<Outcome<PeerLink>> {
    if (!(await this.#ports.known())) {
      link.destroy(NOT_KNOWN);
      return { ok: false, fault: NOT_KNOWN };
    }
    const met = await greetAsListener(link, this.#handshake());
    return met.ok ? succeed(this.#papo(link, met.value, { path, dialledByUs: false })) : met;
  }

  #failed(met: { readonly ok: false; readonly fault: Fault }): Outcome<never> {
    if (met.fault.proof !== undefined) this.#receiver.copied(met.fault);
    return met;
  }

  #papo(link: Link, met: Introduction, how: { readonly path: LinkPath; readonly dialledByUs: boolean }): PeerLink {
    return new PapoPeerLink(link, met, { clock: this.#ports.clock, ...how });
  }

  seed(link: Link, username: Username, dialledByUs: boolean): PeerLink {
    const { clock, random, plainRoom } = this.#ports;
    const self = this.#ports.own().username;
    return new SeedPeerLink(link, username, { clock, random, plainRoom, self, dialledByUs });
  }

  #handshake(): HandshakePorts {
    const { clock, own, tracker } = this.#ports;
    return {
      clock,
      own: own(),
      tracker: tracker(),
      approve: (met) => this.#approve(met),
      copyOf: (met) => this.#copyOf(met),
    };
  }

  #copyOf({ epoch }: Introduction): SignedText | undefined {
    return epoch === null ? undefined : this.#ports.epochs.meet(epoch);
  }

  /** A changed key gets a link, so that the user can be asked, but nothing is sent on it or shown from it. */
  async #approve(met: Introduction): Promise<Outcome<Introduction>> {
    const meeting = await this.#ports.pins.meet(met);
    switch (meeting.kind) {
      case "first":
      case "renewed":
        this.#receiver.devicesChanged(met.account);
        return succeed(met);
      case "known":
        return succeed(met);
      case "changed":
        if (meeting.isNews) this.#receiver.keyChanged(meeting.change);
        if (this.#receiver.isLinkedAs(met.username, meeting.change.known)) this.#receiver.nameConflict(met.username);
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
}
