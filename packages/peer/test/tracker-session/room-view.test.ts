// Goal: our view of a room follows the tracker's whatever is late, repeated or missing, and people are told of each change once.
// Method: histories of a room cut into overlapping updates, through the pure functions; then against a scripted tracker that skips and repeats.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member, RoomId, RoomName } from "@papo/protocol";
import fc from "fast-check";
import {
  type RoomSummary,
  type RoomView,
  applyDelta,
  membershipChanges,
  viewOf,
} from "../../src/tracker-session/room-view.ts";
import { World, named, roomNamed } from "../world-fixture.ts";

const NAMES = ["gabi", "nori", "yuki", "zeca"].map(named);
type State = ReadonlyMap<string, boolean>;

function summary(version: number): RoomSummary {
  const room = { id: "A".repeat(43) as RoomId, name: "TESTE" as RoomName, kind: "open" as const };
  return { ...room, owner: null, capacity: 50, members: 0, online: 0, version };
}

function member(name: string, online: boolean): Member {
  return { username: named(name), account: null, online, endpoints: [] };
}

function viewAt(history: readonly State[], version: number): RoomView {
  return viewOf(
    summary(version),
    [...(history[version] ?? [])].map(([name, online]) => member(name, online)),
  );
}

function deltaBetween(history: readonly State[], from: number, to: number) {
  const [before, after] = [history[from] ?? new Map(), history[to] ?? new Map()];
  const changed = [...after].map(([name, online]) => member(name, online));
  const gone = [...before.keys()].filter((name) => !after.has(name)).map(named);
  return { room: summary(to), from, changed, gone };
}

const anyState: fc.Arbitrary<State> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.boolean()), { selector: ([name]) => name })
  .map((entries) => new Map(entries));

test("late updates change nothing, gaps are noticed, and what applies leads to the tracker's own view", () => {
  const anyHistory = fc.array(anyState, { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(anyHistory, fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 }), (history, spans) => {
      let view = viewAt(history, 0);
      for (const [one, other] of spans) {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        if (from === to || to >= history.length) continue;
        const { version } = view.room;
        const result = applyDelta(view, deltaBetween(history, from, to));
        if (to <= version) assert.equal(result.kind, "late");
        else if (from > version) assert.equal(result.kind, "gap");
        // An update that starts before what we know must tell of all that left since then: that is the tracker's duty.
        else if (from === version && result.kind === "applied") view = result.view;
      }
      const expected = viewAt(history, view.room.version);
      // A map compares by what is in it, in whatever order.
      assert.deepEqual(view.memberByName, expected.memberByName);
    }),
  );
});

test("people are told of the difference between two views and of nothing else", () => {
  fc.assert(
    fc.property(anyState, anyState, (one, other) => {
      const [before, after] = [viewAt([one], 0), viewAt([other], 0)];
      const changes = membershipChanges(before, after, named("gabi"));
      assert.deepEqual(membershipChanges(after, after, named("gabi")), []);
      assert.ok(changes.every(({ username }) => username !== "gabi"));
      assert.equal(new Set(changes.map(({ username }) => username)).size, changes.length);
      for (const { kind, username } of changes) {
        const isJoin = !one.has(username) && other.has(username);
        assert.equal(kind, isJoin ? "member-joined" : "member-left");
        assert.notEqual(one.has(username), other.has(username));
      }
    }),
  );
});

test("a late update is ignored and a gap is filled by asking for the members", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const room = await world.room([gabi], { kind: "plain" });
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();

  world.tracker.mute = true;
  for (const name of ["ana", "bia"]) {
    world.tracker.accountByName.set(named(name), { account: null, password: "" });
    known.members.add(named(name));
    world.tracker.bump(known, [named(name)], []);
  }
  world.tracker.mute = false;
  world.tracker.asked.length = 0;
  world.tracker.bump(known, [], []);
  await world.until(() => gabi.live.rooms.one(room.id)?.members.length === 3);
  assert.deepEqual(world.tracker.asked, ["LIST_MEMBERS"]);

  const late = { ...world.tracker.view(known), version: 1 };
  world.tracker.say("gabi", { status: "ROOM_UPDATE", room: late, from: 0, changed: [], gone: ["ana", "bia"] });
  await world.clock.advance(5_000);
  assert.equal(gabi.live.rooms.one(room.id)?.members.length, 3);
  assert.deepEqual(
    gabi.of("member-joined").map(({ username }) => username),
    ["ana", "bia"],
  );
  assert.deepEqual(gabi.of("member-left"), []);
});

test("F2: a tracker that starts again counts anew, and what it says then counts", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const room = await world.room([gabi], { kind: "plain" });
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  for (let change = 0; change < 5; change += 1) world.tracker.bump(known, [], []);
  await world.clock.advance(5_000);

  await world.tracker.die();
  known.version = 1;
  world.tracker.accountByName.set(named("ana"), { account: null, password: "" });
  known.members.add(named("ana"));
  await world.tracker.listen();
  await world.until(() => gabi.live.rooms.one(room.id)?.members.length === 2);
  known.members.delete(named("ana"));
  world.tracker.bump(known, [], [named("ana")]);
  await world.until(() => gabi.of("member-left").length === 1);
});

test("a large room is read page by page, and what changes meanwhile is not lost", async () => {
  const world = await World.create();
  world.tracker.pageSize = 2;
  const nori = await world.person("nori", { allowPlaintext: true });
  const room = await world.room([nori], { kind: "plain" });
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  for (let n = 10; n < 17; n += 1) {
    world.tracker.accountByName.set(named(`m${n}`), { account: null, password: "" });
    known.members.add(named(`m${n}`));
  }
  const gabi = await world.person("gabi", { allowPlaintext: true });
  world.tracker.intercept = (request) => {
    if (request.cmd !== "LIST_MEMBERS" || request.after !== "m10") return undefined;
    known.members.delete(named("m10"));
    world.tracker.bump(known, [], [named("m10")]);
    return undefined;
  };
  await world.run(gabi.live.rooms.join(roomNamed("TESTE")));
  const names = gabi.live.rooms.one(room.id)?.members.map(({ username }) => username);
  assert.deepEqual(names, ["gabi", "m11", "m12", "m13", "m14", "m15", "m16", "nori"]);
});

test("a room that the owner deleted closes for everybody in it", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.run(gabi.live.rooms.delete(room.id));
  await world.until(() => nori.of("room-closed").length === 1);
  assert.deepEqual(
    [gabi, nori].map((person) => person.of("room-closed").map(({ reason }) => reason)),
    [["deleted"], ["deleted"]],
  );
  assert.deepEqual(nori.live.rooms.all(), []);
});
