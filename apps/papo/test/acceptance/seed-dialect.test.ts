// Goal: an unmodified program of the founding report can use the real tracker process: every command, every error,
// every push, and liveness, as docs/protocol/seed.md says.
// Method: raw sockets that know nothing of ours, against `papo tracker`; waits for answers, pushes and closes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type RunningTracker, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { hashOf, placesOf, SeedClient, SeedListener, type SeedPeer, type SeedRoom } from "./seed-client.ts";

let home: TemporaryHome;
let tracker: RunningTracker;
let names = 0;

before(async () => {
  home = new TemporaryHome();
  tracker = await startTrackerProgram(["--ping-interval", "1"], { home });
});

after(async () => {
  await tracker.program[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** A fresh name: the tests share one tracker and run in any order. */
function fresh(name: string): string {
  names += 1;
  return `${name}${names}`;
}

type Person = { readonly name: string; readonly client: SeedClient; readonly listener: SeedListener } & AsyncDisposable;

async function person(name: string): Promise<Person> {
  const unique = fresh(name);
  const listener = await SeedListener.open();
  const client = await SeedClient.connect(tracker.port);
  const answer = await client.register(unique, "segredo", listener.port);
  assert.deepEqual(answer, { status: "OK", msg: "Usuário registrado com sucesso." });
  return {
    name: unique,
    client,
    listener,
    async [Symbol.asyncDispose]() {
      client.leave();
      await listener[Symbol.asyncDispose]();
    },
  };
}

const asks = ({ client, name }: Person, cmd: string, room: string) => client.ask({ cmd, room, username: name });

test("register, log out, log in", async () => {
  await using gabi = await person("gabi");
  gabi.client.send({ cmd: "LOGOUT", username: gabi.name });
  await gabi.client.closed();
  const again = await SeedClient.connect(tracker.port);
  assert.deepEqual(await again.login(gabi.name, "segredo", gabi.listener.port), {
    status: "OK",
    msg: "Login realizado com sucesso.",
  });
  again.leave();
});

test("what fails before login is answered and closed", async () => {
  await using gabi = await person("gabi");
  const cases = [
    [
      { cmd: "LOGIN", username: gabi.name, password: hashOf("errada"), address: "x", port: 1 },
      "Credenciais inválidas.",
    ],
    [
      { cmd: "LOGIN", username: fresh("nobody"), password: hashOf("x"), address: "x", port: 1 },
      "Credenciais inválidas.",
    ],
    [{ cmd: "REGISTER", username: gabi.name, password: hashOf("x"), address: "x", port: 1 }, "Usuário já existe."],
    [{ cmd: "LIST_ROOMS" }, "Comando inválido. Faça login ou registre-se primeiro."],
    [{ cmd: "WHATEVER" }, "Comando inválido. Faça login ou registre-se primeiro."],
  ] as const;
  for (const [request, msg] of cases) {
    const client = await SeedClient.connect(tracker.port);
    assert.deepEqual(await client.ask(request), { status: "ERROR", msg });
    await client.closed();
  }
});

test("LIST_PEERS shows who is online, at the observed address, and in which room", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  const room = fresh("SALA ");
  await asks(gabi, "CREATE_ROOM", room);
  const { status, peers } = (await nori.client.ask({ cmd: "LIST_PEERS" })) as unknown as {
    status: string;
    peers: Record<string, SeedPeer & { room: string | null }>;
  };
  assert.equal(status, "OK");
  const shown = peers[gabi.name];
  assert.ok(shown);
  assert.deepEqual(Object.keys(shown).sort(), ["address", "connected", "last_ping", "port", "room", "username"]);
  const { last_ping, ...rest } = shown;
  assert.match(String(last_ping), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/u);
  const expected = { username: gabi.name, address: "127.0.0.1", port: gabi.listener.port, connected: true, room };
  assert.deepEqual(rest, expected, "the claimed text `localhost` is not shown");
  assert.equal(peers[nori.name]?.room, null);
});

test("a room's whole life: create, join, update, full, leave, delete, and each of their errors", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  await using yuki = await person("yuki");
  await using ana = await person("ana");
  const room = fresh("Sala d'água \u{1F30A} ");
  const ok = (msg: string) => ({ status: "OK", msg });
  const error = (msg: string) => ({ status: "ERROR", msg });

  assert.deepEqual(await asks(gabi, "CREATE_ROOM", room), ok(`Sala '${room}' criada com sucesso.`));
  assert.deepEqual(await asks(nori, "CREATE_ROOM", room), error(`A sala '${room}' já existe.`));
  const own = await asks(gabi, "JOIN_ROOM", room);
  assert.equal(own["status"], "OK", "the creator then joins, as original programs do");

  const listed = (await nori.client.ask({ cmd: "LIST_ROOMS" }))["rooms"] as Record<string, SeedRoom>;
  assert.deepEqual(Object.keys(listed[room] ?? {}).sort(), ["name", "peer_one", "peer_owner", "peer_two"]);
  assert.deepEqual(placesOf(listed[room] as SeedRoom), [gabi.name, null, null]);

  const joined = await asks(nori, "JOIN_ROOM", room);
  assert.equal(joined.msg, `Usuário '${nori.name}' entrou na sala '${room}'.`);
  assert.deepEqual(placesOf(joined["room"] as SeedRoom), [gabi.name, nori.name, null]);
  const update = await gabi.client.push();
  assert.equal(update.msg, `A configuração da sala '${room}' foi atualizada.`);
  assert.equal((await asks(yuki, "JOIN_ROOM", room)).status, "OK");
  await nori.client.pushWhere((shown) => placesOf(shown)[2] === yuki.name);
  assert.deepEqual(await asks(ana, "JOIN_ROOM", room), error(`A sala '${room}' não existe ou está cheia.`));

  assert.deepEqual(await asks(ana, "LEAVE_ROOM", room), error(`Usuário '${ana.name}' não está na sala '${room}'.`));
  assert.deepEqual(await asks(nori, "LEAVE_ROOM", room), ok(`Usuário '${nori.name}' saiu da sala '${room}'.`));
  await yuki.client.pushWhere((shown) => !placesOf(shown).includes(nori.name));
  assert.deepEqual(
    await asks(yuki, "DELETE_ROOM", room),
    error(`A sala '${room}' não existe ou não pode ser deletada.`),
  );
  assert.deepEqual(await asks(gabi, "DELETE_ROOM", room), ok(`Sala '${room}' deletada com sucesso.`));
  assert.deepEqual(
    await asks(gabi, "DELETE_ROOM", room),
    error(`A sala '${room}' não existe ou não pode ser deletada.`),
  );
  assert.deepEqual(await asks(gabi, "JOIN_ROOM", room), error(`A sala '${room}' não existe.`));
  assert.deepEqual(await asks(gabi, "LEAVE_ROOM", room), error(`A sala '${room}' não existe.`));
});

test("T15: what is not a command now, or not at all, is answered and the session lives", async () => {
  await using gabi = await person("gabi");
  const unsupported = { status: "ERROR", msg: "Comando não suportado." };
  assert.deepEqual(await gabi.client.ask({ cmd: "DANCE" }), unsupported);
  assert.deepEqual(await gabi.client.login(gabi.name, "segredo", 1), unsupported);
  assert.deepEqual(await gabi.client.register(fresh("x"), "segredo", 1), unsupported);
  const missing = { status: "ERROR", msg: "Parâmetros ausentes." };
  for (const cmd of ["CREATE_ROOM", "JOIN_ROOM", "LEAVE_ROOM", "DELETE_ROOM"]) {
    assert.deepEqual(await gabi.client.ask({ cmd }), missing);
    assert.deepEqual(await gabi.client.ask({ cmd, room: 7, username: gabi.name }), missing);
    assert.deepEqual(await gabi.client.ask({ cmd, room: "A" }), missing);
  }
});

test("T16: nobody acts for another", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  const room = fresh("dela");
  assert.equal((await asks(gabi, "CREATE_ROOM", room)).status, "OK");
  const forged = await nori.client.ask({ cmd: "DELETE_ROOM", room, username: gabi.name });
  assert.equal(forged.status, "ERROR");
  assert.equal((await asks(gabi, "DELETE_ROOM", room)).status, "OK");
});

