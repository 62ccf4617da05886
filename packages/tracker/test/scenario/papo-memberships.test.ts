// Goal: what docs/protocol/tracker.md §4 says of room ids, tickets, invite rooms, admission, removal and handing over is what happens, and
// nobody learns of an invite room who is not in it.
// Method: small Papo and seed clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRoomTicket } from "@papo/link";
import { ADMISSIONS_KEPT_MAX, type AccountKey, type Username } from "@papo/protocol";
import type { Repositories } from "../../src/repositories/repositories.ts";
import { Admissions } from "../../src/services/admissions.ts";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import { type PapoClient, again, newDevice, newProfile, newRoomId, registered } from "../papo-client.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

const named = (name: string) => name as Username;
const accountOf = (count: number) => `account ${count}` as AccountKey;
const namesIn = (members: readonly { username: string }[]) => members.map(({ username }) => username);

/** Gabi with an invite room, and nori, yuki and ana who know nothing of it. */
async function withInviteRoom(fields: object = {}) {
  const rig = await TrackerRig.start();
  const [gabi, nori, yuki, ana] = await Promise.all(
    ["gabi", "nori", "yuki", "ana"].map((name) => registered(rig, name)),
  );
  assert.ok(gabi && nori && yuki && ana);
  const created = await gabi.ask({ cmd: "CREATE_ROOM", room: "festa", kind: "invite", ...fields });
  assert.equal(created.status, "OK", created.msg);
  const id: string = created.room.id;
  return { rig, gabi, nori, yuki, ana, id };
}

/** Lets them in, and they enter. */
async function seat(by: PapoClient, client: PapoClient, room: string): Promise<void> {
  assert.equal((await by.ask({ cmd: "ADMIT_MEMBER", room, username: client.name })).status, "OK");
  assert.equal((await client.ask({ cmd: "JOIN_ROOM", room: "festa", roomId: room })).status, "OK");
}

function closedOf(client: PapoClient): unknown[] {
  return client.pushed.filter(({ status }) => status === "ROOM_CLOSED").map(({ room, reason }) => [room, reason]);
}

test("a room has the id that its maker gives it; one in use is refused, and a plain room gets its id from the tracker", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { plaintext: true });
  const roomId = newRoomId();
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "sala", roomId })).room.id, roomId);
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "outra", roomId })).code, "room_exists");
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "outra", kind: "invite", roomId })).code, "room_exists");

  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "p", kind: "plain", roomId })).code, "invalid_message");
  const plain = await gabi.ask({ cmd: "CREATE_ROOM", room: "p", kind: "plain" });
  assert.match(plain.room.id, /^[\w-]{43}$/u);
  for (const kind of ["open", "invite"]) {
    const without = await gabi.ask({ cmd: "CREATE_ROOM", room: "q", kind, roomId: undefined });
    assert.equal(without.code, "invalid_message");
    assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "q", kind, roomId: "x" })).code, "invalid_message");
  }
});

test("an open room is entered with a ticket over room, account, name and date, and no other kind has one", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { plaintext: true });
  const nori = await registered(rig, "nori", { plaintext: true });
  const created = await gabi.ask({ cmd: "CREATE_ROOM", room: "sala" });
  const joined = await nori.ask({ cmd: "JOIN_ROOM", room: "sala" });
  for (const [client, { ticket }] of [
    [gabi, created],
    [nori, joined],
    [nori, await nori.ask({ cmd: "JOIN_ROOM", room: "sala" })],
  ] as const) {
    const opened = openRoomTicket(ticket, rig.tracker.key);
    assert.ok(opened.ok);
    const { date, ...rest } = opened.value;
    const account = client.profile.root.keys.publicKey;
    const expected = { v: 1, tracker: rig.tracker.key, room: created.room.id, account, name: client.name };
    assert.deepEqual(rest, expected);
    assert.ok(Math.abs(Date.parse(date) - rig.clock.wallMs()) < 60_000);
  }
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "plana", kind: "plain" })).ticket, null);
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "plana" })).ticket, null);
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "festa", kind: "invite" })).ticket, null);
  assert.equal("ticket" in (await gabi.ask({ cmd: "LIST_MEMBERS", room: created.room.id })), false);
});

