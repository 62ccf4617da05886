// Goal: what is not the language, or cannot be done, is refused by name; the session lives, and ends only when it goes on like that.
// Method: Papo clients that send bytes of their choice, and a store that fails, on a network in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreFailure } from "../../src/repositories/store-failure.ts";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import type { PapoClient } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

async function member(rig: TrackerRig): Promise<PapoClient> {
  const gabi = await rig.papo("gabi");
  assert.equal((await gabi.register()).status, "OK");
  return gabi;
}

async function refusals(gabi: PapoClient, texts: readonly string[]): Promise<string[]> {
  gabi.pushed.length = 0;
  for (const text of texts) {
    gabi.link.sendFrame(0, Buffer.from(text));
    // One that is understood stands between two mistakes, so that they are not in a row.
    assert.equal((await gabi.ask({ cmd: "LIST_ROOMS" })).status, "OK");
  }
  return gabi.pushed.map(({ status, code }) => `${status} ${code}`);
}

test("T4, T8, T10, T12: each mistake has its code, and the session lives", async () => {
  const rig = await TrackerRig.start();
  const gabi = await member(rig);
  const told = await refusals(gabi, [
    "{",
    "[".repeat(32_000),
    '{"cmd":"LIST_ROOMS","__proto__":1}',
    '{"cmd":"LIST_ROOMS","cmd":"LOGOUT"}',
    '{"cmd":"LIST_ROOMS","x":"\\ud800"}',
    '{"cmd":"LIST_ROOMS","x":1e400}',
    "null",
  ]);
  assert.deepEqual(told, [
    "ERROR not_json",
    "ERROR json_too_deep",
    "ERROR forbidden_key",
    "ERROR duplicate_key",
    "ERROR bad_text",
    "ERROR invalid_message",
    "ERROR unknown_command",
  ]);
});

test("three mistakes in a row end the session", async () => {
  const rig = await TrackerRig.start();
  const gabi = await member(rig);
  for (let index = 0; index < 3; index += 1) gabi.link.sendFrame(0, Buffer.from("SSH-2.0"));
  await gabi.closed();
  assert.equal(gabi.pushed.filter(({ status }) => status === "ERROR").length, 3);
});

test("T10: numbers out of range and missing ids are refused; a refusal names its request if it can", async () => {
  const rig = await TrackerRig.start();
  const gabi = await member(rig);
  for (const capacity of [0, 1, 1_001, -5, 2.5, "3", 2 ** 53 + 2]) {
    assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "x", capacity })).code, "invalid_message");
  }
  for (const id of [0, -1, 1.5, "1", null]) {
    gabi.pushed.length = 0;
    gabi.send({ cmd: "LIST_ROOMS", id });
    await rig.clock.runUntil(() => gabi.pushed.length === 1);
    assert.equal(gabi.pushed[0].code, "invalid_message");
    await gabi.ask({ cmd: "LIST_ROOMS" });
  }
});

test("T16, I13: a name in a message changes nothing: the session's own account acts", async () => {
  const rig = await TrackerRig.start();
  const gabi = await member(rig);
  const created = await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma", username: "nori", owner: "nori" });
  assert.equal(created.room.owner, "gabi");
});

test("a store that fails is said to have failed, by name to the operator, and the session lives", async () => {
  const store = openMemoryStore();
  let fails = false;
  const rooms = {
    ...store.rooms,
    create: (...args: Parameters<typeof store.rooms.create>) =>
      fails ? Promise.reject(new StoreFailure("disk full: /secret/path")) : store.rooms.create(...args),
  };
  const rig = await TrackerRig.start({ repositories: { ...store, rooms } });
  const gabi = await member(rig);
  fails = true;
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" })).code, "storage_failed");
  assert.ok(rig.lines.some((line) => line.startsWith("[ERRO] CREATE_ROOM: StoreFailure")));
  assert.ok(rig.lines.every((line) => !line.includes("secret")));
  fails = false;
  assert.equal((await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" })).status, "OK");
});
