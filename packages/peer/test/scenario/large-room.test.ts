// Goal: in a room of more people than may all be linked, each keeps a few links, everybody gets everything once, and links that nobody needs any more end.
// Method: thirty-six whole accounts that come back to a room of theirs, on the in-memory network and a virtual clock; midnight passes, and one cannot be dialled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signRoomTicket } from "@papo/link";
import {
  FULL_MESH_MEMBERS_MAX,
  type GenesisBody,
  NEIGHBOURS_SPREAD_MS,
  PARTIAL_MESH_LINKS,
  type RoomId,
  type WireEntry,
} from "@papo/protocol";
import { PendingBudget } from "../../src/conversations/log/pending-entries.ts";
import { openReplica } from "../../src/conversations/log/replica.ts";
import { createRoomLog } from "../../src/conversations/log/room-log.ts";
import type { StoredRoom } from "../../src/storage/history/history.ts";
import { MemoryHistory } from "../../src/storage/history/memory/memory-history.ts";
import { HASH, type Person, World, expectOk, keysFor, named, roomNamed } from "../world-fixture.ts";

const PEOPLE = 36;
const DAY_MS = 86_400_000;
/** Time enough for a link to be found dead and for those who had it to give up dialling. */
const BEFORE_MIDNIGHT_MS = 240_000;
const NAMES = Array.from({ length: PEOPLE }, (_, at) => `p${at}`);

/** A room that all of them have entered, as each of their disks has it. */
async function roomOfAll(world: World): Promise<{ id: RoomId; disk: MemoryHistory }> {
  const { tracker, clock } = world;
  const name = roomNamed("multidão");
  const portsOf = (who: string, history: MemoryHistory) => {
    const { root, device } = keysFor(who).keys;
    return { history, clock, account: root.publicKey, device, budget: new PendingBudget() };
  };
  const disk = new MemoryHistory();
  const genesis: GenesisBody = {
    ...{ name, room: "open", history: "all", capacity: PEOPLE, retentionDays: null, quotaBytes: null, features: [] },
    ...{ tracker: tracker.key.publicKey, statement: keysFor("p0").statement.signed, binding: null },
  };
  const owner = expectOk(await createRoomLog(genesis, portsOf("p0", disk)));
  const joins: WireEntry[] = [];
  for (const who of NAMES.slice(1)) {
    const { keys, statement } = keysFor(who);
    const account = keys.root.publicKey;
    const date = "2026-11-20T12:00:00Z";
    const text = { v: 1 as const, tracker: tracker.key.publicKey, room: owner.id, account, name: named(who), date };
    const ticket = signRoomTicket(tracker.key, text);
    const body = { statement: statement.signed, binding: null, ticket, content: 1 };
    const replica = openReplica(owner.id, portsOf(who, new MemoryHistory()));
    joins.push(...expectOk(await replica.append([{ chain: "control", kind: "join", body }])));
  }
  expectOk(await owner.receive(joins));
  const kept = { id: owner.id, name, kind: "open", state: "member", readUpTo: 0, base: new Map() } satisfies StoredRoom;
  expectOk(await disk.commit([{ kind: "put-room", room: kept }]));
  for (const who of NAMES)
    tracker.accountByName.set(named(who), { account: keysFor(who).keys.root.publicKey, password: HASH });
  const members = new Set(NAMES.map(named));
  tracker.roomById.set(owner.id, { id: owner.id, name, kind: "open", owner: named("p0"), version: 1, members });
  return { id: owner.id, disk };
}

type Crowd = { readonly world: World; readonly people: readonly Person[]; readonly id: RoomId };

async function crowd(seed: number): Promise<Crowd> {
  const world = await World.create(seed);
  world.clock.stepWall(toMidnightMs(world) - BEFORE_MIDNIGHT_MS);
  const { id, disk } = await roomOfAll(world);
  const people: Person[] = [];
  for (const name of NAMES) {
    const history = new MemoryHistory({}, disk.commits);
    people.push(await world.person(name, { history }));
  }
  return { world, people, id };
}

function toMidnightMs({ clock }: World): number {
  return DAY_MS - (clock.wallMs() % DAY_MS);
}

function links(people: readonly Person[]): readonly number[] {
  return people.map(({ live }) => live.links().length);
}

test("I1, I2: thirty-six people in one room keep a few links each, past midnight too, and everybody gets everything once", async () => {
  const { world, people, id } = await crowd(11);
  assert.ok(PEOPLE > FULL_MESH_MEMBERS_MAX);
  const expected: string[] = [];
  const say = async (at: number, text: string): Promise<void> => {
    const person = people[at] ?? assert.fail();
    expectOk(await world.run(person.live.send({ kind: "room", id }, text)));
    expected.push(text);
    await world.until(() => people.every((one) => one === person || one.heard.includes(text)));
  };
  await world.clock.advance(30_000);
  assert.ok(Math.max(...links(people)) <= 3 * PARTIAL_MESH_LINKS);
  await say(3, "oi");
  await say(17, "olá");

  world.tracker.calls.relays = false;
  // Whoever does not answer is not dialled for ever: others take that place, until tomorrow.
  const lost = people[5] ?? assert.fail();
  for (const { host } of people) {
    if (host === lost.host) continue;
    world.network.halfOpen({ from: lost.host, to: host });
    world.network.halfOpen({ from: host, to: lost.host });
  }
  const others = people.filter((person) => person !== lost);
  const isGivenUp = (): boolean => others.every(({ live }) => live.reach(lost.name).kind === "offline");
  // Each one's tomorrow is at another moment after midnight, and then the lost one may be dialled again: what holds until then is looked at before.
  const midnightMs = world.clock.wallMs() + toMidnightMs(world);
  await world.until(isGivenUp);
  assert.ok(world.clock.wallMs() < midnightMs);
  let wasDialledAgain = false;
  await world.until(() => {
    const isOver = world.clock.wallMs() >= midnightMs;
    if (!isOver && !isGivenUp()) wasDialledAgain = true;
    return isOver;
  });
  assert.equal(wasDialledAgain, false);
  assert.ok(Math.min(...links(others)) >= PARTIAL_MESH_LINKS / 2);
  world.network.heal();

  await world.clock.advance(NEIGHBOURS_SPREAD_MS + 60_000);
  assert.ok(Math.max(...links(people)) <= 3 * PARTIAL_MESH_LINKS);
  await say(29, "outro dia");
  for (const person of people) {
    const own = person.of("message").filter(({ message }) => message.own && message.kept?.notice === null);
    const all = [...person.heard, ...own.map(({ message }) => message.content)];
    assert.deepEqual(all.toSorted(), expected.toSorted(), person.name);
  }
});
