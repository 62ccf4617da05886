// Goal: F2, F3: while the tracker is gone, for hours, chats go on: over links, to cached addresses, after a restart; and everything comes right when it is back.
// Method: whole accounts on the in-memory network and a virtual clock; the tracker killed and started again.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@papo/protocol";
import { World, allLinked, inRoom, named, receivedBy } from "../world-fixture.ts";

const HOUR_MS = 3_600_000;

/** How often each host was dialled at, by anybody. Before anybody is there. */
function countDials(world: World): Map<string, number> {
  const dialsByHost = new Map<string, number>();
  const hostOf = world.network.host.bind(world.network);
  world.network.host = (address) => {
    const host = hostOf(address);
    const dial = host.dial.bind(host);
    host.dial = (options) => {
      dialsByHost.set(options.host, 1 + (dialsByHost.get(options.host) ?? 0));
      return dial(options);
    };
    return host;
  };
  return dialsByHost;
}

async function withoutTracker(
  world: World,
  ...people: readonly { live: { state: { kind: string } } }[]
): Promise<void> {
  await world.tracker.die();
  await world.until(() => people.every(({ live }) => live.state.kind === "waiting"));
}

test("F3: hours without a tracker: chats go on, a link that was lost is made anew, and nobody is busy with it", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await withoutTracker(world, gabi, nori);

  await world.clock.advance(2 * HOUR_MS);
  const said = await gabi.say(room, "still here");
  await world.until(() => receivedBy(gabi, said) === 1);

  world.network.cut(gabi.host, nori.host);
  await world.until(() => gabi.of("unlinked").length === 1);
  await world.until(() => allLinked([gabi, nori]));
  const again = await nori.say(room, "here too");
  await world.until(() => receivedBy(nori, again) === 1);
  assert.deepEqual(gabi.heard, ["here too"]);
  assert.deepEqual(gabi.of("member-left"), []);
});

test("F3: whoever starts while the tracker is gone is in, reads what is kept, is found by the others, and says what waits when they meet", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  const before = await nori.say(room, "before");
  await world.until(() => receivedBy(nori, before) === 1);
  await withoutTracker(world, gabi, nori);
  await world.run(gabi.live.stop());
  await world.until(() => nori.of("unlinked").length === 1);

  const back = await world.person("gabi", { before: gabi });
  assert.equal(back.live.state.kind, "waiting");
  assert.equal(back.live.rooms.one(room.id)?.memberCount, 2);
  assert.deepEqual(
    back.live.messages(inRoom(room.id)).flatMap(({ content, kept }) => (kept?.notice === null ? [content] : [])),
    ["before"],
  );
  const said = await back.say(room, "I am back");
  assert.equal(back.now(said).delivery?.kind, "held");
  await world.until(() => receivedBy(back, said) === 1);
  assert.deepEqual(nori.heard, ["I am back"]);

  await world.tracker.listen();
  await world.until(() => back.live.state.kind === "online" && nori.live.state.kind === "online");
  await world.clock.advance(60_000);
  assert.ok(allLinked([back, nori]));
  assert.deepEqual([back.of("member-left"), nori.of("member-left"), nori.of("room-closed")], [[], [], []]);
});

test("F3: what needs the tracker is answered at once, and says that it is away", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  await withoutTracker(world, gabi);
  const startedMs = world.clock.monotonicMs();
  const asked: readonly Promise<Outcome<unknown>>[] = [
    gabi.live.rooms.create({ name: "NOVA" }),
    gabi.live.rooms.join("NOVA"),
    gabi.live.withLine((line) => line.listPeers({})),
    gabi.live.openPrivate(named("nori")),
  ];
  for (const answering of asked) {
    const answer = await world.run(answering);
    assert.equal(!answer.ok && answer.fault.code, "tracker_unreachable");
  }
  assert.equal(world.clock.monotonicMs(), startedMs);
});

test("F3: nobody dials in a hurry for hours: neither the tracker that is gone nor a member who is", async () => {
  const world = await World.create();
  const dials = countDials(world);
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  await world.room([gabi, nori]);
  await withoutTracker(world, gabi, nori);
  world.network.cut(gabi.host, nori.host);
  await world.run(nori.live.stop());
  await world.clock.advance(10 * 60_000);

  dials.clear();
  await world.clock.advance(HOUR_MS);
  const [atTracker = 0, atNori = 0] = [dials.get("10.0.0.1"), dials.get(nori.host)];
  // Full jitter below a ceiling of a minute: two minutes' worth of dials at most, and never none.
  assert.ok(atTracker > 30 && atTracker < 300, `${atTracker} dials at the tracker in an hour`);
  assert.ok(atNori > 10 && atNori < 600, `${atNori} dials at a member in an hour`);
});

test("F3: two who both start again while the tracker is gone find each other where they were", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.clock.advance(60_000);
  await withoutTracker(world, gabi, nori);
  await world.run(Promise.all([gabi.live.stop(), nori.live.stop()]));
  await world.clock.advance(HOUR_MS);

  const again = [await world.person("gabi", { before: gabi }), await world.person("nori", { before: nori })] as const;
  const said = await again[0].say(room, "and here we are");
  await world.until(() => receivedBy(again[0], said) === 1);
  assert.deepEqual(again[1].heard, ["and here we are"]);
});

test("F3: who was offline when the tracker went away comes back to the others without it", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.clock.advance(60_000);
  await world.run(nori.live.stop());
  const said = await gabi.say(room, "while you were out");
  await withoutTracker(world, gabi);
  await world.clock.advance(HOUR_MS);
  assert.equal(gabi.live.reach(nori.name).kind === "linked", false);

  const back = await world.person("nori", { before: nori });
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(back.heard, ["while you were out"]);
  const member = gabi.live.rooms.one(room.id)?.members.find(({ username }) => username === "nori");
  assert.equal(member?.online, true);
});

test("F3: a tracker whose host is silent is waited for two seconds, and no more", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  await world.run(gabi.live.stop());
  world.network.partition(["10.0.0.1"], [gabi.host]);
  const startedMs = world.clock.monotonicMs();
  const back = await world.person("gabi", { before: gabi });
  assert.ok(world.clock.monotonicMs() - startedMs <= 2_100);
  assert.equal(back.live.state.kind, "connecting");

  world.network.heal();
  await world.until(() => back.live.state.kind === "online");
});

test("F3: a tracker that is back and refuses the account is believed, and told", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  await withoutTracker(world, gabi);
  await world.run(gabi.live.stop());
  const back = await world.person("gabi", { before: gabi });
  world.tracker.intercept = ({ cmd }) => (cmd === "LOGIN" ? { status: "ERROR", code: "identity_required" } : undefined);
  await world.tracker.listen();
  await world.until(() => back.live.state.kind === "refused");
  assert.equal(back.of("tracker").at(-1)?.state.kind, "refused");
});

test("F3: a statement that no tracker has taken is shown to nobody before one has", async () => {
  const world = await World.create();
  const dials = countDials(world);
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.clock.advance(60_000);
  await withoutTracker(world, gabi, nori);
  await world.run(gabi.live.stop());
  dials.clear();
  const back = await world.person("gabi", { before: gabi, withoutTracker: "waits" });
  const said = await back.say(room, "do you know me?");
  await world.clock.advance(10 * 60_000);
  assert.equal(back.now(said).delivery?.kind, "held");
  assert.deepEqual([dials.get(nori.host), back.live.listening], [undefined, null]);

  await world.tracker.listen();
  await world.until(() => receivedBy(back, said) === 1);
});
