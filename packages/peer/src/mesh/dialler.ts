import type { Link, Network } from "@papo/link";
import {
  DIAL_TIMEOUT_MS,
  type FaultCode,
  type Outcome,
  TLS_TRIED_FIRST_MS,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { Address, Contact } from "./contacts.ts";
import type { NewLinks } from "./new-links.ts";
import type { PeerLink } from "./peer-link.ts";

/** What a dial says when somebody is there and it is not TLS, or it does not answer as TLS would. */
const NOT_TLS: ReadonlySet<FaultCode> = new Set(["unsupported", "timeout"]);

export type DiallerPorts = {
  readonly network: Network;
  readonly self: () => Username;
  readonly newLinks: NewLinks;
};

/** One attempt at a program of which an original tracker tells, or that has no keys: its addresses in turn, encrypted, and in clear only where that may be. */
export class Dialler {
  readonly #ports: DiallerPorts;

  constructor(ports: DiallerPorts) {
    this.#ports = ports;
  }

  async dial(contact: Contact, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    let last: Outcome<PeerLink> = fail("unreachable", "no address");
    for (const address of contact.addresses) {
      if (signal.aborted) break;
      last = await this.#dialAt(contact, address, signal);
      if (last.ok) break;
    }
    return last;
  }

  async #dialAt(contact: Contact, address: Address, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    const { newLinks } = this.#ports;
    if (contact.dialect === "seed") return this.#dialSeed(contact, address, signal);
    const mayFallBack = contact.dialect === "either" && newLinks.mayBePlain(contact.username);
    const timeoutMs = mayFallBack ? TLS_TRIED_FIRST_MS : DIAL_TIMEOUT_MS;
    const secure = await this.#dialPapo(contact, address, { signal, timeoutMs });
    // From here on a failure is final for this dial: who spoke TLS is never asked again in clear.
    if (secure.ok) return newLinks.greetDialled(secure.value, contact);
    if (contact.dialect === "papo" || !NOT_TLS.has(secure.fault.code)) return secure;
    return mayFallBack
      ? this.#dialSeed(contact, address, signal)
      : fail("plaintext_refused", "the other program does not encrypt");
  }

  #dialPapo(
    { tls }: Contact,
    { address, port }: Address,
    how: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<Outcome<Link>> {
    const { network, newLinks } = this.#ports;
    const expected = tls === null ? {} : { expectedKey: tls };
    return network.dial({ ...newLinks.settings, ...expected, ...how, host: address, port, dialect: "papo" });
  }

  async #dialSeed({ username }: Contact, { address, port }: Address, signal: AbortSignal): Promise<Outcome<PeerLink>> {
    const { network, newLinks, self } = this.#ports;
    if (!newLinks.mayBePlain(username)) return fail("plaintext_refused", "this name has a key");
    const how = { host: address, port, dialect: "seed" as const, timeoutMs: DIAL_TIMEOUT_MS, signal };
    const dialled = await network.dial({ ...newLinks.settings, ...how });
    if (!dialled.ok) return dialled;
    dialled.value.sendJson({ cmd: "HELLO", username: self() });
    return succeed(newLinks.seed(dialled.value, username, true));
  }
}
