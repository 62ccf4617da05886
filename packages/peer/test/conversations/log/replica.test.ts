// Goal: a device's copy of a room grows by what is authentic and authorised, says the same as every other copy, and never takes back what it told.
// Method: people with real keys and histories in memory bring each other entries by hand: whole, in pieces, twice, cut short, forged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTROL_HEADS_MERGED_ABOVE } from "@papo/protocol";
import { encodeHistoryBase } from "../../../src/conversations/log/history-base.ts";
import { Person, admitting, joining, value } from "./control-fixture.ts";
import { sealEntry, signSealed } from "../../../src/conversations/log/opened-entry.ts";
import type { Draft } from "../../../src/conversations/log/room-replica.ts";
import type { StoredEntry } from "../../../src/storage/history/history.ts";
import { Holder, admitted, begun, clock, converge, founded, saying, stranger } from "./replica-fixture.ts";

/** How many commits there have been since. */
function commitsOf({ history }: Holder): () => number {
  let count = 0;
  const commit = history.commit.bind(history);
  history.commit = (changes) => {
    count += 1;
    return commit(changes);
  };
  return () => count;
}

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

test("what the log adds by itself to what is written is told with it, so that it goes out at once", async () => {
  const alice = await founded(new Person("alice"));
  const joins: StoredEntry[] = [];
  for (let at = 0; at <= CONTROL_HEADS_MERGED_ABOVE; at += 1) {
    const person = new Person(`p${at}`);
    await alice.write({ chain: "control", ...admitting(person) });
    const holder = stranger(person, alice.replica.id);
    await holder.fetch(alice);
    joins.push(...(await holder.write({ chain: "control", ...joining(person) })));
  }
  const bob = await admitted(alice, new Person("bob"));
  await alice.receive(joins);
  assert.ok(alice.replica.state.heads.length > CONTROL_HEADS_MERGED_ABOVE);
  const written = await alice.say("oi");
  assert.deepEqual(
    written.map(({ kind }) => kind),
    ["merge", "message"],
  );
  await bob.receive([...joins, ...written]);
  assert.deepEqual(bob.texts(), ["oi"]);
});

test("what is written in one turn shares one signature and one commit", async () => {
  const alice = await founded(new Person("alice"));
  const commits = commitsOf(alice);
  const written = await Promise.all(Array.from({ length: 300 }, (_, at) => alice.replica.append([saying(`${at}`)])));
  const entries = written.flatMap((outcome) => value(outcome));
  assert.equal(commits(), 1);
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    Array.from({ length: 300 }, (_, at) => at + 1),
  );
  assert.deepEqual(
    entries.filter(({ signature }) => signature !== null).map(({ seq }) => seq),
    [256, 300],
  );
});

test("F10: what a damaged history kept behind a gap is taken again when it comes, though others' entries have named it", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  const said = [];
  for (const text of ["1", "2", "3", "4"]) said.push(...(await alice.say(text)));
  const [first] = said;
  assert.ok(first !== undefined);
  await converge(alice, bob, carol);
  const answer = await carol.say("5");

  const { room, author, chain, seq, id } = first;
  value(await bob.history.commit([{ kind: "put-head", room, author, chain, seq, id }]));
  bob.restart();
  await bob.receive(answer);
  await bob.fetch(alice);
  assert.deepEqual(bob.replica.lacks(alice.replica.heads()), []);
  assert.deepEqual(bob.texts(), ["1", "2", "3", "4", "5"]);
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

test("P21: a forged or missing signature makes an entry wait, and the right one lets it in", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const [entry] = await alice.say("oi");
  assert.ok(entry !== undefined);
  const forged = await bob.receive([{ ...entry, signature: new Uint8Array(64) }]);
  assert.deepEqual([forged.stored.length, forged.pending], [0, 1]);
  const unsigned = await bob.receive([{ ...entry, signature: null }]);
  assert.deepEqual([unsigned.stored.length, unsigned.pending], [0, 0]);
  assert.deepEqual(bob.texts(), []);
  const right = await bob.receive([entry]);
  assert.equal(right.stored.length, 1);
  assert.deepEqual(bob.texts(), ["oi"]);
});

