// Goal: a device that is given other keys goes on in its rooms as a device of its account; the one that it was ends there, and not a word of either is lost or shown twice.
// Method: people with real logs over links on virtual time; one of them starts again under new keys, or as two copies that each wrote on.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceKey, RoomId } from "@papo/protocol";
import { KeptWorld, type Someone } from "./kept-fixture.ts";

type Cast = { world: KeptWorld; alice: Someone; bob: Someone; carol: Someone; sala: RoomId };

async function room(): Promise<Cast> {
  const world = new KeptWorld();
  const alice = await world.person("alice");
  const bob = await world.person("bob");
  const carol = await world.person("carol");
  const sala = await world.openRoom("sala", [alice, bob, carol]);
  await bob.say(sala, "before");
  await world.run();
  return { world, alice, bob, carol, sala };
}

function deviceOf(who: Someone): DeviceKey {
  return who.own.keys.device.publicKey;
}

/** How many content entries of this device count for `who`; Infinity while it may write. */
function upTo(who: Someone, id: RoomId, device: DeviceKey): number | undefined {
  return who.rooms.replica(id)?.state.spans(device, "content").at(-1)?.[1];
}

test("F15: a device with new keys begins at once, and the one that it was is cut where everybody who is linked has it", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const old = deviceOf(bob);
  world.cutAll(bob);
  await bob.rekey();
  await world.settle();
  await bob.say(sala, "alone, under new keys");
  assert.equal(upTo(bob, sala, old), Number.POSITIVE_INFINITY, "nobody is there who could have more of it");

  world.linkAll([bob, alice, carol]);
  await world.run(10_000);
  for (const one of [alice, bob, carol]) {
    assert.equal(upTo(one, sala, old), 1, one.name);
    assert.equal(upTo(one, sala, deviceOf(bob)), Number.POSITIVE_INFINITY);
    assert.deepEqual(one.texts(sala), ["bob: before", "bob: alone, under new keys"], one.name);
  }
});

test("S2: what others have of an older copy's device comes back before it is cut", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const older = await world.copyOf(bob);
  const old = deviceOf(bob);
  await bob.say(sala, "later");
  await world.run();
  world.cutAll(bob);
  bob.rooms.stop();
  world.people.splice(world.people.indexOf(bob), 1);

  await older.rekey();
  world.linkAll([older, alice, carol]);
  await older.say(sala, "restored");
  await world.run(10_000);
  for (const one of [alice, older, carol]) {
    assert.deepEqual(one.texts(sala).toSorted(), ["bob: before", "bob: later", "bob: restored"], one.name);
    assert.equal(upTo(one, sala, old), 2, one.name);
    assert.deepEqual(one.told("forked"), []);
  }
});

test("F15: what two copies wrote under one number is said again by each, and everybody has it once", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const copy = await world.copyOf(bob);
  for (const one of [alice, bob, carol]) world.cutAll(one);
  world.link(bob, alice);
  world.link(copy, carol);
  await bob.say(sala, "from bob");
  await copy.say(sala, "from the copy");
  await world.run();
  assert.deepEqual(alice.texts(sala), ["bob: before", "bob: from bob"]);
  assert.deepEqual(carol.texts(sala), ["bob: before", "bob: from the copy"]);
  world.cutAll(bob);
  world.cutAll(copy);

  await bob.rekey();
  await copy.rekey(bob.own.statement);
  world.linkAll([alice, bob, carol]);
  world.link(alice, copy);
  world.link(carol, copy);
  await world.run(20_000);
  for (const one of [alice, bob, carol, copy])
    assert.deepEqual(
      one.texts(sala).toSorted(),
      ["bob: before", "bob: from bob", "bob: from the copy"],
      `${one.name} ${deviceOf(one)}`,
    );
});

test("F15: a copy that hears from the log that its own account has revoked it stops, and says by which statement", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const copy = await world.copyOf(bob);
  world.cutAll(bob);
  await bob.rekey();
  world.linkAll([alice, bob, carol]);
  await world.run(5_000);
  assert.equal(copy.revokedBy.length, 0);
  world.link(copy, carol);
  await world.run(5_000);
  assert.equal(copy.revokedBy[0]?.text, bob.own.statement.signed.text);
  assert.equal(bob.revokedBy.length, 0);
  const entries = carol.rooms
    .replica(sala)
    ?.heads()
    .filter(({ device }) => device === deviceOf(copy));
  assert.equal(entries?.[0]?.content?.[0], 1, "it wrote nothing more");
});

test("before the tracker has taken it, no statement goes into a log", async () => {
  const { world, alice, bob, carol, sala } = await room();
  world.tracker.isAway = true;
  bob.isOnline = false;
  const before = bob.history.control(sala).length;
  const { online } = bob;
  bob.online = () => undefined;
  await bob.rekey();
  world.linkAll([alice, bob, carol]);
  await world.run(5_000);
  assert.equal(bob.history.control(sala).length, before);
  bob.online = online;
  bob.online();
  await world.run(5_000);
  assert.equal(upTo(alice, sala, deviceOf(bob)), Number.POSITIVE_INFINITY);
});

test("a room that the tracker lists and nothing is kept of is found again; what was given up here is not", async () => {
  const { world, alice, bob, carol, sala } = await room();
  const blank = await world.person("bob");
  world.linkAll([alice, carol, blank]);
  await world.run(10_000);
  assert.deepEqual(blank.texts(sala), ["bob: before"]);
  assert.equal(blank.room(sala).log?.standing, "member");

  world.cutAll(blank);
  const empty = await world.person("carol");
  await world.run();
  assert.equal(empty.room(sala).log?.standing, "joining", "until somebody shows it");
  assert.deepEqual(empty.history.rooms(), [], "a tracker's word alone is not kept");
  assert.equal(bob.texts(sala).length, 1);
});
