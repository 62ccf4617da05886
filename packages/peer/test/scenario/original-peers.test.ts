// Goal: programs of ours and original ones talk in one plain room and in private; everything arrives exactly once, in what the original can read, and is marked.
// Method: whole engines and scripted original programs on real sockets of this machine; a small tracker in this process.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { type Member, ipLiteral } from "@papo/protocol";
import * as v from "valibot";
import type { Message, PeerApi, Room } from "../../src/api.ts";
import { openPeer } from "../../src/peer.ts";
import { FakeTracker } from "../fake-tracker-fixture.ts";
import { OriginalPeer } from "../original-peer-fixture.ts";
import { expectOk, named } from "../world-fixture.ts";

const LINES = 5;

class Scene {
  readonly tracker = new FakeTracker(tcpNetwork(systemClock));
  readonly #t: TestContext;
  readonly #folder: string;
  #port = 0;

  private constructor(t: TestContext, folder: string) {
    this.#t = t;
    this.#folder = folder;
  }

  static async create(t: TestContext): Promise<Scene> {
    const folder = await mkdtemp(join(tmpdir(), "papo-original-"));
    const scene = new Scene(t, folder);
    scene.tracker.keptAlive = systemClock;
    scene.#port = await scene.tracker.listen(0, "127.0.0.1");
    t.after(async () => {
      await scene.tracker.die();
      await rm(folder, { recursive: true, force: true });
    });
    return scene;
  }

  async engine(name: string): Promise<PeerApi> {
    const peer = expectOk(
      await openPeer({
        profile: join(this.#folder, name),
        tracker: { dialect: "papo", host: "127.0.0.1", port: this.#port, key: undefined },
        ...{ network: tcpNetwork(systemClock), clock: systemClock, random: systemRandom, allowPlaintext: true },
      }),
    );
    this.#t.after(() => peer.close());
    expectOk(await peer.register({ username: named(name), password: "a good long one" }));
    return peer;
  }

  /** An original program that the tracker lists in the room. */
  async original(name: string, room: Room): Promise<OriginalPeer> {
    const peer = await OriginalPeer.listen(name);
    this.#t.after(() => peer.close());
    const endpoint = {
      device: null,
      tls: null,
      address: v.parse(ipLiteral, "127.0.0.1"),
      port: peer.port,
      addresses: null,
    };
    this.tracker.accountByName.set(named(name), { account: null, password: "" });
    this.tracker.extraMembers.set(named(name), [endpoint] satisfies Member["endpoints"]);
    const known = this.tracker.roomById.get(room.id);
    known?.members.add(named(name));
    if (known !== undefined) this.tracker.bump(known, [named(name)], []);
    return peer;
  }
}

function until(peer: PeerApi, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = peer.subscribe(look);
    look();
  });
}

function heardBy(messages: readonly Message[]): readonly string[] {
  return messages
    .filter(({ own }) => !own)
    .map(({ author, content, encrypted }) => `${author}: ${content}${encrypted ? "" : " (plain)"}`)
    .toSorted();
}

function lines(author: string, mark = ""): readonly string[] {
  return Array.from({ length: LINES }, (_, count) => `${author}: ${count} de ${author}${mark}`);
}

async function room(t: TestContext) {
  const scene = await Scene.create(t);
  const gabi = await scene.engine("gabi");
  const nori = await scene.engine("nori");
  const made = expectOk(await gabi.createRoom({ name: "TESTE", kind: "plain" }));
  expectOk(await nori.joinRoom("TESTE"));
  const yuki = await scene.original("yuki", made);
  const zeca = await scene.original("zeca", made);
  // As the original does on joining, yuki calls everybody who is there.
  for (const engine of [gabi, nori]) await yuki.call(engine.self ?? "", engine.diagnostics().listening?.port ?? 0);
  await yuki.call("zeca", zeca.port);
  const isWhole = (engine: PeerApi): boolean =>
    engine.room(made.id)?.members.filter(({ reach }) => reach.kind === "linked").length === 3;
  for (const engine of [gabi, nori]) await until(engine, () => isWhole(engine));
  await zeca.until(() => zeca.connected.length === 3);
  return { gabi, nori, yuki, zeca, id: made.id };
}

