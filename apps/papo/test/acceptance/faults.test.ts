// Goal: killed trackers, half-open links, slow readers, storms of reconnecting clients and double logins do what
// docs/robustness.md promises, on real sockets and with the real tracker process.
// Method: `papo tracker` as a process, engines in this one behind fault proxies, time that runs faster where a promise
// is measured in many seconds. Waits for events and answers.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { test } from "node:test";
import type { RoomId } from "@papo/protocol";
import { FaultProxy, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { Engine, HurriedClock, must, ProxiedNetwork } from "./engines.ts";
import { SeedClient } from "./seed-client.ts";

const { classic, kept } = catalogueOf("en");

test("F2: kill -9 of a busy tracker loses no account and no room that was confirmed", async () => {
  using home = new TemporaryHome();
  const args = ["--data", home.at("data")];
  const first = await startTrackerProgram(args, { home });
  const confirmed: { readonly name: string; readonly room: string }[] = [];
  const writers = Array.from({ length: 8 }, (_, writer) => writeUntilClosed(first.port, writer, confirmed));
  while (confirmed.length < 25) await Promise.race(writers.map((writer) => writer.progress()));
  await first.program.stop("SIGKILL");
  await Promise.all(writers.map((writer) => writer.done));

  const second = await startTrackerProgram([...args, "--port", String(first.port)], { home });
  await using _second = second.program;
  assert.ok(confirmed.length >= 25);
  const reader = await SeedClient.connect(second.port);
  assert.equal((await reader.login(confirmed[0]?.name ?? "", "segredo", 40_000)).status, "OK");
  const { rooms } = (await reader.ask({ cmd: "LIST_ROOMS" })) as unknown as { rooms: object };
  assert.ok(Object.keys(rooms).length > 0);
  for (const { name, room } of confirmed) {
    const client = await SeedClient.connect(second.port);
    assert.equal((await client.login(name, "segredo", 40_000)).status, "OK", `${name} can log in`);
    const again = await client.ask({ cmd: "CREATE_ROOM", room, username: name });
    assert.equal(again.msg, `A sala '${room}' já existe.`);
    client.leave();
  }
  reader.leave();
});

type Writer = { readonly done: Promise<void>; progress(): Promise<void> };

/** Registers accounts and makes rooms, one after the other, until the tracker is gone. */
function writeUntilClosed(port: number, writer: number, confirmed: { name: string; room: string }[]): Writer {
  let step = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      const [name, room] = [`user-${writer}-${turn}`, `sala ${writer} ${turn}`];
      const client = await SeedClient.connect(port);
      if ((await client.register(name, "segredo", 40_000)).status !== "OK") throw new Error("refused");
      await client.ask({ cmd: "CREATE_ROOM", room, username: name });
      confirmed.push({ name, room });
      client.leave();
      step.resolve();
      step = Promise.withResolvers();
    }
  };
  const done = run().catch(() => step.resolve());
  return { done, progress: () => step.promise };
}

test("F2: chats go on while the tracker is gone, and the sessions come back by themselves", async () => {
  using home = new TemporaryHome();
  const args = ["--data", home.at("data")];
  const first = await startTrackerProgram(args, { home });
  const options = { home, address: first.address };
  await using gabi = await Engine.register("gabi", "segredo", options);
  await using nori = await Engine.register("nori", "segredo", options);
  const room = await roomOfTwo(gabi, nori);
  await first.program.stop("SIGKILL");
  await gabi.until("the loss to be told", () => gabi.api.trackerState().kind === "waiting");
  must(await gabi.api.send({ kind: "room", id: room }, "still here"));
  await nori.until("the message", () => nori.hasMessage("still here"));

  const second = await startTrackerProgram([...args, "--port", String(first.port)], { home });
  await using _second = second.program;
  await Promise.all(
    [gabi, nori].map((one) => one.until("the session", () => one.api.trackerState().kind === "online")),
  );
  assert.equal(
    gabi.saw(({ kind }) => kind === "unlinked"),
    false,
    "the link lived on",
  );
});

test("F5: a link whose other end is gone without a word is noticed in 45 s, and what was written is delivered later", async () => {
  using home = new TemporaryHome();
  const { program, port, address } = await startTrackerProgram(["--store", "memory"], { home });
  await using _program = program;
  const clock = new HurriedClock();
  await using network = new ProxiedNetwork(clock);
  const options = { home, address, clock, network };
  await using gabi = await Engine.register("gabi", "segredo", options);
  await using nori = await Engine.register("nori", "segredo", options);
  const room = await roomOfTwo(gabi, nori);
  const links = network.linkProxies(port);
  for (const proxy of links) proxy.spoil("both", { swallow: true });
  const startedAtMs = clock.monotonicMs();
  must(await gabi.api.send({ kind: "room", id: room }, "into the void"));
  clock.factor = 10;
  await gabi.until("the link to be given up", () => gabi.saw(({ kind }) => kind === "unlinked"));
  assert.ok(clock.monotonicMs() - startedAtMs < 70_000, "two silent intervals of 20 s, and the clock's own haste");
  clock.factor = 1;
  for (const proxy of links) {
    proxy.cut();
    proxy.heal();
  }
  await nori.until("the message", () => nori.hasMessage("into the void"));
  assert.equal(nori.countOf("into the void"), 1, "exactly once");
});

