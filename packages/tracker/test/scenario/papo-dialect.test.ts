// Goal: what docs/protocol/tracker.md says of rooms, members and peers is what happens.
// Method: small Papo clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBinding } from "@papo/link";
import { type PapoClient, again, registered } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

test("rooms: create, join, list members, leave, delete, each told to those who are there", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const created = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma A" });
  assert.deepEqual([created.room.kind, created.room.capacity, created.room.owner], ["open", 50, "gabi"]);
  const { id } = created.room;
  assert.equal((await nori.ask({ cmd: "CREATE_ROOM", room: "Turma A" })).code, "room_exists");
  assert.equal((await nori.ask({ cmd: "LIST_MEMBERS", room: id })).code, "not_member");
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
    addresses: null,
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
