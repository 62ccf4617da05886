import type { HistoryChange, StoredEntry } from "./history.ts";

type Scalar = string | number | null;
/** A change that is not one of the frequent ones travels as it is. */
type PackedCell = Scalar | HistoryChange;

/**
 * Several commits as one message for the writer's thread. Cloning an object a change with its arrays of bytes costs more than writing the
 * change to disk, so the frequent ones are laid flat: their scalars in one array, their bytes in one buffer that changes hands.
 */
export type PackedCommits = {
  readonly cells: readonly PackedCell[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many changes each commit has. */
  readonly commits: readonly number[];
};

const ENTRY = 1;
const HEAD = 2;
const OTHER = 3;
const ABSENT = -1;

export function pack(commits: readonly (readonly HistoryChange[])[]): PackedCommits {
  const cells: PackedCell[] = [];
  const pieces: Uint8Array[] = [];
  for (const changes of commits) for (const change of changes) packChange(change, cells, pieces);
  return { cells, bytes: joined(pieces), commits: commits.map(({ length }) => length) };
}

function packChange(change: HistoryChange, cells: PackedCell[], pieces: Uint8Array[]): void {
  switch (change.kind) {
    case "put-entry":
      packEntry(change.entry, cells, pieces);
      break;
    case "put-head":
      cells.push(HEAD, change.room, change.author, change.chain, change.seq, change.id);
      break;
    // A view of a larger buffer would be cloned with all of it.
    case "put-body":
      cells.push(OTHER, { ...change, body: change.body.slice() });
      break;
    case "put-signature":
      cells.push(OTHER, { ...change, signature: change.signature.slice() });
      break;
    default:
      cells.push(OTHER, change);
  }
}

function packEntry(entry: StoredEntry, cells: PackedCell[], pieces: Uint8Array[]): void {
  const { header, signature, body } = entry;
  cells.push(ENTRY, entry.room, entry.id, entry.author, entry.chain, entry.seq, entry.prev, entry.effective);
  cells.push(entry.kind, entry.target, entry.text, entry.shown ? 1 : 0, entry.isVoid ? 1 : 0, entry.arrivedMs);
  cells.push(header.length, signature?.length ?? ABSENT, body?.length ?? ABSENT);
  pieces.push(header);
  if (signature !== null) pieces.push(signature);
  if (body !== null) pieces.push(body);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The commits again, on the writer's side. Bytes are views of the one buffer. */
export function unpack({ cells, bytes, commits }: PackedCommits): readonly (readonly HistoryChange[])[] {
  const reading = { cells, bytes, cell: 0, byte: 0 };
  return commits.map((count) => Array.from({ length: count }, () => unpackChange(reading)));
}

type Reading = {
  readonly cells: readonly PackedCell[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  cell: number;
  byte: number;
};

function unpackChange(reading: Reading): HistoryChange {
  const kind = reading.cells[reading.cell++];
  if (kind === ENTRY) return { kind: "put-entry", entry: unpackEntry(reading) };
  if (kind === HEAD) {
    const [room, author, chain, seq, id] = take(reading, 5);
    return { kind: "put-head", room, author, chain, seq, id } as HistoryChange;
  }
  return reading.cells[reading.cell++] as HistoryChange;
}

function unpackEntry(reading: Reading): StoredEntry {
  const [room, id, author, chain, seq, prev, effective, kind, target, text, shown, isVoid, arrivedMs] = take(
    reading,
    13,
  );
  const [headerSize, signatureSize, bodySize] = take(reading, 3) as number[];
  return {
    ...{ room, id, author, chain, seq, prev, effective, kind, target, text, arrivedMs },
    shown: shown === 1,
    isVoid: isVoid === 1,
    header: takeBytes(reading, headerSize ?? 0),
    signature: signatureSize === ABSENT ? null : takeBytes(reading, signatureSize ?? 0),
    body: bodySize === ABSENT ? null : takeBytes(reading, bodySize ?? 0),
  } as StoredEntry;
}

function take(reading: Reading, count: number): readonly PackedCell[] {
  const cells = reading.cells.slice(reading.cell, reading.cell + count);
  reading.cell += count;
  return cells;
}

function takeBytes(reading: Reading, size: number): Uint8Array {
  const piece = reading.bytes.subarray(reading.byte, reading.byte + size);
  reading.byte += size;
  return piece;
}
