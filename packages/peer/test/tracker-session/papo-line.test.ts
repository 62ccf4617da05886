// Goal: what a line says to one of our trackers, and what it makes of the answers: ids and tickets of rooms, members of others' making, starts, and
// the statement that comes with a refused login.
// Method: a line of its own to the tracker of the fixture, in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRoomTicket, signUnlatch } from "@papo/link";
import {
  type Outcome,
  type RoomId,
  type StartId,
  type TrackerRequest,
  type UnlatchText,
  succeed,
} from "@papo/protocol";
import { type PapoOpening, openPapoLine } from "../../src/tracker-session/open-line.ts";
import type { OpenedLine } from "../../src/tracker-session/tracker-session.ts";
import { error } from "../fake-tracker-fixture.ts";
import { HASH, World, expectOk, keysFor, named, roomNamed } from "../world-fixture.ts";

const GENESIS = `${"B".repeat(42)}A` as RoomId;
const DEAF = { delta() {}, snapshot() {}, closed() {}, observed() {}, calls() {}, roomClosed() {} };
const DATE = "2026-11-20T12:00:00.000Z";

async function open(world: World, name: string, options: Partial<PapoOpening> = {}): Promise<Outcome<OpenedLine>> {
  const { keys, statement } = keysFor(name);
  const opening: PapoOpening = {
    address: { dialect: "papo", host: "10.0.0.1", port: 6060, key: undefined },
    expectedKey: world.tracker.key.publicKey,
    own: { username: named(name), keys, statement, binding: null },
    credentials: { kind: "register", hash: HASH },
    listenFor: async () => succeed({ port: 7_001, addresses: null }),
    allowPlaintext: true,
    signal: new AbortController().signal,
    ...options,
  };
  const ports = { network: world.network.host(world.nextHost()), clock: world.clock };
  return world.run(openPapoLine(ports, opening));
}

async function codeOf(asked: Promise<Outcome<unknown>>): Promise<string> {
  const outcome = await asked;
  return outcome.ok ? "accepted" : outcome.fault.code;
}

test("a room is made under the id of its genesis, and the tracker's ticket comes with it", async () => {
  const world = await World.create();
  const { line } = expectOk(await open(world, "gabi"));
  const room = { name: roomNamed("sala"), kind: undefined, roomId: GENESIS, capacity: undefined };
  const made = expectOk(await world.run(line.createRoom(room)));
  assert.equal(made.room.id, GENESIS);
  assert.ok(made.ticket);
  const ticket = expectOk(openRoomTicket(made.ticket, world.tracker.key.publicKey));
  assert.deepEqual([ticket.room, ticket.name], [GENESIS, "gabi"]);

  const plain = { name: roomNamed("plana"), kind: "plain", capacity: undefined } as const;
  assert.equal(expectOk(await world.run(line.createRoom(plain))).ticket, null);
  assert.ok(expectOk(await world.run(line.joinRoom(roomNamed("sala")))).ticket);
});

test("others are admitted, enter, are removed and made owners by name, and the one who is out learns why", async () => {
  const world = await World.create();
  const { line } = expectOk(await open(world, "gabi"));
  const nori = expectOk(await open(world, "nori")).line;
  const closed: unknown[] = [];
  nori.listen({ ...DEAF, roomClosed: (id, reason) => closed.push([id, reason]) });
  const room = { name: roomNamed("festa"), kind: "invite", roomId: GENESIS, capacity: undefined } as const;
  expectOk(await world.run(line.createRoom(room)));
  const enter = (id: RoomId) => world.run(nori.joinRoom(roomNamed("festa"), id));
  assert.equal(await codeOf(enter(GENESIS)), "room_missing");
  assert.equal(expectOk(await world.run(line.admitMember(GENESIS, named("nori")))), "nori");
  assert.equal(await codeOf(enter(`${"C".repeat(42)}A` as RoomId)), "room_missing", "the id that is meant");
  assert.equal(expectOk(await enter(GENESIS)).room.id, GENESIS);
  assert.equal(expectOk(await world.run(line.removeMember(GENESIS, named("nori")))), "nori");
  await world.until(() => closed.length > 0);
  assert.deepEqual(closed, [[GENESIS, "removed"]]);
  expectOk(await world.run(line.admitMember(GENESIS, named("nori"))));
  expectOk(await enter(GENESIS));
  assert.equal(expectOk(await world.run(line.transferRoom(GENESIS, named("nori")))), "nori");
  assert.equal(world.tracker.roomById.get(GENESIS)?.owner, "nori");
});

test("a login tells which start this is, where it is known", async () => {
  const world = await World.create();
  const said: TrackerRequest[] = [];
  world.tracker.intercept = (request) => void said.push(request);
  const started = { epoch: 4, start: "CAgICAgICAgICAgICAgICA" as StartId };
  expectOk(await open(world, "gabi", { started }));
  expectOk(await open(world, "gabi", { credentials: { kind: "key" } }));
  const told = said.flatMap((each) =>
    each.cmd === "LOGIN" || each.cmd === "REGISTER" ? [[each.cmd, each.epoch, each.start]] : [],
  );
  assert.deepEqual(told, [
    ["REGISTER", 4, started.start],
    ["LOGIN", undefined, undefined],
  ]);
});

test("the newest statement comes with the fault of a login that was refused for an older one", async () => {
  const world = await World.create();
  const { signed } = keysFor("nori").statement;
  world.tracker.intercept = ({ cmd }) =>
    cmd === "LOGIN" ? { ...error("statement_stale"), statement: signed } : undefined;
  const refused = await open(world, "gabi", { credentials: { kind: "key" } });
  assert.ok(!refused.ok);
  assert.equal(refused.fault.code, "statement_stale");
  assert.deepEqual(refused.fault.statement, signed);
});

test("a request to unlatch goes to the tracker as it was signed", async () => {
  const world = await World.create();
  const { line } = expectOk(await open(world, "gabi"));
  const { root: account } = keysFor("gabi").keys;
  const tracker = world.tracker.key.publicKey;
  const request = signUnlatch(account, {
    v: 1,
    account: account.publicKey,
    tracker,
    name: "gabi",
    date: DATE,
  } as UnlatchText);
  const said: TrackerRequest[] = [];
  world.tracker.intercept = (each) => void said.push(each);
  assert.equal(expectOk(await world.run(line.unlatch(request))), null);
  assert.deepEqual(
    said.map((each) => (each.cmd === "UNLATCH" ? each.request : each.cmd)),
    [request],
  );
});
