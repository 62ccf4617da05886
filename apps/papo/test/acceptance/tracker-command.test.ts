// Goal: `papo tracker` behaves as a service should: it says where it listens, ends cleanly, and refuses clearly.
// Method: the real process with pipes; waits for lines and exits.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { hashOf, SeedClient } from "./seed-client.ts";

const home = new TemporaryHome("casa da gabi é aqui");
after(() => home[Symbol.dispose]());

/** Runs to its end and gives back what it said. */
async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const program = startPapo(args, { home });
  const { code } = await program.endWithin();
  return { code, out: program.out.text, err: program.err.text };
}

test("the last line of start-up is the same in every locale and under --json", async () => {
  for (const [env, args] of [
    [{ LANG: "pt_BR.UTF-8" }, []],
    [{ LC_ALL: "C" }, ["--json"]],
  ] as const) {
    const data = home.at(`data-${args.length}`);
    const { program, port } = await startTrackerProgram(["--data", data, ...args], { home, env });
    const lines = program.out.text.trimEnd().split("\n");
    assert.equal(lines.at(-1), `listening on 127.0.0.1:${port}`);
    assert.equal(lines.filter((line) => line.startsWith("listening on ")).length, 1);
    assert.equal((await program.stop()).code, 0);
  }
});

test("the ops port is announced in other words, and answers", async () => {
  const args = ["--port", "0", "--host", "127.0.0.1", "--ops-port", "0", "--data", home.at("ops-data")];
  await using program = startPapo(["tracker", ...args], { home });
  const [, url] = await program.out.see(/(http:\/\/127\.0\.0\.1:\d+)\/healthz/u);
  await program.out.see(/^listening on /mu);
  for (const path of ["/healthz", "/readyz", "/metrics"]) {
    const response = await fetch(`${url}${path}`);
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
  }
  assert.equal((await program.stop()).code, 0);
});

test("limits per address are whole numbers, 0 for none", async () => {
  const args = ["--connections-per-ip", "0", "--registrations-per-ip", "5", "--logins-per-ip", "9"];
  const { program } = await startTrackerProgram(["--store", "memory", ...args], { home });
  assert.equal((await program.stop()).code, 0);
  for (const wrong of ["-1", "1.5", "many"]) {
    const { code, err } = await run("tracker", `--logins-per-ip=${wrong}`);
    assert.equal(code, 2);
    assert.match(err, /--logins-per-ip/u);
  }
});

test("SIGTERM and SIGINT drain: sessions are closed, the exit code is 0, the data is free again", async () => {
  const data = home.at("drained");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const { program, port } = await startTrackerProgram(["--data", data], { home });
    const client = await SeedClient.connect(port);
    const name = `gabi-${signal.toLowerCase()}`;
    assert.equal((await client.register(name, "segredo", 40_000)).status, "OK");
    assert.deepEqual(await program.stop(signal), { code: 0, signal: null });
    await client.closed();
  }
});

test("the same data cannot be used twice, the same port neither, and both say so with exit code 3", async () => {
  const data = home.at("busy");
  const { program, port } = await startTrackerProgram(["--data", data], { home });
  const sameData = await run("tracker", "--host", "127.0.0.1", "--port", "0", "--ops-port", "off", "--data", data);
  assert.equal(sameData.code, 3);
  assert.match(sameData.err, /Another tracker uses the data in .*busy/u);
  const samePort = await run(
    "tracker",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--ops-port",
    "off",
    "--store",
    "memory",
  );
  assert.equal(samePort.code, 3);
  assert.match(samePort.err, new RegExp(`Something else listens on 127\\.0\\.0\\.1:${port}`, "u"));
  assert.equal((await program.stop()).code, 0);
});

test("F2: after kill -9 it starts again on the same data, with the same key", async () => {
  const data = home.at("killed");
  const first = await startTrackerProgram(["--data", data], { home });
  await first.program.stop("SIGKILL");
  const second = await startTrackerProgram(["--data", data], { home });
  const keyOf = (address: string): string | undefined => address.split("#k=")[1];
  assert.equal(keyOf(first.address), keyOf(second.address));
  await second.program.stop();
});

