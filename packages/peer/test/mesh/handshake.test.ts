// Goal: nobody gets a link, or a name out of us, who cannot prove to be whom the tracker's signed word says.
// Method: strangers with keys of their own dial, or are dialled by, a real account on the in-memory network, and say one wrong thing each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenedStatement, createTrackerKey, sha256Text, signBinding, signStatement } from "@papo/link";
import { type PeerHello, type SignedText, fault } from "@papo/protocol";
import { type OwnKeys, createKeys } from "../../src/identity/own-account.ts";
import { papoEndpoint } from "../fake-tracker-fixture.ts";
import { type Person, Stranger, World, keysFor, named } from "../world-fixture.ts";

const DATE = "2026-11-20T12:00:00Z";

type Mallory = { readonly keys: OwnKeys; readonly statement: OpenedStatement };

/** gabi, and a program of somebody else's at another host, which has an account of its own called mallory. */
async function scene(): Promise<{
  world: World;
  gabi: Person;
  stranger: Stranger;
  hello: PeerHello;
  mallory: Mallory;
}> {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const mallory = keysFor("mallory");
  const stranger = new Stranger(world, "10.0.0.66", mallory.keys.tls);
  const hello: PeerHello = {
    cmd: "HELLO",
    version: 1,
    features: [],
    to: gabi.live.own.keys.root.publicKey,
    statement: mallory.statement.signed,
    binding: bindingFor(world, "mallory", mallory),
    username: named("mallory"),
  };
  return { world, gabi, stranger, hello, mallory };
}

function bindingFor(world: World, name: string, { keys }: Mallory, key = world.tracker.key): SignedText {
  return signBinding(key, {
    v: 1,
    tracker: key.publicKey,
    name: named(name),
    account: keys.root.publicKey,
    date: DATE,
  });
}

/** What an honest HELLO gets: the control that shows that the refusals below are refusals. */
test("an honest stranger is answered with our HELLO, addressed to them", async () => {
  const { world, gabi, stranger, hello, mallory } = await scene();
  const talk = await world.run(stranger.dial(gabi, "papo"));
  talk.say(hello);
  await world.until(() => talk.heard.length === 1);
  const answer: PeerHello = JSON.parse(talk.heard[0] ?? "");
  assert.equal(answer.cmd, "HELLO");
  assert.equal(answer.to, mallory.keys.root.publicKey);
  assert.equal(answer.username, "gabi");
});

type Wrong = {
  readonly id: string;
  readonly what: string;
  readonly change: (hello: PeerHello, scene: { world: World; mallory: Mallory }) => object;
};

const WRONG: readonly Wrong[] = [
  {
    id: "P4",
    what: "a HELLO meant for somebody else",
    change: (hello) => ({ ...hello, to: keysFor("nori").keys.root.publicKey }),
  },
  { id: "P4", what: "a HELLO meant for nobody in particular", change: (hello) => ({ ...hello, to: null }) },
  {
    id: "P3",
    what: "a statement signed by another account",
    change: (hello) => ({
      ...hello,
      statement: { text: hello.statement.text, sig: keysFor("nori").statement.signed.sig },
    }),
  },
  {
    id: "P3",
    what: "a statement with trailing bytes",
    change: (hello) => ({ ...hello, statement: { ...hello.statement, text: `${hello.statement.text} ` } }),
  },
  {
    id: "P3",
    what: "another account's statement, whose TLS key we do not hold",
    change: (hello, { world }) => ({
      ...hello,
      statement: keysFor("nori").statement.signed,
      binding: bindingFor(world, "nori", keysFor("nori")),
      username: "nori",
    }),
  },
  {
    id: "P3",
    what: "a statement that revoked this device",
    change: (hello, { mallory }) => ({ ...hello, statement: revoked(mallory) }),
  },
  {
    id: "P3",
    what: "a statement far larger than one may be",
    change: (hello) => ({ ...hello, statement: { ...hello.statement, text: "x".repeat(60_000) } }),
  },
  {
    id: "P3",
    what: "a binding by another tracker",
    change: (hello, { world, mallory }) => ({
      ...hello,
      binding: bindingFor(world, "mallory", mallory, createTrackerKey()),
    }),
  },
  {
    id: "P3",
    what: "a binding of another name",
    change: (hello, { world, mallory }) => ({ ...hello, binding: bindingFor(world, "nori", mallory) }),
  },
  {
    id: "P3",
    what: "a binding of another account",
    change: (hello, { world }) => ({ ...hello, binding: bindingFor(world, "mallory", keysFor("nori")) }),
  },
  { id: "P3", what: "no binding at all", change: (hello) => ({ ...hello, binding: null }) },
  {
    id: "P7",
    what: "a MESSAGE before any HELLO",
    change: () => ({ cmd: "MESSAGE", id: "A".repeat(22), room: null, content: "oi", sent: DATE }),
  },
  { id: "P1", what: "a HELLO without a field", change: (hello) => ({ ...hello, statement: undefined }) },
  { id: "P1", what: "something that is no command", change: () => ({ hello: "gabi" }) },
];