test("an invite room does not exist for those who are not in it", async () => {
  const { rig, gabi, nori, id } = await withInviteRoom();
  const nowhere = newRoomId();
  for (const [asked, otherwise] of [
    [{ cmd: "JOIN_ROOM", room: "festa" }, { room: "nada" }],
    [{ cmd: "LEAVE_ROOM", room: id }, { room: nowhere }],
    [{ cmd: "DELETE_ROOM", room: id }, { room: nowhere }],
    [{ cmd: "LIST_MEMBERS", room: id }, { room: nowhere }],
    [{ cmd: "ADMIT_MEMBER", room: id, username: "nori" }, { room: nowhere }],
    [{ cmd: "ADMIT_MEMBER", room: id, username: "nobody" }, { room: nowhere }],
    [{ cmd: "REMOVE_MEMBER", room: id, username: "gabi" }, { room: nowhere }],
    [{ cmd: "TRANSFER_ROOM", room: id, username: "nori" }, { room: nowhere }],
  ] as const) {
    const { re: _, ...here } = await nori.ask(asked);
    const { re: __, ...elsewhere } = await nori.ask({ ...asked, ...otherwise });
    assert.deepEqual(here, elsewhere, asked.cmd);
    assert.match(here.code, /^(room_missing|not_member)$/u);
  }
  assert.deepEqual((await nori.ask({ cmd: "LIST_ROOMS" })).rooms, []);
  assert.equal(
    (await nori.ask({ cmd: "LIST_PEERS" })).peers.find((peer: { username: string }) => peer.username === "gabi").room,
    null,
  );
  assert.deepEqual(nori.pushed, []);

  const seed = await rig.seed();
  await seed.register("marcos");
  const missing = (await seed.room("JOIN_ROOM", "marcos", "nada")).msg.replace("nada", "festa");
  assert.equal((await seed.room("JOIN_ROOM", "marcos", "festa")).msg, missing);

  assert.deepEqual(namesIn((await gabi.ask({ cmd: "JOIN_ROOM", room: "festa" })).members), ["gabi"]);
  const [listed] = (await gabi.ask({ cmd: "LIST_ROOMS" })).rooms;
  assert.deepEqual([listed.name, listed.kind, listed.joined], ["festa", "invite", true]);
});

test("own invite rooms stand among the others in the list, page by page", async () => {
  const { gabi, nori } = await withInviteRoom();
  for (const room of ["a", "g", "z"]) await nori.ask({ cmd: "CREATE_ROOM", room });
  await gabi.ask({ cmd: "CREATE_ROOM", room: "b", kind: "invite" });
  const rooms = async (client: PapoClient, page: object) => {
    const answer = await client.ask({ cmd: "LIST_ROOMS", ...page });
    return answer.rooms.map(({ name }: { name: string }) => name);
  };
  assert.deepEqual(await rooms(gabi, {}), ["a", "b", "festa", "g", "z"]);
  assert.deepEqual(await rooms(gabi, { after: "b" }), ["festa", "g", "z"]);
  assert.deepEqual(await rooms(gabi, { query: "FEST" }), ["festa"]);
  assert.deepEqual(await rooms(nori, {}), ["a", "g", "z"]);
});

