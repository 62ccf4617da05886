// Goal: what is known of people is not lost, swapped or taken back by whoever comes later, and is on disk before it counts.
// Method: meetings made of real statements, on the pins alone; a file that is slow or fails is a function here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenedStatement, openStatement, sha256Text, signStatement } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  type AccountStatement,
  type Outcome,
  PINS_BYTES_MAX,
  PINS_MAX,
  PROFILE_FILE_BYTES_MAX,
  STATEMENT_BYTES_MAX,
  fail,
  succeed,
} from "@papo/protocol";
import type { Problem } from "../../src/api.ts";
import type { Introduction } from "../../src/identity/introduction.ts";
import { NamePins } from "../../src/identity/name-pins.ts";
import { type OwnKeys, createKeys } from "../../src/identity/own-account.ts";
import { PinKeeper } from "../../src/identity/pin-keeper.ts";
import { expectOk, keysFor, named } from "../world-fixture.ts";

const DATE = "2026-11-20T12:00:00.000Z";

function meeting(name: string, keys = name, changes: Partial<Introduction> = {}): Introduction {
  const { keys: own, statement } = keysFor(keys);
  return {
    username: named(name),
    account: own.root.publicKey,
    device: own.device.publicKey,
    tls: own.tls.key,
    statement,
    binding: null,
    epoch: null,
    features: [],
    ...changes,
  };
}

function signedBy(keys: OwnKeys, statement: AccountStatement): OpenedStatement {
  const signed = signStatement(keys.root, statement);
  return { statement: expectOk(openStatement(signed)), signed };
}

test("the key that the user was asked about is the one that is accepted, whoever comes before the answer", () => {
  const pins = new NamePins();
  pins.meet(meeting("nori"), DATE);
  const asked = pins.meet(meeting("nori", "new nori"), DATE);
  const other = pins.meet(meeting("nori", "somebody else"), DATE);
  assert.deepEqual([asked.kind, other.kind], ["changed", "changed"]);
  assert.ok(asked.kind === "changed" && asked.isNews && other.kind === "changed" && !other.isNews);

  pins.accept(named("nori"));
  assert.equal(pins.accountOf(named("nori")), keysFor("new nori").keys.root.publicKey);
  const again = pins.meet(meeting("nori", "somebody else"), DATE);
  assert.ok(again.kind === "changed" && again.isNews, "its turn to be asked about");
});

test("a key that was blocked by mistake can be accepted after all", () => {
  const pins = new NamePins();
  const [nori, renewed] = [named("nori"), keysFor("new nori").keys.root.publicKey];
  pins.meet(meeting("nori"), DATE);
  assert.ok(!pins.accept(nori), "nothing was offered or blocked");
  pins.meet(meeting("nori", "new nori"), DATE);
  assert.ok(pins.block(nori));
  assert.equal(pins.standing(nori, renewed), "blocked");

  assert.ok(pins.accept(nori));
  assert.equal(pins.standing(nori, renewed), "trusted");
  assert.equal(pins.standing(nori, keysFor("nori").keys.root.publicKey), "changed");
  assert.ok(!pins.accept(nori), "once");
  assert.equal(pins.meet(meeting("nori", "new nori"), DATE).kind, "known");
});

test("P3: an older statement does not bring back a TLS key that the device has replaced", () => {
  const { keys, statement } = keysFor("nori");
  const tls = createKeys().tls.key;
  const next = signedBy(keys, {
    ...statement.statement,
    version: 2,
    prev: sha256Text(statement.signed.text),
    devices: statement.statement.devices.map((device) => ({ ...device, tls })),
  });
  const pins = new NamePins();
  assert.equal(pins.meet(meeting("nori", "nori", { statement: next, tls }), DATE).kind, "first");
  assert.equal(pins.meet(meeting("nori"), DATE).kind, "stale");
  assert.equal(pins.meet(meeting("nori", "nori", { tls }), DATE).kind, "known", "the device itself may lag behind");
});

test("a crowd of new names pushes out nobody who was met before it", () => {
  const pins = new NamePins();
  pins.meet(meeting("nori"), DATE);
  pins.meet(meeting("gabi"), DATE);
  pins.meet(meeting("gabi", "new gabi"), DATE);
  for (let count = 0; count < PINS_MAX + 50; count += 1) pins.meet(meeting(`x${count}`, "mallory"), DATE);
  assert.equal(pins.all().length, PINS_MAX);
  assert.equal(pins.standing(named("nori"), keysFor("nori").keys.root.publicKey), "trusted");
  assert.equal(pins.changes().length, 1);
});

test("I11: statements as long as they may be never make the file longer than what is read again", () => {
  const { keys, statement } = keysFor("mallory");
  const long = { ...statement.statement, padding: '"'.repeat(STATEMENT_BYTES_MAX / 2 - 500) };
  const padded = signedBy(keys, long);
  assert.ok(padded.signed.text.length > STATEMENT_BYTES_MAX * 0.9);
  const pins = new NamePins();
  for (let count = 0; count < PINS_MAX / 2; count += 1) {
    pins.meet(meeting(`x${count}`, "mallory", { statement: padded }), DATE);
  }
  const file = JSON.stringify({ v: 1, tracker: null, pins: pins.all() });
  assert.ok(Buffer.byteLength(file) <= PROFILE_FILE_BYTES_MAX);
  assert.ok(pins.all().length > PINS_BYTES_MAX / STATEMENT_BYTES_MAX / 2);
});

function keeper(write: () => Promise<Outcome<string>>): { pins: PinKeeper; problems: Problem[] } {
  const problems: Problem[] = [];
  const ports = { clock: new VirtualClock(), onProblem: (problem: Problem) => problems.push(problem) };
  return { pins: new PinKeeper(new NamePins(), { path: "pins", write }, ports), problems };
}

test("two first meetings at once: neither counts before the pin is on disk", async () => {
  const written = Promise.withResolvers<Outcome<string>>();
  const { pins } = keeper(() => written.promise);
  const settled: string[] = [];
  const meetings = [pins.meet(meeting("nori")), pins.meet(meeting("nori"))];
  for (const met of meetings) void met.then(({ kind }) => settled.push(kind));
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  assert.deepEqual(settled, []);

  written.resolve(succeed("pins"));
  await Promise.all(meetings);
  assert.deepEqual(settled, ["first", "known"]);
});

test("a pin that could not be written is said once, holds meanwhile, and is written at the next meeting", async () => {
  let isFull = true;
  let writes = 0;
  const { pins, problems } = keeper(() => {
    writes += 1;
    return Promise.resolve(isFull ? fail("storage_failed", "no space") : succeed("pins"));
  });
  await pins.meet(meeting("nori"));
  await pins.meet(meeting("nori"));
  assert.equal(problems.length, 1);
  assert.equal((await pins.meet(meeting("nori", "mallory"))).kind, "changed");

  isFull = false;
  await pins.meet(meeting("nori"));
  const before = writes;
  await pins.meet(meeting("nori"));
  assert.equal(writes, before, "nothing is left to write");
});
