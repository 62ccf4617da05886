import type { Clock, Link, LinkEnds, Listener, Network } from "@papo/link";
import { HELLOS_PENDING_MAX, type Outcome, SILENT_CONNECTIONS_MAX, fault, succeed } from "@papo/protocol";
import { isLoopback } from "./dialable.ts";
import { firstSeedWord } from "./handshake.ts";
import type { NewLinks } from "./new-links.ts";
import type { PeerLink } from "./peer-link.ts";

export type FrontDoorPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly newLinks: NewLinks;
  /** Where the user wants it; unset is chosen by where the tracker is. */
  readonly place: {
    readonly host?: string;
    readonly port?: number;
    /** Where we listened last: others may look for us there. Any other one will do. */
    readonly lastPort?: number | undefined;
  };
  readonly entered: (link: PeerLink) => void;
};

/** Where others reach us: listens, and lets in who says who they are. */
export class FrontDoor {
  readonly #ports: FrontDoorPorts;
  #listener: Listener | undefined;
  #openFor: string | undefined;
  /** Accepted, and their HELLO has not come: oldest first. */
  readonly #waiting = new Set<Link>();
  #closed = false;
  /** One opening at a time: the tracker may come back while we begin without it. */
  #opening: Promise<unknown> = Promise.resolve();

  constructor(ports: FrontDoorPorts) {
    this.#ports = ports;
  }

  get place(): { readonly host: string; readonly port: number } | null {
    return this.#listener === undefined ? null : { host: this.#listener.host, port: this.#listener.port };
  }

  /**
   * Listens where the way to the tracker says, and gives the port. On loopback when the tracker is there too, so that nobody
   * else's machine sees an open port of ours; else everywhere.
   */
  openFor(ends: Pick<LinkEnds, "localAddress">): Promise<Outcome<number>> {
    const opened = this.#opening.then(() => this.#openNow(ends));
    this.#opening = opened;
    return opened;
  }

  async #openNow({ localAddress }: Pick<LinkEnds, "localAddress">): Promise<Outcome<number>> {
    const { host, port, lastPort } = this.#ports.place;
    const wanted = host ?? (isLoopback(localAddress) ? localAddress : "::");
    if (this.#listener !== undefined && this.#openFor === wanted) return succeed(this.#listener.port);

    const preferred = port ?? this.#listener?.port ?? lastPort ?? 0;
    let opened = await this.#listenAt(wanted, preferred);
    if (!opened.ok && port === undefined && preferred !== 0) opened = await this.#listenAt(wanted, 0);
    this.#openFor = opened.ok ? wanted : undefined;
    return opened.ok ? succeed(opened.value.port) : opened;
  }

  async #listenAt(host: string, port: number): Promise<Outcome<Listener>> {
    const opened = await this.#listen(host, port);
    // A system without IPv6 has no dual-stack socket.
    const mayBeIpv4 = !opened.ok && opened.fault.code !== "busy" && host === "::";
    return mayBeIpv4 ? this.#listen("0.0.0.0", port) : opened;
  }

  async #listen(host: string, port: number): Promise<Outcome<Listener>> {
    const { network, newLinks } = this.#ports;
    await this.#listener?.close();
    this.#listener = undefined;
    const onLink = (link: Link): void => void this.#accept(link);
    const who = { dialects: ["papo", "seed"], silentMax: SILENT_CONNECTIONS_MAX, onLink } as const;
    const listening = await network.listen({ ...newLinks.settings, ...who, host, port });
    if (!listening.ok) return listening;
    if (this.#closed) await listening.value.close();
    else this.#listener = listening.value;
    return listening;
  }

  async #accept(link: Link): Promise<void> {
    if (this.#closed) return link.destroy(fault("closed", "not listening any more"));
    this.#makeRoom();
    this.#waiting.add(link);
    try {
      await (link.dialect === "papo" ? this.#acceptPapo(link) : this.#acceptSeed(link));
    } finally {
      this.#waiting.delete(link);
    }
  }

  /** In a flood the one that has been silent longest goes: an honest HELLO comes long before. */
  #makeRoom(): void {
    if (this.#waiting.size < HELLOS_PENDING_MAX) return;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    oldest.destroy(fault("busy", "too many at the door"));
  }

  async #acceptPapo(link: Link): Promise<void> {
    const met = await this.#ports.newLinks.greetCaller(link);
    if (met.ok) this.#ports.entered(met.value);
  }

  /** A tracker's PING is answered always; anything more only by who allows plaintext. */
  async #acceptSeed(link: Link): Promise<void> {
    const { clock, newLinks, entered } = this.#ports;
    const word = await firstSeedWord(link, clock);
    if (!word.ok) return;
    if (word.value.cmd === "PING") {
      link.sendJson({ cmd: "PONG" });
      return link.close(fault("closed", "answered"));
    }
    const { username } = word.value;
    if (!newLinks.mayBePlain(username)) return link.destroy(fault("plaintext_refused", "expected TLS"));
    entered(newLinks.seed(link, username, false));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const link of this.#waiting) link.destroy(fault("closed", "not listening any more"));
    await this.#listener?.close();
    this.#listener = undefined;
  }
}
