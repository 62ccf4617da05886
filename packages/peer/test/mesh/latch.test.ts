// Goal: a name that has shown a key is not believed without one, and nothing is said in clear to whoever uses it so.
// Method: programs of the seed dialect on the in-memory network that say HELLO with names that have keys, to somebody who allows plaintext.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, Stranger, type Talk, World } from "../world-fixture.ts";

async function plainWorld(): Promise<{ world: World; gabi: Person; nori: Person }> {
  const world = await World.create();
  const gabi = await world.person("gabi", { allowPlaintext: true });
  const nori = await world.person("nori");
  return { world, gabi, nori };
}

/** An original program at another host says whose it is, and something. */
async function says(
  world: World,
  to: Person,
  { name, room = null }: { name: string; room?: string | null },
): Promise<Talk> {
  const talk = await world.run(new Stranger(world, "10.0.0.66").dial(to, "seed"));
  talk.say({ cmd: "HELLO", username: name });
  talk.say({ cmd: "MESSAGE", room, username: name, content: `I am ${name}` });
  return talk;
}

test("an original program with a name of its own is heard in private: the control", async () => {
  const { world, gabi } = await plainWorld();
  await says(world, gabi, { name: "zoe" });
  await world.until(() => gabi.heard.length === 1);
  assert.equal(gabi.of("message")[0]?.message.encrypted, false);
});

for (const linked of [true, false]) {
  test(`P25: a seed HELLO with the name of a contact that has a key is refused, ${linked ? "beside its link" : "and when it has gone offline"}`, async () => {
    const { world, gabi, nori } = await plainWorld();
    await world.room([gabi, nori]);
    if (!linked) await world.run(nori.live.stop());
    const talk = await says(world, gabi, { name: "nori" });
    await world.until(() => talk.ended !== undefined);
    assert.deepEqual(talk.heard, []);
    assert.deepEqual(gabi.heard, []);
    assert.equal(gabi.isLinked("nori"), linked);
    assert.ok(gabi.live.links().every(({ encrypted }) => encrypted));
  });
}

test("P25: a member of a plain room whose key the tracker tells is not impersonated in clear either", async () => {
  const { world, gabi } = await plainWorld();
  const yuki = await world.person("yuki", { allowPlaintext: true });
  await world.room([gabi, yuki], { kind: "plain" });
  const talk = await says(world, gabi, { name: "yuki", room: "TESTE" });
  await world.until(() => talk.ended !== undefined);
  assert.deepEqual(gabi.heard, []);
});

test("P25: our own name, and anybody at all while plaintext is not allowed, are refused as well", async () => {
  const { world, gabi, nori } = await plainWorld();
  for (const [person, name] of [
    [gabi, "gabi"],
    [nori, "zoe"],
  ] as const) {
    const talk = await says(world, person, { name });
    await world.until(() => talk.ended !== undefined);
    assert.deepEqual([talk.heard, person.heard], [[], []]);
  }
});

test("P26: what a seed program says into a room that is not plain is ignored", async () => {
  const { world, gabi, nori } = await plainWorld();
  await world.room([gabi, nori]);
  const talk = await says(world, gabi, { name: "zoe", room: "TESTE" });
  talk.say({ cmd: "MESSAGE", room: null, username: "zoe", content: "in private" });
  await world.until(() => gabi.heard.length > 0);
  assert.deepEqual(gabi.heard, ["in private"]);
});
