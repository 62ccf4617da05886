import type { ListenOptions, Listener } from "../network.ts";
import type { MemoryLink } from "./memory-link.ts";

/** A port of one host in memory. */
export class MemoryListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly options: ListenOptions;
  readonly #onClosed: () => void;
  #openSockets = 0;

  constructor(host: string, options: ListenOptions, onClosed: () => void) {
    this.host = host;
    this.port = options.port;
    this.options = options;
    this.#onClosed = onClosed;
  }

  get openSockets(): number {
    return this.#openSockets;
  }

  /** A connection arrives; false turns it away. */
  admit(remoteAddress: string): boolean {
    if (this.options.admit?.(remoteAddress) === false) return false;
    this.#openSockets++;
    return true;
  }

  left(remoteAddress: string): void {
    this.gone();
    this.release(remoteAddress);
  }

  /** Whoever takes it over counts it from now on. */
  release(remoteAddress: string): void {
    this.options.released?.(remoteAddress);
  }

  gone(): void {
    this.#openSockets--;
  }

  take(link: MemoryLink): void {
    this.options.onLink(link);
  }

  close(): Promise<void> {
    this.#onClosed();
    return Promise.resolve();
  }
}
