/** Every table that holds what must not be lost, with its columns in order; `sum` is the last of each. The word index is made from them. */
export const COLUMNS = {
  mark: ["name", "value"],
  room: ["key", "id", "record"],
  device: ["key", "id"],
  entry: [
    "arrival",
    "room",
    "id",
    "author",
    "tie",
    "chain",
    "seq",
    "prev",
    "effective",
    "kind",
    "target",
    "shown",
    "is_void",
    "arrived_ms",
    "text",
    "header",
    "signature",
    "body",
  ],
  usage: ["room", "author", "bytes"],
  head: ["room", "author", "chain", "seq", "id"],
  missing: ["room", "missing", "dependent"],
  receipt: ["room", "device", "count", "text", "sig"],
  chat: ["key", "account", "record"],
  private: [
    "arrival",
    "chat",
    "id",
    "device",
    "own",
    "seq",
    "prev",
    "text",
    "sent_ms",
    "arrived_ms",
    "encrypted",
    "supersedes_device",
    "supersedes_id",
    "shown",
    "after_gap",
    "forked",
  ],
  private_head: ["chat", "device", "own", "seq", "id"],
  progress: ["account", "chain", "device", "first", "confirmed", "read"],
  setting: ["name", "value"],
} as const;

export type TableName = keyof typeof COLUMNS;
export const TABLES = Object.keys(COLUMNS) as readonly TableName[];

/** The columns of a table, its checksum last, as a select or an insert names them. */
export function columnsOf(table: TableName, prefix = ""): string {
  return [...COLUMNS[table], "sum"].map((column) => `${prefix}${column}`).join(", ");
}

export function insertInto(
  table: TableName,
  how: "INSERT" | "INSERT OR REPLACE" | "INSERT OR IGNORE" = "INSERT",
): string {
  const places = [...COLUMNS[table], "sum"].map(() => "?").join(", ");
  return `${how} INTO ${table} (${columnsOf(table)}) VALUES (${places})`;
}

/** The mark up to which arrivals are in the word index, and the last arrival ever given. */
export const MARKS = { indexed: "indexed", arrival: "arrival" } as const;
