import { BackupUnreadable } from "./backup-unreadable.ts";

/** Takes bytes out of a stream by number. What ends too early is unreadable. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Just so many. */
  async take(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.takeUpTo(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** At least one, and at most so many: what there is. */
  async takeUpTo(count: number): Promise<Uint8Array> {
    if (!(await this.#more())) throw new BackupUnreadable();
    const part = this.#piece.subarray(0, count);
    this.#piece = this.#piece.subarray(part.length);
    return part;
  }

  async expectEnd(): Promise<void> {
    if (await this.#more()) throw new BackupUnreadable();
  }

  /** Everything that was not taken, as it comes. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    while (await this.#more()) {
      yield this.#piece;
      this.#piece = new Uint8Array();
    }
  }

  /** Lets the source clean up when the reading ends early. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#piece = next.value;
    }
    return true;
  }
}
