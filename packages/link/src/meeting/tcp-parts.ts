import type { Rendezvous, LinkSettings } from "../network.ts";
import type { Clock } from "../clock.ts";
import { Handshakes } from "../handshakes.ts";
import type { TlsIdentity } from "../tls/tls-identity.ts";

/** What one network over TCP keeps between one meeting and the next. */
export class TcpParts {
  readonly clock: Clock;
  /** Those that are open, by the port that they bind. */
  readonly rendezvousByPort = new Map<number, Rendezvous>();
  readonly #handshakesOf = new WeakMap<TlsIdentity, Map<string, Handshakes>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The server role of TLS on sockets that we opened ourselves. */
  handshakes(settings: LinkSettings): Handshakes {
    const { identity, alpn } = settings;
    const byAlpn = this.#handshakesOf.get(identity) ?? new Map<string, Handshakes>();
    this.#handshakesOf.set(identity, byAlpn);
    const known = byAlpn.get(alpn);
    if (known !== undefined) return known;
    const made = new Handshakes(this.clock, settings);
    byAlpn.set(alpn, made);
    return made;
  }
}
