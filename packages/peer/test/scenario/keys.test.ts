// Goal: a name whose key changed is not spoken to until the user decides, and nothing that was written for one key reaches another.
// Method: somebody starts a new identity under the same name on the in-memory network; the user accepts or blocks it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Room } from "../../src/api.ts";
import { NamePins } from "../../src/identity/name-pins.ts";
import { type Person, World, allLinked, inRoom, named, receivedBy } from "../world-fixture.ts";

/** gabi knows nori; nori is gone, and a new key under that name comes back. */
async function changed(): Promise<{ world: World; gabi: Person; impostor: Person; room: Room }> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  const room = await world.room([gabi, nori], { kind: "plain" });
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const impostor = await world.person("nori", { allowPlaintext: true, keys: "another nori", logIn: "new_identity" });
  await world.until(() => gabi.of("key-changed").length === 1);
  return { world, gabi, impostor, room };
}

test("I14: nothing goes to a changed key, what it says is kept aside, and the user is asked once", async () => {
  const { world, gabi, impostor, room } = await changed();
  const said = await gabi.say(room, "secret for the old nori");
  await impostor.say(room, "it is me, honestly");
  await world.clock.advance(60_000);

  assert.deepEqual(impostor.heard, []);
  assert.deepEqual(gabi.heard, []);
  const { delivery } = gabi.now(said);
  assert.equal(delivery?.kind === "held" && delivery.reason.code, "identity_changed");
  assert.equal(gabi.of("key-changed").length, 1);
  assert.equal(gabi.live.rooms.one(room.id)?.members.find(({ username }) => username === "nori")?.trust, "changed");
  assert.deepEqual(
    gabi.live.keyChanges().map(({ username }) => username),
    ["nori"],
  );
});

test("I14: an accepted key is heard and spoken to from then on, but never gets what was written before", async () => {
  const { world, gabi, impostor, room } = await changed();
  await gabi.say(room, "secret for the old nori");
  const early = await impostor.say(room, "it is me, honestly");
  await world.until(() => gabi.of("linked").length >= 2);
  await world.clock.advance(1_000);

  await world.run(gabi.live.decideKeyChange(named("nori"), "accept"));
  await world.until(() => receivedBy(impostor, early) === 1);
  assert.deepEqual(gabi.heard, ["it is me, honestly"]);
  const now = await gabi.say(room, "welcome back");
  await world.until(() => receivedBy(gabi, now) === 1);
  await world.clock.advance(60_000);
  assert.deepEqual(impostor.heard, ["welcome back"]);
});

test("a blocked key gets no link any more, and the known one still does", async () => {
  const { world, gabi, impostor } = await changed();
  await world.run(gabi.live.decideKeyChange(named("nori"), "block"));
  await world.until(() => impostor.of("unlinked").length >= 1);
  await world.clock.advance(120_000);
  assert.ok(!gabi.isLinked("nori"));
  assert.equal(impostor.of("unlinked").length, 1, "nobody dials whom the user has blocked");
  assert.deepEqual(gabi.live.keyChanges(), []);

  await world.run(impostor.live.stop());
  const nori = await world.person("nori", { allowPlaintext: true, logIn: "new_identity" });
  await world.until(() => allLinked([gabi, nori]));
});

test("a key that was blocked by mistake is linked and spoken to once it is accepted", async () => {
  const { world, gabi, impostor, room } = await changed();
  await world.run(gabi.live.decideKeyChange(named("nori"), "block"));
  await world.until(() => impostor.of("unlinked").length >= 1);
  await world.run(gabi.live.decideKeyChange(named("nori"), "accept"));
  await world.until(() => allLinked([gabi, impostor]));
  const now = await gabi.say(room, "so it is you");
  await world.until(() => receivedBy(gabi, now) === 1);
  assert.deepEqual(impostor.heard, ["so it is you"]);
});

test("a restart remembers the pin: the changed key is still refused", async () => {
  const { world, gabi, impostor, room } = await changed();
  await world.run(gabi.live.stop());
  const again = await world.person("gabi", { allowPlaintext: true, pins: new NamePins(gabi.pins.all()) });
  await world.until(() => again.live.rooms.one(room.id) !== undefined);
  await again.say(room, "hello?");
  await world.clock.advance(60_000);
  assert.deepEqual(impostor.heard, []);
  assert.deepEqual(
    again.live.messages(inRoom(room.id)).map(({ delivery }) => delivery?.kind),
    ["held"],
  );
});
