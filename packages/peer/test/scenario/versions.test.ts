// Goal: a program talks on with a tracker and with people whose programs are newer or older than it, and passes over what it does not know.
// Method: whole accounts on the in-memory network, with a tracker and a stranger that say another version, and words, frames and features of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signBinding } from "@papo/link";
import { PROTOCOL_VERSION } from "@papo/protocol";
import { Stranger, type Talk, World, keysFor, named, receivedBy } from "../world-fixture.ts";

const FUTURE = { features: ["from-the-future/9"], more: { of: "it" } };

/** A program of that version, with an account of its own, after the greetings. */
async function greeted(world: World, version: number): Promise<Talk> {
  const gabi = await world.person("gabi");
  const { keys, statement } = keysFor("mallory");
  const talk = await world.run(new Stranger(world, "10.0.0.66", keys.tls).dial(gabi, "papo"));
  const { key } = world.tracker;
  const date = "2026-11-20T12:00:00Z";
  talk.say({
    ...{ cmd: "HELLO", version, features: FUTURE.features, to: gabi.live.own.keys.root.publicKey },
    ...{ statement: statement.signed, username: named("mallory") },
    binding: signBinding(key, {
      ...{ v: 1, tracker: key.publicKey, name: named("mallory") },
      ...{ account: keys.root.publicKey, date },
    }),
  });
  await world.until(() => talk.heard.length > 0);
  return talk;
}

for (const version of [1, PROTOCOL_VERSION + 1, 999]) {
  test(`F19: somebody whose program speaks version ${version} is linked with, and what only that one knows is passed over`, async () => {
    const world = await World.create();
    const talk = await greeted(world, version);
    const answer = JSON.parse(talk.heard[0] ?? "");
    assert.deepEqual([answer.cmd, answer.version], ["HELLO", PROTOCOL_VERSION]);

    talk.say({ cmd: "FROM_THE_FUTURE", ...FUTURE });
    talk.link.sendFrame(100, Buffer.from("a kind of frame that nobody here knows"));
    talk.say({ cmd: "PING" });
    await world.until(() => talk.heard.some((text) => text.includes('"PONG"')));
    assert.equal(talk.ended, undefined);
  });

  test(`F19: with a tracker of version ${version} people talk on, whatever it tells besides`, async () => {
    const world = await World.create();
    world.tracker.intercept = (said, session) =>
      said.cmd === "HELLO" ? { ...world.tracker.hello(session), version, ...FUTURE } : undefined;
    const [gabi, nori] = [await world.person("gabi"), await world.person("nori")];
    for (const { link } of world.tracker.sessions) link.sendJson({ status: "FROM_THE_FUTURE", ...FUTURE });
    const room = await world.room([gabi, nori]);
    const said = await gabi.say(room, "which year is it there?");
    await world.until(() => receivedBy(gabi, said) === 1);
    assert.deepEqual([gabi.live.state.kind, nori.live.state.kind], ["online", "online"]);
  });
}
