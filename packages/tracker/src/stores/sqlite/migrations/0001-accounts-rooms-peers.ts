/**
 * The first schema. `sum` is a checksum over what a row says for good, because SQLite has none of its own and an account whose key
 * changed by a flipped bit would be somebody else's. `seat.id` counts up with every join and so keeps the order of `roomsOf`.
 */
export const accountsRoomsPeers = `
CREATE TABLE user (
  username TEXT NOT NULL PRIMARY KEY,
  skeleton TEXT NOT NULL,
  password_kind TEXT NOT NULL CHECK (password_kind IN ('argon2id', 'sha256')),
  password TEXT NOT NULL,
  weak INTEGER NOT NULL CHECK (weak IN (0, 1)),
  account TEXT,
  statement TEXT,
  signature TEXT,
  version INTEGER,
  created_at TEXT NOT NULL,
  sum INTEGER NOT NULL,
  CHECK ((account IS NULL) = (version IS NULL) AND (account IS NULL) = (statement IS NULL) AND (account IS NULL) = (signature IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX user_by_skeleton ON user (skeleton, username);

CREATE TABLE room (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  fold TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('plain', 'open', 'invite')),
  owner TEXT NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  created_at TEXT NOT NULL,
  next_seat INTEGER NOT NULL CHECK (next_seat > 0),
  members INTEGER NOT NULL CHECK (members >= 0),
  sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX room_by_kind_and_fold ON room (kind, fold, name);
CREATE INDEX room_by_owner ON room (owner);

CREATE TABLE seat (
  id INTEGER PRIMARY KEY,
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  seat INTEGER NOT NULL CHECK (seat >= 0),
  kind TEXT NOT NULL CHECK (kind IN ('seed', 'papo')),
  UNIQUE (room, username),
  UNIQUE (room, seat)
) STRICT;
CREATE INDEX seat_by_username ON seat (username, id);

CREATE TABLE peer (
  username TEXT NOT NULL PRIMARY KEY,
  address TEXT,
  port INTEGER,
  last_ping TEXT,
  connected INTEGER NOT NULL CHECK (connected IN (0, 1))
) STRICT, WITHOUT ROWID;
`;
