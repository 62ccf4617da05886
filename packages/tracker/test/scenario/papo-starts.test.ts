// Goal: what docs/protocol/tracker.md §3.2, §3.4 and §3.5 say is what happens: a copied profile is told apart, who has the root comes back
// whatever is left of the account, and the latch comes off by the root's word only.
// Method: small clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { createAccountKey, signStatement, signText, signUnlatch } from "@papo/link";
import { SIGNATURE_CONTEXTS, type UnlatchText } from "@papo/protocol";
import { type PapoClient, Root, again, newDevice, newProfile, registered } from "../papo-client.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

const newStart = () => randomBytes(16).toString("base64url");

test("F15: a profile that starts from an older state, or twice from the same one, is refused as a copy", async () => {
  const rig = await TrackerRig.start();
  const [first, second] = [newStart(), newStart()];
  const gabi = await registered(rig, "gabi", { epoch: 4, start: first });
  const login = async (fields: object) => (await again(rig, gabi)).enter(fields);

  assert.equal((await login({ epoch: 4, start: first })).status, "OK", "a reconnect");
  assert.equal((await login({ epoch: 4, start: second })).code, "profile_copied");
  assert.equal((await login({ epoch: 3, start: first })).code, "profile_copied");
  assert.equal((await login({ epoch: 9, start: second })).status, "OK");
  assert.equal((await login({ epoch: 5, start: newStart() })).code, "profile_copied");
  assert.equal((await login({})).status, "OK", "one that does not count is not judged");
  assert.equal((await login({ epoch: 9, start: second })).status, "OK");
  assert.equal((await login({ epoch: 10 })).code, "invalid_message");
  assert.equal((await login({ start: second })).code, "invalid_message");
  assert.equal((await login({ epoch: 0, start: second })).code, "invalid_message");
  assert.equal((await login({ epoch: 10, start: "x" })).code, "invalid_message");
});

test("F15: the copy that takes a new device key is let in, and the device it leaves is forgotten", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { epoch: 4, start: newStart() });
  const { root, device } = gabi.profile;
  const renewed = newDevice();
  const next = root.state({ ...device.listed, revoked: "2030-01-03T00:00:00.000Z" }, renewed.listed);
  const copy = await again(rig, gabi, { root, device: renewed, statement: next });
  assert.equal((await copy.enter({ epoch: 1, start: newStart() })).status, "OK");
  const stored = await rig.repositories.users.find("gabi" as never);
  assert.deepEqual(
    stored?.starts.map(({ device: key, epoch }) => [key, epoch]),
    [[renewed.listed.device, 1]],
  );
  assert.equal((await (await again(rig, gabi)).enter({ epoch: 5, start: newStart() })).code, "statement_stale");
});

test("F15: a refused copy changes nothing, not even the statement it came with", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { epoch: 4, start: newStart() });
  const { root, device } = gabi.profile;
  const newer = root.state(device.listed, newDevice().listed);
  const copy = await again(rig, gabi, { root, device, statement: newer });
  assert.equal((await copy.enter({ epoch: 2, start: newStart() })).code, "profile_copied");
  assert.equal((await rig.repositories.users.find("gabi" as never))?.identity?.version, 1);
});