test("ADMIT_MEMBER seats nobody: who was admitted enters by themselves, and everybody learns it", async () => {
  const { rig, gabi, nori, yuki, id } = await withInviteRoom();
  const admitted = await gabi.ask({ cmd: "ADMIT_MEMBER", room: id, username: "nori" });
  assert.deepEqual([admitted.status, admitted.room, admitted.username], ["OK", id, "nori"]);
  await rig.clock.advance(2_000);
  assert.deepEqual([...gabi.pushed, ...nori.pushed], [], "nothing has changed for anybody");
  assert.equal((await nori.ask({ cmd: "LIST_MEMBERS", room: id })).code, "not_member");
  assert.deepEqual((await nori.ask({ cmd: "LIST_ROOMS" })).rooms, []);

  const entered = await nori.ask({ cmd: "JOIN_ROOM", room: "festa", roomId: id });
  assert.deepEqual([entered.status, entered.room.id, namesIn(entered.members)], ["OK", id, ["gabi", "nori"]]);
  assert.equal(entered.ticket, null);
  await rig.clock.runUntil(() => gabi.pushed.length > 0);
  const update = gabi.pushed.at(-1);
  assert.deepEqual([update.status, update.room.id, namesIn(update.changed)], ["ROOM_UPDATE", id, ["nori"]]);
  assert.equal(update.changed[0].account, nori.profile.root.keys.publicKey);

  // One who is a member already: nothing changes. One who has entered may admit.
  await rig.clock.advance(2_000);
  gabi.pushed.length = 0;
  assert.equal((await gabi.ask({ cmd: "ADMIT_MEMBER", room: id, username: "nori" })).status, "OK");
  assert.deepEqual(gabi.pushed, []);
  assert.equal((await nori.ask({ cmd: "ADMIT_MEMBER", room: id, username: "yuki" })).status, "OK");
  assert.equal((await yuki.ask({ cmd: "JOIN_ROOM", room: "festa" })).status, "OK");
});

test("T16: however many rooms strangers admit somebody to, it costs them no place and they hear of none", async () => {
  const { rig, gabi, nori } = await withInviteRoom();
  for (let count = 0; count < 40; count += 1) {
    const { id } = (await gabi.ask({ cmd: "CREATE_ROOM", room: `armadilha ${count}`, kind: "invite" })).room;
    assert.equal((await gabi.ask({ cmd: "ADMIT_MEMBER", room: id, username: "nori" })).status, "OK");
    const members = await gabi.ask({ cmd: "LIST_MEMBERS", room: id });
    assert.deepEqual(namesIn(members.members), ["gabi"], "nor do they learn where nori is");
  }
  assert.deepEqual(nori.pushed, []);
  assert.deepEqual((await nori.ask({ cmd: "LIST_ROOMS" })).rooms, []);
  await nori.ask({ cmd: "LOGOUT" });
  assert.deepEqual((await (await again(rig, nori)).enter()).rooms, []);
});

test("T16: an admission is for one account, for one time, and ends with the removal or with who gave it", async () => {
  const { rig, gabi, nori, yuki, ana, id } = await withInviteRoom();
  const enter = async (client: PapoClient) => {
    const { status, code } = await client.ask({ cmd: "JOIN_ROOM", room: "festa" });
    return code ?? status;
  };
  const admit = (by: PapoClient, name: string) => by.ask({ cmd: "ADMIT_MEMBER", room: id, username: name });
  await admit(gabi, "nori");
  assert.equal(await enter(yuki), "room_missing", "somebody else");
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "festa", roomId: newRoomId() })).code, "room_missing");
  assert.equal(await enter(nori), "OK");
  await nori.ask({ cmd: "LEAVE_ROOM", room: id });
  assert.equal(await enter(nori), "room_missing", "used up");

  await admit(gabi, "nori");
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: id, username: "nori" })).status, "OK");
  assert.equal(await enter(nori), "room_missing", "taken back before it was used");
  await admit(gabi, "nori");
  assert.equal(await enter(nori), "OK", "and given again");

  // By a member who is none any more; and nobody puts their own in the place of one that holds.
  await admit(nori, "yuki");
  await admit(gabi, "ana");
  await admit(nori, "ana");
  await nori.ask({ cmd: "LEAVE_ROOM", room: id });
  assert.equal(await enter(yuki), "room_missing");
  assert.equal(await enter(ana), "OK");

  // Whoever has taken the name over since, with the password alone, was not meant.
  await admit(gabi, "yuki");
  const other = await again(rig, yuki, newProfile());
  await other.hello();
  assert.equal((await other.login({ password: hashOf("yuki"), newIdentity: true })).status, "OK");
  assert.equal(await enter(other), "room_missing");
});

test("I11: admissions are bounded for each room, the oldest goes first", async () => {
  const admissions = new Admissions(() => true);
  const newcomer = (count: number) => ({ username: named(`user ${count}`), account: accountOf(count) });
  for (let count = 0; count <= ADMISSIONS_KEPT_MAX; count += 1) admissions.add(newcomer(count), named("gabi"));
  assert.equal(admissions.of(newcomer(0)), undefined);
  assert.ok(admissions.of(newcomer(1)));
  assert.ok(admissions.of(newcomer(ADMISSIONS_KEPT_MAX)));
});

