// Goal: a program of the seed dialect can chat where the user allowed it, is marked wherever it appears, and gets nothing anywhere else.
// Method: raw programs of the seed dialect and real accounts on the in-memory network.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { ipLiteral } from "@papo/protocol";
import type { Room } from "../../src/api.ts";
import { type Person, Stranger, type Talk, World, inRoom, named } from "../world-fixture.ts";

type Scene = { world: World; gabi: Person; room: Room; seed: Stranger; talks: Talk[] };

/** gabi in a plain room together with yuki, whose program speaks the seed dialect. */
async function plainRoom(allowPlaintext: boolean): Promise<Scene> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const room = await world.room([gabi], { kind: "plain" });
  const talks: Talk[] = [];
  const seed = new Stranger(world, "10.0.0.50");
  const port = await seed.listen("seed", (talk) => talks.push(talk));
  if (!allowPlaintext) await world.run(gabi.live.stop());
  const own = allowPlaintext ? gabi : await world.person("gabi");

  world.tracker.accountByName.set(named("yuki"), { account: null, password: "" });
  world.tracker.extraMembers.set(named("yuki"), [
    { device: null, tls: null, address: v.parse(ipLiteral, "10.0.0.50"), port, addresses: null },
  ]);
  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  known.members.add(named("yuki"));
  world.tracker.bump(known, [named("yuki")], []);
  await world.until(() => own.live.rooms.one(room.id)?.members.length === 2);
  return { world, gabi: own, room, seed, talks };
}

test("a seed program in a plain room is dialled, greeted by name and spoken to; every such line is marked", async () => {
  const { world, gabi, room, talks } = await plainRoom(true);
  await world.until(() => gabi.isLinked("yuki"));
  const said = await gabi.say(room, "olaaaa");
  await world.until(() => talks[0]?.heard.length === 2);
  assert.deepEqual(
    talks[0]?.heard.map((text) => JSON.parse(text) as unknown),
    [
      { cmd: "HELLO", username: "gabi" },
      { cmd: "MESSAGE", room: "TESTE", username: "gabi", content: "olaaaa" },
    ],
  );
  assert.equal(gabi.now(said).encrypted, false);
  assert.deepEqual(gabi.now(said).delivery, { kind: "sent", received: 0, silent: 1, of: 1 });

  talks[0]?.say({ cmd: "MESSAGE", room: "TESTE", username: "gabi", content: "oi" });
  await world.until(() => gabi.heard.length === 1);
  const [, heard] = gabi.live.messages(inRoom(room.id));
  assert.equal(heard?.author, "yuki", "I13: the link's name counts, not the message's");
  assert.equal(heard?.encrypted, false);
});

test("I7: without leave for plaintext not one byte goes to a seed program, and the reason is told", async () => {
  const { world, gabi, room, talks } = await plainRoom(false);
  const said = await gabi.say(room, "olaaaa");
  await world.clock.advance(60_000);
  assert.deepEqual(talks, []);
  const { delivery } = gabi.now(said);
  assert.equal(delivery?.kind === "held" && delivery.reason.code, "plaintext_refused");
  assert.equal(gabi.of("unreachable")[0]?.reason.code, "plaintext_refused");
});

test("I7: a seed program that calls without leave for plaintext is hung up on; a tracker's PING is answered", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const seed = new Stranger(world, "10.0.0.50");
  const talk = await world.run(seed.dial(gabi, "seed"));
  talk.say({ cmd: "HELLO", username: "yuki" });
  await world.until(() => talk.ended !== undefined);
  assert.deepEqual(talk.heard, []);

  const tracker = await world.run(seed.dial(gabi, "seed"));
  tracker.say({ cmd: "PING" });
  await world.until(() => tracker.ended !== undefined);
  assert.deepEqual(
    tracker.heard.map((text) => JSON.parse(text) as unknown),
    [{ cmd: "PONG" }],
  );
});

test("P25: nobody uses a name without its key that was met with one, or that the tracker knows one of", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  const seed = new Stranger(world, "10.0.0.50");
  const talk = await world.run(seed.dial(gabi, "seed"));
  talk.say({ cmd: "HELLO", username: "nori" });
  talk.say({ cmd: "MESSAGE", room: null, username: "nori", content: "it is me" });
  await world.until(() => talk.ended !== undefined);
  assert.deepEqual(gabi.heard, []);
});

test("P26: a seed MESSAGE into a room that is not plain is ignored", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const room = await world.room([gabi]);
  const seed = new Stranger(world, "10.0.0.50");
  const talk = await world.run(seed.dial(gabi, "seed"));
  talk.say({ cmd: "HELLO", username: "yuki" });
  talk.say({ cmd: "MESSAGE", room: "TESTE", username: "yuki", content: "let me in" });
  talk.say({ cmd: "MESSAGE", room: null, username: "yuki", content: "psst" });
  await world.until(() => gabi.heard.length === 1);
  assert.deepEqual(gabi.heard, ["psst"]);
  const said = gabi.live.messages(inRoom(room.id)).filter(({ kept }) => (kept?.notice ?? null) === null);
  assert.deepEqual(said, []);
});

test("P26: a seed program that is no member of the plain room is ignored there", async () => {
  const { world, gabi, seed } = await plainRoom(true);
  const talk = await world.run(seed.dial(gabi, "seed"));
  talk.say({ cmd: "HELLO", username: "zeca" });
  talk.say({ cmd: "MESSAGE", room: "TESTE", username: "yuki", content: "let me in" });
  talk.say({ cmd: "MESSAGE", room: null, username: "zeca", content: "psst" });
  await world.until(() => gabi.heard.length === 1);
  assert.deepEqual(gabi.heard, ["psst"]);
});

test("leaving a private chat with a seed program says LEAVE and closes, as its own would", async () => {
  const { world, gabi, talks } = await plainRoom(true);
  await world.until(() => gabi.isLinked("yuki"));
  gabi.live.leavePrivate(named("yuki"));
  await world.until(() => talks[0]?.ended !== undefined);
  assert.deepEqual(JSON.parse(talks[0]?.heard.at(-1) ?? ""), { cmd: "LEAVE", room: null });
});

test("plain rooms need leave for plaintext, to make and to join", async () => {
  const { world, room } = await plainRoom(true);
  const nori = await world.person("nori");
  const joined = await world.run(nori.live.rooms.join(room.name));
  assert.equal(!joined.ok && joined.fault.code, "plaintext_refused");
  const made = await world.run(nori.live.rooms.create({ name: "praça", kind: "plain" }));
  assert.equal(!made.ok && made.fault.code, "plaintext_refused");
});
