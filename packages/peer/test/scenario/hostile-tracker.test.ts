// Goal: a tracker that swaps keys, replays or withholds what it knows, puts people out and lies about who is where neither reads nor forges a word of a kept room,
// stops nobody who is linked, and is noticed.
// Method: whole engines on the in-memory network; a tracker that answers and tells whatever the test wants, under its own true key.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomId, TrackerRequest, Username } from "@papo/protocol";
import type { Room } from "../../src/api.ts";
import { type Person, World, keysFor, named, receivedBy } from "../world-fixture.ts";

type Scene = { world: World; gabi: Person; nori: Person; room: Room };

async function scene(): Promise<Scene> {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  return { world, gabi, nori, room: await world.room([gabi, nori]) };
}

function roomOf(person: Person, { id }: Room): Room {
  return person.live.rooms.one(id) ?? assert.fail("no such room");
}

function namesIn(person: Person, room: Room): readonly string[] {
  return roomOf(person, room).members.map(({ username }) => username);
}

/** The tracker's list is changed at its heart, and told as news. */
function list(world: World, id: RoomId, change: { readonly add?: Username; readonly remove?: Username }): void {
  const room = world.tracker.roomById.get(id) ?? assert.fail();
  if (change.add !== undefined) room.members.add(change.add);
  if (change.remove !== undefined) room.members.delete(change.remove);
  const of = (name: Username | undefined) => (name === undefined ? [] : [name]);
  world.tracker.bump(room, of(change.add), of(change.remove));
}

test("P31: a key that the tracker swaps for a member's gets not a word, the user is asked, and what was said reaches the true one", async () => {
  const { world, gabi, nori, room } = await scene();
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const truth = world.tracker.accountByName.get(named("nori")) ?? assert.fail();
  const true_ = { ...truth };
  const impostor = await world.person("nori", { keys: "mallory", logIn: "new_identity" });
  await world.until(() => gabi.of("key-changed").length === 1);
  const said = await gabi.say(room, "for nori alone");
  await world.clock.advance(60_000);

  assert.deepEqual(impostor.heard, []);
  assert.deepEqual(impostor.history.heads(room.id), []);
  assert.equal(receivedBy(gabi, said), 0);
  assert.deepEqual(namesIn(gabi, room), ["gabi", "nori"]);
  const [, member] = roomOf(gabi, room).members;
  assert.equal(member?.account, keysFor("nori").keys.root.publicKey, "who is a member is what the log says");
  assert.deepEqual(roomOf(gabi, room).log?.unproven, ["nori"]);

  await world.run(impostor.live.stop());
  world.tracker.accountByName.set(named("nori"), true_);
  const back = await world.person("nori", { history: nori.history, pins: nori.pins });
  await world.until(() => back.heard.includes("for nori alone"));
  await world.until(() => receivedBy(gabi, said) === 1);
});

test("P31: news that were kept and told again, as old or as new, bring nobody back who was put out", async () => {
  const { world, gabi, nori, room } = await scene();
  const mallory = await world.person("mallory");
  const kept: object[] = [];
  world.tracker.tap = (message) => void kept.push(message);
  await world.run(mallory.live.rooms.join("TESTE"));
  await world.until(() => [gabi, nori, mallory].every((one) => roomOf(one, room).memberCount === 3));
  world.tracker.tap = undefined;
  await world.run(gabi.live.kept.rooms.removeMember(room.id, named("mallory")));
  await world.until(() => [gabi, nori].every((one) => roomOf(one, room).memberCount === 2));
  assert.ok(kept.length > 0);
  const count = mallory.heard.length;

  for (const message of kept) for (const name of ["gabi", "nori"]) world.tracker.say(name, message);
  await world.clock.advance(5_000);
  assert.deepEqual(roomOf(gabi, room).log?.unproven, [], "late news is no news");
  // The same as if it were of now.
  const cmds: readonly string[] = ["REMOVE_MEMBER", "LEAVE_ROOM"];
  world.tracker.intercept = ({ cmd }) => (cmds.includes(cmd) ? { room: room.id, username: "mallory" } : undefined);
  list(world, room.id, { add: named("mallory") });
  await world.until(() => roomOf(gabi, room).log?.unproven.length === 1);
  await gabi.say(room, "without her");
  await world.until(() => nori.heard.includes("without her"));
  await world.clock.advance(60_000);
  assert.deepEqual(namesIn(gabi, room), ["gabi", "nori"]);
  assert.equal(mallory.heard.length, count);
  assert.deepEqual(roomOf(gabi, room).log?.unproven, ["mallory"]);
});

