// Goal: a conversation in a room is what people would expect of it: everybody gets every line once, and each line says where it stands.
// Method: whole accounts and a scripted tracker on the in-memory network with a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World, expectOk, inRoom, named, receivedBy } from "../world-fixture.ts";

test("three people talk in a room over encrypted links", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const yuki = await world.person("yuki");
  const room = await world.room([gabi, nori, yuki]);

  const hello = await gabi.say(room, "olaaaa");
  await nori.say(room, "olaaaaa");
  await yuki.say(room, "como voces estao?");
  await world.until(() => gabi.heard.length === 2 && nori.heard.length === 2 && yuki.heard.length === 2);
  await world.until(() => receivedBy(gabi, hello) === 2);

  assert.deepEqual(
    yuki.live
      .messages(inRoom(room.id))
      .filter(({ kept }) => (kept?.notice ?? null) === null)
      .map(({ content }) => content)
      .toSorted(),
    ["como voces estao?", "olaaaa", "olaaaaa"],
  );
  assert.ok(gabi.live.links().every((link) => link.encrypted && link.group === "X25519MLKEM768"));
  assert.deepEqual(gabi.now(hello).delivery, { kind: "sent", received: 2, silent: 0, of: 2 });
  assert.ok(gabi.now(hello).encrypted);
});

test("a reply is only for rooms that are kept, and a message of any conversation is found by its id", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const plain = await world.room([gabi, nori], { kind: "plain" });
  const inPlain = await gabi.say(plain, "oi");
  const inPrivate = await gabi.whisper("nori", "e aí?");
  await world.until(() => nori.heard.length === 2);
  for (const { conversation, id, content } of [inPlain, inPrivate]) {
    const refused = await nori.live.send(conversation, "sim", id);
    assert.equal(!refused.ok && refused.fault.code, "unsupported");
    assert.equal(expectOk(gabi.live.message({ conversation, id })).content, content);
  }
  assert.equal(nori.heard.length, 2);
  const conversation = { kind: "private", username: named("gabi") } as const;
  assert.equal(expectOk(nori.live.message({ conversation, id: inPrivate.id })).content, "e aí?");
  const missing = nori.live.message({ conversation, id: inPlain.id });
  assert.equal(!missing.ok && missing.fault.code, "message_missing");
});
