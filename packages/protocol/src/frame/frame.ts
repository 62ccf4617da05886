import { GrowingBytes } from "../bytes/growing-bytes.ts";
import { type Fault, fault } from "../faults.ts";
import { BYTES_FRAME_BYTES_MAX, JSON_FRAME_BYTES_MAX } from "../limits.ts";

/**
 * Normative (docs/protocol/framing.md §2): a frame is a 32-bit unsigned big-endian length, one byte of kind, and
 * the payload; the length counts the kind and the payload, not itself, so that it is never 0.
 */
export const FRAME_HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
const KIND_BYTES = 1;

/** Kinds below 128 that a reader does not know are ignored by it; kinds from 128 on close the connection. */
export const FRAME_KIND = { json: 0, bytes: 1, entries: 2 } as const;
const FRAME_KIND_REQUIRED = 128;

export type FrameScan =
  /** `payload` may be a view of the chunk that was pushed: use it before that is overwritten, or copy it. */
  | { readonly kind: "frame"; readonly frameKind: number; readonly payload: Uint8Array }
  /** Always fatal: nothing after it is read. */
  | { readonly kind: "fault"; readonly fault: Fault };

/** One frame as bytes. Throws where `writeFrameHeader` does. */
export function encodeFrame(frameKind: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(frame, 0, frameKind, payload.length);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Writes the FRAME_HEADER_BYTES that come before a payload, for writers that gather many frames in one buffer.
 * Throws on a kind or a length that the protocol does not have: that is our own mistake.
 */
export function writeFrameHeader(target: Uint8Array, at: number, frameKind: number, payloadBytes: number): void {
  const isKind = Number.isInteger(frameKind) && frameKind >= 0 && frameKind < FRAME_KIND_REQUIRED;
  if (!isKind) throw new RangeError("no such kind of frame");
  if (payloadBytes > payloadMax(frameKind)) throw new RangeError("payload too large for its kind of frame");
  if (at + FRAME_HEADER_BYTES > target.length) throw new RangeError("no room for the header");

  // By hand: a DataView costs more than all the rest of a small frame.
  const length = KIND_BYTES + payloadBytes;
  target[at] = length >>> 24;
  target[at + 1] = length >>> 16;
  target[at + 2] = length >>> 8;
  target[at + 3] = length;
  target[at + LENGTH_BYTES] = frameKind;
}

function payloadMax(frameKind: number): number {
  return frameKind === FRAME_KIND.json ? JSON_FRAME_BYTES_MAX : BYTES_FRAME_BYTES_MAX;
}

/**
 * Finds the frames in a stream. Linear; a frame that lies within one chunk is not copied. The limit is checked on
 * the header alone, and memory grows with what has arrived, never with what was announced.
 */
export class FrameDecoder {
  #headerRead = 0;
  #length = 0;
  #frameKind = 0;
  #dead = false;
  readonly #held = new GrowingBytes();

  push(chunk: Uint8Array): readonly FrameScan[] {
    const scans: FrameScan[] = [];
    let at = 0;
    while (at < chunk.length && !this.#dead) {
      if (this.#headerRead < FRAME_HEADER_BYTES) at = this.#readHeader(chunk, at, scans);
      else at = this.#readPayload(chunk, at, scans);
    }
    return scans;
  }

  /** True from a frame's first byte until its last has come: while true, its sender is on the clock. */
  pending(): boolean {
    return this.#headerRead > 0 && !this.#dead;
  }

  #readHeader(chunk: Uint8Array, from: number, scans: FrameScan[]): number {
    let at = from;
    while (at < chunk.length && this.#headerRead < LENGTH_BYTES) {
      this.#length = this.#length * 256 + (chunk[at++] ?? 0);
      this.#headerRead++;
    }
    if (this.#headerRead === LENGTH_BYTES && !this.#checkLength(scans)) return at;
    if (at === chunk.length) return at;

    this.#frameKind = chunk[at++] ?? 0;
    this.#headerRead++;
    if (this.#checkKind(scans) && this.#length === KIND_BYTES) this.#deliver(new Uint8Array(0), scans);
    return at;
  }

  #checkLength(scans: FrameScan[]): boolean {
    if (this.#length < KIND_BYTES) return this.#die(scans, fault("invalid_message", "length: expected at least 1"));
    if (this.#length > KIND_BYTES + BYTES_FRAME_BYTES_MAX) return this.#die(scans, tooLarge(BYTES_FRAME_BYTES_MAX));
    return true;
  }

  #checkKind(scans: FrameScan[]): boolean {
    if (this.#frameKind >= FRAME_KIND_REQUIRED) {
      return this.#die(scans, fault("unsupported", `frame kind: expected below ${FRAME_KIND_REQUIRED}`));
    }
    const limit = payloadMax(this.#frameKind);
    return this.#length <= KIND_BYTES + limit || this.#die(scans, tooLarge(limit));
  }

  #readPayload(chunk: Uint8Array, from: number, scans: FrameScan[]): number {
    const missing = this.#length - KIND_BYTES - this.#held.length;
    const piece = chunk.subarray(from, from + missing);
    if (piece.length === missing && this.#held.length === 0) {
      this.#deliver(piece, scans);
    } else {
      this.#held.append(piece, this.#length - KIND_BYTES);
      if (piece.length === missing) this.#deliver(this.#held.take(), scans);
    }
    return from + piece.length;
  }

  #deliver(payload: Uint8Array, scans: FrameScan[]): void {
    scans.push({ kind: "frame", frameKind: this.#frameKind, payload });
    this.#headerRead = 0;
    this.#length = 0;
  }

  #die(scans: FrameScan[], mistake: Fault): false {
    this.#dead = true;
    this.#held.take();
    scans.push({ kind: "fault", fault: mistake });
    return false;
  }
}

function tooLarge(limit: number): Fault {
  return fault("frame_too_large", `limit ${limit} bytes`);
}