function revoked({ keys, statement }: Mallory): SignedText {
  const devices = statement.statement.devices.map((device) => ({ ...device, revoked: DATE }));
  return signStatement(keys.root, { ...statement.statement, devices });
}

for (const { id, what, change } of WRONG) {
  test(`${id}: ${what} ends the connection, and nothing was told`, async () => {
    const { world, gabi, stranger, hello, mallory } = await scene();
    const talk = await world.run(stranger.dial(gabi, "papo"));
    talk.say(change(hello, { world, mallory }));
    await world.until(() => talk.ended !== undefined);
    assert.deepEqual(talk.heard, [], "a refused stranger learns no name and no reason");
    assert.equal(talk.ended, "lost", "every cause looks the same");
    assert.deepEqual(gabi.pins.all(), [], "no state was changed");
    assert.deepEqual(gabi.live.links(), []);
  });
}

test("P3: an older statement does not bring a device back that a newer one revoked", async () => {
  const { world, gabi, stranger, hello, mallory } = await scene();
  const phone = createKeys();
  const next = secondStatement(mallory, phone);
  await meetAs(world, new Stranger(world, "10.0.0.67", phone.tls), gabi, { ...hello, statement: next });
  const talk = await world.run(stranger.dial(gabi, "papo"));
  talk.say(hello);
  await world.until(() => talk.ended !== undefined);
  assert.deepEqual(talk.heard, []);
});

test("P3: two statements of one version are proof of theft: refused, and the user is told", async () => {
  const { world, gabi, stranger, hello, mallory } = await scene();
  await meetAs(world, stranger, gabi, hello);
  const talk = await world.run(stranger.dial(gabi, "papo"));
  talk.say({ ...hello, statement: otherFirstStatement(mallory) });
  await world.until(() => talk.ended !== undefined);
  assert.equal(gabi.of("name-conflict")[0]?.username, "mallory");
});

async function meetAs(world: World, stranger: Stranger, person: Person, hello: object): Promise<void> {
  const talk = await world.run(stranger.dial(person, "papo"));
  talk.say(hello);
  await world.until(() => talk.heard.length === 1);
  await world.run(talk.link.close(fault("closed", "met")));
}

/** Lists a new device and revokes the first. */
function secondStatement({ keys, statement }: Mallory, phone: OwnKeys): SignedText {
  const added = {
    device: phone.device.publicKey,
    tls: phone.tls.key,
    seal: phone.seal.publicKey,
    added: DATE,
    revoked: null,
  };
  const devices = [...statement.statement.devices.map((device) => ({ ...device, revoked: DATE })), added];
  return signStatement(keys.root, {
    ...statement.statement,
    version: 2,
    prev: sha256Text(statement.signed.text),
    devices,
  });
}

