/**
 * The first schema. Rooms and devices are named by small numbers inside, so that an index is a tenth of the size it would have with keys as
 * text. `arrival` counts up over entries and private messages together: it is the order in which things came, and the key of the search
 * index. Every row carries `sum`, a checksum over its other columns, because SQLite has none and a flipped bit would change what
 * somebody said. `room.id` is null while what is left of a forgotten room is being removed.
 */
export const firstHistory = `
CREATE TABLE mark (
  name TEXT NOT NULL UNIQUE,
  value INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE room (
  key INTEGER PRIMARY KEY,
  id TEXT UNIQUE,
  record TEXT,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
  arrival INTEGER PRIMARY KEY,
  room INTEGER NOT NULL,
  id TEXT NOT NULL,
  author INTEGER NOT NULL,
  tie TEXT NOT NULL,
  chain INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  prev TEXT,
  effective INTEGER NOT NULL,
  kind TEXT NOT NULL,
  target TEXT,
  shown INTEGER NOT NULL,
  is_void INTEGER NOT NULL,
  arrived_ms INTEGER NOT NULL,
  text TEXT,
  header BLOB NOT NULL,
  signature BLOB,
  body BLOB,
  sum INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_by_id ON entry (substr(id, 1, 8));
CREATE INDEX entry_by_chain ON entry (room, author, chain, seq);
CREATE INDEX entry_in_order ON entry (room, effective, tie) WHERE shown = 1 AND is_void = 0;
CREATE INDEX entry_by_arrival ON entry (room, arrival, effective) WHERE shown = 1 AND is_void = 0;
CREATE INDEX entry_of_control ON entry (room, effective, tie) WHERE chain = 0;
CREATE INDEX entry_by_target ON entry (room, target, kind, author, effective) WHERE target IS NOT NULL AND is_void = 0;

CREATE TABLE usage (
  room INTEGER NOT NULL,
  author INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (room, author)
) STRICT;

CREATE TABLE head (
  room INTEGER NOT NULL,
  author INTEGER NOT NULL,
  chain INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (room, author, chain)
) STRICT;

CREATE TABLE missing (
  room INTEGER NOT NULL,
  missing TEXT NOT NULL,
  dependent TEXT NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (room, missing, dependent)
) STRICT;

CREATE TABLE receipt (
  room INTEGER NOT NULL,
  device TEXT NOT NULL,
  count INTEGER NOT NULL,
  text TEXT NOT NULL,
  sig TEXT NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (room, device)
) STRICT;

CREATE TABLE chat (
  key INTEGER PRIMARY KEY,
  account TEXT NOT NULL UNIQUE,
  record TEXT,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE private (
  arrival INTEGER PRIMARY KEY,
  chat INTEGER NOT NULL,
  id TEXT NOT NULL,
  device TEXT NOT NULL,
  own INTEGER NOT NULL,
  seq INTEGER,
  prev TEXT,
  text TEXT NOT NULL,
  sent_ms INTEGER NOT NULL,
  arrived_ms INTEGER NOT NULL,
  encrypted INTEGER NOT NULL,
  supersedes_device TEXT,
  supersedes_id TEXT,
  shown INTEGER NOT NULL,
  after_gap INTEGER NOT NULL,
  forked INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX private_by_id ON private (chat, id, device);
CREATE INDEX private_by_chain ON private (chat, device, seq, arrival) WHERE seq IS NOT NULL;
CREATE INDEX private_in_order ON private (chat, arrival) WHERE shown = 1;
CREATE INDEX private_unread ON private (chat, arrival) WHERE shown = 1 AND own = 0;
CREATE INDEX private_superseding ON private (chat, supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TABLE private_head (
  chat INTEGER NOT NULL,
  device TEXT NOT NULL,
  own INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (chat, device)
) STRICT;

CREATE TABLE progress (
  account TEXT NOT NULL,
  chain TEXT NOT NULL,
  device TEXT NOT NULL,
  first INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  read INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  UNIQUE (account, chain, device)
) STRICT;

CREATE TABLE setting (
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE word USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '1 2');
INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
`;