for (const reason of ["deleted", "removed", "left"] as const) {
  test(`P31: a room that the tracker calls ${reason}, and its log does not, goes on among those who are linked`, async () => {
    const { world, gabi, nori, room } = await scene();
    world.tracker.say("gabi", { status: "ROOM_CLOSED", room: room.id, reason });
    await world.clock.advance(60_000);
    assert.deepEqual(gabi.of("room-closed"), []);
    assert.equal(roomOf(gabi, room).log?.standing, "member");
    await gabi.say(room, "still here");
    await world.until(() => nori.heard.includes("still here"));
    await nori.say(room, "me too");
    await world.until(() => gabi.heard.includes("me too"));
  });
}

test("P31: members that the tracker withholds or calls offline are members, are said to be unlisted, and are spoken with", async () => {
  const { world, gabi, nori, room } = await scene();
  list(world, room.id, { remove: named("nori") });
  await world.until(() => roomOf(gabi, room).log?.unlisted.length === 1);
  assert.deepEqual(roomOf(gabi, room).log?.unlisted, ["nori"]);
  const nobody = { username: "gabi", account: gabi.live.own.keys.root.publicKey, online: false, endpoints: [] };
  const view = world.tracker.view(world.tracker.roomById.get(room.id) ?? assert.fail());
  world.tracker.say("nori", {
    status: "ROOM_UPDATE",
    ...{ from: view.version, room: { ...view, version: view.version + 1 }, changed: [nobody], gone: [] },
  });
  await gabi.say(room, "can you hear me?");
  await world.until(() => nori.heard.includes("can you hear me?"));
  await nori.say(room, "yes");
  await world.until(() => gabi.heard.includes("yes"));
  assert.deepEqual(gabi.of("member-left"), []);
  assert.deepEqual(namesIn(gabi, room), ["gabi", "nori"]);
});

test("P31: a member that the tracker places at somebody else's address is not spoken to there, and is once the place is true", async () => {
  const { world, gabi, nori, room } = await scene();
  const mallory = await world.person("mallory");
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const elsewhere = world.tracker.member(named("mallory")).endpoints;
  world.tracker.extraMembers.set(named("nori"), elsewhere);
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  world.tracker.bump(known, [named("nori")], []);
  const said = await gabi.say(room, "at the right door only");
  await world.clock.advance(60_000);
  assert.deepEqual(mallory.heard, []);
  assert.ok(!gabi.isLinked("nori") && !gabi.isLinked("mallory"));
  assert.equal(gabi.now(said).delivery?.kind, "held");

  world.tracker.extraMembers.clear();
  const back = await world.person("nori", { history: nori.history, pins: nori.pins });
  await world.until(() => back.heard.includes("at the right door only"));
});

test("P31: who is looked up for a private chat under a swapped key is not written to", async () => {
  const { world, gabi, nori } = await scene();
  await gabi.whisper("nori", "hello");
  await world.until(() => nori.heard.includes("hello"));
  await world.run(nori.live.stop());
  await world.until(() => !gabi.isLinked("nori"));
  const impostor = await world.person("nori", { keys: "mallory", logIn: "new_identity" });
  await gabi.whisper("nori", "the secret");
  await world.clock.advance(120_000);
  assert.deepEqual(impostor.heard, []);
  assert.equal(gabi.of("key-changed").length, 1);
});

test("P31: a tracker that answers nothing any more keeps nobody who is linked from speaking", async () => {
  const { world, gabi, nori, room } = await scene();
  world.tracker.mute = true;
  const deaf = (request: TrackerRequest): object | undefined =>
    request.cmd === "HELLO" || request.cmd === "LOGIN" ? undefined : { status: "ERROR", code: "busy" };
  world.tracker.intercept = deaf;
  for (let turn = 0; turn < 3; turn += 1) {
    await gabi.say(room, `${turn} from gabi`);
    await nori.say(room, `${turn} from nori`);
    await world.clock.advance(60_000);
  }
  await world.until(() => nori.heard.length === 3 && gabi.heard.length === 3);
});
