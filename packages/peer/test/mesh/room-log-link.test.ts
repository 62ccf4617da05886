// Goal: rooms' logs are spoken of only where both sides list the feature, entries arrive whole, and a frame that holds none ends the link with a typed code.
// Method: an account dialled by hand on the in-memory network, its link looked at from both ends; virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Link } from "@papo/link";
import { MemoryNetwork, VirtualClock } from "@papo/link/memory";
import {
  type AccountKey,
  type DeviceKey,
  ENTRY_HEADER_BYTES_MAX,
  type EntryBatch,
  FRAME_KIND,
  type RoomId,
  ROOM_LOG_FEATURE,
  type SyncDigest,
  type TlsKey,
  encodeEntryBatch,
} from "@papo/protocol";
import type { Introduction } from "../../src/identity/introduction.ts";
import { PapoPeerLink } from "../../src/mesh/papo-peer-link.ts";
import type { Heard } from "../../src/mesh/peer-link.ts";
import { idOf } from "../conversations/sync/sync-fixture.ts";
import { expectOk, keysFor, named } from "../world-fixture.ts";

const ROOM: RoomId = idOf("room");
const DIGEST: SyncDigest = { cmd: "SYNC_DIGEST", room: ROOM, control: idOf("a"), content: idOf("b") };
const BATCH: EntryBatch = {
  room: ROOM,
  entries: [{ header: new Uint8Array(300).fill(7), signature: new Uint8Array(64), body: new Uint8Array(20) }],
};

async function pair(features: readonly string[]) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const settings = { alpn: "papo-peer/1", queueBytesMax: 1_000_000 };
  let accepted: Link | undefined;
  const tls = (name: string) => keysFor(name).keys.tls;
  const listening = network.host("10.0.0.1").listen({
    ...{ ...settings, identity: tls("gabi"), host: "::", port: 5_000, dialects: ["papo"] },
    onLink: (link) => (accepted = link),
  });
  expectOk(await listening);
  const dialling = network.host("10.0.0.2").dial({
    ...{ ...settings, identity: tls("nori"), host: "10.0.0.1", port: 5_000, dialect: "papo", timeoutMs: 1_000 },
  });
  let far: Link | undefined;
  void dialling.then((dialled) => (far = expectOk(dialled)));
  await clock.runUntil(() => accepted !== undefined && far !== undefined);
  assert.ok(accepted !== undefined && far !== undefined);

  const met = {
    ...{ username: named("nori"), account: idOf<AccountKey>("nori"), device: idOf<DeviceKey>("nori's device") },
    ...{ tls: idOf<TlsKey>("tls"), statement: keysFor("nori").statement, binding: null, epoch: null, features },
  } satisfies Introduction;
  const link = new PapoPeerLink(accepted, met, { clock, dialledByUs: false, path: "direct" });
  const heard: Heard[] = [];
  const ended: string[] = [];
  link.start({ heard: (_link, said) => heard.push(said), closed: (_link, reason) => ended.push(reason.code) });
  const said: unknown[] = [];
  const batches: Uint8Array[] = [];
  far.start({
    message: ({ kind, payload }) => {
      if (kind === FRAME_KIND.entries) batches.push(payload.slice());
      else said.push(JSON.parse(Buffer.from(payload).toString("utf8")));
    },
    closed: () => {},
  });
  return { clock, link, far, heard, ended, said, batches };
}

test("both list the feature: sync messages and entries go both ways", async () => {
  const { clock, link, far, heard, said, batches } = await pair([ROOM_LOG_FEATURE]);
  far.sendJson(DIGEST);
  far.sendFrame(FRAME_KIND.entries, encodeEntryBatch(BATCH));
  far.sendJson({ cmd: "INVITE_ANSWER", room: ROOM, refused: null });
  link.roomLog?.say(DIGEST);
  link.roomLog?.sayEntries(BATCH);
  await clock.advance(100);
  assert.deepEqual(
    heard.map(({ kind }) => kind),
    ["sync", "entries", "invite"],
  );
  const [, entries] = heard;
  assert.ok(entries?.kind === "entries");
  assert.deepEqual(
    entries.batch.entries.map(({ header }) => [...header]),
    BATCH.entries.map(({ header }) => [...header]),
  );
  assert.deepEqual(said, [DIGEST]);
  assert.deepEqual(
    batches.map((bytes) => [...bytes]),
    [[...encodeEntryBatch(BATCH)]],
  );
});

test("one does not list it: nothing of it is heard, and the link lives on", async () => {
  const { clock, link, far, heard, ended } = await pair([]);
  assert.equal(link.roomLog, undefined);
  far.sendJson(DIGEST);
  far.sendFrame(FRAME_KIND.entries, encodeEntryBatch(BATCH));
  far.sendFrame(FRAME_KIND.entries, new Uint8Array(3));
  await clock.advance(100);
  assert.deepEqual([heard, ended], [[], []]);
});

const whole = encodeEntryBatch(BATCH);
const tooLong = new Uint8Array(32 + 3 + ENTRY_HEADER_BYTES_MAX + 1);
tooLong.set([0, (ENTRY_HEADER_BYTES_MAX + 1) >>> 8, (ENTRY_HEADER_BYTES_MAX + 1) & 255], 32);
const broken = [
  { name: "less than a room's id", bytes: whole.subarray(0, 31), code: "invalid_message" },
  { name: "an entry cut short", bytes: whole.subarray(0, whole.length - 1), code: "invalid_message" },
  { name: "a flag that there is not", bytes: whole.with(32, 255), code: "invalid_message" },
  { name: "a header one byte too long", bytes: tooLong, code: "frame_too_large" },
];

for (const { name, bytes, code } of broken) {
  test(`P19: a frame of entries with ${name} ends the link as ${code}`, async () => {
    const { clock, far, heard, ended, said } = await pair([ROOM_LOG_FEATURE]);
    far.sendFrame(FRAME_KIND.entries, bytes);
    await clock.advance(1_000);
    assert.deepEqual(heard, []);
    assert.deepEqual(said, [{ cmd: "BYE", code }]);
    assert.deepEqual(ended, [code]);
  });
}