test("wrong options end with exit code 2 and one line", async () => {
  for (const args of [
    ["--port", "70000"],
    ["--port", "-1"],
    ["--ops-port", "x"],
    ["--store", "mysql"],
    ["--ping-interval", "0"],
    ["--prot", "1"],
  ]) {
    const { code, err, out } = await run("tracker", ...args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(err.trimEnd().split("\n").length, 1);
    assert.equal(out, "");
  }
});

/** A folder in which this user may make nothing. To root no mode says no, but the kernel's own file system does. */
function readOnlyFolder(): string {
  if (process.getuid?.() === 0) return "/sys";
  mkdirSync(home.at("read-only"), { mode: 0o555 });
  return home.at("read-only");
}

test("S9: a home that is missing, not absolute, read-only or a file is told clearly", async () => {
  writeFileSync(home.at("a-file"), "");
  const cases = [
    { env: { HOME: "" }, says: /set HOME/u },
    { env: { HOME: "relative" }, says: /set HOME/u },
    { env: { HOME: home.at("a-file") }, says: /cannot be written/u },
    { env: { HOME: `${readOnlyFolder()}/of-nobody` }, says: /cannot be written/u },
  ];
  for (const { env, says } of cases) {
    await using program = startPapo(["tracker", "--port", "0"], { home, env });
    assert.equal((await program.endWithin()).code, 1, JSON.stringify(env));
    assert.match(program.err.text, says);
    assert.doesNotMatch(program.err.text, /\n {4}at /u);
  }
});

test("S6: data that others may change is refused, with what is wrong", async () => {
  const data = home.at("open");
  mkdirSync(data, { mode: 0o777 });
  chmodSync(data, 0o777);
  const { code, err } = await run("tracker", "--port", "0", "--ops-port", "off", "--data", data);
  assert.equal(code, 1);
  assert.match(err, /other users of this machine could (read|change) it/u);
});

test("S4: an original tracker's files are imported whole, its users log in, and an export says what it cannot say", async () => {
  const from = home.at("original");
  mkdirSync(from);
  writeFileSync(`${from}/users_db.json`, JSON.stringify({ gabi: hashOf("segredo"), nori: hashOf("outro") }));
  const owner = { username: "gabi", last_ping: {}, address: "127.0.0.1", port: 5001, connected: true };
  writeFileSync(
    `${from}/rooms_db.json`,
    JSON.stringify({ TESTE: { name: "TESTE", peer_owner: owner, peer_one: null, peer_two: null } }),
  );
  writeFileSync(`${from}/peers_db.json`, JSON.stringify({ gabi: owner }));
  const data = home.at("imported");

  const imported = await run("tracker", "import", from, "--data", data);
  assert.deepEqual([imported.code, imported.out], [0, "Imported: 2 accounts and 1 room.\n"]);
  assert.deepEqual(JSON.parse(readFileSync(`${from}/users_db.json`, "utf8")), {
    gabi: hashOf("segredo"),
    nori: hashOf("outro"),
  });

  const { program, port } = await startTrackerProgram(["--data", data], { home });
  const client = await SeedClient.connect(port);
  assert.equal((await client.login("gabi", "segredo", 40_000)).status, "OK");
  const { rooms } = (await client.ask({ cmd: "LIST_ROOMS" })) as unknown as { rooms: object };
  assert.deepEqual(Object.keys(rooms), ["TESTE"]);
  await program.stop();

  const exported = await run("tracker", "export", home.at("exported"), "--data", data);
  assert.equal(exported.code, 0);
  assert.match(
    exported.out,
    /can no longer log these accounts in: "gabi"\n/u,
    "her password was stored better at her login",
  );
  assert.ok(existsSync(home.at("exported", "users_db.json")));
  const again = await run("tracker", "export", home.at("exported"), "--data", data, "--lang", "pt-BR");
  assert.equal(again.code, 1);
  assert.match(again.err, /já existe/u);
});

test("S4: what is no original tracker's file is refused and nothing changes", async () => {
  const from = home.at("broken");
  mkdirSync(from);
  const none = await run("tracker", "import", from, "--data", home.at("none"));
  assert.deepEqual([none.code, none.out], [1, ""]);
  writeFileSync(`${from}/users_db.json`, "[]");
  const { code, err } = await run("tracker", "import", from, "--data", home.at("none"));
  assert.equal(code, 1);
  assert.match(err, /is no file of an original tracker/u);
});