test("P21: one signature vouches for what is before it, whatever order it comes in", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const entries = await alice.say("1", "2", "3");
  const counts = [];
  for (const entry of entries.toReversed()) counts.push((await bob.receive([entry])).stored.length);
  assert.deepEqual(counts, [0, 0, 3]);
  assert.deepEqual(bob.texts(), ["1", "2", "3"]);
});

test("P11, I11: what is too far ahead is not kept, and asked for as a range", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  await alice.say(...Array.from({ length: 1500 }, (_, at) => `${at}`));
  const late = alice.history.range(alice.replica.id, alice.device, "content", 2, 1499);
  const received = await bob.receive(late);
  assert.deepEqual([received.stored.length, received.pending], [0, 1024]);
  assert.deepEqual(bob.replica.lacks(alice.replica.heads()), [
    { device: alice.device, chain: "content", from: 1, to: 1500 },
  ]);
  const liar = alice.replica
    .heads()
    .map((head) => (head.content === null ? head : { ...head, content: [1_000_000_000, head.content[1]] }));
  assert.deepEqual(bob.replica.lacks(liar as never), [
    { device: alice.device, chain: "content", from: 1, to: 1_000_000_000 },
  ]);
  await bob.fetch(alice);
  assert.equal(bob.replica.head(alice.device, "content"), 1500);
});

test("P14: content under control that is not here waits, and of a stranger is dropped and counted", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  const [said] = await carol.say("oi");
  assert.ok(said !== undefined);
  const early = await bob.receive([said]);
  assert.deepEqual([early.stored.length, early.pending, early.refused], [0, 1, 0]);
  const control = alice.replica.serve(bob.replica.lacks(alice.replica.heads()), 1_000_000, bob.person.account);
  const late = await bob.receive(control.entries);
  assert.ok(late.stateChanged);
  assert.deepEqual(bob.texts(), ["oi"]);

  const dave = new Person("dave");
  const fields = {
    room: alice.replica.id,
    author: dave.device().publicKey,
    chain: "content" as const,
    seq: 1,
    prev: null,
  };
  const more = { auth: [...alice.replica.state.heads], deps: [], lamport: 9, time: 0 };
  const stranger = signSealed(
    value(sealEntry({ ...fields, ...more }, { kind: "message", body: { text: "x" } })),
    dave.device(),
  );
  const refused = await alice.receive([{ header: stranger.bytes, signature: stranger.signature, body: stranger.body }]);
  assert.deepEqual([refused.stored.length, refused.pending, refused.refused], [0, 0, 1]);
});

test("what is known costs no second look and is counted as known", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const entries = await alice.say("1", "2");
  await bob.receive(entries);
  const commits = commitsOf(bob);
  const again = await bob.receive([...entries, ...entries]);
  assert.deepEqual([again.known, again.stored.length, again.pending, again.refused], [4, 0, 0, 0]);
  bob.restart();
  const later = commitsOf(bob);
  assert.equal((await bob.receive(entries)).known, 2);
  assert.equal(later(), 0);
  assert.equal(commits(), 0);
});

test("I9: whatever of a commit survived a crash, the next number follows it", async () => {
  for (const kept of [0, 1]) {
    const flushes: (() => void)[] = [];
    const options = { sync: (flush: () => void) => void (flushes.length === 0 ? flush() : flushes.push(flush)) };
    const alice = await founded(new Person("alice"), {}, options);
    await alice.say("1");
    flushes.push(() => undefined);
    void alice.replica.append([saying("2"), saying("3")]);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(alice.history.waiting, 1);
    alice.restart(alice.history.crash(kept, {}));
    const [next] = await alice.say("4");
    assert.equal(next?.seq, kept === 0 ? 2 : 4);
  }
});