for (const [how, fields] of [
  ["with its key alone", {}],
  ["with the password", { password: hashOf("gabi") }],
] as const) {
  test(`who has the root comes back on a new machine ${how}: the next statement suffices`, async () => {
    const rig = await TrackerRig.start();
    const gabi = await registered(rig, "gabi");
    const { root } = gabi.profile;
    const device = newDevice();
    const recovered = await again(rig, gabi, { root, device, statement: root.state(device.listed) });
    await recovered.hello();
    assert.equal((await recovered.login(fields)).status, "OK");
    assert.equal((await (await again(rig, gabi)).enter()).code, "statement_stale");
  });

  test(`who has nothing but the root is told the newest statement, and goes on from it ${how}`, async () => {
    for (const versions of [1, 2, 3, 4]) {
      const rig = await TrackerRig.start();
      const gabi = await registered(rig, "gabi");
      const { root, device: lost } = gabi.profile;
      for (let version = 2; version <= versions; version += 1) {
        const statement = root.state(lost.listed, ...Array.from({ length: version }, () => newDevice().listed));
        assert.equal((await (await again(rig, gabi, { root, device: lost, statement })).enter()).status, "OK");
      }

      // From the words alone: the key, and neither a statement nor how many there were.
      const blank = Object.assign(new Root(), { keys: root.keys });
      const device = newDevice();
      const client = await again(rig, gabi, { root: blank, device, statement: blank.state(device.listed) });
      await client.hello();
      const refused = await client.login(fields);
      assert.match(refused.code, /^statement_(stale|invalid)$/u, `of ${versions}`);
      assert.deepEqual(refused.statement, root.signed.at(-1));

      const statement = root.state(device.listed);
      assert.equal((await client.login({ ...fields, statement })).status, "OK", "in the same session");
    }
  });
}

test("T35: nobody is told a statement without the root's word for this very channel", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const { root, device } = gabi.profile;
  const old = gabi.profile.statement;
  root.state(device.listed, newDevice().listed);
  const thief = newDevice();
  const cases = [
    // A true statement of gabi's, over a channel that it does not list.
    { root, device: thief, statement: old },
    // The thief's own root; and gabi's name in a statement that the thief signed.
    newProfile(),
    { root, device: thief, statement: forgedFor(root, thief) },
  ];
  for (const profile of cases) {
    for (const fields of [{}, { password: hashOf("gabi") }]) {
      const client = await again(rig, gabi, profile);
      await client.hello();
      const refused = await client.login(fields);
      assert.equal(refused.status, "ERROR");
      assert.equal("statement" in refused, false, refused.code);
    }
  }
});

function forgedFor(root: Root, { listed }: ReturnType<typeof newDevice>) {
  const keys = createAccountKey();
  const statement = {
    v: 1,
    account: keys.publicKey,
    version: 9,
    prev: root.signed.length === 0 ? null : "A".repeat(43),
  } as const;
  const signed = signStatement(keys, { ...statement, prev: statement.prev as never, devices: [listed] });
  return { ...signed, text: signed.text.replace(keys.publicKey, root.keys.publicKey) };
}

// ---- the latch

function requestOf(gabi: PapoClient, rig: TrackerRig, changes: Partial<UnlatchText> = {}) {
  const { keys } = gabi.profile.root;
  const date = new Date(rig.clock.wallMs()).toISOString();
  const request = { v: 1, account: keys.publicKey, tracker: rig.tracker.key, name: "gabi", date } as UnlatchText;
  return signUnlatch(keys, { ...request, ...changes });
}

test("UNLATCH lets the password in through the seed dialect, until the next login with a key", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  assert.equal((await (await rig.seed()).login("gabi")).status, "ERROR");
  assert.equal((await gabi.ask({ cmd: "UNLATCH", request: requestOf(gabi, rig) })).status, "OK");
  assert.ok(rig.lines.some((line) => line.includes("gabi") && line.includes("programa original")));

  const seed = await rig.seed();
  assert.equal((await seed.login("gabi")).status, "OK");
  assert.equal(gabi.closedBy, undefined);
  const { peer } = await nori.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.equal(peer.account, gabi.profile.root.keys.publicKey);
  assert.equal((await rig.repositories.users.find("gabi" as never))?.weak, true);

  const back = await again(rig, gabi);
  assert.equal((await back.enter()).status, "OK");
  assert.deepEqual(await seed.hear(), { status: "ERROR", msg: "Sua conta entrou em outro lugar." });
  assert.equal((await (await rig.seed()).login("gabi")).status, "ERROR");
});

