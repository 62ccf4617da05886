import type { Outcome, TlsKey } from "@papo/protocol";
import type { Dialect, Link } from "./link.ts";
import type { TicketCaller } from "./ticket.ts";
import type { TlsIdentity } from "./tls/tls-identity.ts";

/** How one side offers or asks for links. */
export type LinkSettings = {
  /** Our certificate and key for TLS. */
  readonly identity: TlsIdentity;
  /** The only application protocol that is accepted (RFC 7301). */
  readonly alpn: string;
  /** Bytes that may wait in one link's queue before it closes as too slow. */
  readonly queueBytesMax: number;
};

export type ListenOptions = LinkSettings & {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Which dialects may enter; others are closed at the first byte. */
  readonly dialects: readonly Dialect[];
  /** Asked for each socket before anything is read; false closes it. Per-IP limits live here. */
  readonly admit?: (remoteAddress: string) => boolean;
  /** Connections that may be silent at once, before their first byte; more of them close the oldest. For those that `admit` everybody. */
  readonly silentMax?: number;
  /** A link whose dialect is known and whose TLS handshake and key are checked. It stays paused until `start`. */
  readonly onLink: (link: Link) => void;
  /** Somebody whose first byte says that a ticket comes, when the whole of it is there. Without this such connections are closed. */
  readonly onTicket?: ((caller: TicketCaller) => void) | undefined;
  /** Told once of each socket that was admitted, at its end, or before when `onTicket` takes it over: so that `admit` can count. */
  readonly released?: (remoteAddress: string) => void;
};

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Sockets accepted and not yet closed, links and half-open ones alike. */
  readonly openSockets: number;
  /** Stops accepting. Open links live on. */
  close(): Promise<void>;
}

export type DialOptions = LinkSettings & {
  readonly host: string;
  readonly port: number;
  readonly dialect: Dialect;
  /** When given, another key at the far end fails the dial before anything is sent. */
  readonly expectedKey?: TlsKey | undefined;
  readonly timeoutMs: number;
  /** Seed dialect over TCP: bytes that are read in all; one more ends the link. For those who ask one short question. */
  readonly readBytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Which part somebody plays in a TLS handshake; where both dial, they were told. */
export type TlsRole = "client" | "server";

export type RelayedOptions = LinkSettings & {
  /** Where the relay is. The link's `ends` tell its address, not that of whoever is linked with. */
  readonly host: string;
  readonly port: number;
  readonly ticket: Uint8Array;
  readonly role: TlsRole;
  readonly expectedKey?: TlsKey | undefined;
  /** For everything: the way to the relay, the wait there for the other side, and the handshake. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

export type PunchedOptions = LinkSettings & {
  readonly host: string;
  readonly port: number;
  /** The rendezvous' own: the one that the other side was told, as the world sees it. */
  readonly localPort: number;
  readonly role: TlsRole;
  readonly expectedKey?: TlsKey | undefined;
  /** For the connection; the handshake has `TLS_HANDSHAKE_TIMEOUT_MS` more. */
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
};

export type RendezvousOptions = {
  readonly host: string;
  readonly port: number;
  readonly ticket: Uint8Array;
  /** Which of a name's addresses count; without it, those that answer first. */
  readonly family?: 4 | 6 | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** A plain connection that shows the other side where we are as the world sees it, and from whose port we can be met. */
export interface Rendezvous {
  readonly localPort: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
  close(): void;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
}

/** Where links come from: TCP in production, memory in tests. */
export interface Network {
  /** Fails as a value when the port is taken or not ours to use (`detail` says which, `code` is `busy` for a port in use). */
  listen(options: ListenOptions): Promise<Outcome<Listener>>;
  /**
   * Fails with `unreachable` (nobody there), `unsupported` (somebody who does not speak our TLS: an original program, say),
   * `identity_changed` (another key than `expectedKey`), `timeout`, or `closed` (aborted).
   */
  dial(options: DialOptions): Promise<Outcome<Link>>;
  /** Through a relay: plain TCP to it, the ticket, and inside of that our TLS in the given role. Fails like `dial`. */
  relayed(options: RelayedOptions): Promise<Outcome<Link>>;
  /**
   * Meets somebody who does the same at the same moment: TCP simultaneous open (RFC 9293 §3.5) from the port of a rendezvous
   * that is or was open, then our TLS in the given role. Fails like `dial`.
   */
  punched(options: PunchedOptions): Promise<Outcome<Link>>;
  /** A plain connection with a ticket, from a random port that we bind ourselves, which stays open. Fails like `dial`. */
  rendezvous(options: RendezvousOptions): Promise<Outcome<Rendezvous>>;
}
