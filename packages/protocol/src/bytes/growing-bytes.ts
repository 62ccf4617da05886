const FIRST_CAPACITY_BYTES = 256;

/**
 * Bytes gathered from many chunks into one piece, at amortised constant cost a byte. It holds nothing
 * while empty, so that ten thousand idle connections cost nothing here. The caller bounds the length.
 */
export class GrowingBytes {
  #bytes: Uint8Array | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    this.#reserve(length).set(piece, this.#length);
    this.#length = length;
  }

  /** Everything gathered, handed over: the next append starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes?.subarray(0, this.#length) ?? new Uint8Array(0);
    this.#bytes = undefined;
    this.#length = 0;
    return taken;
  }

  #reserve(length: number): Uint8Array {
    const held = this.#bytes;
    if (held !== undefined && held.length >= length) return held;

    const larger = new Uint8Array(Math.max(length, 2 * (held?.length ?? 0), FIRST_CAPACITY_BYTES));
    if (held !== undefined) larger.set(held);
    this.#bytes = larger;
    return larger;
  }
}
