// Goal: on real sockets, slow, throttled and stalling connections make nobody look gone who answers within the limits, and connections that are lost lose and double nothing.
// Method: `papo tracker` as a process, two engines in this one whose every connection passes a fault proxy, and time that runs ten times as fast, so that ten seconds take one.
// packages/peer tries the same with many more stalls and cuts, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@papo/link";
import { LINK_PING_INTERVAL_MS, type RoomId } from "@papo/protocol";
import { type FaultProxy, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { Engine, HurriedClock, must, ProxiedNetwork } from "./engines.ts";

const FACTOR = 10;
const STALL_MS = 10_000;

/** Lets a fault last; nothing is waited for by it. */
function lasts(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

function assertNothingLost(engine: Engine): void {
  const gone = engine.events.filter(({ kind }) => kind === "unlinked" || kind === "member-offline");
  const waits = engine.events.filter((event) => event.kind === "tracker" && event.state.kind !== "online");
  assert.deepEqual([...gone, ...waits], [], `${engine.api.self}: somebody seemed gone`);
}

test("F7: delays, a throttle, stalls of ten seconds and lost connections, with the tracker and between people", async () => {
  using home = new TemporaryHome();
  const { program, port, address } = await startTrackerProgram(["--store", "memory"], { home });
  await using _program = program;
  const clock = new HurriedClock();
  await using network = new ProxiedNetwork(clock);
  const options = { home, address, clock, network };
  await using gabi = await Engine.register("gabi", "segredo", options);
  await using nori = await Engine.register("nori", "segredo", options);
  const engines = [gabi, nori] as const;
  const { id } = must(await gabi.api.createRoom({ name: "SALA" }));
  must(await nori.api.joinRoom("SALA"));
  const links = () => network.linkProxies(port);
  await Promise.all(
    engines.map((one) => one.until("the room of two", () => one.api.room(id)?.log?.standing === "member")),
  );
  await gabi.until("nori", () => gabi.isLinkedTo("nori") && gabi.api.room(id)?.memberCount === 2);
  await nori.until("gabi", () => nori.isLinkedTo("gabi"));
  for (const { events } of engines) events.length = 0;
  clock.factor = FACTOR;
  const said = new Said(id, engines);

  // Each way passes two proxies: 2 to 6 s there and back, at about 13 KiB a second, changing all the time.
  for (const delayMs of [50, 150, 20, 100]) {
    for (const proxy of links()) proxy.spoil("both", { delayMs, bytesPerSecond: 131_072 });
    await said.turn(delayMs);
  }
  await said.arrived();
  for (const proxy of links()) proxy.heal();

  // The line to the tracker as well, for which each engine has a proxy of its own.
  for (const proxies of [links(), [...links(), ...network.trackerProxies(port)]]) {
    await stall(clock, proxies, () => said.turn(500));
  }
  await said.arrived();
  await lasts(clock, LINK_PING_INTERVAL_MS);
  for (const engine of engines) assertNothingLost(engine);

  for (let cut = 0; cut < 3; cut += 1) {
    await said.turn(200);
    for (const proxy of links()) proxy.cut();
    await said.turn(200);
    await Promise.all(engines.map((one) => one.until("a link again", () => one.isLinkedTo(other(engines, one)))));
  }
  await said.arrived();
  said.assertOnce();
});

async function stall(clock: Clock, proxies: readonly FaultProxy[], during: () => Promise<void>): Promise<void> {
  for (const proxy of proxies) proxy.spoil("both", { stall: true });
  await during();
  await lasts(clock, STALL_MS);
  for (const proxy of proxies) proxy.heal();
}

function other([one, two]: readonly [Engine, Engine], engine: Engine): string {
  return (engine === one ? two : one).api.self ?? "";
}

/** What the two have said to each other. */
class Said {
  readonly #room: RoomId;
  readonly #engines: readonly [Engine, Engine];
  readonly #texts: string[] = [];

  constructor(room: RoomId, engines: readonly [Engine, Engine]) {
    this.#room = room;
    this.#engines = engines;
  }

  /** A few words each, with this many letters. */
  async turn(letters: number): Promise<void> {
    for (const engine of this.#engines) {
      const text = `${this.#texts.length} ${"x".repeat(letters)}`;
      this.#texts.push(text);
      must(await engine.api.send({ kind: "room", id: this.#room }, text));
    }
  }

  async arrived(): Promise<void> {
    const all = (one: Engine) => this.#texts.every((text) => one.hasMessage(text));
    await Promise.all(this.#engines.map((one) => one.until("every text", () => all(one))));
  }

  assertOnce(): void {
    for (const engine of this.#engines)
      for (const text of this.#texts) assert.equal(engine.countOf(text), 1, `${engine.api.self}: exactly once`);
  }
}
