// Goal: the link decides who speaks, our view of a room decides who may, and each line is shown once whatever comes twice.
// Method: members with modified programs, played by strangers that hold real keys, on the in-memory network.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerHello } from "@papo/protocol";
import type { Room } from "../../src/api.ts";
import { type Person, Stranger, type Talk, World, expectOk, keysFor, named } from "../world-fixture.ts";

const ID = "A".repeat(21) + "Q";

/** mallory, with keys, a name and a link to gabi, but a program of her own. */
async function scene(
  how: { readonly isMember?: boolean; readonly kind?: "plain" | "open" } = {},
): Promise<{ world: World; gabi: Person; nori: Person; room: Room; talk: Talk }> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const room = await world.room([gabi, nori], { kind: how.kind ?? "plain" });
  const { keys, statement } = keysFor("mallory");
  world.tracker.accountByName.set(named("mallory"), { account: keys.root.publicKey, password: "" });
  const stranger = new Stranger(world, "10.0.0.66", keys.tls);
  const talk = await world.run(stranger.dial(gabi, "papo"));
  const binding = world.tracker.binding(named("mallory"));
  const hello = {
    cmd: "HELLO",
    version: 1,
    features: [],
    to: gabi.live.own.keys.root.publicKey,
    statement: statement.signed,
    binding,
    username: "mallory",
  };
  talk.say(hello);
  await world.until(() => talk.heard.length === 1);
  assert.equal((JSON.parse(talk.heard[0] ?? "") as PeerHello).cmd, "HELLO");
  if (how.isMember ?? true) {
    enterMallory(world, room);
    await world.until(() => isListed(gabi, room));
    gabi.events.length = 0;
  }
  return { world, gabi, nori, room, talk };
}

function enterMallory(world: World, room: Room): void {
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  known.members.add(named("mallory"));
  world.tracker.bump(known, [named("mallory")], []);
}

/** mallory, by the tracker: in a kept room that makes nobody a member. */
function isListed(gabi: Person, { id }: Room): boolean {
  const room = gabi.live.rooms.one(id);
  return room?.log?.unproven.includes(named("mallory")) ?? room?.members.length === 3;
}

/** Ids of messages that were confirmed over this link. */
function confirmed({ heard }: Talk): readonly string[] {
  const said = heard.map((text) => JSON.parse(text) as { readonly cmd: string; readonly id?: string });
  return said.flatMap(({ cmd, id }) => (cmd === "RECEIVED" && id !== undefined ? [id] : []));
}

function message(room: string | null, content: string, id = ID): object {
  return { cmd: "MESSAGE", id, room, content, sent: "2026-11-20T12:00:00Z" };
}

test("I13: a message is of the link's account, whatever name it carries", async () => {
  const { world, gabi, room, talk } = await scene();
  talk.say({ ...message(room.id, "hello"), username: "nori", author: "nori" });
  await world.until(() => gabi.heard.length === 1);
  assert.equal(gabi.of("message")[0]?.message.author, "mallory");
});

test("I13: who is no member of the room is not heard in it; once the tracker says they are, what came early is", async () => {
  const { world, gabi, room, talk } = await scene({ isMember: false });
  talk.say(message(room.id, "am I in?"));
  await world.clock.advance(5_000);
  assert.deepEqual(gabi.heard, []);
  assert.deepEqual(confirmed(talk), [], "and it is not confirmed");

  enterMallory(world, room);
  await world.until(() => gabi.heard.length === 1);
  await world.until(() => confirmed(talk).length > 0);
  assert.deepEqual(confirmed(talk), [ID]);
});

test("P26: what is said beside the log of a kept room is not heard, whoever says it", async () => {
  const { world, gabi, room, talk } = await scene({ kind: "open" });
  talk.say(message(room.id, "everybody reads something else here, and nothing of it is signed"));
  await world.clock.advance(5_000);
  assert.deepEqual(gabi.heard, []);
  assert.deepEqual(confirmed(talk), [], "and it is not confirmed");
});

test("I2: a repeated message is confirmed again and shown once", async () => {
  const { world, gabi, room, talk } = await scene();
  for (let n = 0; n < 3; n += 1) talk.say(message(room.id, "hello"));
  await world.until(() => confirmed(talk).length === 3);
  assert.deepEqual(gabi.heard, ["hello"]);
});

test("I2: nobody can use up another's ids", async () => {
  const { world, gabi, nori, room, talk } = await scene();
  const said = await nori.say(room, "mine");
  talk.say(message(room.id, "not mine", said.id));
  await world.until(() => gabi.heard.length === 2);
  assert.deepEqual(gabi.heard.toSorted(), ["mine", "not mine"]);
});

test("P15: a confirmation by somebody else confirms nothing", async () => {
  const { world, gabi, nori, talk } = await scene();
  world.network.halfOpen({ from: gabi.host, to: nori.host });
  const said = await gabi.whisper("nori", "did you get it?");
  talk.say({ cmd: "RECEIVED", id: said.id });
  await world.clock.advance(1_000);
  assert.deepEqual(gabi.now(said).delivery, { kind: "sent", received: 0, silent: 0, of: 1 });
});

test("P27: LEAVE concerns only who says it", async () => {
  const { world, gabi, room, talk } = await scene();
  talk.say({ cmd: "LEAVE", room: room.id, username: "nori" });
  talk.say({ cmd: "LEAVE", room: null });
  await world.until(() => gabi.of("private-left").length === 1);
  assert.equal(gabi.of("private-left")[0]?.username, "mallory");
  assert.equal(gabi.live.rooms.one(room.id)?.members.length, 3);
  assert.deepEqual(gabi.of("member-left"), []);
});

test("P7: a second HELLO on an open link ends it", async () => {
  const { world, talk } = await scene();
  talk.say({ cmd: "HELLO" });
  await world.until(() => talk.ended !== undefined);
  assert.match(talk.heard.at(-1) ?? "", /"cmd":"BYE"/u);
});

test("a command of a newer Papo is passed over", async () => {
  const { world, gabi, room, talk } = await scene();
  talk.say({ cmd: "WAVE", hand: "left" });
  talk.say(message(room.id, "still here"));
  await world.until(() => gabi.heard.length === 1);
});

test("private chats find each other through the tracker, and say when one leaves", async () => {
  const { world, gabi } = await scene();
  const yuki = await world.person("yuki");
  const opened = expectOk(await world.run(yuki.live.privateChats.open(named("gabi"))));
  assert.deepEqual(opened, { username: "gabi", encrypted: true });
  await yuki.whisper("gabi", "oi");
  // They share no room: the first word is a request.
  await world.until(() => gabi.of("contact-request").length === 1);
  assert.deepEqual(gabi.heard, []);
  expectOk(await world.run(gabi.live.kept.privateChats.answerContact(named("yuki"), "accept")));
  await world.until(() => gabi.heard.length === 1);
  await gabi.whisper("yuki", "oi!");
  await world.until(() => yuki.heard.length === 1);
  yuki.live.leavePrivate(named("gabi"));
  await world.until(() => gabi.of("private-left").length === 1);
});

test("a private chat with nobody, with oneself and with somebody away says which it is", async () => {
  const { world, gabi, nori } = await scene();
  const codes: unknown[] = [];
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  for (const name of ["nobody", "gabi", "nori"]) {
    const opened = await world.run(gabi.live.privateChats.open(named(name)));
    codes.push(!opened.ok && opened.fault.code);
  }
  assert.deepEqual(codes, ["peer_missing", "peer_missing", "peer_offline"]);
});
