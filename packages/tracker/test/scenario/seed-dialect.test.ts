// Goal: an original program gets from our tracker what it got from its own: every answer, every error, every push.
// Method: original clients on a network in memory, in virtual time, against the whole tracker over the memory store.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED_ANSWER_BYTES_MAX } from "@papo/protocol";
import { encodeSeedJson } from "@papo/link";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

const LOGIN_REQUIRED = { status: "ERROR", msg: "Comando inválido. Faça login ou registre-se primeiro." };
const INVALID = { status: "ERROR", msg: "Credenciais inválidas." };
const MISSING = { status: "ERROR", msg: "Parâmetros ausentes." };

test("registers, logs in, and refuses as the report's screens do", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.seed();
  assert.deepEqual(await gabi.register("gabi"), { status: "OK", msg: "Usuário registrado com sucesso." });

  const again = await rig.seed();
  assert.deepEqual(await again.register("gabi"), { status: "ERROR", msg: "Usuário já existe." });
  assert.equal((await again.closed()).code, "lost");

  const login = await rig.seed();
  assert.deepEqual(await login.login("gabi"), { status: "OK", msg: "Login realizado com sucesso." });
});

test("T15: a command before login, LOGIN twice, REGISTER while logged in", async () => {
  const rig = await TrackerRig.start();
  const stranger = await rig.seed();
  assert.deepEqual(await stranger.ask({ cmd: "LIST_PEERS" }), LOGIN_REQUIRED);
  await stranger.closed();

  const odd = await rig.seed();
  assert.deepEqual(await odd.ask({ cmd: "DANCE" }), LOGIN_REQUIRED);
  await odd.closed();

  const gabi = await rig.seed();
  await gabi.register("gabi");
  const unsupported = { status: "ERROR", msg: "Comando não suportado." };
  assert.deepEqual(await gabi.login("gabi"), unsupported);
  assert.deepEqual(await gabi.register("nori"), unsupported);
  assert.deepEqual(await gabi.ask({ cmd: "DANCE" }), unsupported);
  assert.deepEqual((await gabi.ask({ cmd: "LIST_ROOMS" })).status, "OK");

  gabi.say({ cmd: "LOGOUT", username: "gabi" });
  await gabi.closed();
  assert.deepEqual(gabi.inbox, []);
});

test("T18, T19: a bad password costs nothing, a wrong one and an unknown user cost and say the same", async () => {
  const rig = await TrackerRig.start();
  await (await rig.seed()).register("gabi");
  const bad = [undefined, 7, {}, "a".repeat(1_000), "A".repeat(64)];
  for (const password of bad) {
    const client = await rig.seed();
    const before = rig.derived.count;
    assert.deepEqual(await client.ask({ cmd: "LOGIN", username: "gabi", password, port: 5_001 }), INVALID);
    assert.equal(rig.derived.count, before);
    await client.closed();
  }

  for (const username of ["gabi", "nobody"]) {
    const client = await rig.seed();
    const before = rig.derived.count;
    const answer = await client.ask({ cmd: "LOGIN", username, password: hashOf("wrong"), port: 5_001 });
    assert.deepEqual(answer, INVALID);
    assert.equal(rig.derived.count, before + 1);
    await client.closed();
  }
});

test("T10, T13: bad ports and bad names are refused", async () => {
  const rig = await TrackerRig.start();
  for (const port of [0, -1, 65_536, "80", 80.5, 2 ** 53 + 2, undefined]) {
    const client = await rig.seed();
    const answer = await client.ask({ cmd: "REGISTER", username: "gabi", password: hashOf("gabi"), port });
    assert.deepEqual(answer, MISSING);
    await client.closed();
  }
  await (await rig.seed()).register("gabi");
  const names = [
    "a".repeat(33),
    "a b",
    "g\u0430bi",
    "gab\u0456",
    "\u202egabi",
    "ga\u200dbi",
    "a\0",
    "é".normalize("NFD"),
    "GABI",
  ];
  for (const username of names) {
    const client = await rig.seed();
    assert.deepEqual(
      await client.register(username),
      { status: "ERROR", msg: "Usuário já existe." },
      JSON.stringify(username),
    );
    await client.closed();
  }
});

