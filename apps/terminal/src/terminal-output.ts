import { writeSync } from "node:fs";
import type { Writable } from "node:stream";

/** `process.stdout`, or a stream that stands in for it. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;

/** The only place that writes to the terminal. What it is handed is safe already, apart from our own sequences. */
export class TerminalOutput {
  readonly #stream: OutputStream;
  readonly #gone = Promise.withResolvers<void>();
  #open = true;
  readonly #onGone = () => {
    this.#open = false;
    this.#gone.resolve();
  };

  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.on("error", this.#onGone);
    stream.on("close", this.#onGone);
  }

  /** Resolves when nobody reads any more: a closed terminal, or `papo | head`. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns || COLUMNS_DEFAULT;
  }

  get rows(): number {
    return this.#stream.rows || ROWS_DEFAULT;
  }

  write(text: string): void {
    if (this.#open && text !== "") this.#stream.write(text);
  }

  /** Whether what was written waits for a slow terminal. */
  get isFull(): boolean {
    return this.#open && this.#stream.writableNeedDrain;
  }

  /** Tells when it is no longer full. Returns the way to stop listening. */
  onDrain(listener: () => void): () => void {
    this.#stream.on("drain", listener);
    return () => this.#stream.off("drain", listener);
  }

  /** Returns the way to stop listening. */
  onResize(listener: () => void): () => void {
    this.#stream.on("resize", listener);
    return () => this.#stream.off("resize", listener);
  }

  /**
   * From now on a terminal that has stopped reading (a stuck ssh) stops its screen and nothing else. Node waits for terminals otherwise: measured, not one timer
   * fires until such a terminal goes on, and a peer in the same process is dead for its links.
   */
  waitForNobody(): void {
    if (process.platform !== "win32") handleOf(this.#stream)?.setBlocking?.(false);
  }

  /** At the end of the process, where nothing that is queued is written any more. Gives up on a terminal that does not read. */
  writeLast(text: string): void {
    const fd = fdOf(this.#stream);
    if (!this.#open) return;
    if (fd === undefined) this.write(text);
    else writeNow(fd, text);
  }

  /** Lets go of the stream. A broken pipe that shows only later must not end the process: that listener stays. */
  close(): void {
    this.#open = false;
    this.#stream.off("close", this.#onGone);
  }
}

const LAST_WRITE_TRIES = 50;
const LAST_WRITE_PAUSE_MS = 10;

function writeNow(fd: number, text: string): void {
  let rest = Buffer.from(text);
  for (let tries = 0; tries < LAST_WRITE_TRIES && rest.length > 0; tries += 1) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_WRITE_PAUSE_MS);
    }
  }
}

function fdOf(stream: OutputStream): number | undefined {
  return "fd" in stream && typeof stream.fd === "number" ? stream.fd : undefined;
}

/** Node has no public name for it. */
function handleOf(stream: OutputStream): { readonly setBlocking?: (isBlocking: boolean) => void } | undefined {
  return (stream as { readonly _handle?: { readonly setBlocking?: (isBlocking: boolean) => void } })._handle;
}