test("ADMIT_MEMBER and the entrance after it refuse by name whom and where they cannot", async () => {
  const { rig, gabi, nori, yuki, id } = await withInviteRoom({ capacity: 2 });
  const seed = await rig.seed();
  await seed.register("marcos");
  const open = (await gabi.ask({ cmd: "CREATE_ROOM", room: "aberta" })).room.id;
  for (const [fields, code] of [
    [{ room: id, username: "nobody" }, "peer_missing"],
    [{ room: id, username: "marcos" }, "plaintext_refused"],
    [{ room: open, username: "nori" }, "room_kind_refused"],
    [{ room: id }, "invalid_message"],
    [{ room: "festa", username: "nori" }, "invalid_message"],
  ] as const) {
    assert.equal((await gabi.ask({ cmd: "ADMIT_MEMBER", ...fields })).code, code);
  }
  for (const name of ["nori", "yuki"])
    assert.equal((await gabi.ask({ cmd: "ADMIT_MEMBER", room: id, username: name })).status, "OK");
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "festa" })).status, "OK");
  assert.equal((await yuki.ask({ cmd: "JOIN_ROOM", room: "festa" })).code, "room_full");
  await nori.ask({ cmd: "LEAVE_ROOM", room: id });
  assert.equal((await yuki.ask({ cmd: "JOIN_ROOM", room: "festa" })).status, "OK", "it is not lost by that");
});

test("a room that one device enters while another logs in is heard by the session that logs in", async () => {
  const store = openMemoryStore();
  let read = Promise.withResolvers<void>();
  let mayGoOn = Promise.resolve();
  const rooms: Repositories["rooms"] = {
    ...store.rooms,
    roomsOf: async (username) => {
      const joined = await store.rooms.roomsOf(username);
      read.resolve();
      await mayGoOn;
      return joined;
    },
  };
  const rig = await TrackerRig.start({ repositories: { ...store, rooms } });
  const gabi = await registered(rig, "gabi");
  const nori = await registered(rig, "nori");
  const { id } = (await gabi.ask({ cmd: "CREATE_ROOM", room: "festa", kind: "invite" })).room;
  assert.equal((await gabi.ask({ cmd: "ADMIT_MEMBER", room: id, username: "nori" })).status, "OK");
  const { root, device } = nori.profile;
  const phone = newDevice();
  const statement = root.state(device.listed, phone.listed);
  const second = await again(rig, nori, { root, device: phone, statement });
  await second.hello();

  // The account's rooms have been read, and the session is not yet online: now another device of it enters.
  const gate = Promise.withResolvers<void>();
  read = Promise.withResolvers();
  mayGoOn = gate.promise;
  const asked = second.send({ cmd: "LOGIN", username: "nori", statement, port: 7_002 });
  await rig.during(read.promise);
  assert.equal((await nori.ask({ cmd: "JOIN_ROOM", room: "festa" })).status, "OK");
  gate.resolve();
  const entered = await second.answerTo(asked);
  assert.deepEqual(entered.rooms, [{ id, name: "festa" }]);
  assert.equal((await second.ask({ cmd: "LIST_MEMBERS", room: id })).room.online, 2);
  gabi.pushed.length = 0;
  await nori.ask({ cmd: "LOGOUT" });
  await rig.clock.advance(2_000);
  assert.equal((await gabi.ask({ cmd: "LIST_MEMBERS", room: id })).room.online, 2, "the second is there");
});

