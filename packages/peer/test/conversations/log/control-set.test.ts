// Goal: what a control set says depends on the set alone, never fails, and whatever hostile members sign gives nobody what nobody gave them.
// Method: random stories, with forgers, rivals, forks and revocations, replayed to the byte; their entries are evaluated in many orders and parts.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AccountKey, EntryId } from "@papo/protocol";
import { ControlSet, evaluateControl } from "../../../src/conversations/log/control-set.ts";
import { type OpenedEntry, decodeBody } from "../../../src/conversations/log/opened-entry.ts";
import { Person, Writer, found, joining } from "./control-fixture.ts";
import { type Told, describe, story, tell } from "./control-story.ts";

const RUNS = 120;

test("I5: any order of the same entries says the same", () => {
  fc.assert(
    fc.property(story, fc.integer(), (plot, seed) => {
      const { room, entries } = tell(plot);
      const expected = describe(evaluateControl(room, entries), entries);
      for (let turn = 0; turn < 3; turn += 1) {
        assert.equal(describe(evaluateControl(room, shuffled(entries, seed + turn)), entries), expected);
      }
    }),
    { numRuns: RUNS },
  );
});

test("I5: sets that grow in pieces, whatever they said before, end with the same", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const { room, entries, writers } = tell(plot);
      const expected = describe(evaluateControl(room, entries), entries);
      for (const writer of writers.slice(0, 3)) {
        for (const other of writers) {
          writer.seeAll(other);
          assert.ok(writer.state.heads.length > 0);
        }
        assert.equal(describe(writer.state, entries), expected);
      }
    }),
    { numRuns: RUNS },
  );
});

test("I5: a state made from the one before says what one made anew says, entry after entry", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const { room, entries } = tell({ ...plot, choices: plot.choices.slice(0, 25) });
      const growing = new ControlSet(room);
      for (const [at, entry] of entries.entries()) {
        assert.equal(growing.add(entry), "added");
        const held = entries.slice(0, at + 1);
        assert.equal(describe(growing.state, held), describe(evaluateControl(room, held), held));
      }
    }),
    { numRuns: RUNS },
  );
});

test("I15: part of a set, with anything missing, says something and never throws", () => {
  fc.assert(
    fc.property(story, fc.func(fc.boolean()), (plot, isHere) => {
      const { room, entries } = tell(plot);
      const part = entries.filter(({ id }) => isHere(id));
      assert.ok(describe(evaluateControl(room, part), entries).length > 0);
    }),
    { numRuns: RUNS },
  );
});

test("there is one owner, who is a member and was never removed", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const { room, entries } = tell(plot);
      const state = evaluateControl(room, entries);
      const owners = [...state.memberByAccount.values()].filter(({ role }) => role === "owner");
      assert.equal(owners.length, 1);
      const [owner] = owners;
      assert.equal(owner?.rank, 0);
      assert.equal(state.formerByAccount.has(owner?.account ?? ("" as AccountKey)), false);
      for (const account of state.formerByAccount.keys()) assert.equal(state.memberByAccount.has(account), false);
    }),
    { numRuns: RUNS },
  );
});

test("P14, P27: nobody whom no owner appointed does what needs a rank", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const told = tell(plot);
      const state = evaluateControl(told.room, told.entries);
      const founder = state.accountOf(genesisOf(told).header.author);
      const appointed = new Set([founder, ...appointees(told.entries)]);
      for (const { id, header } of told.entries) {
        const needsRank = ["admit", "remove", "role", "topic", "upgrade", "close"].includes(header.kind);
        if (!needsRank || appointed.has(state.accountOf(header.author))) continue;
        assert.ok(state.voidIds.has(id), header.kind);
      }
    }),
    { numRuns: RUNS },
  );
});