test("a seed session of an unlatched account hears of plain rooms only", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { plaintext: true });
  const nori = await registered(rig, "nori");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "aberta" });
  await gabi.ask({ cmd: "UNLATCH", request: requestOf(gabi, rig) });
  const seed = await rig.seed();
  await seed.login("gabi");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "outra" });
  const { id } = (await nori.ask({ cmd: "CREATE_ROOM", room: "festa", kind: "invite" })).room;
  await nori.ask({ cmd: "JOIN_ROOM", room: "aberta" });
  await nori.ask({ cmd: "ADMIT_MEMBER", room: id, username: "gabi" });
  await gabi.ask({ cmd: "JOIN_ROOM", room: "festa" });
  await rig.clock.advance(3_000);
  assert.deepEqual(seed.inbox, []);
  assert.deepEqual((await seed.ask({ cmd: "LIST_ROOMS" })).rooms, {});

  // With the Papo session gone, nobody of that account is online in rooms that a seed session cannot hear.
  await gabi.ask({ cmd: "LOGOUT" });
  assert.equal((await nori.ask({ cmd: "LIST_MEMBERS", room: id })).room.online, 1);
  await seed.ask({ cmd: "CREATE_ROOM", username: "gabi", room: "plana" });
  assert.equal((await seed.room("JOIN_ROOM", "gabi", "aberta")).status, "ERROR");
});

test("T15: UNLATCH takes no word but the account's own, for this tracker and name, of today, and each once", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const day = 86_400_000;
  const dateAt = (ms: number) => new Date(rig.clock.wallMs() + ms).toISOString();
  const other = createAccountKey();
  const good = requestOf(gabi, rig);
  const wrongContext = signText(gabi.profile.root.keys, SIGNATURE_CONTEXTS.nameBinding, good.text);
  for (const [request, code] of [
    [requestOf(gabi, rig, { tracker: other.publicKey as never }), "invalid_message"],
    [requestOf(gabi, rig, { name: "nori" as never }), "invalid_message"],
    [requestOf(nori, rig), "invalid_message"],
    [{ ...good, text: good.text.replace("gabi", "gabe") }, "invalid_message"],
    [wrongContext, "invalid_message"],
    [requestOf(gabi, rig, { date: dateAt(-day - 60_000) }), "statement_stale"],
    [requestOf(gabi, rig, { date: dateAt(day + 60_000) }), "statement_stale"],
  ] as const) {
    assert.equal((await gabi.ask({ cmd: "UNLATCH", request })).code, code);
  }
  assert.equal((await nori.ask({ cmd: "UNLATCH", request: good })).code, "invalid_message");
  assert.equal((await (await rig.seed()).login("gabi")).status, "ERROR");

  assert.equal((await gabi.ask({ cmd: "UNLATCH", request: good })).status, "OK");
  assert.equal((await gabi.ask({ cmd: "UNLATCH", request: good })).code, "statement_stale");
  const earlier = requestOf(gabi, rig, { date: dateAt(-day / 2) });
  assert.equal((await gabi.ask({ cmd: "UNLATCH", request: earlier })).code, "statement_stale");
  const back = await again(rig, gabi);
  await back.enter();
  assert.equal((await back.ask({ cmd: "UNLATCH", request: good })).code, "statement_stale");
  assert.equal((await (await rig.seed()).login("gabi")).status, "ERROR");
});

test("a seed login that was under way while the account was latched again comes too late", async () => {
  let gate: Promise<void> = Promise.resolve();
  const rig = await TrackerRig.start({
    deriveKey: async (password, salt) => {
      await gate;
      return createHash("sha256").update(password).update(salt).digest();
    },
  });
  const gabi = await registered(rig, "gabi");
  await gabi.ask({ cmd: "UNLATCH", request: requestOf(gabi, rig) });
  const slow = await rig.seed();
  const held = Promise.withResolvers<void>();
  gate = held.promise;
  slow.say({ cmd: "LOGIN", username: "gabi", password: hashOf("gabi"), port: 5_001 });
  await rig.clock.advance(10);
  const back = await again(rig, gabi);
  assert.equal((await back.enter()).status, "OK");
  held.resolve();
  assert.equal((await slow.hear()).msg, "Credenciais inválidas.");
  assert.equal(back.closedBy, undefined);
});
