// Goal: an entry is told once, after what it builds on, and never waits for ever for what does not come.
// Method: entries made by hand, on virtual time; any order of arrival of any small history.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { DEPENDENCY_WAIT_MS, ENTRIES_TOLD_LATER_MAX, type DeviceKey, type EntryId, keyText } from "@papo/protocol";
import fc from "fast-check";
import { ToldEntries } from "../../../src/conversations/kept/told-entries.ts";
import type { StoredEntry } from "../../../src/storage/history/history.ts";

const key = (name: string): string => keyText(new TextEncoder().encode(name.padEnd(32, ".")));

/** The `seq`th text of one author, who had seen these. */
function entryOf(author: string, seq: number, deps: readonly (readonly [string, number])[] = []): StoredEntry {
  const header = {
    ...{ v: 1, room: key("room"), author: key(author), chain: "content", seq, lamport: seq, time: 0, kind: "message" },
    prev: seq === 1 ? null : key(`${author}${seq - 1}`),
    auth: [key("room")],
    deps: deps.map(([device, number]) => [key(device), number, key(`${device}${number}`)]),
    ...{ bodyHash: key("hash"), bodySize: 16 },
  };
  return {
    ...({
      room: key("room"),
      id: key(`${author}${seq}`),
      author: key(author),
      prev: header.prev,
    } as unknown as StoredEntry),
    ...{
      chain: "content",
      seq,
      effective: seq,
      kind: "message",
      signature: null,
      body: null,
      target: null,
      text: null,
    },
    ...{ shown: true, isVoid: false, arrivedMs: 0, header: new TextEncoder().encode(JSON.stringify(header)) },
  };
}

class Told {
  readonly clock = new VirtualClock();
  readonly held = new Set<EntryId>();
  readonly names: string[] = [];
  readonly told: ToldEntries;
  readonly #deps = new Map<EntryId, readonly EntryId[]>();

  constructor() {
    this.told = new ToldEntries({
      clock: this.clock,
      isAfterGap: ({ id }) => (this.#deps.get(id) ?? []).some((dep) => !this.held.has(dep)),
      tell: (entries) => this.names.push(...entries.map(({ seq, author }) => `${nameOf(author)}${seq}`)),
    });
  }

  arrive(...entries: readonly StoredEntry[]): void {
    for (const entry of entries) {
      this.held.add(entry.id);
      const { deps } = JSON.parse(new TextDecoder().decode(entry.header)) as { deps: [string, number, EntryId][] };
      this.#deps.set(
        entry.id,
        deps.map(([, , id]) => id),
      );
    }
    this.told.arrived(entries);
  }
}

function nameOf(author: DeviceKey): string {
  return Buffer.from(author, "base64url").toString().replaceAll(".", "");
}

test("I4: what its author had seen is told first, if it comes in time", () => {
  const one = new Told();
  one.arrive(entryOf("bob", 1, [["alice", 1]]));
  assert.deepEqual(one.names, []);
  one.arrive(entryOf("alice", 1));
  assert.deepEqual(one.names, ["alice1", "bob1"]);
});

test("I3, I4: what builds on an entry that waits waits with it, and all are told in the end", async () => {
  const one = new Told();
  one.arrive(
    entryOf("bob", 1, [["alice", 1]]),
    entryOf("bob", 2),
    entryOf("carol", 1, [["bob", 2]]),
    entryOf("dora", 1),
  );
  assert.deepEqual(one.names, ["dora1"]);
  await one.clock.advance(DEPENDENCY_WAIT_MS);
  assert.deepEqual(one.names, ["dora1", "bob1", "bob2", "carol1"]);
  one.arrive(entryOf("alice", 1));
  assert.deepEqual(one.names.at(-1), "alice1");
});

test("I11: however much waits, it is bounded: more is told at once", () => {
  const one = new Told();
  const many = Array.from({ length: ENTRIES_TOLD_LATER_MAX + 10 }, (_, at) => entryOf(`a${at}`, 1, [["nobody", 1]]));
  one.arrive(...many);
  assert.equal(one.names.length, 10);
});

test("I2, I3, I4: in whatever order entries come, each is told once, authors without a hole, answers after what they answer", async () => {
  const history = [
    entryOf("alice", 1),
    entryOf("bob", 1, [["alice", 1]]),
    entryOf("alice", 2, [["bob", 1]]),
    entryOf("bob", 2, [["alice", 2]]),
    entryOf("carol", 1, [["bob", 1]]),
  ];
  // A log accepts each chain in order, so only the chains are mixed.
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }).filter((order) => {
    const at = (index: number): number => order.indexOf(index);
    return at(0) < at(2) && at(1) < at(3);
  });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const one = new Told();
      for (const index of order) {
        const entry = history[index];
        if (entry !== undefined) one.arrive(entry);
      }
      await one.clock.advance(DEPENDENCY_WAIT_MS);
      assert.deepEqual(one.names.toSorted(), ["alice1", "alice2", "bob1", "bob2", "carol1"]);
      const at = (name: string): number => one.names.indexOf(name);
      assert.ok(at("alice1") < at("bob1") && at("bob1") < at("alice2") && at("alice2") < at("bob2"));
      assert.ok(at("bob1") < at("carol1"));
    }),
  );
});