test("a room of three, from its creation to its end", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori, yuki] = [await rig.seed("10.1.0.1"), await rig.seed("10.1.0.2"), await rig.seed("10.1.0.3")];
  await gabi.register("gabi", 5_001);
  await nori.register("nori", 5_002);
  await yuki.register("yuki", 5_003);

  assert.deepEqual(await gabi.room("CREATE_ROOM", "gabi", "TESTE"), {
    status: "OK",
    msg: "Sala 'TESTE' criada com sucesso.",
  });
  assert.deepEqual(await nori.room("CREATE_ROOM", "nori", "TESTE"), {
    status: "ERROR",
    msg: "A sala 'TESTE' já existe.",
  });

  const rejoined = await gabi.room("JOIN_ROOM", "gabi", "TESTE");
  assert.equal(rejoined.msg, "Usuário 'gabi' entrou na sala 'TESTE'.");
  assert.deepEqual(Object.keys(rejoined.room), ["name", "peer_owner", "peer_one", "peer_two"]);
  assert.deepEqual(Object.keys(rejoined.room.peer_owner), ["username", "last_ping", "address", "port", "connected"]);
  assert.equal(rejoined.room.peer_owner.address, "10.1.0.1");
  // She was in the room before, so she was told before the answer.
  assert.equal((await gabi.hear()).status, "ROOM_UPDATE");

  const joined = await nori.room("JOIN_ROOM", "nori", "TESTE");
  assert.equal(joined.room.peer_one.username, "nori");
  assert.equal(joined.room.peer_one.port, 5_002);
  const update = await gabi.hear();
  assert.equal(update.msg, "A configuração da sala 'TESTE' foi atualizada.");
  assert.equal(update.room.peer_one.username, "nori");

  const third = await yuki.room("JOIN_ROOM", "yuki", "TESTE");
  assert.equal(third.room.peer_two.username, "yuki");
  for (const client of [gabi, nori]) assert.equal((await client.hear()).room.peer_two.username, "yuki");

  const zoe = await rig.seed();
  await zoe.register("zoe");
  const full = { status: "ERROR", msg: "A sala 'TESTE' não existe ou está cheia." };
  assert.deepEqual(await zoe.room("JOIN_ROOM", "zoe", "TESTE"), full);
  assert.deepEqual(await zoe.room("JOIN_ROOM", "zoe", "X"), { status: "ERROR", msg: "A sala 'X' não existe." });
  assert.deepEqual(await zoe.room("LEAVE_ROOM", "zoe", "X"), { status: "ERROR", msg: "A sala 'X' não existe." });
  const notIn = { status: "ERROR", msg: "Usuário 'zoe' não está na sala 'TESTE'." };
  assert.deepEqual(await zoe.room("LEAVE_ROOM", "zoe", "TESTE"), notIn);

  const left = { status: "OK", msg: "Usuário 'nori' saiu da sala 'TESTE'." };
  assert.deepEqual(await nori.room("LEAVE_ROOM", "nori", "TESTE"), left);
  for (const client of [gabi, yuki]) {
    const { room } = await client.hear();
    assert.equal(room.peer_one, null);
    assert.equal(room.peer_two.username, "yuki");
  }

  const notDeletable = { status: "ERROR", msg: "A sala 'TESTE' não existe ou não pode ser deletada." };
  assert.deepEqual(await yuki.room("DELETE_ROOM", "yuki", "TESTE"), notDeletable, "T17");
  assert.deepEqual(await gabi.room("DELETE_ROOM", "gabi", "TESTE"), {
    status: "OK",
    msg: "Sala 'TESTE' deletada com sucesso.",
  });
  assert.deepEqual(await gabi.room("DELETE_ROOM", "gabi", "TESTE"), notDeletable, "T17");
});

