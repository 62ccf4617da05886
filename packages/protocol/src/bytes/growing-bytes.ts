const FIRST_CAPACITY_BYTES = 256;
const GROWTH = 2;
/** Where the whole length was announced: never more than this many times what has arrived, and never more than was announced. */
const GROWTH_TO_ANNOUNCED = 4;

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

  /** `announced`: how many bytes there will be in all, where that is known. It saves copies and is not trusted with memory. */
  append(piece: Uint8Array, announced?: number): void {
    const length = this.#length + piece.length;
    this.#reserve(length, announced).set(piece, this.#length);
    this.#length = length;
  }

  /** Everything gathered, handed over: the next append starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes?.subarray(0, this.#length) ?? new Uint8Array(0);
    this.#bytes = undefined;
    this.#length = 0;
    return taken;
  }

  #reserve(length: number, announced: number | undefined): Uint8Array {
    const held = this.#bytes;
    if (held !== undefined && held.length >= length) return held;

    const wanted =
      announced === undefined
        ? Math.max(GROWTH * (held?.length ?? 0), FIRST_CAPACITY_BYTES)
        : Math.min(GROWTH_TO_ANNOUNCED * length, announced);
    const larger = new Uint8Array(Math.max(length, wanted));
    if (held !== undefined) larger.set(held);
    this.#bytes = larger;
    return larger;
  }
}