test("P12: two branches of a device are found, told with a proof, and cut where they part, for all alike", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  await converge(alice, bob, carol);
  await carol.say("shared 1", "shared 2");
  await converge(alice, bob, carol);
  // A copy of carol's disk goes on by itself.
  const copy = new Holder(carol.person, { history: carol.history.crash(), replica: carol.replica });
  copy.restart(copy.history);
  carol.restart();
  for (let at = 0; at < 40; at++) await carol.say(`one ${at}`);
  for (let at = 0; at < 25; at++) await copy.say(`other ${at}`);
  await alice.fetch(carol);
  await bob.fetch(copy);
  await bob.say("bob answers");
  assert.equal(alice.replica.forkDraft(carol.device), undefined);
  await alice.fetch(bob);
  const draft = alice.replica.forkDraft(carol.device);
  assert.ok(draft !== undefined);
  await alice.write(draft);
  await converge(alice, bob);
  for (const holder of [alice, bob]) {
    assert.ok(holder.replica.state.forked.has(carol.device));
    // What the answer was to counts no more, so it stands where the rest of what it names puts it.
    assert.deepEqual(new Set(holder.texts()), new Set(["shared 1", "shared 2", "bob answers"]));
    assert.equal(holder.replica.head(carol.device, "content"), 2);
  }
  assert.deepEqual(alice.replica.digest(), bob.replica.digest());
  assert.deepEqual(
    alice.shown().map(({ effective }) => effective),
    bob.shown().map(({ effective }) => effective),
  );
});

test("I8: what a removed member wrote beyond the cut is void here, and counts again where the furthest cut lies further", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const rogue = await admitted(alice, new Person("rogue"));
  await converge(alice, bob, rogue);
  await alice.write({ chain: "control", kind: "role", body: { account: bob.person.account, role: "moderator" } });
  await converge(alice, bob, rogue);
  const entries = [];
  for (const text of ["1", "2", "3", "4"]) entries.push(...(await rogue.say(text)));
  await alice.receive(entries.slice(0, 2));
  await bob.receive(entries.slice(0, 3));
  const removal = (holder: Holder): Draft => {
    const head = holder.replica.heads().find(({ device }) => device === rogue.device);
    assert.ok(head !== undefined);
    return { chain: "control", kind: "remove", body: { account: rogue.person.account, bar: false, cuts: [head] } };
  };
  await alice.write(removal(alice));
  await bob.write(removal(bob));
  const late = await alice.receive(entries);
  assert.equal(late.stored.length, 0);
  assert.deepEqual(alice.texts(), ["1", "2"]);
  await converge(alice, bob);
  for (const holder of [alice, bob]) assert.deepEqual(holder.texts(), ["1", "2", "3"]);
  assert.deepEqual(alice.replica.digest(), bob.replica.digest());

  const told = alice.replica.readingRight(rogue.person.account);
  assert.equal(told.kind, "until");
  const { entries: served } = alice.replica.serve(
    alice.replica.heads().flatMap(({ device }) => [
      { device, chain: "control" as const, from: 1, to: 99 },
      { device, chain: "content" as const, from: 1, to: 99 },
    ]),
    1_000_000,
    rogue.person.account,
  );
  await rogue.receive(served);
  assert.equal(rogue.replica.state.memberByAccount.has(rogue.person.account), false);
  const refused = await rogue.replica.append([saying("x")]);
  assert.equal(refused.ok ? "" : refused.fault.code, "removed");
});

test("a delete drops the body everywhere, whichever comes first; a body that comes late is kept only where it was not deleted", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  await converge(alice, bob, carol);
  const [said, kept] = await bob.say("secret", "kept");
  assert.ok(said !== undefined && kept !== undefined);
  await alice.fetch(bob);
  const [deletion] = await alice.write({ chain: "content", kind: "delete", body: { target: said.id } });
  assert.ok(deletion !== undefined);
  assert.equal(alice.history.entry(alice.replica.id, said.id)?.body, null);

  await carol.receive([deletion]);
  await carol.receive([said, { ...kept, body: null }]);
  const at = (id: typeof said.id) => carol.history.entry(carol.replica.id, id)?.body ?? null;
  assert.deepEqual([at(said.id), at(kept.id)], [null, null]);
  await carol.receive([said, kept]);
  assert.deepEqual([at(said.id), at(kept.id)], [null, kept.body]);
  assert.deepEqual(carol.texts(), ["-", "kept"]);

  const refused = await bob.replica.append([
    { chain: "content", kind: "edit", body: { target: deletion.id, text: "x" } },
  ]);
  assert.equal(refused.ok ? "" : refused.fault.code, "message_missing");
  await bob.fetch(alice);
  const [owners] = await alice.say("the owner's");
  assert.ok(owners !== undefined);
  await bob.fetch(alice);
  for (const kind of ["edit", "delete"] as const) {
    const body = { target: owners.id, text: "x" };
    const denied = await bob.replica.append([{ chain: "content", kind, body }]);
    assert.equal(denied.ok ? "" : denied.fault.code, "not_allowed");
  }
});