test("F11: who does not read is dropped, at bounded memory, and the others do not wait", async () => {
  using home = new TemporaryHome();
  const { program, port, address } = await startTrackerProgram(["--store", "memory"], { home });
  await using _program = program;
  const clock = new HurriedClock();
  await using slowNetwork = new ProxiedNetwork(clock);
  const options = { home, address, clock };
  await using slow = await Engine.register("slow", "segredo", { ...options, network: slowNetwork });
  await using gabi = await Engine.register("gabi", "segredo", options);
  await using nori = await Engine.register("nori", "segredo", options);
  const room = await roomOfTwo(slow, gabi);
  must(await nori.api.joinRoom("SALA"));
  await gabi.until("nori", () => gabi.api.room(room)?.memberCount === 3 && gabi.isLinkedTo("nori"));
  await nori.until("slow", () => nori.isLinkedTo("slow"));
  for (const proxy of slowNetwork.linkProxies(port)) proxy.spoil("both", { stall: true });

  clock.factor = 4;
  const text = "x".repeat(16_000);
  let sent = 0;
  const stalledMs = clock.monotonicMs();
  while (!gabi.saw((event) => event.kind === "unlinked" && event.username === "slow")) {
    must(await gabi.api.send({ kind: "room", id: room }, `${sent} ${text}`));
    sent += 1;
    await nori.until(`message ${sent}`, () => nori.hasMessage(`${sent - 1} ${text}`));
    // Either its queue overflows or it is silent for 45 s: how much is said meanwhile depends on the machine.
    assert.ok(clock.monotonicMs() - stalledMs < 90_000, "the stalled link is closed long before");
  }
  assert.ok(sent > 0);
  assert.equal(
    nori.saw((event) => event.kind === "unlinked" && event.username === "gabi"),
    false,
  );
});

/** Whole engines; reconnect-storm.test.ts brings a thousand devices. */
const STORM = 40;

test(`F12: ${STORM} engines that lose the tracker together all come back by key`, async () => {
  using home = new TemporaryHome();
  const args = ["--data", home.at("data")];
  const first = await startTrackerProgram(args, { home });
  await using proxy = await FaultProxy.before({ host: "127.0.0.1", port: first.port });
  const options = { home, address: first.address.replace(`:${first.port}`, `:${proxy.port}`) };
  await using all = new AsyncDisposableStack();
  all.use(first.program);
  const engines: Engine[] = [];
  for (let at = 0; at < STORM; at += 10) {
    const batch = Array.from({ length: 10 }, (_, one) => Engine.register(`user-${at + one}`, "segredo", options));
    for (const engine of await Promise.all(batch)) engines.push(all.use(engine));
  }
  const online = (): number => engines.filter(({ api }) => api.trackerState().kind === "online").length;
  assert.equal(online(), STORM);
  proxy.cut();
  await Promise.all(engines.map((engine) => engine.until("the loss", () => engine.saw(wasLost))));
  await Promise.all(
    engines.map((engine) => engine.until("the session", () => engine.api.trackerState().kind === "online", 60_000)),
  );
  assert.equal(online(), STORM);
});

function wasLost(event: Engine["events"][number]): boolean {
  return event.kind === "tracker" && event.state.kind === "waiting";
}

test("F14, F15: one account is one process's; a copy that logs in elsewhere takes the older session over, which goes on with other keys", async () => {
  using home = new TemporaryHome();
  const tracker = await startTrackerProgram(["--store", "memory"], { home });
  await using _tracker = tracker.program;
  const start = (profile: string): ReturnType<typeof startPapo> =>
    startPapo(["--classic", "--tracker", tracker.address, "--profile", home.at(profile)], { home });
  await using gabi = start("profile");
  gabi.type("2\ngabi\nsegredo\n");
  await gabi.out.expect(classic.registered);

  await using second = start("profile");
  second.type("1\ngabi\nsegredo\n");
  await second.out.expect(classic.accountInUse("gabi"));
  second.endInput();
  assert.equal((await second.endWithin()).code, 0);

  cpSync(home.at("profile"), home.at("copy"), { recursive: true });
  await using copy = start("copy");
  copy.type("1\ngabi\nsegredo\n");
  await copy.out.expect(classic.loggedIn);
  await gabi.out.expect(kept.copied);
  copy.type("1\n");
  await copy.out.expect(classic.peerLine("gabi", true, null));
});

/** `first` makes the room SALA, `second` joins it; resolves when they are linked. */
async function roomOfTwo(first: Engine, second: Engine): Promise<RoomId> {
  const { id } = must(await first.api.createRoom({ name: "SALA" }));
  must(await second.api.joinRoom("SALA"));
  await first.until("the other to join", () => first.api.room(id)?.memberCount === 2);
  const [one, other] = [first.api.self ?? "", second.api.self ?? ""];
  await first.until("the link", () => first.isLinkedTo(other));
  await second.until("the link", () => second.isLinkedTo(one));
  return id;
}
