// Goal: whoever is away says so once, in their own words, to those who have to do with them and to nobody else, and it ends with them.
// Method: whole accounts on the in-memory network and a virtual clock; links that open, break and are replaced, strangers, several devices, a flood.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AWAY_TEXT_BYTES_MAX, STATUS_BURST, STATUS_EVERY_MS } from "@papo/protocol";
import { type Person, World, addTablet, allLinked, expectOk, named } from "../world-fixture.ts";

/** What was told of somebody, `null` for back. */
function told(person: Person, about: string): readonly (string | null)[] {
  return person.of("away").flatMap(({ username, text }) => (username === about ? [text] : []));
}

/** What stands beside a member's name. */
function shown(person: Person, about: string): string | undefined {
  const [room] = person.live.rooms.all();
  return room?.members.find(({ username }) => username === about)?.away;
}

async function linked(kind: "open" | "plain"): Promise<{ world: World; gabi: Person; nori: Person }> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori", { allowPlaintext: true });
  await world.room([gabi, nori], { kind });
  return { world, gabi, nori };
}

for (const kind of ["open", "plain"] as const)
  test(`members hear who is away, exactly as it was said, and who is back (${kind} room)`, async () => {
    const { world, gabi, nori } = await linked(kind);
    const hostile = "almoço\u001b[2J\u202e ✗\r\ngabi: oi";
    gabi.events.length = 0;
    expectOk(nori.live.away.set(hostile));
    await world.until(() => told(gabi, "nori").length === 1);
    assert.deepEqual(told(gabi, "nori"), [hostile]);
    assert.deepEqual([shown(gabi, "nori"), shown(nori, "nori"), shown(gabi, "gabi")], [hostile, hostile, undefined]);
    const changed = gabi
      .of("room-changed")
      .at(-1)
      ?.room.members.find(({ username }) => username === "nori");
    assert.equal(changed?.away, hostile);
    assert.deepEqual(told(nori, "nori"), [hostile]);

    expectOk(nori.live.away.set(hostile));
    expectOk(nori.live.away.set(""));
    expectOk(nori.live.away.set(null));
    await world.until(() => told(gabi, "nori").length === 3);
    assert.deepEqual(told(gabi, "nori"), [hostile, "", null]);
    assert.equal(shown(gabi, "nori"), undefined);
  });

test("who comes later hears it with the link, and what changed while there was none", async () => {
  const { world, gabi, nori } = await linked("open");
  expectOk(nori.live.away.set("no mercado"));
  const yuki = await world.person("yuki");
  expectOk(await world.run(yuki.live.rooms.join("TESTE")));
  await world.until(() => shown(yuki, "nori") === "no mercado");

  world.network.partition(["10.0.0.1", gabi.host], ["10.0.0.1", nori.host]);
  world.network.cut(gabi.host, nori.host);
  world.tracker.calls.relays = false;
  await world.until(() => gabi.of("unlinked").length === 1);
  assert.equal(shown(gabi, "nori"), undefined);
  expectOk(nori.live.away.set("na feira"));
  world.network.heal();
  await world.until(() => allLinked([gabi, nori]) && shown(gabi, "nori") === "na feira");
  // Going away from reach is told otherwise.
  assert.deepEqual(told(gabi, "nori"), ["no mercado", "na feira"]);
});

test("being away ends with the program: whoever starts again is there", async () => {
  const { world, gabi, nori } = await linked("open");
  expectOk(nori.live.away.set("já volto"));
  await world.until(() => shown(gabi, "nori") !== undefined);
  world.network.cut(gabi.host, nori.host);
  await world.run(nori.live.stop());
  const again = await world.person("nori", { before: nori });
  await world.until(() => allLinked([gabi, again]));
  await world.clock.advance(1_000);
  assert.equal(again.live.away.own, null);
  assert.equal(shown(gabi, "nori"), undefined);
});

test("strangers do not learn who is away, and hear it when they are none any more", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const yuki = await world.person("yuki");
  await world.run(yuki.live.privateChats.open(named("gabi")));
  await yuki.whisper("gabi", "oi, sou a yuki");
  await world.until(() => gabi.of("contact-request").length === 1 && yuki.isLinked("gabi"));
  expectOk(gabi.live.away.set("não para todos"));
  expectOk(yuki.live.away.set("também não"));
  await world.clock.advance(60_000);
  assert.deepEqual([told(yuki, "gabi"), told(gabi, "yuki")], [[], []]);

  expectOk(await world.run(gabi.live.kept.privateChats.answerContact(named("yuki"), "accept")));
  await world.until(() => told(yuki, "gabi").length === 1 && told(gabi, "yuki").length === 1);
  assert.deepEqual([told(yuki, "gabi"), told(gabi, "yuki")], [["não para todos"], ["também não"]]);
});

test("somebody with two devices is away when both say so", async () => {
  addTablet("nori");
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori", { keys: "nori again" });
  await world.room([gabi, nori]);
  const tablet = await world.person("nori", { keys: "nori tablet" });
  await world.until(() => gabi.live.links().length === 2);
  expectOk(nori.live.away.set("dormindo"));
  await world.clock.advance(1_000);
  assert.deepEqual(told(gabi, "nori"), []);
  expectOk(tablet.live.away.set("dormindo também"));
  await world.until(() => told(gabi, "nori").length === 1);
  assert.match(String(shown(gabi, "nori")), /^dormindo/u);
  expectOk(tablet.live.away.set(null));
  await world.until(() => told(gabi, "nori").length === 2);
  // The one that is there goes: the other one is away still.
  await world.run(tablet.live.stop());
  await world.until(() => told(gabi, "nori").length === 3);
  assert.deepEqual(told(gabi, "nori").slice(1), [null, "dormindo"]);
});

test("who changes their mind all the time is told of a few times, and with the last word in the end", async () => {
  const { world, gabi, nori } = await linked("open");
  gabi.events.length = 0;
  for (let at = 0; at < 500; at += 1) expectOk(nori.live.away.set(`${at}`));
  await world.clock.advance(STATUS_EVERY_MS - 1_000);
  assert.deepEqual(
    told(gabi, "nori"),
    Array.from({ length: STATUS_BURST }, (_, at) => `${at}`),
  );
  await world.clock.advance(STATUS_EVERY_MS);
  assert.deepEqual(told(gabi, "nori").slice(STATUS_BURST), ["499"]);
  assert.equal(shown(gabi, "nori"), "499");
});

test("what is too long, or no text, is not said", async () => {
  const { gabi } = await linked("open");
  const long = gabi.live.away.set("é".repeat(AWAY_TEXT_BYTES_MAX / 2 + 1));
  const broken = gabi.live.away.set("\ud800");
  assert.deepEqual([long.ok, broken.ok, gabi.live.away.own], [false, false, null]);
  expectOk(gabi.live.away.set("é".repeat(AWAY_TEXT_BYTES_MAX / 2)));
});