test("T17: REMOVE_MEMBER is the owner's, ends the room for the one who is out, and is no harm done twice", async () => {
  const { rig, gabi, nori, yuki, id } = await withInviteRoom();
  const sala = (await gabi.ask({ cmd: "CREATE_ROOM", room: "sala" })).room.id;
  for (const client of [nori, yuki]) {
    await seat(gabi, client, id);
    await client.ask({ cmd: "JOIN_ROOM", room: "sala" });
  }
  assert.equal((await nori.ask({ cmd: "REMOVE_MEMBER", room: id, username: "yuki" })).code, "not_owner");
  assert.equal((await nori.ask({ cmd: "REMOVE_MEMBER", room: id, username: "gabi" })).code, "not_owner");
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: id, username: "gabi" })).code, "invalid_message");

  const second = await again(rig, nori);
  // The newest login of a device wins; the older session goes.
  assert.equal((await second.enter()).status, "OK");
  await rig.clock.advance(2_000);
  for (const client of [gabi, second, yuki]) client.pushed.length = 0;
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: id, username: "nori" })).status, "OK");
  await rig.clock.advance(100);
  assert.deepEqual(closedOf(second), [[id, "removed"]]);
  assert.deepEqual(
    [...gabi.pushed, ...yuki.pushed].map(({ gone }) => gone),
    [["nori"], ["nori"]],
  );
  assert.equal((await second.ask({ cmd: "JOIN_ROOM", room: "festa" })).code, "room_missing");
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: id, username: "nori" })).status, "OK");

  // Out of an open room; whether one may come back is for the log to say.
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: sala, username: "nori" })).status, "OK");
  assert.deepEqual(closedOf(second).at(-1), [sala, "removed"]);
  assert.equal((await second.ask({ cmd: "JOIN_ROOM", room: "sala" })).status, "OK");

  await gabi.ask({ cmd: "DELETE_ROOM", room: id });
  assert.equal((await gabi.ask({ cmd: "REMOVE_MEMBER", room: id, username: "yuki" })).code, "room_missing");
});

test("TRANSFER_ROOM: another member is the owner, and the one before is a member like any other", async () => {
  const { rig, gabi, nori, yuki, id } = await withInviteRoom();
  await seat(gabi, nori, id);
  assert.equal((await nori.ask({ cmd: "TRANSFER_ROOM", room: id, username: "nori" })).code, "not_owner");
  assert.equal((await gabi.ask({ cmd: "TRANSFER_ROOM", room: id, username: "yuki" })).code, "not_member");
  assert.equal((await gabi.ask({ cmd: "TRANSFER_ROOM", room: id, username: "gabi" })).status, "OK");
  await rig.clock.advance(2_000);
  for (const client of [gabi, nori]) client.pushed.length = 0;

  assert.equal((await gabi.ask({ cmd: "TRANSFER_ROOM", room: id, username: "nori" })).status, "OK");
  await rig.clock.advance(100);
  for (const client of [gabi, nori]) {
    const [update] = client.pushed;
    assert.deepEqual([update.room.owner, namesIn(update.changed)], ["nori", ["nori"]]);
    assert.equal(update.changed[0].account, nori.profile.root.keys.publicKey);
  }
  assert.equal((await gabi.ask({ cmd: "LIST_ROOMS" })).rooms[0].owner, "nori");
  assert.equal((await gabi.ask({ cmd: "DELETE_ROOM", room: id })).code, "not_owner");
  assert.equal((await gabi.ask({ cmd: "TRANSFER_ROOM", room: id, username: "gabi" })).code, "not_owner");
  assert.equal((await nori.ask({ cmd: "REMOVE_MEMBER", room: id, username: "gabi" })).status, "OK");
  assert.deepEqual(closedOf(gabi), [[id, "removed"]]);
  assert.equal((await gabi.ask({ cmd: "JOIN_ROOM", room: "festa" })).code, "room_missing");
  assert.equal((await nori.ask({ cmd: "DELETE_ROOM", room: id })).status, "OK");
  assert.deepEqual(yuki.pushed, []);
});

test("nobody is taken out of a plain room, and none is handed over", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { plaintext: true });
  const { id } = (await gabi.ask({ cmd: "CREATE_ROOM", room: "plana", kind: "plain" })).room;
  const seed = await rig.seed();
  await seed.register("marcos");
  await seed.room("JOIN_ROOM", "marcos", "plana");
  for (const cmd of ["REMOVE_MEMBER", "TRANSFER_ROOM", "ADMIT_MEMBER"]) {
    assert.equal((await gabi.ask({ cmd, room: id, username: "marcos" })).code, "room_kind_refused");
  }
});

