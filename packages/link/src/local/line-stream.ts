import type { Socket } from "node:net";

const LINE_FEED = 10;

export type LineStreamOptions = {
  /** Bytes of a line that arrives, without its end; a longer one ends the stream. */
  readonly lineBytesMax: number;
  /** Bytes written that the other side has not taken yet; with more waiting the stream ends, because a line must not be left out in silence. */
  readonly backlogBytesMax: number;
};

/** Lines of UTF-8 text in both directions, between two programs of one computer. */
export class LineStream {
  readonly #socket: Socket;
  readonly #options: LineStreamOptions;
  readonly #closed = Promise.withResolvers<void>();
  #pieces: Buffer[] = [];
  #heldBytes = 0;

  constructor(socket: Socket, options: LineStreamOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("error", () => this.close());
    socket.on("close", () => this.#closed.resolve());
    socket.on("end", () => this.close());
  }

  /** Resolves when nothing comes or goes any more, whoever ended it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Whole lines as they arrive, without their ends; nothing is read before this is called, once. */
  onLine(listener: (line: string) => void): void {
    this.#socket.on("data", (bytes: Buffer) => this.#take(bytes, listener));
  }

  write(line: string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(`${line}\n`);
    if (this.#socket.writableLength > this.#options.backlogBytesMax) this.close();
  }

  /** What was written before still goes out, if the other side reads. Idempotent. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer, listener: (line: string) => void): void {
    let from = 0;
    while (!this.#socket.destroyed) {
      const end = bytes.indexOf(LINE_FEED, from);
      const piece = bytes.subarray(from, end === -1 ? bytes.length : end);
      if (this.#heldBytes + piece.length > this.#options.lineBytesMax) return this.close();
      this.#pieces.push(piece);
      this.#heldBytes += piece.length;
      if (end === -1) return;
      const line = Buffer.concat(this.#pieces).toString("utf8");
      this.#pieces = [];
      this.#heldBytes = 0;
      from = end + 1;
      listener(line);
    }
  }
}
