// Goal: what an account says of itself, and what a member says in a room, changes nothing for anybody else.
// Method: mallory has an account of her own, a statement and messages that name what belongs to others; in-memory network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signBinding, signStatement } from "@papo/link";
import { FRAME_KIND, type Member, type PeerHello, type SignedText, type TlsKey, member } from "@papo/protocol";
import * as v from "valibot";
import { contactsOf } from "../../src/mesh/contacts.ts";
import { type Person, Stranger, type Talk, World, inRoom, keysFor, named, receivedBy } from "../world-fixture.ts";

const DATE = "2026-11-20T12:00:00Z";
const NORI_DEVICE = keysFor("nori").keys.device.publicKey;

/** Mallory's own account says that nori's device key names a device of hers, with her TLS key. */
function greedyStatement(): SignedText {
  const { keys, statement } = keysFor("mallory");
  const devices = statement.statement.devices.map((device) => ({ ...device, device: NORI_DEVICE }));
  return signStatement(keys.root, { ...statement.statement, devices });
}

function helloOf(world: World, statement: SignedText, to = "gabi"): PeerHello {
  const { key } = world.tracker;
  const account = keysFor("mallory").keys.root.publicKey;
  return {
    ...{ cmd: "HELLO", version: 1, features: [], to: keysFor(to).keys.root.publicKey },
    ...{ statement, username: named("mallory") },
    binding: signBinding(key, { v: 1, tracker: key.publicKey, name: named("mallory"), account, date: DATE }),
  };
}

async function greet(world: World, gabi: Person, statement: SignedText): Promise<Talk> {
  const talk = await world.run(new Stranger(world, "10.0.0.66", keysFor("mallory").keys.tls).dial(gabi, "papo"));
  talk.say(helloOf(world, statement));
  await world.until(() => talk.heard.length > 0);
  return talk;
}

test("a statement that names somebody else's device key displaces none of their links", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  await world.clock.advance(10_000);
  await greet(world, gabi, greedyStatement());

  assert.ok(gabi.isLinked("nori"));
  await world.clock.advance(10_000);
  assert.deepEqual(gabi.of("unlinked"), []);
  const said = await gabi.say(room, "for nori");
  await world.until(() => receivedBy(gabi, said) === 1);
  assert.deepEqual(nori.heard, ["for nori"]);
});

function onNorisDevice(name: string, tls: TlsKey | null): Member {
  const account = keysFor(name).keys.root.publicKey;
  const endpoints = [{ device: NORI_DEVICE, tls, address: null, port: null }];
  return v.parse(member, { username: name, account, online: true, endpoints });
}

test("an account that names somebody else's device key is not taken for them when we choose whom to dial", () => {
  const members = ["mallory", "nori"].map((name) => onNorisDevice(name, keysFor(name).keys.tls.key));
  const rules = {
    self: named("gabi"),
    allowPlaintext: false,
    trackerAddress: "10.0.0.1",
    tracksAccounts: true,
    placesOf: () => [{ address: "10.0.0.66", port: 5_000 }],
    mayKnowUs: () => true,
  };
  assert.deepEqual(
    [...contactsOf(members, rules).values()].map(({ username }) => username),
    ["mallory", "nori"],
  );
});

test("P4: a device of which the tracker does not tell the TLS key is not dialled: anybody could answer there", () => {
  const rules = {
    self: named("gabi"),
    allowPlaintext: true,
    trackerAddress: "10.0.0.1",
    tracksAccounts: true,
    placesOf: () => [{ address: "10.0.0.66", port: 5_000 }],
    mayKnowUs: () => true,
  };
  const [contact] = contactsOf([onNorisDevice("nori", null)], rules).values();
  assert.equal(contact?.refusal?.code, "unreachable");
});

test("I2: a member who repeats another's message id replaces no line, neither theirs nor ours", async () => {
  const world = await World.create();
  const people = [
    await world.person("gabi", { allowPlaintext: true }),
    await world.person("nori", { allowPlaintext: true }),
    await world.person("mallory", { allowPlaintext: true }),
  ];
  const [gabi, nori, mallory] = people;
  assert.ok(gabi !== undefined && nori !== undefined && mallory !== undefined);
  const room = await world.room(people, { kind: "plain" });
  const ofNori = await nori.say(room, "from nori");
  const ofGabi = await gabi.say(room, "from gabi");
  await world.until(() => gabi.heard.length === 1 && receivedBy(gabi, ofGabi) === 2);
  await world.run(mallory.live.stop());

  const talk = await greet(world, gabi, keysFor("mallory").statement.signed);
  for (const { id } of [ofNori, ofGabi]) {
    talk.say({ cmd: "MESSAGE", id, room: room.id, content: "forged", sent: DATE });
  }
  await world.until(() => gabi.heard.length === 3);
  const shown = gabi.live.messages(inRoom(room.id)).map(({ author, content }) => `${author}: ${content}`);
  assert.deepEqual(shown.toSorted(), ["gabi: from gabi", "mallory: forged", "mallory: forged", "nori: from nori"]);
});

test("P7: a HELLO is a JSON frame; as bytes it is none", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const talk = await world.run(new Stranger(world, "10.0.0.66", keysFor("mallory").keys.tls).dial(gabi, "papo"));
  const hello = helloOf(world, keysFor("mallory").statement.signed);
  talk.link.sendFrame(FRAME_KIND.bytes, Buffer.from(JSON.stringify(hello)));
  await world.until(() => talk.ended !== undefined);
  assert.deepEqual(talk.heard, []);
});

test("one device that dials again and again holds a bounded number of links", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const talks: Talk[] = [];
  for (let count = 0; count < 20; count += 1) {
    talks.push(await greet(world, gabi, keysFor("mallory").statement.signed));
  }
  assert.ok(talks.filter(({ ended }) => ended === undefined).length <= 5);
  assert.ok(gabi.isLinked("mallory"));
});
