// Goal: a person is told what changed for them, once: not the noise of links, trackers and dials behind it.
// Method: whole accounts on the in-memory network and a virtual clock; programs that die, networks that part, a tracker that starts again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { UNREACHABLE_TOLD_AFTER_MS, UNUSED_LINK_LINGER_MS } from "@papo/protocol";
import { papoEndpoint } from "../fake-tracker-fixture.ts";
import { type Person, World, allLinked, keysFor, named, receivedBy } from "../world-fixture.ts";

/** What a screen would make lines of. */
function told(person: Person, about: string): readonly string[] {
  return person.events.flatMap((event) => {
    if (event.kind === "unlinked" || event.kind === "unreachable")
      return event.username === about ? [`${event.kind} ${event.reason.code}`] : [];
    const username = event.kind === "linked" ? event.link.username : "username" in event && event.username;
    return username === about ? [event.kind] : [];
  });
}

async function twoLinked(): Promise<{ world: World; gabi: Person; nori: Person }> {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  gabi.events.length = 0;
  return { world, gabi, nori };
}

test("whoever enters is told of as one who joins, and those who are there are not told of", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  await world.clock.advance(60_000);
  assert.deepEqual(told(gabi, "nori").toSorted(), ["linked", "member-joined"]);
  assert.deepEqual(told(nori, "gabi"), ["linked"]);
});

test("somebody whose program dies is lost, then offline, and not unreachable as well", async () => {
  const { world, gabi, nori } = await twoLinked();
  world.network.partition(["10.0.0.1", gabi.host], [nori.host]);
  world.network.cut(gabi.host, nori.host);
  await world.clock.advance(2_000);
  world.network.cut("10.0.0.1", nori.host);
  await world.clock.advance(300_000);
  assert.deepEqual(told(gabi, "nori"), ["unlinked lost", "member-offline"]);
});

test("somebody who stays online and cannot be reached is told of once, however often they are dialled", async () => {
  const { world, gabi, nori } = await twoLinked();
  world.tracker.calls.relays = false;
  world.network.partition(["10.0.0.1", gabi.host], ["10.0.0.1", nori.host]);
  world.network.cut(gabi.host, nori.host);
  await world.clock.advance(UNREACHABLE_TOLD_AFTER_MS - 1_000);
  assert.deepEqual(told(gabi, "nori"), ["unlinked lost"]);
  await world.clock.advance(600_000);
  assert.equal(gabi.of("unreachable").length, 1);

  world.network.heal();
  await world.until(() => allLinked([gabi, nori]));
  assert.equal(told(gabi, "nori").at(-1), "linked");
  assert.equal(gabi.of("member-offline").length, 0);
});

test("the tracker and a member die together: the member is unreachable once, and offline when the tracker is back", async () => {
  const { world, gabi, nori } = await twoLinked();
  world.network.partition(["10.0.0.1", gabi.host], [nori.host]);
  world.network.cut(gabi.host, nori.host);
  await world.tracker.die();
  await world.clock.advance(60_000);
  assert.deepEqual(
    told(gabi, "nori")
      .slice(1)
      .map((line) => line.split(" ")[0]),
    ["unreachable"],
  );
  await world.tracker.listen();
  await world.until(() => gabi.of("member-offline").length === 1);
  await world.clock.advance(300_000);
  assert.equal(told(gabi, "nori").length, 3);
});

test("F2: a tracker that starts again makes nobody go and come, linked or not", async () => {
  const world = await World.create();
  const [gabi, nori, yuki] = [await world.person("gabi"), await world.person("nori"), await world.person("yuki")];
  await world.room([gabi, nori, yuki]);
  world.network.partition(["10.0.0.1", gabi.host, nori.host], ["10.0.0.1", nori.host, yuki.host]);
  world.network.cut(gabi.host, yuki.host);
  await world.clock.advance(60_000);
  gabi.events.length = 0;

  await world.tracker.die();
  await world.clock.advance(3_000);
  await world.tracker.listen();
  await world.until(() => [gabi, nori, yuki].every(({ live }) => live.state.kind === "online"));
  await world.clock.advance(60_000);
  assert.deepEqual(told(gabi, "nori"), []);
  assert.deepEqual([...gabi.of("member-offline"), ...gabi.of("member-online")], []);
});

test("whoever parts from the last common room keeps no link, and nobody dials for it", async () => {
  const { world, gabi, nori } = await twoLinked();
  const [room] = gabi.live.rooms.all();
  await world.run(gabi.live.rooms.leave(room?.id ?? assert.fail()));
  await world.clock.advance(UNUSED_LINK_LINGER_MS + 1_000);
  assert.deepEqual([gabi.live.links(), nori.live.links()], [[], []]);
  await world.clock.advance(120_000);
  assert.deepEqual(told(gabi, "nori"), ["unlinked idle"]);
});

test("a link that a private chat still needs outlives the room", async () => {
  const { world, gabi, nori } = await twoLinked();
  const [room] = gabi.live.rooms.all();
  await world.run(nori.live.privateChats.open(named("gabi")));
  const said = await nori.whisper("gabi", "only us");
  await world.until(() => receivedBy(nori, said) === 1);
  await world.run(gabi.live.rooms.leave(room?.id ?? assert.fail()));
  await world.clock.advance(120_000);
  assert.ok(allLinked([gabi, nori]));
  assert.deepEqual(gabi.of("unlinked"), []);
});

test("a private message to somebody offline waits, says why, and goes when they come, without another word from anybody", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  gabi.events.length = 0;
  await world.run(nori.live.stop());
  await world.until(() => gabi.of("member-offline").length === 1);
  const opened = await world.run(gabi.live.privateChats.open(named("nori")));
  assert.equal(!opened.ok && opened.fault.code, "peer_offline");
  const said = await gabi.whisper("nori", "call me");
  const { delivery } = gabi.now(said);
  assert.equal(delivery?.kind === "held" && delivery.reason.code, "peer_offline");

  gabi.live.leavePrivate(named("nori"));
  await world.clock.advance(120_000);
  const again = await world.person("nori", { history: nori.history });
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(again.heard, ["call me"]);
  const asked = world.tracker.asked.length;
  await world.clock.advance(120_000);
  assert.equal(world.tracker.asked.length, asked, "nothing waits, so nobody is asked");
});

test("somebody who has dialled us is not told to be unreachable because we may not dial them", async () => {
  const { world, gabi, nori } = await twoLinked();
  const [room] = world.tracker.roomById.values();
  const member = world.tracker.member(nori.name);
  const { device, tls } = keysFor("nori").keys;
  const endpoints = [papoEndpoint(device, tls.key, { address: nori.host, port: 80 })];
  for (let count = 0; count < 5; count += 1) {
    const from = (room ?? assert.fail()).version++;
    const view = world.tracker.view(room ?? assert.fail());
    world.tracker.say("gabi", {
      status: "ROOM_UPDATE",
      room: view,
      from,
      changed: [{ ...member, endpoints }],
      gone: [],
    });
  }
  await world.clock.advance(60_000);
  assert.deepEqual(told(gabi, "nori"), []);
  assert.ok(gabi.isLinked("nori"));
});
