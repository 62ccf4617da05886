// Goal: sqlite and json answer every sequence of calls as the memory store does, closing and reopening included.
// Method: random calls over few names, so that they meet, on the model and on the store; every answer and in the end all content
// is compared. Writes are issued in bursts, as sessions issue them, so that they share transactions.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "@papo/link";
import fc from "fast-check";
import type { Repositories } from "../../src/repositories/repositories.ts";
import { openJsonStore } from "../../src/stores/json/open-json-store.ts";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import type { OpenedStore } from "../../src/stores/opened-store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open-sqlite-store.ts";
import { identity, login, named, room, start, user } from "../conformance/samples.ts";
import { everything } from "../conformance/store-conformance.ts";

type Call = (store: Repositories) => Promise<unknown>;

const person = fc.constantFrom("gabi", "Gabi", "nori", "yuki", "\u{1F600}", "\uFFFD");
const place = fc.constantFrom("sala", "SALA", "teste", "é");
const seat = fc.constantFrom("seed" as const, "papo" as const);
const kind = fc.constantFrom("plain" as const, "open" as const, "invite" as const);
const version = fc.integer({ min: 1, max: 3 });
/** Each name of a room stands for one owner and id, whatever comes and goes. */
const roomOf = (name: string) => room(name, name === "sala" ? "gabi" : "nori", { capacity: 3 });

const write: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(person, fc.boolean()).map(
    ([name, weak]): Call =>
      ({ users }) =>
        users.create(user(name, { weak })),
  ),
  fc.tuple(person, fc.boolean()).map(
    ([name, weak]): Call =>
      ({ users }) =>
        users.setPassword(named(name), { kind: "sha256", hex: "ab".repeat(32) }, { weak }),
  ),
  fc.tuple(person, fc.option(version), version).map(
    ([name, seen, next]): Call =>
      ({ users }) =>
        users.enter(named(name), seen === null ? null : identity("A", seen), login(identity("A", next))),
  ),
  fc.tuple(person, version, version, fc.subarray(["phone", "laptop"]), fc.constantFrom("one", "two")).map(
    ([name, seen, epoch, devices, of]): Call =>
      ({ users }) => {
        const stored = identity("A", seen);
        return users.enter(named(name), stored, login(stored, devices, start("phone", epoch, of)));
      },
  ),
  fc.tuple(person, version).map(
    ([name, dateMs]): Call =>
      ({ users }) =>
        users.unlatch(named(name), identity("A", 1).account, dateMs),
  ),
  fc.tuple(place, person, person).map(
    ([name, by, who]): Call =>
      ({ rooms }) =>
        rooms.admit(roomOf(name).id, named(by), named(who)),
  ),
  fc.tuple(place, person, person).map(
    ([name, by, who]): Call =>
      ({ rooms }) =>
        rooms.remove(roomOf(name).id, named(by), named(who)),
  ),
  fc.tuple(place, person, person).map(
    ([name, from, to]): Call =>
      ({ rooms }) =>
        rooms.transfer(roomOf(name).id, named(from), named(to)),
  ),
  fc.tuple(place, kind, seat).map(
    ([name, kind, seat]): Call =>
      ({ rooms }) =>
        rooms.create({ ...roomOf(name), kind }, seat),
  ),
  fc.tuple(place, person, seat).map(
    ([name, who, seat]): Call =>
      ({ rooms }) =>
        rooms.join(roomOf(name).id, named(who), seat),
  ),
  fc.tuple(place, person).map(
    ([name, who]): Call =>
      ({ rooms }) =>
        rooms.leave(roomOf(name).id, named(who)),
  ),
  fc.tuple(place, person).map(
    ([name, who]): Call =>
      ({ rooms }) =>
        rooms.delete(roomOf(name).id, named(who)),
  ),
  fc.array(person).map(
    (names): Call =>
      ({ rooms }) =>
        rooms.releaseSeedSeats(new Set(names.map(named))),
  ),
  fc.tuple(person, fc.boolean()).map(
    ([name, connected]): Call =>
      ({ peers }) =>
        peers.save({ username: named(name), address: "192.0.2.1", port: 5000, lastPing: null, connected }),
  ),
  fc.constant<Call>(({ peers }) => peers.disconnectAll()),
  fc.tuple(person, place).map(
    ([name, sala]): Call =>
      (store) =>
        store.absorb({
          users: [user(name, { weak: true })],
          rooms: [{ room: roomOf(sala), others: [named("yuki")] }],
          peers: [],
        }),
  ),
);

const read: fc.Arbitrary<Call> = fc.oneof(
  person.map(
    (name): Call =>
      ({ users }) =>
        users.find(named(name)),
  ),
  person.map(
    (name): Call =>
      ({ rooms }) =>
        rooms.roomsOf(named(name)),
  ),
  fc.tuple(place, fc.option(person)).map(
    ([name, after]): Call =>
      ({ rooms }) =>
        rooms.membersByName(roomOf(name).id, after === null ? undefined : named(after), 2),
  ),
  fc.tuple(fc.option(place), fc.subarray(["plain", "open", "invite"] as const), fc.constantFrom("", "s", "al")).map(
    ([after, kinds, query]): Call =>
      ({ rooms }) =>
        rooms.list({ after: after === null ? undefined : roomOf(after), limit: 2, kinds, query }),
  ),
);

/** Bursts of writes, then reads; between two bursts the store may be closed and opened. */
const schedule = fc.array(
  fc.record({
    writes: fc.array(write, { maxLength: 12 }),
    reads: fc.array(read, { maxLength: 4 }),
    reopens: fc.boolean(),
  }),
  { maxLength: 5 },
);

async function compare(open: (directory: string) => Promise<OpenedStore>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(schedule, async (bursts) => {
      const directory = await mkdtemp(join(tmpdir(), "papo-model-"));
      const model = openMemoryStore();
      let store = await opened(open, directory);
      try {
        for (const { writes, reads, reopens } of bursts) {
          assert.deepEqual(await answersOf(writes, store), await answersOf(writes, model));
          assert.deepEqual(await answersOf(reads, store), await answersOf(reads, model));
          if (!reopens) continue;
          await store.close();
          store = await opened(open, directory);
        }
        assert.deepEqual(await everything(store), await everything(model));
      } finally {
        await store.close();
        await rm(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: runs },
  );
}

function answersOf(calls: readonly Call[], store: Repositories): Promise<readonly unknown[]> {
  return Promise.all(calls.map((call) => call(store)));
}

async function opened(open: (directory: string) => Promise<OpenedStore>, directory: string): Promise<Repositories> {
  const result = await open(directory);
  assert.ok(result.ok);
  assert.deepEqual(result.warnings, []);
  return result.repositories;
}

test("the json store is the memory store, on disk", async () => {
  await compare((directory) => openJsonStore({ directory, clock: systemClock }), 60);
});

test("the sqlite store is the memory store, on disk", async () => {
  await compare((directory) => openSqliteStore({ directory }), 15);
});
