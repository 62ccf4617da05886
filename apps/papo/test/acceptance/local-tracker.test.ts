// Goal: whoever types `papo` finds a tracker on this machine or hosts it, and when the host goes away another one takes
// over with the same data, while the chats go on.
// Method: real `papo` processes with pipes, one user's home, the local tracker on a port of its own; waits for lines.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { test } from "node:test";
import { ownPort, type Program, startPapo, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { SeedClient } from "./seed-client.ts";

const { classic, feed, papo } = catalogueOf("en");

/** A home whose Papos share a tracker on a port that is free. */
async function household(): Promise<{ home: TemporaryHome; port: number; place: string } & Disposable> {
  const home = new TemporaryHome();
  const port = await ownPort();
  mkdirSync(home.at(".config", "papo"), { recursive: true });
  writeFileSync(home.at(".config", "papo", "config.toml"), `local-port = ${port}\n`);
  return { home, port, place: `127.0.0.1:${port}`, [Symbol.dispose]: () => home[Symbol.dispose]() };
}

async function register(program: Program, name: string): Promise<void> {
  await program.out.expect(classic.choose);
  program.type(`2\n${name}\nsegredo\n`);
  await program.out.expect(classic.registered);
}

test("take-over: the host is killed, another one hosts the same tracker, no chat is interrupted, the third comes back by key", async () => {
  using house = await household();
  const { home, place } = house;
  const start = (name: string): Program => startPapo(["--classic"], { home, name });
  const host = start("gabi");
  await using _host = host;
  await host.out.see(papo.hosting.hosts(place));
  await using nori = start("nori");
  await using yuki = start("yuki");
  await Promise.all([register(host, "gabi"), register(nori, "nori"), register(yuki, "yuki")]);
  host.type("3\nTESTE\n");
  await host.out.expect(classic.roomHeader("TESTE"));
  for (const [program, name] of [
    [nori, "nori"],
    [yuki, "yuki"],
  ] as const) {
    program.type("4\nTESTE\n");
    await program.out.expect(classic.roomHeader("TESTE"));
    await host.out.see(feed.joined(name));
  }
  await nori.out.see(feed.joined("yuki"));
  yuki.type("before\n");
  await Promise.all([host, nori, yuki].map((program) => program.out.see("<yuki> before")));
  const key = readFileSync(home.at(".local", "share", "papo", "tracker", "tracker-key.json"), "utf8");

  await host.stop("SIGKILL");
  nori.type("meanwhile\n");
  await yuki.out.see("<nori> meanwhile");
  await Promise.race([nori.out.see(papo.hosting.tookOver(place)), yuki.out.see(papo.hosting.tookOver(place))]);
  await Promise.all([nori.out.see(feed.trackerBack), yuki.out.see(feed.trackerBack)]);
  const hosts = [nori, yuki].filter(({ out }) => out.text.includes(papo.hosting.tookOver(place)));
  assert.equal(hosts.length, 1, "exactly one hosts");
  assert.equal(readFileSync(home.at(".local", "share", "papo", "tracker", "tracker-key.json"), "utf8"), key);

  await using back = start("gabi, again");
  await back.out.expect(classic.continueAs("gabi"));
  back.type("\n");
  await back.out.expect(classic.resumed("gabi"));
  back.type("2\n");
  await back.out.expect(classic.roomLine("TESTE", 3, 50));
  back.type("4\nTESTE\n");
  await back.out.expect(classic.roomHeader("TESTE"));
  back.type("I am back\n");
  await Promise.all([nori, yuki].map((program) => program.out.see("<gabi> I am back")));

  for (const [program, other] of [
    [nori, "yuki"],
    [yuki, "nori"],
  ] as const) {
    assert.equal(program.out.text.includes(feed.linkLost(other)), false, `the link with ${other} lived on`);
    assert.equal(program.out.text.includes(feed.unlinked(other)), false);
    // Whoever came later may have been linked before the room was shown.
    assert.ok(program.out.count(feed.linked(other)) <= 1);
  }
});

test("several start at the same moment: exactly one hosts", async () => {
  using house = await household();
  const names = ["a", "b", "c", "d"];
  await using all = new AsyncDisposableStack();
  const programs = names.map((name) => all.use(startPapo(["--classic"], { home: house.home, name })));
  await Promise.all(programs.map((program) => program.out.see(classic.choose)));
  const hosts = programs.filter(({ out }) => out.text.includes(papo.hosting.hosts(house.place)));
  assert.equal(hosts.length, 1);
  for (const program of programs) program.endInput();
  for (const program of programs) assert.equal((await program.endWithin()).code, 0);
});

test("the host leaves in order: it says who goes on, and one of those who stay hosts even before anyone has logged in", async () => {
  using house = await household();
  await using host = startPapo(["--classic"], { home: house.home, name: "host" });
  await host.out.see(papo.hosting.hosts(house.place));
  await using other = startPapo(["--classic"], { home: house.home, name: "other" });
  await other.out.see(classic.choose);
  host.type("0\n");
  assert.equal((await host.endWithin()).code, 0);
  await host.out.see(papo.hosting.stops);
  await other.out.see(papo.hosting.tookOver(house.place));
  await register(other, "nori");
  other.signal("SIGTERM");
  assert.equal((await other.endWithin()).code, 0);
});

test("a hosted tracker serves original programs of this machine as well", async () => {
  using house = await household();
  await using host = startPapo(["--classic"], { home: house.home });
  await host.out.see(papo.hosting.hosts(house.place));
  const client = await SeedClient.connect(house.port);
  assert.equal((await client.register("gabi", "segredo", 40_000)).status, "OK");
  client.leave();
});

test("who is no tracker is named, with what to do, and nothing is hosted", async () => {
  using house = await household();
  const server = createServer((socket) =>
    socket
      .on("error", () => {})
      .resume()
      .end("SSH-2.0-\u001b[2JOpenSSH\r\n"),
  );
  await new Promise<void>((resolve) => server.listen(house.port, "127.0.0.1", resolve));
  try {
    await using program = startPapo(["--classic"], { home: house.home });
    assert.equal((await program.endWithin()).code, 3);
    assert.match(program.err.text, /is not Papo but an SSH server \(SSH-2\.0-␛\[2JOpenSSH\)\./u);
    assert.match(program.err.text, /local-port = 6070 in .*config\.toml/u);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

test("--tracker never hosts", async () => {
  using house = await household();
  await using program = startPapo(["--classic", "--tracker", `papo://${house.place}`], { home: house.home });
  await program.out.expect(classic.choose);
  program.type("2\ngabi\nsegredo\n");
  await program.out.expect(classic.error("").trim());
  assert.equal(program.out.text.includes(papo.hosting.hosts(house.place)), false);
  program.endInput();
  assert.equal((await program.endWithin()).code, 0);
});
