// Goal: a device that writes many entries of one number in its control chain keeps nobody's messages from anybody: what others built on any of them comes too.
// Method: a rogue member hands one of two honest ones a hundred entries that all follow the same one; the other fetches from it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sealEntry, signSealed } from "../../../src/conversations/log/opened-entry.ts";
import { Person, value } from "./control-fixture.ts";
import { admitted, converge, founded } from "./replica-fixture.ts";

test("P12, I5: a hundred branches of a control chain are all given to whoever lacks them, and what builds on them", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const mallory = await admitted(alice, new Person("mallory"));
  await converge(alice, bob, mallory);
  const { id: room } = alice.replica;
  const last = mallory.history.range(room, mallory.device, "control", 1, 10).at(-1);
  assert.ok(last !== undefined);
  for (let count = 0; count < 100; count += 1) {
    const place = { room, author: mallory.device, chain: "control" as const, seq: last.seq + 1, prev: last.id };
    const fields = { ...place, auth: [last.id], deps: [], lamport: 100 + count, time: 0 };
    const entry = signSealed(value(sealEntry(fields, { kind: "merge", body: {} })), mallory.person.device());
    await alice.receive([{ header: entry.bytes, signature: entry.signature, body: entry.body }]);
  }
  await alice.say("written under all of them");
  await bob.fetch(alice);
  assert.deepEqual(bob.texts(), ["written under all of them"]);
  assert.deepEqual(bob.replica.digest(), alice.replica.digest());
});