test("T5: objects split at every byte, joined in one segment, with escapes and white space, are all understood", async () => {
  await using gabi = await person("gabi");
  const room = fresh('ção {"} \u{1F600} ');
  const escaped = JSON.stringify({ cmd: "CREATE_ROOM", room, username: gabi.name }).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  await gabi.client.drip(`\r\n ${escaped}`);
  assert.equal((await gabi.client.answer()).msg, `Sala '${room}' criada com sucesso.`);
  await gabi.client.drip(JSON.stringify({ cmd: "JOIN_ROOM", room, username: gabi.name }));
  assert.equal((await gabi.client.answer()).status, "OK");

  gabi.client.raw(`{"cmd":"LIST_ROOMS"}{"cmd":"DANCE"}\n\n{"cmd" : "LIST_PEERS"} {"cmd":"LIST_ROOMS"}`);
  assert.ok((await gabi.client.answer())["rooms"]);
  assert.equal((await gabi.client.answer()).msg, "Comando não suportado.");
  assert.ok((await gabi.client.answer())["peers"]);
  assert.ok((await gabi.client.answer())["rooms"]);
});

test("T7: a value that is no object is answered, and the session lives", async () => {
  await using gabi = await person("gabi");
  for (const value of ["1", '"x"']) {
    gabi.client.raw(`${value} `);
    assert.equal((await gabi.client.answer()).status, "ERROR");
  }
  assert.equal((await gabi.client.ask({ cmd: "LIST_ROOMS" })).status, "OK");
});