test("lists peers with their rooms, and rooms with their places", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori] = [await rig.seed(), await rig.seed()];
  await gabi.register("gabi");
  await nori.register("nori");
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");

  const { peers } = await nori.ask({ cmd: "LIST_PEERS" });
  assert.deepEqual(Object.keys(peers), ["nori", "gabi"]);
  assert.deepEqual(Object.keys(peers.gabi), ["username", "last_ping", "address", "port", "connected", "room"]);
  assert.deepEqual([peers.gabi.room, peers.nori.room, peers.gabi.connected], ["TESTE", null, true]);
  assert.match(peers.gabi.last_ping, /^\d{4}-\d\d-\d\dT/u);

  const { rooms } = await nori.ask({ cmd: "LIST_ROOMS" });
  assert.equal(rooms.TESTE.name, "TESTE");
  assert.equal(rooms.TESTE.peer_owner.username, "gabi");
  assert.equal(rooms.TESTE.peer_one, null);
});

test("T16, I13: nobody acts for another", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori] = [await rig.seed(), await rig.seed()];
  await gabi.register("gabi");
  await nori.register("nori");
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");

  for (const cmd of ["CREATE_ROOM", "JOIN_ROOM", "LEAVE_ROOM", "DELETE_ROOM"]) {
    assert.deepEqual(await nori.room(cmd, "gabi", "TESTE"), MISSING);
    assert.deepEqual(await nori.ask({ cmd, username: "nori" }), MISSING);
    assert.deepEqual(await nori.ask({ cmd, room: "TESTE" }), MISSING);
    assert.deepEqual(await nori.ask({ cmd, room: 7, username: "nori" }), MISSING);
  }
  const { rooms } = await gabi.ask({ cmd: "LIST_ROOMS" });
  assert.equal(rooms.TESTE.peer_owner.username, "gabi");
  assert.equal(rooms.TESTE.peer_one, null);
});

test("one room at a time: joining another leaves the first", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori] = [await rig.seed(), await rig.seed()];
  await gabi.register("gabi");
  await nori.register("nori");
  await gabi.room("CREATE_ROOM", "gabi", "UM");
  await nori.room("JOIN_ROOM", "nori", "UM");
  assert.equal((await gabi.hear()).room.peer_one.username, "nori");

  await nori.room("CREATE_ROOM", "nori", "DOIS");
  assert.equal((await gabi.hear()).room.peer_one, null);
  const { peers } = await gabi.ask({ cmd: "LIST_PEERS" });
  assert.equal(peers.nori.room, "DOIS");
});

test("seats: freed at once by LOGOUT, after 30 s by a lost socket, kept by a new login, and never the owner's", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori, yuki] = [await rig.seed(), await rig.seed("10.2.0.2"), await rig.seed("10.2.0.3")];
  for (const [client, name] of [
    [gabi, "gabi"],
    [nori, "nori"],
    [yuki, "yuki"],
  ] as const)
    await client.register(name);
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await nori.room("JOIN_ROOM", "nori", "TESTE");
  await yuki.room("JOIN_ROOM", "yuki", "TESTE");
  const zoe = await rig.seed();
  await zoe.register("zoe");
  const join = async () => (await zoe.room("JOIN_ROOM", "zoe", "TESTE")).status;
  assert.equal(await join(), "ERROR");

  // Lost and back within the time of grace: the seat is still hers.
  nori.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.advance(29_000);
  assert.equal(await join(), "ERROR");
  const back = await rig.seed("10.2.0.2");
  await back.login("nori");
  await rig.clock.advance(40_000);
  assert.equal(await join(), "ERROR");

  // Lost for good.
  back.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.advance(31_000);
  assert.equal(await join(), "OK");
  await zoe.room("LEAVE_ROOM", "zoe", "TESTE");

  // Said so.
  yuki.say({ cmd: "LOGOUT", username: "yuki" });
  await yuki.closed();
  assert.equal(await join(), "OK");

  // The owner's place stays hers.
  gabi.say({ cmd: "LOGOUT", username: "gabi" });
  await gabi.closed();
  await rig.clock.advance(60_000);
  const { rooms } = await zoe.ask({ cmd: "LIST_ROOMS" });
  assert.equal(rooms.TESTE.peer_owner, null);
  const returned = await rig.seed();
  await returned.login("gabi");
  const seen = await zoe.ask({ cmd: "LIST_ROOMS" });
  assert.equal(seen.rooms.TESTE.peer_owner.username, "gabi");
});

