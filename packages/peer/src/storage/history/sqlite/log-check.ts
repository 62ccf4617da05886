import { closeSync, openSync, readSync } from "node:fs";

// SQLite reads its write-ahead log up to the first frame that is not as it was written, and takes that for where a crash ended it. When more was
// committed behind that transaction, it was no crash: each begins when the one before is on disk, and what was answered as durable would be missing
// without a word. https://sqlite.org/fileformat2.html#walformat

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_BYTES_MIN = 512;
const PAGE_BYTES_MAX = 65_536;
/** The last bit says in which order the checksums read the bytes. */
const MAGIC = 0x377f0682;

type Checksum = { readonly first: number; readonly second: number };
type Log = { readonly handle: number; readonly header: Buffer; readonly frame: Buffer; readonly isBigEndian: boolean };

/**
 * Whether everything that was committed into this log can be read of it. A power cut in the middle of the last commit leaves it whole; it cannot be
 * told from damage that lies in the last commit.
 */
export function isLogWhole(path: string): boolean {
  const handle = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const hasFrames = readSync(handle, header, 0, HEADER_BYTES, 0) === HEADER_BYTES && hasMore(handle);
    if (!hasFrames) return true;
    const pageBytes = header.readUInt32BE(8);
    if (pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX) return false;
    const isBigEndian = header.readUInt32BE(0) === MAGIC + 1;
    if (!isBigEndian && header.readUInt32BE(0) !== MAGIC) return false;
    return isWhole({ handle, header, isBigEndian, frame: Buffer.alloc(FRAME_HEADER_BYTES + pageBytes) });
  } finally {
    closeSync(handle);
  }
}

function hasMore(handle: number): boolean {
  return readSync(handle, Buffer.alloc(1), 0, 1, HEADER_BYTES + FRAME_HEADER_BYTES + PAGE_BYTES_MIN) === 1;
}

function isWhole(log: Log): boolean {
  const { header, frame, isBigEndian } = log;
  let sum = sumOver({ first: 0, second: 0 }, header.subarray(0, HEADER_BYTES - 8), isBigEndian);
  if (!isSum(sum, header, HEADER_BYTES - 8)) return false;
  let isSound = true;
  let commitsBehind = 0;
  for (let at = HEADER_BYTES; readSync(log.handle, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    // Frames of before the log began anew, which it overwrites one by one, have another salt.
    const isOfThisLog = hasSalt(log);
    isSound &&= isOfThisLog;
    if (isSound) {
      sum = sumOver(sumOver(sum, frame.subarray(0, 8), isBigEndian), frame.subarray(FRAME_HEADER_BYTES), isBigEndian);
      isSound = isSum(sum, frame, FRAME_HEADER_BYTES - 8);
    }
    if (!isSound && isOfThisLog && isCommit(frame)) commitsBehind += 1;
  }
  return commitsBehind <= 1;
}

function hasSalt({ header, frame }: Log): boolean {
  return header.compare(frame, 8, 16, 16, 24) === 0;
}

/** The last frame of a transaction says how large the file is then. */
function isCommit(frame: Buffer): boolean {
  return frame.readUInt32BE(4) !== 0;
}

function isSum({ first, second }: Checksum, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

function sumOver(before: Checksum, bytes: Buffer, isBigEndian: boolean): Checksum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let { first, second } = before;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, !isBigEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, !isBigEndian) + first) >>> 0;
  }
  return { first, second };
}
