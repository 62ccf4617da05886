// Goal: what docs/protocol/tracker.md says of accounts, keys, rooms and peers is what happens.
// Method: small Papo clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHash } from "node:crypto";
import { openBinding, openTrackerStatement } from "@papo/link";
import { PapoClient, Root, newDevice, newProfile } from "../papo-client.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

async function registered(rig: TrackerRig, name: string, fields: object = {}): Promise<PapoClient> {
  const client = await rig.papo(name);
  const answer = await client.register(fields);
  assert.equal(answer.status, "OK", answer.msg);
  return client;
}

function again(rig: TrackerRig, client: PapoClient, profile = client.profile): Promise<PapoClient> {
  return PapoClient.dial(rig, { name: client.name, address: rig.newHost(), profile });
}

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

test("rooms: create, join, list members, leave, delete, each told to those who are there", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const created = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma A" });
  assert.deepEqual([created.room.kind, created.room.capacity, created.room.owner], ["open", 50, "gabi"]);
  const { id } = created.room;
  assert.equal((await nori.ask({ cmd: "CREATE_ROOM", room: "Turma A" })).code, "room_exists");
  assert.equal((await nori.ask({ cmd: "LIST_MEMBERS", room: id })).code, "not_member");
  assert.equal((await nori.ask({ cmd: "CREATE_ROOM", room: "x", kind: "invite" })).code, "room_kind_refused");
  assert.equal((await nori.ask({ cmd: "CREATE_ROOM", room: "x", kind: "plain" })).code, "plaintext_refused");
  assert.equal((await nori.ask({ cmd: "CREATE_ROOM", room: "a\u202eb" })).code, "room_name_not_allowed");
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "Turma B" })).code, "room_missing");

  const joined = await nori.ask({ cmd: "JOIN_ROOM", room: "Turma A" });
  assert.deepEqual(
    joined.members.map(({ username }: { username: string }) => username),
    ["gabi", "nori"],
  );
  assert.equal(joined.members[0].account, gabi.profile.root.keys.publicKey);
  assert.equal(joined.members[0].endpoints[0].tls, gabi.profile.device.tls.key);
  assert.equal(joined.next, null);
  const [update] = gabi.pushed;
  assert.equal(update.status, "ROOM_UPDATE");
  assert.deepEqual([update.room.members, update.room.online, update.gone], [2, 2, []]);
  assert.equal(update.changed[0].username, "nori");
  assert.ok(update.from <= created.room.version && update.room.version <= joined.room.version);
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "Turma A" })).room.version, joined.room.version);

  const listed = await gabi.ask({ cmd: "LIST_MEMBERS", room: id, after: "gabi" });
  assert.deepEqual(
    listed.members.map(({ username }: { username: string }) => username),
    ["nori"],
  );

  await rig.clock.advance(1_000);
  gabi.pushed.length = 0;
  assert.deepEqual((await nori.ask({ cmd: "LEAVE_ROOM", room: id })).room, id);
  assert.deepEqual(
    gabi.pushed.map(({ gone }) => gone),
    [["nori"]],
  );
  assert.equal((await nori.ask({ cmd: "LEAVE_ROOM", room: id })).code, "not_member");
  assert.equal((await nori.ask({ cmd: "DELETE_ROOM", room: id })).code, "not_owner", "T17");

  await nori.ask({ cmd: "JOIN_ROOM", room: "Turma A" });
  nori.pushed.length = 0;
  assert.equal((await gabi.ask({ cmd: "DELETE_ROOM", room: id })).status, "OK");
  await rig.clock.runUntil(() => nori.pushed.length > 0);
  assert.deepEqual(nori.pushed, [{ status: "ROOM_CLOSED", room: id, reason: "deleted" }]);
  assert.equal((await gabi.ask({ cmd: "DELETE_ROOM", room: id })).code, "room_missing", "T17");
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma A" })).status, "OK");
});

