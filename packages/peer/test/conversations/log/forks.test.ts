// Goal: a device that writes two entries of one number is found out by proof alone, and counts up to where it forked; nothing less is a proof.
// Method: forge branches of a content and of a control chain, tell of them in the log, and break every part of the proof in turn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signEntry } from "@papo/link";
import { type Cut, type EntryId, type ForkBody, type Signature, decodeWith, signature } from "@papo/protocol";
import { evaluateControl } from "../../../src/conversations/log/control-set.ts";
import { openForkProof } from "../../../src/conversations/log/fork-proof.ts";
import { type OpenedEntry, sealEntry } from "../../../src/conversations/log/opened-entry.ts";
import { Person, Writer, countedDevice, found, joining, value } from "./control-fixture.ts";

type Branch = ForkBody["branches"][0];

/** `count` messages of that device, after `prev`. */
function messages(writer: Writer, texts: readonly string[], prev?: OpenedEntry): readonly OpenedEntry[] {
  const run: OpenedEntry[] = [];
  for (const text of texts) {
    const before = run.at(-1) ?? prev;
    const seq = (before?.header.seq ?? 0) + 1;
    const fields = { room: writer.set.id, author: writer.key.publicKey, chain: "content" as const, seq, time: 0 };
    const more = { prev: before?.id ?? null, auth: [...writer.set.heads], deps: [], lamport: seq + 10 };
    run.push(value(sealEntry({ ...fields, ...more }, { kind: "message", body: { text } })));
  }
  return run;
}

function branchOf(writer: Writer, run: readonly OpenedEntry[], key = writer.key): Branch {
  const last = run.at(-1) ?? assert.fail();
  return {
    headers: run.map(({ bytes }) => Buffer.from(bytes).toString("utf8")),
    sig: signatureOf(signEntry(key, last.bytes)),
  };
}

function signatureOf(bytes: Uint8Array): Signature {
  return value(decodeWith(signature, Buffer.from(bytes).toString("base64url")));
}

function room(): { readonly owner: Writer; readonly bob: Writer } {
  const owner = found(new Person("olga"));
  const person = new Person("bob");
  owner.admit(person);
  const bob = new Writer(person, owner.set.id).seeAll(owner);
  bob.join();
  owner.seeAll(bob);
  return { owner, bob };
}

function cutAt(writer: Writer, content: number): Cut {
  const id = writer.last?.id ?? assert.fail();
  return { device: writer.key.publicKey, control: [writer.last?.header.seq ?? 0, id], content: [content, id] };
}

test("P12, F15: a fork is shown, and its device counts up to where the branches part", () => {
  const { owner, bob } = room();
  const common = messages(bob, ["one", "two"]);
  const ours = messages(bob, ["three", "four"], common.at(-1));
  const theirs = messages(bob, ["another three"], common.at(-1));
  const branches: ForkBody["branches"] = [branchOf(bob, ours), branchOf(bob, theirs)];
  const fork = { device: bob.key.publicKey, chain: "content" as const, branches, cut: cutAt(bob, 2) };
  owner.write({ kind: "fork", body: fork });
  assert.deepEqual([...owner.state.forked], [bob.key.publicKey]);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 2]]);
  assert.deepEqual(owner.state.memberByAccount.get(bob.account)?.devices, []);
  assert.ok(owner.state.memberByAccount.has(bob.account));

  // Somebody else tells of it with a cut beyond the parting, and it moves nothing.
  bob.seeAll(owner).write({ kind: "fork", body: { ...fork, cut: cutAt(bob, 9) } });
  owner.seeAll(bob);
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 2]]);
});

test("a proof that does not show where the branches part moves the cut nowhere beyond one that does", () => {
  const { owner, bob } = room();
  const common = messages(bob, ["one", "two"]);
  const ours = messages(bob, ["three", "four", "five"], common.at(-1));
  const theirs = messages(bob, ["another three", "another four"], common.at(-1));
  const fork = (from: number, content: number): ForkBody => ({
    device: bob.key.publicKey,
    chain: "content",
    branches: [branchOf(bob, ours.slice(from)), branchOf(bob, theirs.slice(from))],
    cut: cutAt(bob, content),
  });
  owner.write({ kind: "fork", body: fork(1, 3) });
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 3]]);
  owner.write({ kind: "fork", body: fork(0, 2) });
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 2]]);
});

test("a device that was revoked and forks afterwards takes nothing back", () => {
  const { owner, bob } = room();
  const laptop = new Writer(bob.person, owner.set.id, bob.person.addDevice()).seeAll(bob);
  laptop.write({ kind: "device", body: { statement: bob.person.statement, cuts: [], content: 1 } });
  const merge = bob.write({ kind: "merge", body: {} });
  laptop.seeAll(bob);
  bob.person.revoke(0);
  const cuts = laptop.cutsOf(bob.person).filter(({ device }) => device === bob.key.publicKey);
  laptop.write({ kind: "device", body: { statement: bob.person.statement, cuts: [...cuts], content: 1 } });
  owner.seeAll(laptop);
  const [join] = owner.seen.filter(({ header }) => header.author === bob.key.publicKey);
  const rival = bob.draft({ kind: "leave", body: { cuts: [] } }, { after: join, auth: [join?.id ?? assert.fail()] });
  const branches: ForkBody["branches"] = [branchOf(bob, [merge]), branchOf(bob, [rival])];
  const body: ForkBody = { device: bob.key.publicKey, chain: "control", branches, cut: cutAt(bob, 0) };
  owner.see(rival).write({ kind: "fork", body });
  assert.equal(owner.state.voidIds.has(merge.id), false);
  assert.ok(owner.state.voidIds.has(rival.id));
});

