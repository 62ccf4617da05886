// Goal: nobody who may send entries to a room keeps the entries of others out of it, whatever it sends.
// Method: somebody fills what may wait, up to its bounds; then somebody else says something.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  type DeviceKey,
  type EntryId,
  PENDING_BYTES_MAX,
  PENDING_CANDIDATES_PER_NUMBER_MAX,
  PENDING_CHAINS_PER_ROOM_MAX,
  type RoomId,
  type WireEntry,
  decodeWith,
  deviceKey,
  entryId,
} from "@papo/protocol";
import { sealEntry } from "../../../src/conversations/log/opened-entry.ts";
import { PendingBudget } from "../../../src/conversations/log/pending-entries.ts";
import { openReplica } from "../../../src/conversations/log/replica.ts";
import { Person, value } from "./control-fixture.ts";
import { admitted, clock, founded } from "./replica-fixture.ts";

function someId(): EntryId {
  return value(decodeWith(entryId, randomBytes(32).toString("base64url")));
}

function someDevice(): DeviceKey {
  return value(decodeWith(deviceKey, randomBytes(32).toString("base64url")));
}

/** It says to be by that device, carries no signature and waits for ever: what it was written under exists nowhere. */
function junk(room: RoomId, author: DeviceKey, about: { readonly seq: number; readonly text?: string }): WireEntry {
  const { seq, text = "x" } = about;
  const place = { room, author, chain: "content" as const, seq, prev: seq === 1 ? null : someId() };
  const more = { auth: [someId()], deps: [], lamport: seq, time: 0 };
  const sealed = value(sealEntry({ ...place, ...more }, { kind: "message", body: { text } }));
  return { header: sealed.bytes, signature: null, body: sealed.body };
}

test("P14, I5: junk of more devices than may wait keeps nobody else's entries out", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const { id } = alice.replica;
  const flood = Array.from({ length: PENDING_CHAINS_PER_ROOM_MAX + 1 }, () => junk(id, someDevice(), { seq: 1 }));
  await alice.receive(flood);
  await bob.say("still here");
  await alice.fetch(bob);
  assert.deepEqual(alice.texts(), ["still here"]);
});

test("P14, I5: junk under the name of everybody in the room keeps their own entries out no longer than it takes to ask again", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const { id } = alice.replica;
  for (let seq = 1; seq <= 300; seq += 1) {
    await alice.receive(Array.from({ length: PENDING_CANDIDATES_PER_NUMBER_MAX }, () => junk(id, bob.device, { seq })));
  }
  await bob.say(...Array.from({ length: 200 }, (_, at) => `${at}`));
  await alice.fetch(bob);
  assert.equal(alice.texts().length, 200);
});

test("I11, I5: a room that is flooded up to what all rooms may keep waiting takes nothing from another room", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const { person, history } = alice;
  const budget = new PendingBudget();
  const ports = { history, clock, account: person.account, device: person.device(), budget };
  const flooded = openReplica(value(decodeWith(entryId, someId())) as string as RoomId, ports);
  const other = openReplica(alice.replica.id, ports);

  for (const chars of [30_000, 3_000, 10]) {
    for (let count = 0; count < 100; count += 1) {
      const author = someDevice();
      const text = "x".repeat(chars);
      await flooded.receive(Array.from({ length: 16 }, (_, at) => junk(flooded.id, author, { seq: at + 1, text })));
    }
  }
  assert.ok(budget.bytes <= PENDING_BYTES_MAX && budget.bytes > 0.9 * PENDING_BYTES_MAX, `${budget.bytes}`);
  await bob.say("elsewhere");
  const entries = bob.history.range(bob.replica.id, bob.device, "content", 1, 10);
  const received = value(await other.receive(entries));
  assert.equal(received.stored.length, 1);
});
