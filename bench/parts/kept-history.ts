import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { systemClock } from "@papo/link";
import type { DeviceKey, EntryId, RoomId } from "@papo/protocol";
import type { HistoryChange, StoredEntry } from "../../packages/peer/src/storage/history/history.ts";
import { openHistory } from "../../packages/peer/src/storage/history/open-history.ts";
import { settingsOfPart, tell } from "../measure/part.ts";
import { historyFile, indexedBehind } from "./history-file.ts";
import { textOf } from "./search-texts.ts";

// Writes messages of this device into the rooms of a closed profile, straight through its store: as they would stand there after years, in a minute.
// Signatures and hashes are made up, since nobody verifies again what was kept.

const { profile, messages } = settingsOfPart<{ readonly profile: string; readonly messages: number }>();
const AT_ONCE = 4_096;
const SALT = randomBytes(16);
const SIGNATURE = randomBytes(64);
const FIRST_MS = Date.UTC(2020, 0, 1);
const MIDDLE = randomBytes(24);

const opened = await openHistory({
  folder: dirname(historyFile(profile)),
  clock: systemClock,
  onProblem: ({ fault }) => {
    throw new Error(fault.detail);
  },
});
if (!opened.ok) throw new Error(opened.fault.detail);
const { history } = opened.value;
const rooms = history.rooms().map(({ id }) => chainOf(id));

for (let from = 0; from < messages; from += AT_ONCE) {
  const changes: HistoryChange[] = [];
  for (let at = from; at < Math.min(messages, from + AT_ONCE); at += 1) {
    const chain = rooms[at % rooms.length];
    if (chain !== undefined) changes.push({ kind: "put-entry", entry: nextEntry(chain, at) });
  }
  for (const { room, author, seq, prev } of rooms)
    if (prev !== null) changes.push({ kind: "put-head", room, author, chain: "content", seq, id: prev });
  const done = await history.commit(changes);
  if (!done.ok) throw new Error(done.fault.detail);
}
// In its spare time the writer takes the last ones into the word index.
while (indexedBehind(profile) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
await history.close();
tell({});
process.exit();

type Chain = {
  readonly room: RoomId;
  readonly author: DeviceKey;
  readonly auth: readonly EntryId[];
  seq: number;
  prev: EntryId | null;
};

function chainOf(room: RoomId): Chain {
  const [genesis] = history.control(room);
  if (genesis === undefined) throw new Error("a room has no beginning");
  return { room, author: genesis.author, auth: [genesis.id], seq: 0, prev: null };
}

function nextEntry(chain: Chain, at: number): StoredEntry {
  const { room, author, auth, prev } = chain;
  const seq = chain.seq + 1;
  const id = idOf(at);
  const text = textOf(at);
  const body = Buffer.concat([SALT, Buffer.from(JSON.stringify({ text }))]);
  const time = FIRST_MS + at * 60_000;
  const place = { v: 1, room, author, chain: "content", seq, prev, auth, deps: [], lamport: seq + 1, time } as const;
  const header = Buffer.from(JSON.stringify({ ...place, kind: "message", bodyHash: id, bodySize: body.length }));
  chain.seq = seq;
  chain.prev = id;
  return {
    ...{ room, id, author, chain: "content", seq, prev, effective: seq + 1, kind: "message", header },
    ...{ signature: seq % 32 === 0 ? SIGNATURE : null, body, target: null, text, shown: true, isVoid: false },
    arrivedMs: time,
  };
}

function idOf(at: number): EntryId {
  const bytes = Buffer.alloc(32);
  // They come in no order, as hashes do.
  bytes.writeUInt32BE(Math.imul(at, 0x9e3779b1) >>> 0, 0);
  MIDDLE.copy(bytes, 4);
  bytes.writeUInt32BE(at, 28);
  return bytes.toString("base64url") as EntryId;
}
