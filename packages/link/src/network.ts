import type { Outcome, TlsKey } from "@papo/protocol";
import type { Dialect, Link } from "./link.ts";
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
  /** Every accepted socket's end is told, so that `admit` can count. */
  readonly onSocketClosed?: (remoteAddress: string) => void;
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

/** Where links come from: TCP in production, memory in tests. */
export interface Network {
  /** Fails as a value when the port is taken or not ours to use (`detail` says which, `code` is `busy` for a port in use). */
  listen(options: ListenOptions): Promise<Outcome<Listener>>;
  /**
   * Fails with `unreachable` (nobody there), `unsupported` (somebody who does not speak our TLS: an original program, say),
   * `identity_changed` (another key than `expectedKey`), `timeout`, or `closed` (aborted).
   */
  dial(options: DialOptions): Promise<Outcome<Link>>;
}
