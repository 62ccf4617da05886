// Goal: a second implementation that reads docs/protocol/room-log.md and these files has the same ids, signatures and verdicts.
// Method: test/vectors/room-log.json holds whole rooms as bytes with what they say; they were made once by `PAPO_VECTORS=write` and are not made again.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import * as v from "valibot";
import { decodeWith, roomId } from "@papo/protocol";
import { evaluateControl } from "../../../src/conversations/log/control-set.ts";
import { type OpenedEntry, openEntry, verifyEntry } from "../../../src/conversations/log/opened-entry.ts";
import { describe } from "./control-story.ts";
import { type VectorRoom, vectorRooms } from "./vector-rooms.ts";
import { value } from "./control-fixture.ts";

const FILE = new URL("../../vectors/room-log.json", import.meta.url);

const vector = v.object({
  name: v.string(),
  room: roomId,
  entries: v.array(v.object({ id: v.string(), header: v.string(), body: v.string(), signature: v.string() })),
  /** As `describe` tells a state, with entries that count for nothing in `sets`. */
  state: v.unknown(),
});

if (process.env["PAPO_VECTORS"] === "write")
  writeFileSync(FILE, `${JSON.stringify(vectorRooms().map(written), null, 1)}\n`);

const read: unknown = JSON.parse(readFileSync(FILE, "utf8"));
const vectors = value(decodeWith(v.array(vector), read));

function written({ name, room, entries }: VectorRoom): v.InferOutput<typeof vector> {
  const text = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString("base64url");
  const sorted = entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    name,
    room,
    entries: sorted.map(({ id, bytes, body, signature }) => {
      return { id, header: Buffer.from(bytes).toString("utf8"), body: text(body), signature: text(signature) };
    }),
    state: JSON.parse(describe(evaluateControl(room, entries), entries)),
  };
}

function opened({ header, body, signature }: (typeof vectors)[0]["entries"][0]): OpenedEntry {
  const bytes = (text: string): Uint8Array => Buffer.from(text, "base64url");
  return value(openEntry({ header: Buffer.from(header, "utf8"), body: bytes(body), signature: bytes(signature) }));
}

for (const { name, room, entries, state } of vectors) {
  test(`golden room: ${name}`, () => {
    const all = entries.map(opened);
    for (const [at, entry] of all.entries()) {
      assert.equal(entry.id, entries[at]?.id);
      assert.ok(entry.signature !== null && verifyEntry(entry, entry.signature));
    }
    assert.deepEqual(JSON.parse(describe(evaluateControl(room, all), all)), state);
  });
}