test("membership outlives presence: a member that goes is shown offline and comes back without joining", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const { room } = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  await nori.ask({ cmd: "JOIN_ROOM", room: "Turma" });
  await rig.clock.advance(1_000);
  gabi.pushed.length = 0;

  nori.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.runUntil(() => gabi.pushed.length === 1);
  assert.deepEqual(
    gabi.pushed[0].changed.map(({ username, online }: { username: string; online: boolean }) => [username, online]),
    [["nori", false]],
  );
  await rig.clock.advance(120_000);
  const back = await again(rig, nori);
  assert.deepEqual((await back.enter()).rooms, [{ id: room.id, name: "Turma" }]);
  await rig.clock.runUntil(() => gabi.pushed.length === 2);
  assert.equal(gabi.pushed[1].changed[0].online, true);
  assert.equal((await back.ask({ cmd: "LIST_MEMBERS", room: room.id })).members.length, 2);
});

test("F14: another device of the same account lives beside the first; the same device replaces itself", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const { root, device } = gabi.profile;
  const second = newDevice();
  const both = root.state(device.listed, second.listed);
  const laptop = await again(rig, gabi, { root, device: second, statement: both });
  await laptop.enter();
  const found = await laptop.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.equal(found.peer.endpoints.length, 2);

  const newer = await again(rig, gabi, { root, device: second, statement: both });
  await newer.enter();
  await laptop.closed();
  assert.equal(laptop.pushed.at(-1).code, "replaced");
  assert.equal(gabi.closedBy, undefined);
  const online = await newer.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.equal(online.peer.endpoints.length, 2);
});

test("LIST_PEERS pages by name without addresses; FIND_PEER tells one account's binding and places", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  for (let index = 0; index < 120; index += 1) {
    const client = await rig.seed();
    await client.register(`peer${String(index).padStart(3, "0")}x`);
  }
  const first = await gabi.ask({ cmd: "LIST_PEERS" });
  assert.equal(first.peers.length, 100);
  assert.equal(first.peers[0].username, "gabi");
  assert.deepEqual(Object.keys(first.peers[0]), ["username", "account", "connected", "room"]);
  const second = await gabi.ask({ cmd: "LIST_PEERS", after: first.next });
  assert.equal(second.peers.length, 21);
  assert.equal(second.next, null);
  const some = await gabi.ask({ cmd: "LIST_PEERS", query: "PEER11" });
  assert.equal(some.peers.length, 10);

  const found = await gabi.ask({ cmd: "FIND_PEER", username: "peer007x" });
  assert.equal(found.binding, null);
  assert.deepEqual(found.peer.endpoints[0], {
    device: null,
    tls: null,
    address: found.peer.endpoints[0].address,
    port: 5_001,
  });
  const self = await gabi.ask({ cmd: "FIND_PEER", username: "gabi" });
  assert.ok(openBinding(self.binding, rig.tracker.key).ok);
  assert.equal((await gabi.ask({ cmd: "FIND_PEER", username: "nobody" })).code, "peer_missing");
});

test("LIST_ROOMS pages by name and says which are mine", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  for (const owner of [gabi, nori]) {
    for (let index = 0; index < 60; index += 1) {
      await owner.ask({ cmd: "CREATE_ROOM", room: `${owner.name} ${String(index).padStart(2, "0")}` });
    }
  }
  const first = await gabi.ask({ cmd: "LIST_ROOMS" });
  assert.equal(first.rooms.length, 100);
  assert.deepEqual([first.rooms[0].name, first.rooms[0].joined, first.rooms[0].online], ["gabi 00", true, 1]);
  const second = await gabi.ask({ cmd: "LIST_ROOMS", after: first.next });
  assert.equal(second.rooms.length, 20);
  assert.equal(second.rooms[0].joined, false);
  assert.equal((await gabi.ask({ cmd: "LIST_ROOMS", query: "NORI 1" })).rooms.length, 10);
});