test("I8: after a removal that counts, nothing of its account counts that does not know of it, or comes without being let in again", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const told = tell(plot);
      const { room, entries } = told;
      const state = evaluateControl(room, entries);
      const past = pastsOf(entries);
      const knows = (late: OpenedEntry, early: OpenedEntry): boolean => past.get(late.id)?.has(early.id) === true;
      for (const removal of entries) {
        const said = decodeBody(removal.header, removal.body);
        if (said.state !== "known" || said.says.kind !== "remove" || state.voidIds.has(removal.id)) continue;
        const { account, bar } = said.says.body;
        for (const act of entries.filter(({ header }) => state.accountOf(header.author) === account)) {
          if (act.header.kind === "fork" || knows(removal, act) || knows(act, removal)) continue;
          assert.ok(state.voidIds.has(act.id), `${act.header.kind} beside a removal`);
        }
        const returns = entries.filter(
          (entry) => knows(entry, removal) && brings(entry, account, bar, state.accountOf(entry.header.author)),
        );
        if (returns.length === 0) assert.equal(state.memberByAccount.has(account), false);
      }
    }),
    { numRuns: RUNS },
  );
});

test("what is refused is refused by everybody: a set that has more refuses it too", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const { room, entries, writers } = tell(plot);
      const everything = new ControlSet(room);
      for (let left = entries; left.length > 0; ) {
        const waiting = left.filter((entry) => everything.add(entry) === "waiting");
        assert.ok(waiting.length < left.length, "what a set took has everything that it needs");
        left = waiting;
      }
      for (const { refused } of writers) {
        for (const entry of refused) assert.notEqual(everything.add(entry), "added");
      }
    }),
    { numRuns: RUNS },
  );
});

function genesisOf({ entries }: Told): OpenedEntry {
  return entries.find(({ header }) => header.room === null) ?? assert.fail();
}

function appointees(entries: readonly OpenedEntry[]): readonly AccountKey[] {
  return entries.flatMap(({ header, body }) => {
    const said = decodeBody(header, body);
    return said.state === "known" && said.says.kind === "role" && said.says.body.role !== "member"
      ? [said.says.body.account]
      : [];
  });
}

function brings(entry: OpenedEntry, account: AccountKey, isBarred: boolean, author: AccountKey | undefined): boolean {
  const said = decodeBody(entry.header, entry.body);
  if (said.state !== "known") return false;
  if (said.says.kind === "admit") return said.says.body.account === account;
  if (said.says.kind === "role") return said.says.body.account === account && said.says.body.role === "owner";
  return said.says.kind === "join" && said.says.body.ticket !== null && !isBarred && author === account;
}

/** The slow and obvious way. */
function pastsOf(entries: readonly OpenedEntry[]): ReadonlyMap<EntryId, ReadonlySet<EntryId>> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const pasts = new Map<EntryId, Set<EntryId>>();
  const pastOf = (id: EntryId): Set<EntryId> => {
    const known = pasts.get(id);
    if (known !== undefined) return known;
    const past = new Set<EntryId>();
    const header = byId.get(id)?.header;
    for (const named of header === undefined ? [] : [header.prev, ...header.auth]) {
      if (named === null) continue;
      past.add(named);
      for (const before of pastOf(named)) past.add(before);
    }
    pasts.set(id, past);
    return past;
  };
  for (const { id } of entries) pastOf(id);
  return pasts;
}

/** By a small generator of its own, so that a failing run can be told again. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  let state = seed >>> 0;
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    const [a, b] = [left[at], left[other]];
    if (a !== undefined && b !== undefined) [left[at], left[other]] = [b, a];
  }
  return left;
}

test("P12, I15: whoever forks a device thousands of times makes nobody judge each of its entries by all others", () => {
  const [alice, mallory] = [new Person("alice"), new Person("mallory")];
  const owner = found(alice);
  owner.admit(mallory);
  const rogue = new Writer(mallory, owner.set.id).seeAll(owner);
  const join = rogue.join();
  owner.see(join);
  const auth = rogue.set.heads;
  // By pairs this takes minutes.
  for (let count = 0; count < 20_000; count += 1) {
    const said = count % 2 === 0 ? joining(mallory) : { kind: "merge" as const, body: {} };
    assert.equal(owner.set.add(rogue.draft(said, { auth, after: join })), "added");
  }
  owner.topic("still here");
  assert.equal(owner.state.topic, "still here");
  assert.equal(owner.state.memberByAccount.size, 2);
});
