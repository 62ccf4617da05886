import { SPARE_BUFFERS_MAX, WRITE_BYTES_MAX } from "@papo/protocol";

const spare: Buffer[] = [];

/** A buffer of WRITE_BYTES_MAX. Links that have nothing to say hold none. */
export function takeBatchBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES_MAX);
}

export function giveBackBatchBuffer(buffer: Buffer): void {
  if (spare.length < SPARE_BUFFERS_MAX) spare.push(buffer);
}