function otherFirstStatement({ keys, statement }: Mallory): SignedText {
  const devices = statement.statement.devices.map((device) => ({ ...device, added: "2020-01-01T00:00:00Z" }));
  return signStatement(keys.root, { ...statement.statement, devices });
}

// ---- as the dialler

/** A fellow member of gabi's room whose place is taken by the stranger's program, listening at that account's address. */
async function dialled(
  answer: (hello: PeerHello, world: World) => object | undefined,
): Promise<{ gabi: Person; said: string[]; world: World }> {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  const { port } = nori.live.listening ?? { port: 0 };
  const endpoints = world.tracker.member(nori.name).endpoints;
  await world.run(nori.live.stop());
  const said: string[] = [];
  const stranger = new Stranger(world, nori.host, keysFor("mallory").keys.tls);
  await stranger.listen(
    "papo",
    (talk) => {
      talk.link.start({
        message({ payload }) {
          const text = Buffer.from(payload).toString("utf8");
          said.push(text);
          const reply = answer(JSON.parse(text), world);
          if (reply !== undefined) talk.say(reply);
        },
        closed: () => undefined,
      });
    },
    port,
  );
  const member = {
    ...world.tracker.member(nori.name),
    online: true,
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, tls: keysFor("mallory").keys.tls.key })),
  };
  const view = world.tracker.view(world.tracker.roomById.get(room.id) ?? assert.fail());
  world.tracker.say("gabi", {
    status: "ROOM_UPDATE",
    room: { ...view, version: view.version + 1 },
    from: view.version,
    changed: [member],
    gone: [],
  });
  await world.until(() => said.length > 0);
  await world.clock.advance(2_000);
  return { gabi, said, world };
}

test("P4: whoever answers with an account that we did not dial gets nothing but our HELLO", async () => {
  const { gabi, said } = await dialled((hello, world) => ({
    ...{ cmd: "HELLO", version: 1, features: [], to: keysFor("gabi").keys.root.publicKey },
    ...{
      statement: keysFor("mallory").statement.signed,
      binding: bindingFor(world, "nori", keysFor("mallory")),
      username: "nori",
    },
    version: hello.version,
  }));
  assert.ok(said.every((text) => text.includes('"cmd":"HELLO"')));
  assert.ok(!gabi.isLinked("nori"));
});

test("P7: whoever speaks before proving who they are is not listened to", async () => {
  const { gabi } = await dialled(() => ({
    cmd: "MESSAGE",
    id: "A".repeat(22),
    room: null,
    content: "trust me",
    sent: DATE,
  }));
  assert.deepEqual(gabi.heard, []);
  assert.ok(!gabi.isLinked("nori"));
});

test("a far end without the TLS key that the tracker named gets no HELLO at all", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  const nori = await world.person("nori");
  const room = await world.room([gabi, nori]);
  const { port } = nori.live.listening ?? { port: 0 };
  await world.run(nori.live.stop());
  const said: string[] = [];
  const stranger = new Stranger(world, nori.host, keysFor("mallory").keys.tls);
  await stranger.listen(
    "papo",
    (talk) => talk.link.start({ message: ({ payload }) => void said.push(String(payload)), closed: () => undefined }),
    port,
  );
  const { device, tls } = keysFor("nori").keys;
  const endpoint = papoEndpoint(device, tls.key, { address: nori.host, port });
  const view = world.tracker.view(world.tracker.roomById.get(room.id) ?? assert.fail());
  const member = { ...world.tracker.member(nori.name), online: true, endpoints: [endpoint] };
  world.tracker.say("gabi", {
    status: "ROOM_UPDATE",
    room: { ...view, version: view.version + 1 },
    from: view.version,
    changed: [member],
    gone: [],
  });
  await world.until(() => gabi.of("unreachable").some(({ reason }) => reason.code === "identity_changed"));
  assert.deepEqual(said, []);
});
