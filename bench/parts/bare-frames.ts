export const HEADER_BYTES = 4;

/** A 32-bit length. By hand: `writeUInt32BE` checks what is known here. */
export function writeHeader(target: Uint8Array, at: number, length: number): void {
  target[at] = length >>> 24;
  target[at + 1] = length >>> 16;
  target[at + 2] = length >>> 8;
  target[at + 3] = length;
}

function readHeader(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x1000000 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}

/** Takes chunks, gives messages. Those that lie within one chunk are not copied, the others once. */
export function frameSplitter(receive: (payload: Uint8Array) => void): (chunk: Uint8Array) => void {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let wanted = HEADER_BYTES;
  return (chunk) => {
    if (heldBytes + chunk.length < wanted) {
      held.push(chunk);
      heldBytes += chunk.length;
      return;
    }
    const data = heldBytes === 0 ? chunk : Buffer.concat([...held, chunk]);
    let at = 0;
    wanted = HEADER_BYTES;
    while (data.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + readHeader(data, at);
      if (data.length < end) {
        wanted = end - at;
        break;
      }
      receive(data.subarray(at + HEADER_BYTES, end));
      at = end;
    }
    held = at < data.length ? [data.subarray(at)] : [];
    heldBytes = data.length - at;
  };
}