test("T15, T16: none of these before login, and none for somebody else", async () => {
  const { rig, gabi, nori, id } = await withInviteRoom();
  const stranger = await rig.papo("zeca");
  await stranger.hello();
  assert.equal((await stranger.ask({ cmd: "ADMIT_MEMBER", room: id, username: "zeca" })).code, "login_required");
  assert.equal(
    (await stranger.ask({ cmd: "UNLATCH", request: { text: "{}", sig: "A".repeat(86) } })).code,
    "login_required",
  );
  await stranger.closed().catch(() => undefined);

  // Whatever the message says of itself, the session is nori's: nothing is done in gabi's name.
  const asGabi = { by: "gabi", account: gabi.profile.root.keys.publicKey, from: "gabi" };
  assert.equal((await nori.ask({ cmd: "ADMIT_MEMBER", room: id, username: "nori", ...asGabi })).code, "not_member");
  assert.equal((await nori.ask({ cmd: "TRANSFER_ROOM", room: id, username: "nori", ...asGabi })).code, "room_missing");

  const seed = await rig.seed();
  await seed.ask({ cmd: "REGISTER", username: "marcos", password: hashOf("marcos"), port: 5_001 });
  assert.equal((await seed.ask({ cmd: "ADMIT_MEMBER", room: id, username: "marcos" })).status, "ERROR");
});

test("T17: admissions, removals, joins and departures that race leave memory and store with one story", async () => {
  const { rig, gabi, nori, yuki, ana, id } = await withInviteRoom({ capacity: 3 });
  const sala = (await gabi.ask({ cmd: "CREATE_ROOM", room: "sala" })).room.id;
  const others = [nori, yuki, ana];
  for (let round = 0; round < 12; round += 1) {
    const asked: [PapoClient, number][] = [];
    for (const [at, client] of others.entries()) {
      const about = { room: round % 2 === 0 ? id : sala, username: client.name };
      asked.push([gabi, gabi.send({ cmd: (round + at) % 3 === 0 ? "REMOVE_MEMBER" : "ADMIT_MEMBER", ...about })]);
      asked.push([client, client.send({ cmd: "JOIN_ROOM", room: round % 4 < 2 ? "festa" : "sala" })]);
      if ((round + at) % 2 === 0) asked.push([client, client.send({ cmd: "LEAVE_ROOM", room: about.room })]);
    }
    for (const [client, request] of asked) await client.answerTo(request);
    for (const room of [id, sala]) {
      const stored = namesIn(await rig.repositories.rooms.membersByName(room as never, undefined, 9));
      const shown = await gabi.ask({ cmd: "LIST_MEMBERS", room });
      assert.deepEqual(namesIn(shown.members), stored, `round ${round}`);
      assert.equal(shown.room.online, stored.length);
      assert.ok(room === sala || stored.length <= 3);
      for (const client of others) {
        const code = (await client.ask({ cmd: "LIST_MEMBERS", room })).code;
        assert.equal(code, stored.includes(client.name) ? undefined : "not_member");
      }
    }
    await rig.clock.advance(3_000);
  }
});

test("T17: of a room that is handed over and deleted at once, one comes first for everybody", async () => {
  const { rig, gabi, nori, id } = await withInviteRoom();
  await seat(gabi, nori, id);
  const transfer = gabi.send({ cmd: "TRANSFER_ROOM", room: id, username: "nori" });
  const end = gabi.send({ cmd: "DELETE_ROOM", room: id });
  const removal = nori.send({ cmd: "REMOVE_MEMBER", room: id, username: "gabi" });
  assert.equal((await gabi.answerTo(transfer)).status, "OK");
  assert.match((await gabi.answerTo(end)).code, /^(not_owner|room_missing)$/u);
  const removed = await nori.answerTo(removal);
  assert.ok(removed.status === "OK" || removed.code === "not_owner");
  const stored = namesIn(await rig.repositories.rooms.membersByName(id as never, undefined, 9));
  assert.deepEqual(stored, removed.status === "OK" ? ["nori"] : ["gabi", "nori"]);
  assert.deepEqual(namesIn((await nori.ask({ cmd: "LIST_MEMBERS", room: id })).members), stored);
});
