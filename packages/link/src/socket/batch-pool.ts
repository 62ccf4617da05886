import { WRITE_BYTES_MAX } from "./single-write.ts";

/** Buffers kept for reuse: 64 of 68 KiB are 4.25 MiB, whatever the number of links. */
const SPARE_MAX = 64;
const spare: Buffer[] = [];

/** A buffer of WRITE_BYTES_MAX. Links that have nothing to say hold none. */
export function takeBatchBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES_MAX);
}

export function giveBackBatchBuffer(buffer: Buffer): void {
  if (spare.length < SPARE_MAX) spare.push(buffer);
}
