import type { Network, Rendezvous } from "@papo/link";
import {
  DIAL_TIMEOUT_MS,
  type IpLiteral,
  type Observed,
  type RelayTicket,
  type TrackerAddress,
  isIpLiteral,
  isIpv6,
} from "@papo/protocol";
import { addressScope } from "../mesh/dialable.ts";
import type { TrackerLine } from "../tracker-session/tracker-line.ts";

export type OtherFamilyPorts = {
  readonly network: Network;
  readonly trackerAddress: () => TrackerAddress;
  /** Where the tracker sees us by the other family; null: it does not. */
  readonly saw: (address: IpLiteral | null) => void;
};

type Look = { readonly line: TrackerLine; ticket: RelayTicket | undefined; rendezvous: Rendezvous | undefined };

/**
 * A session comes by IPv4 or by IPv6; others may reach us by either. Where the tracker has a name, which may stand for both, a short connection of the other family shows
 * it where we are by that one. docs/protocol/peer.md §7.1
 */
export class OtherFamily {
  readonly #ports: OtherFamilyPorts;
  #look: Look | undefined;

  constructor(ports: OtherFamilyPorts) {
    this.#ports = ports;
  }

  /** Anew: after a session began, or the network is another one. */
  async look(line: TrackerLine, session: IpLiteral): Promise<void> {
    const { host, port } = this.#ports.trackerAddress();
    // One address has one family, and on this machine or in this room there is no need of two.
    if (isIpLiteral(host) || addressScope(session) !== "public") return;
    this.stop();
    const look: Look = { line, ticket: undefined, rendezvous: undefined };
    this.#look = look;
    const ticket = await line.observe();
    if (!ticket.ok || this.#look !== look) return;
    look.ticket = ticket.value;
    const bytes = Buffer.from(ticket.value, "base64url");
    const family = isIpv6(session) ? 4 : 6;
    const met = await this.#ports.network.rendezvous({ host, port, ticket: bytes, family, timeoutMs: DIAL_TIMEOUT_MS });
    if (met.ok) this.#connected(look, met.value);
    else if (this.#look === look) this.#ports.saw(null);
  }

  /** The tracker may have told already. */
  #connected(look: Look, rendezvous: Rendezvous): void {
    if (this.#look === look) look.rendezvous = rendezvous;
    else rendezvous.close();
  }

  /** The tracker saw a connection with a ticket, perhaps ours. */
  observed({ ticket, address }: Observed): void {
    if (ticket !== this.#look?.ticket) return;
    this.stop();
    this.#ports.saw(address);
  }

  stop(): void {
    this.#look?.rendezvous?.close();
    this.#look = undefined;
  }
}
