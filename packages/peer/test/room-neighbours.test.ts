// Goal: whoever does not answer takes nobody's place among a large room's neighbours: not until tomorrow, nor while they are dialled for something else in vain.
// Method: one room of more people than are chosen, on a virtual clock, with a choice that takes the first ones; and the book of contacts, whose dials all fail.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock, seededRandom } from "@papo/link/memory";
import {
  type DeviceKey,
  type Member,
  NEIGHBOURS_SPREAD_MS,
  PARTIAL_MESH_LINKS,
  type RoomId,
  type RoomName,
  type Username,
  fail,
} from "@papo/protocol";
import { ContactBook } from "../src/mesh/contact-book.ts";
import type { Contact } from "../src/mesh/contacts.ts";
import { RoomNeighbours } from "../src/room-neighbours.ts";
import { type RoomView, viewOf } from "../src/tracker-session/room-view.ts";
import { named } from "./world-fixture.ts";

const NAMES = Array.from({ length: PARTIAL_MESH_LINKS + 2 }, (_, at) => `p${String(at).padStart(2, "0")}`);
const FIRST = named("p00");
const DAY_MS = 86_400_000;

function room(): RoomView {
  const summary = { id: "A".repeat(43) as RoomId, name: "multidão" as RoomName, kind: "open" as const };
  const members = NAMES.map((name): Member => {
    const endpoint = { device: name as DeviceKey, tls: null, address: null, port: null, addresses: null };
    return { username: named(name), account: null, online: true, endpoints: [endpoint] };
  });
  return viewOf({ ...summary, owner: null, capacity: 50, members: 0, online: 0, version: 1 }, members);
}

class Neighbours {
  readonly clock = new VirtualClock();
  readonly givenUp = new Set<Username>();
  isLarge = true;
  chosen: readonly Username[] = [];
  readonly #neighbours = new RoomNeighbours({
    clock: this.clock,
    random: seededRandom(1),
    choose: (_room, online) => (this.isLarge ? new Set([...online].slice(0, PARTIAL_MESH_LINKS)) : undefined),
    isGivenUp: (username) => this.givenUp.has(username),
    changed: () => this.look(),
  });

  look(): void {
    this.chosen = this.#neighbours.dialled(room()).map(({ username }) => username);
  }

  async unreachable(username: Username): Promise<void> {
    this.#neighbours.unreachable(username);
    await this.clock.advance(0);
  }

  linked(username: Username): void {
    this.#neighbours.linked(username);
    this.look();
  }

  async untilTomorrow(): Promise<void> {
    await this.clock.advance(DAY_MS - (this.clock.wallMs() % DAY_MS) + NEIGHBOURS_SPREAD_MS);
  }
}

test("another takes the place of who does not answer, until tomorrow or until they are linked", async () => {
  const neighbours = new Neighbours();
  neighbours.look();
  assert.ok(neighbours.chosen.includes(FIRST));
  await neighbours.unreachable(FIRST);
  assert.equal(neighbours.chosen.length, PARTIAL_MESH_LINKS);
  assert.ok(!neighbours.chosen.includes(FIRST));
  neighbours.look();
  assert.ok(!neighbours.chosen.includes(FIRST));
  await neighbours.untilTomorrow();
  assert.ok(neighbours.chosen.includes(FIRST));

  await neighbours.unreachable(FIRST);
  assert.ok(!neighbours.chosen.includes(FIRST));
  neighbours.linked(FIRST);
  assert.ok(neighbours.chosen.includes(FIRST));
});

test("who is dialled for something else as well, and does not answer, takes no place the day after either", async () => {
  const neighbours = new Neighbours();
  neighbours.look();
  neighbours.givenUp.add(FIRST);
  await neighbours.unreachable(FIRST);
  await neighbours.untilTomorrow();
  assert.ok(!neighbours.chosen.includes(FIRST));
  neighbours.givenUp.delete(FIRST);
  await neighbours.untilTomorrow();
  assert.ok(neighbours.chosen.includes(FIRST));
});

test("who did not answer while the room was small takes no place when it becomes large", async () => {
  const neighbours = new Neighbours();
  neighbours.isLarge = false;
  neighbours.look();
  assert.equal(neighbours.chosen.length, NAMES.length);
  neighbours.givenUp.add(FIRST);
  await neighbours.unreachable(FIRST);
  neighbours.isLarge = true;
  neighbours.look();
  assert.equal(neighbours.chosen.length, PARTIAL_MESH_LINKS);
  assert.ok(!neighbours.chosen.includes(FIRST));
});

test("somebody is given up when their outage is told, and not any more when they may be elsewhere or nobody dials them", async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const book = new ContactBook({
    ...{ clock, random: seededRandom(1), linksTo: () => [], moved: () => {}, changed: () => {} },
    dial: () => Promise.resolve(fail("unreachable", "nobody there")),
    failed: ({ username }) => told.push(username),
  });
  const at = (address: string): ReadonlyMap<string, Contact> => {
    const device = "p00" as DeviceKey;
    const where = { addresses: [{ address, port: 40_000 }], relayOnly: false, refusal: undefined };
    const who = { key: "p00", username: FIRST, account: null, dialect: "papo" as const, device, tls: null };
    return new Map([["p00", { ...who, ...where }]]);
  };
  book.want(at("10.0.0.2"));
  await clock.advance(1_000);
  assert.deepEqual([told, book.isGivenUp(FIRST)], [[], false]);
  await clock.runUntil(() => told.length === 1);
  assert.equal(book.isGivenUp(FIRST), true);
  book.want(at("10.0.0.3"));
  assert.equal(book.isGivenUp(FIRST), false);
  await clock.advance(1_000);
  assert.equal(book.isGivenUp(FIRST), true);
  book.want(new Map());
  assert.equal(book.isGivenUp(FIRST), false);
});
