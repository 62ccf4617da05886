import { type DeviceKey, HISTORY_BASE_CHARS_MAX, keyBytes, keyText } from "@papo/protocol";

// Where a newcomer's history starts, short enough for a room of a thousand devices. docs/protocol/room-log.md §4.4

const PREFIX_BYTES = 16;
const SEQ_BYTES = 6;
const ITEM_BYTES = PREFIX_BYTES + SEQ_BYTES;
const HIGH = 2 ** 32;

/**
 * For each device with content, the first 16 bytes of its key and in 6 bytes (big-endian) the number up to which the newcomer reads nothing; ascending
 * by these bytes; base64url. Undefined where it does not fit: such a room has more devices than it may.
 */
export function encodeHistoryBase(base: ReadonlyMap<DeviceKey, number>): string | undefined {
  const items = [...base].filter(([, seq]) => seq > 0).map(([device, seq]) => itemOf(device, seq));
  const text = Buffer.concat(items.toSorted((a, b) => Buffer.compare(a, b))).toString("base64url");
  return text.length > HISTORY_BASE_CHARS_MAX ? undefined : text;
}

function itemOf(device: DeviceKey, seq: number): Buffer {
  const item = Buffer.alloc(ITEM_BYTES);
  item.set(keyBytes(device).subarray(0, PREFIX_BYTES));
  item.writeUInt16BE(Math.floor(seq / HIGH), PREFIX_BYTES);
  item.writeUInt32BE(seq % HIGH, PREFIX_BYTES + 2);
  return item;
}

/** Numbers by the prefix of their device, as `historyBaseOf` looks them up. Bytes that are no whole item are passed over. */
export type HistoryBase = ReadonlyMap<string, number>;

export function decodeHistoryBase(text: string): HistoryBase {
  const bytes = Buffer.from(text, "base64url");
  const base = new Map<string, number>();
  for (let at = 0; at + ITEM_BYTES <= bytes.length; at += ITEM_BYTES) {
    const seq = bytes.readUInt16BE(at + PREFIX_BYTES) * HIGH + bytes.readUInt32BE(at + PREFIX_BYTES + 2);
    base.set(keyText(bytes.subarray(at, at + PREFIX_BYTES)), seq);
  }
  return base;
}

/** The numbers of these devices. */
export function historyBaseOf(base: HistoryBase, devices: Iterable<DeviceKey>): ReadonlyMap<DeviceKey, number> {
  const found = new Map<DeviceKey, number>();
  if (base.size === 0) return found;
  for (const device of devices) {
    const seq = base.get(keyText(keyBytes(device).subarray(0, PREFIX_BYTES)));
    if (seq !== undefined) found.set(device, seq);
  }
  return found;
}
