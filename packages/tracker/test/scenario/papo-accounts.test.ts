// Goal: what docs/protocol/tracker.md says of HELLO, accounts and keys is what happens.
// Method: small Papo clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHash } from "node:crypto";
import { openBinding, openTrackerStatement } from "@papo/link";
import { Root, again, newDevice, newProfile, registered } from "../papo-client.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

test("HELLO proves the tracker's key and says where one comes from", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi", "10.9.0.1");
  const answer = await gabi.hello();
  const channelKey = gabi.link.security?.remoteKey;
  assert.ok(channelKey);
  const opened = openTrackerStatement(answer.tracker, { channelKey, expectedKey: rig.tracker.key });
  assert.ok(opened.ok);
  assert.equal(answer.observed, "10.9.0.1");
  assert.equal((await gabi.hello()).code, "invalid_message");
});

test("the first request is HELLO, and LOGIN comes before the rest", async () => {
  const rig = await TrackerRig.start();
  const client = await rig.papo("gabi");
  assert.equal((await client.login()).code, "login_required");
  await client.hello();
  assert.equal((await client.ask({ cmd: "LIST_ROOMS" })).code, "login_required");
  assert.equal((await client.ask({ cmd: "DANCE" })).code, "unknown_command");
  await client.closed();
});

test("REGISTER binds the name to the root; LOGIN by key needs no password", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi");
  const answer = await gabi.register();
  const binding = openBinding(answer.binding, rig.tracker.key);
  assert.ok(binding.ok);
  assert.equal(binding.value.account, gabi.profile.root.keys.publicKey);
  assert.equal(binding.value.name, "gabi");

  const before = rig.derived.count;
  const back = await again(rig, gabi);
  assert.equal((await back.enter()).status, "OK");
  assert.equal(rig.derived.count, before);
  assert.equal((await back.login()).code, "already_logged_in");
  assert.equal((await back.ask({ cmd: "LOGOUT" })).status, "OK");
  await back.closed();
});

test("T13: a name that may not be registered has its own code, as one that is taken has", async () => {
  const rig = await TrackerRig.start();
  await registered(rig, "gabi");
  for (const [name, code] of [
    ["a b", "name_not_allowed"],
    ["\u202egabi", "name_not_allowed"],
    ["GABI", "name_taken"],
  ] as const) {
    const client = await rig.papo(name);
    assert.equal((await client.register()).code, code);
  }
});

test("T35: a key login with another device's statement, a copied key, another root, or an unlisted device", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const thief = newProfile();
  const cases = [
    // The statement of gabi over the thief's own channel.
    { profile: { ...thief, statement: gabi.profile.statement }, code: "statement_invalid" },
    // The thief's own account under gabi's name.
    { profile: thief, code: "invalid_credentials" },
  ];
  for (const { profile, code } of cases) {
    const client = await again(rig, gabi, profile);
    assert.equal((await client.enter()).code, code);
  }

  // A statement that the thief signed and that names gabi's root.
  const { root, device } = newProfile();
  const forged = { ...root.state(device.listed), text: gabi.profile.statement.text };
  const forger = await again(rig, gabi, { root, device, statement: forged });
  assert.equal((await forger.enter()).code, "statement_invalid");

  const unknown = await rig.papo("nobody");
  assert.equal((await unknown.enter()).code, "invalid_credentials");
});

test("a newer statement of the same root is kept, and decides who may enter", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const { root, device } = gabi.profile;
  const second = newDevice();
  const both = root.state(device.listed, second.listed);
  const withBoth = await again(rig, gabi, { root, device: second, statement: both });
  assert.equal((await withBoth.enter()).status, "OK");

  // The first device still shows the older statement; the newer one lists it.
  assert.equal((await (await again(rig, gabi)).enter()).status, "OK");

  const revoked = root.state({ ...device.listed, revoked: "2030-01-03T00:00:00.000Z" }, second.listed);
  const last = await again(rig, gabi, { root, device: second, statement: revoked });
  assert.equal((await last.enter()).status, "OK");
  assert.equal((await (await again(rig, gabi)).enter()).code, "statement_stale");

  // Two statements of one version prove theft.
  const fork = new Root();
  Object.assign(fork, { keys: root.keys });
  fork.signed.push(both, both);
  const forked = fork.state(second.listed);
  const forker = await again(rig, gabi, { root, device: second, statement: forked });
  assert.equal((await forker.enter()).code, "statement_invalid");
});

