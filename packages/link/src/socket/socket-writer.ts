import type { SendResult } from "../link.ts";

/** How one dialect writes. */
export interface SocketWriter {
  readonly queuedBytes: number;
  sendJson(value: object): SendResult;
  sendFrame(kind: number, payload: Uint8Array): SendResult;
  drained(): Promise<void>;
  /** Resolves when all is handed to the system; never, if the socket dies first. */
  finish(): Promise<void>;
  /** The socket is gone: drops everything. */
  stop(): void;
}