test("a delete takes every text that the message had, whatever comes first; reactions stay as they are", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const [said] = await bob.say("secret");
  assert.ok(said !== undefined);
  const { id: target } = said;
  const edits: StoredEntry[] = [];
  for (const text of ["secret 1", "secret 2"])
    edits.push(...(await bob.write({ chain: "content", kind: "edit", body: { target, text } })));
  await alice.fetch(bob);
  const [reaction] = await alice.write({ chain: "content", kind: "reaction", body: { target, emoji: "👍", on: true } });
  // Written without knowing that it is gone.
  const [late] = await bob.write({ chain: "content", kind: "edit", body: { target, text: "secret 3" } });
  const [deletion] = await alice.write({ chain: "content", kind: "delete", body: { target } });
  const [again] = await alice.write({ chain: "content", kind: "delete", body: { target } });
  assert.ok(late !== undefined && deletion !== undefined && again !== undefined && reaction !== undefined);
  const texts = [...edits, late];
  const bodies = (holder: Holder) =>
    [said, ...texts].map(({ id }) => holder.history.entry(holder.replica.id, id)?.body ?? null);

  const orders = {
    "the delete last": [[said], edits, [late], [reaction, deletion, again]],
    "an edit after it": [[said], edits, [reaction, deletion, again], [late]],
    "the edits after it": [[said, reaction, deletion, again], texts],
    "all at once": [[reaction, deletion, again, said, ...texts]],
    "the delete first": [
      [reaction, deletion, again],
      [said, ...texts],
    ],
  };
  for (const [name, batches] of Object.entries(orders)) {
    const carol = await admitted(alice, new Person("carol"));
    // Whoever was let in just now has fetched what there is: it begins with a disk that has nothing of it.
    const fresh = stranger(carol.person, alice.replica.id);
    await fresh.receive(alice.history.control(alice.replica.id));
    for (const batch of batches) await fresh.receive(batch);
    assert.deepEqual(bodies(fresh), [null, null, null, null], name);
    assert.notEqual(fresh.history.entry(fresh.replica.id, reaction.id)?.body ?? null, null, name);
    // Nobody brings them back.
    await fresh.receive([said, ...texts]);
    assert.deepEqual(bodies(fresh), [null, null, null, null], name);
    const found = await fresh.history.search({ text: "secret" });
    assert.deepEqual(found, { ok: true, value: [] }, name);
  }
  await bob.fetch(alice);
  assert.deepEqual(bodies(bob), [null, null, null, null]);
});

test("a quota counts along the chain, for the author and for everybody else", async () => {
  const alice = await founded(new Person("alice"), { quotaBytes: 100 });
  const bob = await admitted(alice, new Person("bob"));
  await converge(alice, bob);
  await bob.say("0123456789");
  bob.restart();
  await bob.say("0123456789");
  const refused = await bob.replica.append([saying("0123456789")]);
  assert.equal(refused.ok ? "" : refused.fault.code, "limit_reached");
  await alice.fetch(bob);
  assert.equal(alice.texts().length, 2);
});

test("retention drops what is too old, here and as it comes", async () => {
  const alice = await founded(new Person("alice"), { retentionDays: 1 });
  const bob = await admitted(alice, new Person("bob"));
  const later = await admitted(alice, new Person("later"));
  await converge(alice, bob, later);
  await alice.say("old");
  await bob.fetch(alice);
  assert.equal(value(await bob.replica.retire(100)), 0);
  await clock.advance(2 * 86_400_000);
  assert.equal(value(await bob.replica.retire(100)), 1);
  assert.equal(value(await bob.replica.retire(100)), 0);
  await later.fetch(alice);
  assert.deepEqual([...bob.texts(), ...later.texts()], ["-", "-"]);
});

