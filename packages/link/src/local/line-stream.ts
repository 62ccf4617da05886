import type { Socket } from "node:net";
import { decodeUtf8, GrowingBytes } from "@papo/protocol";

const LINE_FEED = 10;

export type LineStreamOptions = {
  /** Bytes of a line that arrives, without its end; nothing is read any more after a longer one. */
  readonly lineBytesMax: number;
  /**
   * Characters (UTF-16 units) written that the other side has not taken yet; with more waiting the stream ends, because a line must not be left out in silence.
   * Not bytes: a text that waits for several readers is held once.
   */
  readonly backlogCharsMax: number;
};

export type LineListener = {
  /** Whole lines as they arrive, without their ends; the last one may have none. */
  readonly line: (text: string) => void;
  /** `bad_text`: a line was no UTF-8, and is left out. `frame_too_large`: one was too long, and nothing is read any more; whoever listens ends the stream. */
  readonly unreadable: (why: "bad_text" | "frame_too_large") => void;
  /** The other side writes no more, and may still read. Without it the stream ends then. */
  readonly ended?: () => void;
};

/** Lines of UTF-8 text in both directions, between two programs of one computer. */
export class LineStream {
  readonly #socket: Socket;
  readonly #options: LineStreamOptions;
  readonly #closed = Promise.withResolvers<void>();
  #listener: LineListener | undefined;
  /** The beginning of a line, as it came. */
  readonly #held = new GrowingBytes();
  /** What has come and was not looked at yet. */
  #rest: Buffer = Buffer.alloc(0);
  #isPaused = false;
  #hasOverflowed = false;
  /** The other side has written its last; we may not have read it yet. */
  #isOver = false;

  constructor(socket: Socket, options: LineStreamOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("error", () => this.close());
    socket.on("close", () => this.#closed.resolve());
    socket.on("end", () => {
      this.#isOver = true;
      this.#read();
    });
  }

  /** Resolves when nothing comes or goes any more, whoever ended it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Characters written that the other side has not taken yet. */
  get backlogChars(): number {
    return this.#socket.writableLength;
  }

  /** Nothing is read before this is called, once. */
  listen(listener: LineListener): void {
    this.#listener = listener;
    this.#socket.on("data", (bytes: Buffer) => {
      this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
      this.#read();
    });
  }

  /** From the next line on the other side waits, and its writes with it. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#read();
    // One of those lines may have been enough again.
    if (!this.#isPaused) this.#socket.resume();
  }

  /** Tells when all that was written has been taken, after it had to wait. */
  onDrain(listener: () => void): void {
    this.#socket.on("drain", listener);
  }

  write(line: string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(`${line}\n`);
    if (this.backlogChars > this.#options.backlogCharsMax) this.close();
  }

  /** What was written before still goes out, if the other side reads; nothing is read any more. Idempotent. */
  end(): void {
    this.#socket.pause();
    this.#socket.destroySoon();
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(): void {
    while (this.#rest.length > 0 && this.#isReading) {
      const end = this.#rest.indexOf(LINE_FEED);
      const piece = this.#rest.subarray(0, end === -1 ? this.#rest.length : end);
      this.#rest = this.#rest.subarray(end === -1 ? this.#rest.length : end + 1);
      if (this.#held.length + piece.length > this.#options.lineBytesMax) return this.#overflow();
      this.#held.append(piece);
      if (end !== -1) this.#tellHeld();
    }
    if (this.#isOver && this.#isReading) this.#ended();
  }

  /** Once: afterwards nothing can arrive. */
  #ended(): void {
    this.#isOver = false;
    if (this.#held.length > 0) this.#tellHeld();
    if (this.#listener?.ended === undefined) this.close();
    else this.#listener.ended();
  }

  get #isReading(): boolean {
    return !this.#isPaused && !this.#hasOverflowed && !this.#socket.destroyed && !this.#socket.writableEnded;
  }

  #tellHeld(): void {
    const text = decodeUtf8(this.#held.take());
    if (text === undefined) this.#listener?.unreadable("bad_text");
    else this.#listener?.line(text);
  }

  #overflow(): void {
    this.#hasOverflowed = true;
    this.#held.take();
    this.#socket.pause();
    this.#listener?.unreadable("frame_too_large");
  }
}
