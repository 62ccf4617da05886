import type { Fault, TlsKey } from "@papo/protocol";

export type Dialect = "papo" | "seed";

/** Where the other end of a link is, as the socket says. Addresses are in their usual spelling: v4-mapped ones as IPv4. */
export type LinkEnds = {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The address of ours that the other side reached, or that we dialled from. */
  readonly localAddress: string;
  readonly localPort: number;
};

/** What the TLS handshake agreed on, for diagnostics and for the identity checks above. */
export type ChannelSecurity = {
  /** The raw Ed25519 key of the other side's certificate: it holds the private half. */
  readonly remoteKey: TlsKey;
  readonly protocol: "TLSv1.3";
  readonly cipher: string;
  /** The key exchange group, e.g. `X25519MLKEM768` (hybrid post-quantum). */
  readonly group: string;
};

/** One message: a frame of the Papo dialect, or one object (kind 0) of the seed dialect. `payload` is valid until the call returns. */
export type LinkMessage = { readonly kind: number; readonly payload: Uint8Array };

/** Who uses a link. Called in order, never from inside `start` or `send`. */
export interface LinkReceiver {
  message(message: LinkMessage): void;
  /** Something that is not the language came in, and the link lives on (seed dialect only). */
  mistake?(fault: Fault): void;
  /** Once, last, with the reason: ours if we closed, else the best that is known. */
  closed(reason: Fault): void;
}

/** `sent`: on its way. `slow`: taken, but the queue is long: wait for `drained`. `closed`: not taken. */
export type SendResult = "sent" | "slow" | "closed";

/**
 * A two-way stream of messages with one other program, over TLS or plain TCP or memory.
 * A link whose queue grows past its limit, or whose writes make no progress, closes itself with `too_slow`.
 */
export interface Link {
  readonly dialect: Dialect;
  readonly ends: LinkEnds;
  /** Undefined on links that are not encrypted (seed dialect). */
  readonly security: ChannelSecurity | undefined;
  readonly isClosed: boolean;
  /** Between `pauseReading` and `resumeReading`: silence is then of our own making. */
  readonly isPaused: boolean;
  /** Bytes waiting to be written. */
  readonly queuedBytes: number;
  /** Messages that arrive before this are kept (the socket is paused). To hand a link over, call it again. */
  start(receiver: LinkReceiver): void;
  /** A JSON message (kind 0). Throws only if the text is longer than the dialect allows: our mistake. */
  sendJson(value: object): SendResult;
  /** Any other frame; Papo dialect only. The bytes are copied before the call returns. */
  sendFrame(kind: number, payload: Uint8Array): SendResult;
  /** Resolves when the queue is short again, or the link closed. */
  drained(): Promise<void>;
  /** Stops reading until `resumeReading`: back-pressure reaches the sender through TCP. */
  pauseReading(): void;
  resumeReading(): void;
  /** Writes what is queued (bounded by the stall time-out), then closes. Idempotent; resolves when the socket is gone. */
  close(reason: Fault): Promise<void>;
  /** Closes at once and drops the queue. */
  destroy(reason: Fault): void;
}