test("P19: entries beyond the limits, of another room, or that are nothing, are refused and counted", async () => {
  const alice = await founded(new Person("alice"));
  const other = await founded(new Person("other"));
  const [foreign] = await other.say("oi");
  assert.ok(foreign !== undefined);
  const received = await alice.receive([
    foreign,
    { header: new Uint8Array(8193), signature: null, body: null },
    { header: Buffer.from("{}"), signature: null, body: null },
    { ...foreign, body: Buffer.from("another body of any size") },
  ]);
  assert.deepEqual([received.refused, received.stored.length, received.pending], [4, 0, 0]);
  const long = await alice.replica.append([saying("x".repeat(32_768))]);
  assert.equal(long.ok ? "" : long.fault.code, "frame_too_large");
});

test("served runs are in the room's order, end at a signature, and read each entry about once", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  await converge(alice, bob, carol);
  for (let round = 0; round < 8; round++) {
    await alice.say(...Array.from({ length: 90 }, (_, at) => `a${round} ${at}`));
    await bob.fetch(alice);
    await bob.say(...Array.from({ length: 110 }, (_, at) => `b${round} ${at}`));
    await alice.fetch(bob);
  }
  let reads = 0;
  const { history } = alice;
  const range = history.range.bind(history);
  history.range = (...asked) => {
    const page = range(...asked);
    reads += page.length;
    return page;
  };
  await carol.fetch(alice);
  assert.equal(carol.replica.head(bob.device, "content"), 880);
  assert.deepEqual(carol.replica.digest(), alice.replica.digest());
  assert.ok(reads < 3 * 1600, `${reads} reads for 1,600 entries`);
});

test("I6: a newcomer whose history starts at joining gets nothing from before, and stands where the others stand from there on", async () => {
  const alice = await founded(new Person("alice"), { history: "join" });
  const bob = await admitted(alice, new Person("bob"));
  await converge(alice, bob);
  await alice.say("before 1", "before 2");
  await bob.fetch(alice);
  await bob.say("before 3");
  await alice.fetch(bob);
  const base = new Map(alice.replica.heads().map(({ device, content }) => [device, content?.[0] ?? 0]));
  const carol = new Person("carol");
  await alice.write({ chain: "control", ...admitting(carol, { base: encodeHistoryBase(base) ?? null }) });
  const newcomer = await begun(alice, carol);
  await alice.say("after 1");
  await bob.fetch(alice);
  await bob.say("after 2", "after 3");
  await converge(alice, bob, newcomer);
  assert.deepEqual(newcomer.texts(), ["after 1", "after 2", "after 3"]);
  assert.deepEqual(alice.texts().slice(3), newcomer.texts());
  const places = (holder: Holder) => holder.shown().map(({ effective }) => effective);
  assert.deepEqual(places(alice).slice(3), places(newcomer));
  assert.deepEqual(alice.replica.digest(), newcomer.replica.digest());
  const asked = [...base].map(([device, to]) => ({ device, chain: "content" as const, from: 1, to: Math.max(1, to) }));
  assert.deepEqual(alice.replica.serve(asked, 65_536, carol.account).entries.length, 0);
});

test("P12: both branches of a control chain are taken, so that whoever built on either is heard", async () => {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const carol = await admitted(alice, new Person("carol"));
  await alice.write({ chain: "control", kind: "role", body: { account: carol.person.account, role: "moderator" } });
  await converge(alice, bob, carol);
  const copy = new Holder(carol.person, { history: carol.history.crash(), replica: carol.replica });
  copy.restart(copy.history);
  carol.restart();
  await carol.write({ chain: "control", kind: "topic", body: { text: "one" } });
  await copy.write({ chain: "control", kind: "topic", body: { text: "other" } });
  await alice.fetch(carol);
  await bob.fetch(copy);
  await alice.say("under one");
  await bob.say("under other");
  await converge(alice, bob);
  for (const holder of [alice, bob]) assert.deepEqual(new Set(holder.texts()), new Set(["under one", "under other"]));
  assert.deepEqual(alice.replica.digest(), bob.replica.digest());
  const draft = alice.replica.forkDraft(carol.device) ?? bob.replica.forkDraft(carol.device);
  assert.ok(draft !== undefined);
});
