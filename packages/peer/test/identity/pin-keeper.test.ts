// Goal: "verified" means that this very key was compared, the user can look at what is known of people, and a full disk neither ends the chat nor lies.
// Method: meetings made of real statements; a disk that is full or slow is a function here, and names that look alike are made from letters that do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { type Outcome, PINS_MAX, fail, skeletonOf, succeed } from "@papo/protocol";
import fc from "fast-check";
import type { Problem } from "../../src/api.ts";
import type { Introduction } from "../../src/identity/introduction.ts";
import { NamePins } from "../../src/identity/name-pins.ts";
import { nextStatement } from "../../src/identity/next-statement.ts";
import { createDeviceKeys } from "../../src/identity/own-account.ts";
import { PinKeeper } from "../../src/identity/pin-keeper.ts";
import type { Pin } from "../../src/identity/pin.ts";
import { expectOk, keysFor, named } from "../world-fixture.ts";

const AT = "2026-11-21T12:00:00.000Z";
const nori = named("nori");

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

function accountOf(keys: string) {
  return keysFor(keys).keys.root.publicKey;
}

class Disk {
  isFull = false;
  pins: readonly Pin[] = [];
  readonly problems: Problem[] = [];
  readonly keeper: PinKeeper;

  constructor(pins: readonly Pin[] = []) {
    const ports = { clock: new VirtualClock(), onProblem: (problem: Problem) => this.problems.push(problem) };
    this.keeper = new PinKeeper(new NamePins(pins), { path: "pins", write: (all) => this.#write(all) }, ports);
  }

  #write(all: () => readonly Pin[]): Promise<Outcome<string>> {
    if (this.isFull) return Promise.resolve(fail("storage_failed", "ENOSPC"));
    this.pins = all();
    return Promise.resolve(succeed("pins"));
  }
}

test("the key that was compared is verified, on disk, until the user takes it back", async () => {
  const disk = new Disk();
  await disk.keeper.meet(meeting("nori"));
  assert.equal(disk.keeper.trust(nori, accountOf("nori")), "unverified");
  expectOk(await disk.keeper.verify(nori, accountOf("nori")));
  assert.equal(disk.keeper.trust(nori, accountOf("nori")), "verified");
  assert.equal(new Disk(disk.pins).keeper.trust(nori, accountOf("nori")), "verified", "after a restart");

  assert.ok(await disk.keeper.unverify(nori));
  assert.ok(!(await disk.keeper.unverify(nori)), "once");
  assert.equal(new Disk(disk.pins).keeper.trust(nori, accountOf("nori")), "unverified");
});

test("another key than the pinned one cannot be verified under the name, nor can a name that was never met", async () => {
  const { keeper } = new Disk();
  await keeper.meet(meeting("nori"));
  await keeper.meet(meeting("nori", "new nori"));
  const refused = await keeper.verify(nori, accountOf("new nori"));
  assert.ok(!refused.ok && refused.fault.code === "identity_changed");
  assert.equal(keeper.list()[0]?.verified, false);
  const unknown = await keeper.verify(named("zeca"), accountOf("zeca"));
  assert.ok(!unknown.ok && unknown.fault.code === "peer_missing");
});

test("a key that was verified is not any more once it was given up, not even when it comes back", async () => {
  const { keeper } = new Disk();
  await keeper.meet(meeting("nori"));
  expectOk(await keeper.verify(nori, accountOf("nori")));
  await keeper.meet(meeting("nori", "new nori"));
  assert.equal(keeper.trust(nori, accountOf("nori")), "verified", "still the known one, while the user is asked");
  assert.equal(keeper.trust(nori, accountOf("new nori")), "changed");
  await keeper.decide(nori, "accept");
  assert.equal(keeper.trust(nori, accountOf("new nori")), "unverified");

  await keeper.meet(meeting("nori"));
  await keeper.decide(nori, "accept");
  assert.equal(keeper.trust(nori, accountOf("nori")), "unverified");
});

test("an offered key that is blocked takes nothing from the verified one", async () => {
  const { keeper } = new Disk();
  await keeper.meet(meeting("nori"));
  expectOk(await keeper.verify(nori, accountOf("nori")));
  await keeper.meet(meeting("nori", "mallory"));
  await keeper.decide(nori, "block");
  assert.equal(keeper.trust(nori, accountOf("nori")), "verified");
});

test("the list says of each name what is known, with the devices of the newest statement", async () => {
  const { keeper } = new Disk();
  await keeper.meet(meeting("nori"));
  await keeper.meet(meeting("gabi"));
  const { keys, statement } = keysFor("nori");
  const laptop = createDeviceKeys(keys.root);
  const change = { add: [laptop], revoke: [keys.device.publicKey], at: AT };
  const next = expectOk(nextStatement(keys.root, statement, change));
  const met = { statement: next, device: laptop.device.publicKey, tls: laptop.tls.key };
  assert.equal((await keeper.meet(meeting("nori", "nori", met))).kind, "renewed");
  await keeper.meet(meeting("gabi", "mallory"));
  await keeper.decide(named("gabi"), "block");
  await keeper.meet(meeting("gabi", "new gabi"));

  const [first, second] = keeper.list();
  assert.equal(first?.name, "nori");
  assert.deepEqual(
    first?.devices.map(({ device, revoked }) => [device, revoked]),
    [
      [keys.device.publicKey, AT],
      [laptop.device.publicKey, null],
    ],
  );
  assert.deepEqual(keeper.devicesOf(nori), first?.devices);
  assert.deepEqual(keeper.devicesOf(named("zeca")), []);
  const { name, blocked, formerCount, offered, onDisk } = second ?? {};
  assert.deepEqual(
    { name, blocked, formerCount, offered, onDisk },
    { name: "gabi", blocked: [accountOf("mallory")], formerCount: 1, offered: accountOf("new gabi"), onDisk: true },
  );
});

test("F9: on a full disk the chat goes on and says what would be forgotten; everything is written when there is room, or at the end", async () => {
  const disk = new Disk();
  const { keeper } = disk;
  await keeper.meet(meeting("gabi"));
  disk.isFull = true;
  assert.equal((await keeper.meet(meeting("nori"))).kind, "first");
  assert.equal(disk.problems.length, 1);
  assert.equal(keeper.standing(nori, accountOf("nori")), "trusted");
  assert.equal((await keeper.meet(meeting("nori", "mallory"))).kind, "changed", "it holds while the program runs");
  expectOk(await keeper.verify(nori, accountOf("nori")));
  assert.deepEqual(
    keeper.list().map(({ name, onDisk }) => [name, onDisk]),
    [
      ["gabi", true],
      ["nori", false],
    ],
  );
  assert.ok(!(await keeper.flush()));
  assert.equal(disk.problems.length, 1, "said once");
  assert.deepEqual(
    disk.pins.map(({ name }) => name),
    ["gabi"],
  );

  disk.isFull = false;
  assert.ok(await keeper.flush());
  assert.deepEqual(
    keeper.list().map(({ onDisk }) => onDisk),
    [true, true],
  );
  const again = new Disk(disk.pins).keeper;
  assert.equal(again.trust(nori, accountOf("nori")), "verified");
  assert.equal(again.changes().length, 1, "and is still asked about");
});

test("what a full disk has swallowed is asked anew after a restart: no decision turns into another", async () => {
  const disk = new Disk();
  await disk.keeper.meet(meeting("nori"));
  await disk.keeper.meet(meeting("nori", "new nori"));
  for (const decision of ["accept", "block"] as const) {
    const unwritten = new Disk(disk.pins);
    unwritten.isFull = true;
    assert.ok(await unwritten.keeper.decide(nori, decision));
    assert.equal(unwritten.problems.length, 1);
    const restarted = new Disk(disk.pins).keeper;
    assert.equal(restarted.accountOf(nori), accountOf("nori"));
    assert.equal(restarted.trust(nori, accountOf("new nori")), "changed");
    assert.deepEqual(restarted.changes().length, 1);
  }
});

test("names that look like one that was met are found, and forgotten with their pins", () => {
  const pins = new NamePins();
  for (const name of ["nori", "lara", "gabi"]) pins.meet(meeting(name, "nori"), AT);
  assert.deepEqual(pins.lookAlikesOf(named("nori")), []);
  assert.deepEqual(pins.lookAlikesOf(named("Iara")), ["lara"], "a name that was never met");
  pins.meet(meeting("nоrі", "mallory"), AT);
  assert.deepEqual(pins.lookAlikesOf(named("nori")), ["nоrі"], "о and і are Cyrillic");
  assert.deepEqual(pins.lookAlikesOf(named("nоrі")), ["nori"]);
  for (let count = 0; count < PINS_MAX; count += 1) pins.meet(meeting(`x-${count}`, "mallory"), AT);
  const last = named(`x-${PINS_MAX - 1}`);
  assert.deepEqual(pins.lookAlikesOf(named(last.toUpperCase())), [last]);
  const gone = named(`x-${PINS_MAX - 2}`);
  assert.equal(pins.of(gone), undefined);
  assert.deepEqual(pins.lookAlikesOf(named(gone.toUpperCase())), []);
});

test("look-alikes are just the other names of the same skeleton, whenever they came", () => {
  const name = fc.string({ unit: fc.constantFrom("l", "I", "1", "о", "o", "0", "m"), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), name, fc.nat(12), (names, asked, when) => {
      const pins = new NamePins();
      for (const [index, met] of names.entries()) {
        if (index === when) pins.lookAlikesOf(named(asked));
        pins.meet(meeting(met, "nori"), AT);
      }
      const alike = names.filter((met) => met !== asked && skeletonOf(met) === skeletonOf(asked));
      assert.deepEqual(new Set(pins.lookAlikesOf(named(asked))), new Set(alike));
    }),
  );
});