test("a password alone adds no device: a new identity has to be asked for, and ends the old one's sessions", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const other = await again(rig, gabi, newProfile());
  await other.hello();
  const password = hashOf("gabi");
  assert.equal((await other.login({ password: hashOf("wrong") })).code, "invalid_credentials");
  assert.equal((await other.login({ password })).code, "identity_required");
  assert.equal((await other.login({ password, newIdentity: true })).status, "OK");
  assert.equal((await gabi.closed()).code, "lost");
  assert.deepEqual(
    gabi.pushed.map(({ status, code }) => [status, code]),
    [["CLOSING", "identity_changed"]],
  );
  assert.equal((await (await again(rig, gabi)).enter()).code, "invalid_credentials");
});

test("an original user upgrades with the password; from then on the seed dialect is latched, and a weak hash changes no root", async () => {
  const rig = await TrackerRig.start();
  const seed = await rig.seed();
  await seed.register("gabi");
  const papo = await rig.papo("gabi");
  await papo.hello();
  assert.equal((await papo.login()).code, "invalid_credentials");
  assert.equal((await papo.login({ password: hashOf("gabi") })).status, "OK");
  assert.deepEqual(await seed.hear(), { status: "ERROR", msg: "Sua conta entrou em outro lugar." });

  const latched = await rig.seed();
  assert.deepEqual(await latched.login("gabi"), { status: "ERROR", msg: "Credenciais inválidas." });

  const third = await again(rig, papo, newProfile());
  await third.hello();
  assert.equal((await third.login({ password: hashOf("gabi"), newIdentity: true })).code, "identity_weak");
});

test("a seed login that was under way while the account took its root comes too late", async () => {
  let gate: Promise<void> = Promise.resolve();
  const rig = await TrackerRig.start({
    deriveKey: async (password, salt) => {
      await gate;
      return createHash("sha256").update(password).update(salt).digest();
    },
  });
  await (await rig.seed()).register("gabi");
  const slow = await rig.seed();
  const papo = await rig.papo("gabi");
  await papo.hello();

  let open = () => {};
  gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  slow.say({ cmd: "LOGIN", username: "gabi", password: hashOf("gabi"), port: 5_001 });
  await rig.clock.advance(10);
  gate = Promise.resolve();
  assert.equal((await papo.login({ password: hashOf("gabi") })).status, "OK");
  open();
  assert.equal((await slow.hear()).msg, "Credenciais inválidas.");
  assert.equal(papo.closedBy, undefined);
});

test("an entry of the report's file is upgraded at its first login", async () => {
  const rig = await TrackerRig.start();
  await rig.repositories.users.create({
    username: "marcos" as never,
    skeleton: "marcos",
    password: { kind: "sha256", hex: hashOf("marcos") },
    weak: true,
    identity: null,
    unlatched: false,
    unlatchedMs: null,
    starts: [],
    createdAt: "2030-01-02T03:04:05.006Z",
  });
  const wrong = await rig.seed();
  assert.equal(
    (await wrong.ask({ cmd: "LOGIN", username: "marcos", password: hashOf("x"), port: 5_000 })).status,
    "ERROR",
  );
  assert.equal((await rig.repositories.users.find("marcos" as never))?.password.kind, "sha256");
  assert.equal((await (await rig.seed()).login("marcos")).status, "OK");
  assert.equal((await rig.repositories.users.find("marcos" as never))?.password.kind, "argon2id");
  assert.equal((await (await rig.seed()).login("marcos")).status, "OK");
});
