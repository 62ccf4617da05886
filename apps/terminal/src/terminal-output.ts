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

  /** Lets go of the stream. A broken pipe that shows only later must not end the process: that listener stays. */
  close(): void {
    this.#open = false;
    this.#stream.off("close", this.#onGone);
  }
}
