// Goal: a device's copy of a room grows by what is authentic and authorised, says the same as every other copy, and never takes back what it told.
// Method: people with real keys and histories in memory bring each other entries by hand: whole, in pieces, twice, cut short, forged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Person, value } from "./control-fixture.ts";
import { admitted, converge, founded, saying } from "./replica-fixture.ts";

test("a founder writes, a member fetches everything and answers", async () => {
  const alice = await founded(new Person("alice"));
  await alice.say("oi", "tudo bem?");
  const bob = await admitted(alice, new Person("bob"));
  await bob.fetch(alice);
  assert.deepEqual(bob.texts(), ["oi", "tudo bem?"]);
  await bob.say("tudo");
  await alice.fetch(bob);
  assert.deepEqual(alice.texts(), ["oi", "tudo bem?", "tudo"]);
  assert.deepEqual(alice.replica.digest(), bob.replica.digest());
  assert.deepEqual(alice.replica.lacks(bob.replica.heads()), []);
});

test("what is written in one turn shares one signature and one commit", async () => {
  const alice = await founded(new Person("alice"));
  const before = alice.history.durable;
  const written = await Promise.all(Array.from({ length: 300 }, (_, at) => alice.replica.append([saying(`${at}`)])));
  const entries = written.flatMap((outcome) => value(outcome));
  assert.equal(alice.history.durable - before, 1);
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    Array.from({ length: 300 }, (_, at) => at + 1),
  );
  assert.deepEqual(
    entries.filter(({ signature }) => signature !== null).map(({ seq }) => seq),
    [256, 300],
  );
});

test("I9: a commit that fails leaves no trace and no hole, and later ones follow what is durable", async () => {
  let isFull = false;
  const alice = await founded(new Person("alice"), {}, { fails: () => isFull });
  await alice.say("1");
  isFull = true;
  const failed = await Promise.all([alice.replica.append([saying("x")]), alice.replica.append([saying("y")])]);
  assert.deepEqual(
    failed.map((outcome) => (outcome.ok ? "" : outcome.fault.code)),
    ["storage_failed", "storage_failed"],
  );
  assert.deepEqual(alice.replica.head(alice.device, "content"), 1);
  isFull = false;
  const [next] = await alice.say("2");
  assert.equal(next?.seq, 2);
  assert.deepEqual(alice.texts(), ["1", "2"]);
});

test("I5: members who wrote apart hold the same in the same order once they meet", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  await converge(alice, bob, carol);
  await Promise.all([alice.say("a1", "a2"), bob.say("b1"), carol.say("c1", "c2", "c3")]);
  await bob.fetch(alice);
  await bob.say("b2");
  await converge(alice, bob, carol);
  assert.equal(alice.texts().length, 7);
  assert.deepEqual(alice.texts(), bob.texts());
  assert.deepEqual(alice.texts(), carol.texts());
});
