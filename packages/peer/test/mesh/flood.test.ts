// Goal: strangers at our door cost a bounded number of places and bytes, and keep nobody out.
// Method: a crowd of programs on the in-memory network that connect and say nothing, or write for ever and never read; virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signBinding } from "@papo/link";
import {
  HELLO_TIMEOUT_MS,
  HELLOS_PENDING_MAX,
  type PeerHello,
  PEER_LINK_QUEUE_BYTES_MAX,
  TIMELINE_MESSAGES_MAX,
} from "@papo/protocol";
import { Stranger, type Talk, World, keysFor, named } from "../world-fixture.ts";

/** The shortest confirmation of a message. */
const ANSWER_BYTES = '{"cmd":"RECEIVED","id":"0123456789012345678901"}'.length;

/** What an account that the tracker knows says first, to `to`. */
function helloOf(world: World, name: string, to: string): PeerHello {
  const { keys, statement } = keysFor(name);
  const { key } = world.tracker;
  const account = keys.root.publicKey;
  const binding = signBinding(key, {
    v: 1,
    tracker: key.publicKey,
    name: named(name),
    account,
    date: "2026-11-20T12:00:00Z",
  });
  return {
    ...{ cmd: "HELLO", version: 1, features: [], to: keysFor(to).keys.root.publicKey },
    ...{ statement: statement.signed, binding, username: named(name) },
  };
}

for (const dialect of ["papo", "seed"] as const) {
  test(`P6: a crowd that connects (${dialect}) and never says HELLO holds its places, and an honest dial is in at once`, async () => {
    const world = await World.create();
    const gabi = await world.person("gabi");
    const crowd: Talk[] = [];
    for (let count = 0; count < HELLOS_PENDING_MAX + 20; count += 1) {
      crowd.push(await world.run(new Stranger(world, `10.1.0.${count + 1}`).dial(gabi, dialect)));
    }
    await world.clock.advance(10);
    assert.equal(
      crowd.filter(({ ended }) => ended === undefined).length,
      HELLOS_PENDING_MAX,
      "the cap holds, and is no ban",
    );

    const honest = new Stranger(world, "10.0.0.66", keysFor("mallory").keys.tls);
    const dialledMs = world.clock.monotonicMs();
    const talk = await world.run(honest.dial(gabi, "papo"));
    talk.say(helloOf(world, "mallory", "gabi"));
    await world.until(() => talk.heard.length === 1);
    assert.ok(world.clock.monotonicMs() - dialledMs < 2_000);

    await world.clock.advance(HELLO_TIMEOUT_MS);
    assert.ok(
      crowd.every(({ ended }) => ended !== undefined),
      "nobody waits for ever",
    );
    assert.equal(talk.ended, undefined);
  });
}

test("P20: a member who writes for ever and never reads is let go, with bounded queues, and the others chat on", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const room = await world.room([gabi, nori], { kind: "plain" });
  const writer = new Stranger(world, "10.0.0.66", keysFor("mallory").keys.tls);
  const talk = await world.run(writer.dial(gabi, "papo"));
  talk.say(helloOf(world, "mallory", "gabi"));
  await world.until(() => talk.heard.length === 1);

  const known = world.tracker.roomById.get(room.id) ?? assert.fail();
  const { publicKey } = keysFor("mallory").keys.root;
  world.tracker.accountByName.set(named("mallory"), { account: publicKey, password: "" });
  known.members.add(named("mallory"));
  world.tracker.bump(known, [named("mallory")], []);
  await world.until(() => gabi.live.rooms.one(room.id)?.members.length === 3);

  talk.link.pauseReading();
  let written = 0;
  while (talk.ended === undefined && !talk.link.isClosed) {
    assert.ok(written * ANSWER_BYTES < 2 * PEER_LINK_QUEUE_BYTES_MAX, "what waits for it is bounded");
    const id = `${String(written).padStart(21, "0")}A`;
    const sent = talk.link.sendJson({
      cmd: "MESSAGE",
      id,
      room: room.id,
      content: "x".repeat(1_000),
      sent: "2026-11-20T12:00:00Z",
    });
    written += 1;
    if (sent !== "sent") await world.clock.advance(1);
  }
  await world.until(() => gabi.of("unlinked").some(({ username }) => username === "mallory"));
  assert.equal(gabi.of("unlinked").at(-1)?.reason.code, "too_slow");
  const kept = gabi.live.messages({ kind: "room", id: room.id });
  assert.ok(kept.length <= TIMELINE_MESSAGES_MAX);

  const said = await nori.say(room, "still here");
  await world.until(() => nori.now(said).delivery?.kind === "sent" && gabi.heard.includes("still here"));
});