test("one room at a time: joining another leaves the first", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  const [first, second] = [fresh("um"), fresh("dois")];
  await asks(gabi, "CREATE_ROOM", first);
  await asks(nori, "CREATE_ROOM", second);
  await asks(nori, "JOIN_ROOM", first);
  await gabi.client.pushWhere((room) => placesOf(room).includes(nori.name));
  await asks(nori, "JOIN_ROOM", second);
  await gabi.client.pushWhere((room) => !placesOf(room).includes(nori.name));
});

test("liveness: who answers PING stays, who does not leaves every room", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  const room = fresh("viva");
  await asks(gabi, "CREATE_ROOM", room);
  await asks(nori, "JOIN_ROOM", room);
  await gabi.client.pushWhere((shown) => placesOf(shown).includes(nori.name));
  await gabi.listener.pinged();
  await gabi.listener.pinged();
  nori.listener.answers = false;
  await gabi.client.pushWhere((shown) => !placesOf(shown).includes(nori.name));
  const { peers } = (await gabi.client.ask({ cmd: "LIST_PEERS" })) as unknown as { peers: Record<string, SeedPeer> };
  assert.equal(peers[gabi.name]?.connected, true);
  assert.equal(peers[nori.name], undefined);
});

test("T31, F14: the newest login wins, and the old connection's end does no harm", async () => {
  await using gabi = await person("gabi");
  const newer = await SeedClient.connect(tracker.port);
  assert.equal((await newer.login(gabi.name, "segredo", gabi.listener.port)).status, "OK");
  await gabi.client.closed();
  const { peers } = (await newer.ask({ cmd: "LIST_PEERS" })) as unknown as { peers: Record<string, SeedPeer> };
  assert.equal(peers[gabi.name]?.connected, true);
  newer.leave();
});

test("LOGOUT frees the place in the room at once", async () => {
  await using gabi = await person("gabi");
  await using nori = await person("nori");
  const room = fresh("adeus");
  await asks(gabi, "CREATE_ROOM", room);
  await asks(nori, "JOIN_ROOM", room);
  await gabi.client.pushWhere((shown) => placesOf(shown).includes(nori.name));
  nori.client.send({ cmd: "LOGOUT", username: nori.name });
  await nori.client.closed();
  await gabi.client.pushWhere((shown) => !placesOf(shown).includes(nori.name));
});

test("the log keeps the report's lines, and no password", async () => {
  await using gabi = await person("gabi");
  await tracker.program.out.see(/\[NOVA CONEXÃO\] de \('127\.0\.0\.1', \d+\)/u);
  await tracker.program.out.see(`[REGISTRO] ${gabi.name} registrado.`);
  assert.equal(tracker.program.out.text.includes(hashOf("segredo")), false);
});
