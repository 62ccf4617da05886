// Goal: I7: nothing that people write, choose or call themselves can be read on the way, neither between peers nor to
// the tracker.
// Method: every byte of all connections passes capturing proxies: to the real tracker process, and between two engines.
// The same needles sent by an original program prove that the capture sees what can be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultProxy, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { Engine, must, ProxiedNetwork } from "./engines.ts";
import { hashOf, SeedClient } from "./seed-client.ts";

const SECRETS = {
  password: "correct-horse-battery",
  name: "gabriela",
  other: "norivaldo",
  room: "sala secretíssima",
  text: "encontro às 18h47 no café",
  private: "só entre nós dois",
};

/** How a text could stand in readable bytes. */
function formsOf(text: string): readonly Buffer[] {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [
    Buffer.from(text),
    Buffer.from(text, "utf16le"),
    Buffer.from(escaped),
    Buffer.from(Buffer.from(text).toString("hex")),
    Buffer.from(Buffer.from(text).toString("base64").replace(/=+$/u, "").slice(0, -2)),
    Buffer.from(hashOf(text)),
  ];
}

function readable(bytes: Buffer): readonly string[] {
  return Object.entries(SECRETS)
    .filter(([, text]) => formsOf(text).some((form) => bytes.includes(form)))
    .map(([what]) => what);
}

test("I7: no password, name, room or text stands in any byte between Papos or to the tracker", async () => {
  using home = new TemporaryHome();
  const { program, port, address } = await startTrackerProgram(["--store", "memory"], { home });
  await using _program = program;
  await using toTracker = await FaultProxy.before({ host: "127.0.0.1", port });
  await using network = new ProxiedNetwork();
  const options = { home, network, address: address.replace(`:${port}`, `:${toTracker.port}`) };
  await using gabi = await Engine.register(SECRETS.name, SECRETS.password, options);
  await using nori = await Engine.register(SECRETS.other, SECRETS.password, options);

  const room = must(await gabi.api.createRoom({ name: SECRETS.room }));
  must(await nori.api.joinRoom(SECRETS.room));
  await gabi.until("nori to be in the room", () => gabi.api.room(room.id)?.memberCount === 2);
  must(await gabi.api.send({ kind: "room", id: room.id }, SECRETS.text));
  await nori.until("the message", () => nori.hasMessage(SECRETS.text));
  const { username } = must(await nori.api.openPrivate(SECRETS.name));
  must(await nori.api.send({ kind: "private", username }, SECRETS.private));
  await gabi.until("the private message", () => gabi.hasMessage(SECRETS.private));

  const between = network.captured(toTracker.port);
  assert.ok(between.length > 1_000, "the link between the two went through the proxy");
  assert.deepEqual(readable(between), []);
  const tracker = Buffer.concat([toTracker.captured("up"), toTracker.captured("down")]);
  assert.ok(tracker.length > 1_000);
  assert.deepEqual(readable(tracker), []);

  const original = await SeedClient.connect(toTracker.port);
  await original.register("original", SECRETS.password, 40_000);
  await original.ask({ cmd: "CREATE_ROOM", room: SECRETS.room, username: "original" });
  original.leave();
  assert.deepEqual(readable(toTracker.captured("up")), ["password", "room"], "the capture can see");
});