test("P12: what does not prove a fork changes nothing", () => {
  const { owner, bob } = room();
  const one = messages(bob, ["one", "two", "three"]);
  const other = messages(bob, ["uno", "dos"]);
  const sound: ForkBody["branches"] = [branchOf(bob, one), branchOf(bob, other)];
  const proof = { device: bob.key.publicKey, chain: "content" as const, cut: cutAt(bob, 0) };
  const headers = (branch: Branch, texts: readonly string[]): Branch => ({ ...branch, headers: [...texts] });
  const [a, b] = sound;
  const wrong: readonly (readonly [string, Partial<ForkBody> & { readonly branches: ForkBody["branches"] }])[] = [
    ["the same branch twice", { branches: [a, a] }],
    ["a shorter piece of the same branch", { branches: [a, branchOf(bob, one.slice(0, 2))] }],
    ["branches of different numbers", { branches: [branchOf(bob, one.slice(1)), b] }],
    ["signed by another key", { branches: [a, branchOf(bob, other, countedDevice())] }],
    [
      "signatures changed round",
      {
        branches: [
          { ...a, sig: b.sig },
          { ...b, sig: a.sig },
        ],
      },
    ],
    ["headers that do not follow one another", { branches: [headers(a, [...a.headers].toReversed()), b] }],
    [
      "a header left out",
      {
        branches: [
          headers(
            a,
            a.headers.filter((_, at) => at !== 1),
          ),
          b,
        ],
      },
    ],
    ["no header", { branches: [headers(a, ["{}"]), b] }],
    ["another chain", { branches: sound, chain: "control" }],
    ["another device", { branches: sound, device: owner.key.publicKey }],
  ];
  for (const [name, part] of wrong) {
    const body: ForkBody = { ...proof, ...part };
    assert.equal(openForkProof(owner.set.id, body), undefined, name);
    const entry = owner.write({ kind: "fork", body });
    assert.ok(owner.state.voidIds.has(entry.id), name);
  }
  assert.equal(openForkProof(bob.account as string as typeof owner.set.id, { ...proof, branches: sound }), undefined);
  assert.equal(owner.state.forked.size, 0);
  assert.deepEqual(openForkProof(owner.set.id, { ...proof, branches: sound }), { seq: 1, isParting: true });
});

/** Two branches of bob's control chain, from its second entry on, and who has seen which. */
function controlFork(bob: Writer): {
  readonly ours: OpenedEntry;
  readonly theirs: OpenedEntry;
  readonly branches: ForkBody["branches"];
} {
  const join = bob.last ?? assert.fail();
  const ours = bob.write({ kind: "merge", body: {} });
  const theirs = bob.draft({ kind: "leave", body: { cuts: [] } }, { after: join, auth: [join.id] });
  return { ours, theirs, branches: [branchOf(bob, [ours]), branchOf(bob, [theirs])] };
}

test("P12: both branches of a control chain are held, and neither counts beyond the fork", () => {
  const { owner, bob } = room();
  const { ours, theirs, branches } = controlFork(bob);
  owner.see(ours, theirs);
  assert.equal(owner.state.forked.size, 0, "nobody has told of it");
  const cut = { ...cutAt(bob, 4), control: [1, bob.seen[0]?.id ?? ("" as EntryId)] as [number, EntryId] };
  const fork = owner.write({ kind: "fork", body: { device: bob.key.publicKey, chain: "control", branches, cut } });
  for (const { id } of [ours, theirs]) assert.ok(owner.state.voidIds.has(id));
  assert.ok(owner.state.memberByAccount.has(bob.account), "the leave is beyond the fork");
  assert.deepEqual(owner.state.spans(bob.key.publicKey, "content"), [[1, 4]]);
  const all = [...owner.seen];
  assert.deepEqual(evaluateControl(owner.set.id, all.toReversed()).voidIds, owner.state.voidIds);
  assert.equal(owner.state.voidIds.has(fork.id), false);
});

test("I5, P12: from where a device counts does not depend on which of its branches came first", () => {
  const owner = found(new Person("olga"));
  const person = new Person("bob");
  owner.admit(person);
  const bob = new Writer(person, owner.set.id).seeAll(owner);
  const join = bob.join(null, 5);
  const ours = bob.write({ kind: "merge", body: {} });
  const theirs = bob.draft(joining(person, { content: 1 }), { after: join, auth: [join.id] });
  const common = [...owner.seen, join];
  for (const branches of [
    [ours, theirs],
    [theirs, ours],
  ]) {
    const reader = new Writer(new Person("vera"), owner.set.id).see(...common, ...branches);
    assert.deepEqual(reader.state.spans(bob.key.publicKey, "content"), [[1, Number.POSITIVE_INFINITY]]);
  }
});

test("a moderator who was removed cannot undo by a fork what it did before", () => {
  const { owner, bob } = room();
  owner.role(bob.account, "moderator");
  bob.seeAll(owner);
  const [join] = bob.seen.filter(({ header }) => header.author === bob.key.publicKey);
  bob.admit(new Person("carla"));
  owner.seeAll(bob);
  owner.remove(bob.person);
  const rival = bob.draft({ kind: "merge", body: {} }, { after: join, auth: [bob.set.heads[0] ?? ("" as EntryId)] });
  owner.see(rival);
  const ours = owner.seen.find(({ header }) => header.kind === "admit" && header.author === bob.key.publicKey);
  const branches: ForkBody["branches"] = [branchOf(bob, [ours ?? assert.fail()]), branchOf(bob, [rival])];
  const cut: Cut = { device: bob.key.publicKey, control: null, content: null };
  owner.write({ kind: "fork", body: { device: bob.key.publicKey, chain: "control", branches, cut } });
  assert.ok(owner.state.forked.has(bob.key.publicKey));
  assert.equal(owner.state.memberByAccount.size, 2);
});