test("four programs in a plain room: every line arrives once everywhere, in the clear where it must and encrypted where it can", async (t) => {
  const { gabi, nori, yuki, zeca, id } = await room(t);
  const groups = gabi.diagnostics().links.map(({ username, encrypted }) => `${username} ${encrypted}`);
  assert.deepEqual(groups.toSorted(), ["nori true", "yuki false", "zeca false"]);

  for (let count = 0; count < LINES; count += 1) {
    // A burst from each engine: an original reads one object at a time all the same.
    for (const engine of [gabi, nori]) expectOk(await engine.send({ kind: "room", id }, `${count} de ${engine.self}`));
    // Originals among themselves read two lines at once as none, so people there write one after another.
    for (const [original, other] of [
      [yuki, zeca],
      [zeca, yuki],
    ] as const) {
      await original.say("TESTE", `${count} de ${original.name}`);
      await other.until(() => other.heard.includes(`TESTE ${original.name}: ${count} de ${original.name}`));
    }
  }
  const total = 3 * LINES;
  for (const original of [yuki, zeca]) await original.until(() => original.heard.length >= total);
  const messages = (engine: PeerApi): readonly Message[] => engine.messages({ kind: "room", id });
  for (const engine of [gabi, nori])
    await until(engine, () => messages(engine).filter(({ own }) => !own).length >= total);

  const plain = [...lines("yuki", " (plain)"), ...lines("zeca", " (plain)")];
  assert.deepEqual(heardBy(messages(gabi)), [...lines("nori"), ...plain]);
  assert.deepEqual(heardBy(messages(nori)), [...lines("gabi"), ...plain]);
  const inRoom = (authors: readonly string[]): readonly string[] =>
    authors.flatMap((author) => lines(author).map((line) => `TESTE ${line}`));
  assert.deepEqual(yuki.heard.toSorted(), inRoom(["gabi", "nori", "zeca"]));
  assert.deepEqual(zeca.heard.toSorted(), inRoom(["gabi", "nori", "yuki"]));
  assert.deepEqual([...yuki.mistakes, ...zeca.mistakes], []);
  const own = messages(gabi).filter((message) => message.own);
  assert.ok(own.every(({ encrypted }) => !encrypted));
  await until(gabi, () =>
    messages(gabi)
      .filter((message) => message.own)
      .every(({ delivery }) => delivery?.kind === "sent" && delivery.received === 1 && delivery.silent === 2),
  );
});

test("in private with an original: both ways, marked, a long text in pieces that it can read, and LEAVE at the end", async (t) => {
  const { gabi, yuki } = await room(t);
  const to = { kind: "private" as const, username: named("yuki") };
  assert.deepEqual(expectOk(await gabi.openPrivate("yuki")), { username: "yuki", encrypted: false });
  const text = "um texto comprido 👋 ".repeat(600).trimEnd();
  const said = expectOk(await gabi.send(to, text));
  assert.deepEqual([said.encrypted, said.delivery], [false, { kind: "sent", received: 0, silent: 1, of: 1 }]);
  const pieces = (): string => yuki.heard.map((line) => line.slice("- gabi: ".length)).join("");
  await yuki.until(() => pieces().length >= text.length);
  assert.equal(pieces(), text);
  assert.deepEqual(yuki.mistakes, []);

  await yuki.say(null, "li tudo", ["gabi"]);
  await until(gabi, () => gabi.messages(to).length === 2);
  assert.deepEqual(heardBy(gabi.messages(to)), ["yuki: li tudo (plain)"]);
  gabi.leavePrivate(named("yuki"));
  await yuki.until(() => yuki.left.includes("gabi"));
});