test("a plain room joins both worlds: who runs in plain text is seen there, others are a null place", async () => {
  const rig = await TrackerRig.start();
  const seed = await rig.seed();
  await seed.register("gabi");
  await seed.room("CREATE_ROOM", "gabi", "TESTE");
  const nori = await registered(rig, "nori", { plaintext: true });
  const yuki = await registered(rig, "yuki");
  assert.equal((await yuki.ask({ cmd: "JOIN_ROOM", room: "TESTE" })).code, "plaintext_refused");
  const joined = await nori.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  assert.deepEqual([joined.room.kind, joined.room.capacity], ["plain", 3]);
  assert.deepEqual([joined.members[0].username, joined.members[0].account], ["gabi", null]);
  const update = await seed.hear();
  assert.deepEqual([update.room.peer_one.username, update.room.peer_one.port], ["nori", 7_001]);

  await yuki.ask({ cmd: "CREATE_ROOM", room: "Fechada" });
  const { rooms } = await seed.ask({ cmd: "LIST_ROOMS" });
  assert.deepEqual(Object.keys(rooms), ["TESTE"]);
  const full = { status: "ERROR", msg: "A sala 'Fechada' não existe ou está cheia." };
  assert.deepEqual(await seed.room("JOIN_ROOM", "gabi", "Fechada"), full);
  const taken = { status: "ERROR", msg: "A sala 'Fechada' já existe." };
  assert.deepEqual(await seed.room("CREATE_ROOM", "gabi", "Fechada"), taken);
  const { peers } = await seed.ask({ cmd: "LIST_PEERS" });
  assert.deepEqual([peers.yuki.address, peers.yuki.port, peers.yuki.room], [null, null, null]);

  // The same device without the switch: still a member, and out of the seed view.
  const cautious = await again(rig, nori);
  await cautious.enter({ plaintext: false });
  await rig.clock.advance(1_000);
  const seen = await seed.ask({ cmd: "LIST_ROOMS" });
  assert.equal(seen.rooms.TESTE.peer_one, null);
});

test("T29: a member that flaps costs the others two updates a second, and the last one is right", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const { room } = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  await rig.clock.advance(5_000);
  gabi.pushed.length = 0;
  const startMs = rig.clock.monotonicMs();
  for (let index = 0; index < 100; index += 1) {
    await nori.ask({ cmd: "JOIN_ROOM", room: "Turma" });
    await nori.ask({ cmd: "LEAVE_ROOM", room: room.id });
  }
  await rig.clock.advance(1_000);
  const seconds = (rig.clock.monotonicMs() - startMs) / 1_000;
  assert.ok(gabi.pushed.length <= 2 * seconds + 1, `${gabi.pushed.length} in ${seconds} s`);
  assert.deepEqual([gabi.pushed.at(-1).room.members, gabi.pushed.at(-1).gone], [1, ["nori"]]);
});

test("T28: a flood is slowed down, then ended", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  await rig.clock.advance(10_000);
  const startMs = rig.clock.monotonicMs();
  for (let index = 0; index < 50; index += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await gabi.ask({ cmd: "LIST_ROOMS" });
  const tookMs = rig.clock.monotonicMs() - startMs;
  assert.ok(tookMs >= 2_900 && tookMs < 4_000, String(tookMs));

  for (let index = 0; index < 200; index += 1) gabi.send({ cmd: "LIST_ROOMS" });
  await gabi.closed();
  assert.equal(gabi.pushed.at(-1).code, "slow_down");
});

test("F5: a Papo session that has gone silent is dead after 45 s", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi", "10.8.0.1");
  await gabi.register();
  rig.memory.halfOpen({ from: "10.8.0.1", to: "10.0.0.1" });
  await rig.clock.advance(44_000);
  assert.equal(rig.tracker.sessionCount, 1);
  await rig.clock.advance(3_000);
  assert.equal(rig.tracker.sessionCount, 0);
});

test("drain tells every session, lets it close, and closes the store", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await rig.seed();
  await nori.register("nori");
  await rig.during(rig.tracker.drain());
  await rig.clock.advance(10);
  assert.equal(gabi.pushed.at(-1).code, "draining");
  assert.ok(gabi.pushed.at(-1).retryAfterMs > 0);
  assert.deepEqual(nori.inbox, []);
  assert.ok(nori.closedBy !== undefined && gabi.closedBy !== undefined);
  assert.equal(await rig.tracker.isReady(), false);
  await assert.rejects(rig.repositories.check());
});