test("answers stay below what an original client reads at once, with its own first", async () => {
  const rig = await TrackerRig.start();
  for (let index = 0; index < 60; index += 1) {
    const client = await rig.seed();
    await client.register(`usuário.número.${index}`);
    await client.room("CREATE_ROOM", `usuário.número.${index}`, `Sala "número" ${index} 🎉 çãé`);
  }
  const last = await rig.seed();
  await last.register("gabi");
  await last.room("CREATE_ROOM", "gabi", "minha");
  const { peers } = await last.ask({ cmd: "LIST_PEERS" });
  const { rooms } = await last.ask({ cmd: "LIST_ROOMS" });
  for (const answer of [
    { status: "OK", peers },
    { status: "OK", rooms },
  ]) {
    const bytes = encodeSeedJson(answer).length;
    assert.ok(bytes < SEED_ANSWER_BYTES_MAX && bytes > SEED_ANSWER_BYTES_MAX / 2, String(bytes));
  }
  assert.equal(Object.keys(peers)[0], "gabi");
  assert.equal(Object.keys(rooms)[0], "minha");
  assert.equal(Object.keys(rooms)[1], `Sala "número" 59 🎉 çãé`);
});

test("F14, T31: the newest login wins, the old one is told, and its late end changes nothing", async () => {
  const rig = await TrackerRig.start();
  const [gabi, nori] = [await rig.seed(), await rig.seed()];
  await gabi.register("gabi");
  await nori.register("nori");
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await nori.room("JOIN_ROOM", "nori", "TESTE");
  await gabi.hear();

  const newer = await rig.seed();
  await newer.login("nori", 6_002);
  assert.deepEqual(await nori.hear(), { status: "ERROR", msg: "Sua conta entrou em outro lugar." });
  await nori.closed();
  await rig.clock.advance(60_000);
  const { peers } = await gabi.ask({ cmd: "LIST_PEERS" });
  assert.deepEqual([peers.nori.port, peers.nori.room], [6_002, "TESTE"]);
  assert.ok(rig.lines.every((line) => !line.includes("[DESCONECTADO]")));
});

test("a peer observed on loopback is shown elsewhere at the address where the tracker was reached; claims never", async () => {
  const rig = await TrackerRig.start();
  const [local, remote] = [await rig.seed("127.0.0.1"), await rig.seed("10.3.0.1")];
  await local.ask({
    cmd: "REGISTER",
    username: "gabi",
    password: hashOf("x"),
    address: "169.254.169.254",
    port: 5_001,
  });
  await remote.ask({ cmd: "REGISTER", username: "nori", password: hashOf("x"), address: "127.0.0.0.1", port: 5_002 });
  const seenFar = (await remote.ask({ cmd: "LIST_PEERS" })).peers;
  const seenNear = (await local.ask({ cmd: "LIST_PEERS" })).peers;
  assert.equal(seenFar.gabi.address, "10.0.0.1");
  assert.equal(seenNear.gabi.address, "127.0.0.1");
  assert.equal(seenNear.nori.address, "10.3.0.1", "T22");
});

test("T2: silence before login ends after 120 s", async () => {
  const rig = await TrackerRig.start();
  const silent = await rig.seed();
  await rig.clock.advance(119_000);
  assert.equal(silent.closedBy, undefined);
  await rig.clock.advance(2_000);
  assert.ok(silent.closedBy);
  assert.equal(rig.tracker.sessionCount, 0);
});