test("I12: a restart keeps accounts and rooms, begins with nobody online, and frees seed seats after their grace", async () => {
  const first = await TrackerRig.start();
  const { repositories } = first;
  const gabi = await registered(first, "gabi");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  const [owner, guest] = [await first.seed(), await first.seed()];
  await owner.register("owner1");
  await guest.register("guest1");
  await owner.room("CREATE_ROOM", "owner1", "PLANA");
  await guest.room("JOIN_ROOM", "guest1", "PLANA");

  // A crash: the store lives on, nothing was said.
  const second = await TrackerRig.start({ repositories });
  assert.equal((await repositories.peers.find("guest1" as never))?.connected, false);
  const back = await again(second, gabi);
  assert.deepEqual(
    (await back.enter()).rooms.map(({ name }: { name: string }) => name),
    ["Turma"],
  );
  const plain = (await back.ask({ cmd: "LIST_ROOMS", query: "plana" })).rooms[0];
  assert.deepEqual([plain.members, plain.online], [2, 0]);
  await second.clock.advance(31_000);
  const later = (await back.ask({ cmd: "LIST_ROOMS", query: "plana" })).rooms[0];
  assert.equal(later.members, 1);
});

test("a large room is read page by page, and pages and updates together give every member", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const { room } = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma", capacity: 80 });
  const clients: PapoClient[] = [];
  for (let index = 0; index < 70; index += 1) {
    const client = await registered(rig, `aluno${String(index).padStart(2, "0")}x`);
    assert.equal((await client.ask({ cmd: "JOIN_ROOM", room: "Turma" })).status, "OK");
    clients.push(client);
  }
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await gabi.ask({ cmd: "LIST_MEMBERS", room: room.id, ...(after === undefined ? {} : { after }) });
    assert.ok(page.members.length <= 50);
    names.push(...page.members.map(({ username }: { username: string }) => username));
    after = page.next ?? undefined;
  } while (after !== undefined);
  assert.equal(names.length, 71);
  assert.deepEqual(names, names.toSorted());

  // What a client knows after the updates alone: each begins at or before where the last one ended.
  await rig.clock.advance(1_000);
  let known = room.version;
  const heard = new Set<string>(["gabi"]);
  for (const { from, room: now, changed } of gabi.pushed) {
    assert.ok(from <= known && now.version > known);
    known = now.version;
    for (const { username } of changed) heard.add(username);
  }
  assert.equal(heard.size, 71);
  assert.equal(gabi.pushed.at(-1).room.members, 71);
});

test("an original program in a larger plain room sees the owner, itself and one other who is there", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { plaintext: true });
  await gabi.ask({ cmd: "CREATE_ROOM", room: "PRAÇA", kind: "plain" });
  const seeds = [await rig.seed(), await rig.seed(), await rig.seed()];
  for (const [index, seed] of seeds.entries()) {
    await seed.register(`velho${index}x`);
    const joined = await seed.room("JOIN_ROOM", `velho${index}x`, "PRAÇA");
    assert.equal(joined.room.peer_owner.username, "gabi");
    assert.equal(joined.room.peer_one.username, `velho${index}x`);
    assert.equal(joined.room.peer_two?.username, index === 0 ? undefined : "velho0x");
  }
});

test("an owner who left keeps the room, and finds her place in a full one", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const yuki = await registered(rig, "yuki");
  const { room } = await gabi.ask({ cmd: "CREATE_ROOM", room: "Par", capacity: 2 });
  await gabi.ask({ cmd: "LEAVE_ROOM", room: room.id });
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "Par" })).status, "OK");
  await yuki.ask({ cmd: "JOIN_ROOM", room: "Par" });
  const back = await gabi.ask({ cmd: "JOIN_ROOM", room: "Par" });
  assert.equal(back.status, "OK");
  assert.equal(back.room.owner, "gabi");
  assert.equal((await gabi.ask({ cmd: "DELETE_ROOM", room: room.id })).status, "OK");
});
