// Goal: the three files of the report stand in its exact shapes, what others write there is taken in, and nothing that a crash, a cut
// or a flipped bit can leave behind loses an account or brings a deleted room back.
// Method: real files in a folder of the test's own, written by hand as the original tracker writes them.
import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "@papo/link";
import type { RoomName } from "@papo/protocol";
import type { Repositories } from "../../../src/repositories/repositories.ts";
import { StoreFailure } from "../../../src/repositories/store-failure.ts";
import { openJsonStore } from "../../../src/stores/json/open-json-store.ts";
import type { OpenedStore, StoreWarning } from "../../../src/stores/opened-store.ts";
import { emptyFolder, identity, named, room, user } from "../../conformance/samples.ts";
import { everything } from "../../conformance/store-conformance.ts";

const ALICE = "ab".repeat(32);
const BOB = "cd".repeat(32);

const open = (directory: string) => openJsonStore({ directory, clock: systemClock });

async function opened(directory: string): Promise<Repositories & { readonly warnings: readonly StoreWarning[] }> {
  const result = await open(directory);
  assert.ok(result.ok, "the store opens");
  return { ...result.repositories, warnings: result.warnings };
}

function refusal(result: OpenedStore) {
  assert.ok(!result.ok, "the store is refused");
  return result.refusal;
}

async function json(directory: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(directory, file), "utf8"));
}

const put = (directory: string, file: string, content: unknown) =>
  writeFile(join(directory, file), typeof content === "string" ? content : JSON.stringify(content));

const peer = (username: string, changes: object = {}) => ({
  username,
  last_ping: {},
  address: null,
  port: null,
  connected: false,
  ...changes,
});

test("report §1.1: the files hold what the original tracker's hold, in its shapes", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  await store.users.create(user("alice", { password: { kind: "sha256", hex: ALICE } }));
  await store.users.create(user("josé", { identity: identity("josé", 1) }));
  await store.rooms.create(room("SALA TESTE", "alice", { kind: "plain", capacity: 3 }), "seed");
  await store.rooms.join(room("SALA TESTE", "alice").id, named("josé"), "seed");
  await store.rooms.create(room("for Papo only", "josé"), "papo");
  const seen = {
    username: named("alice"),
    address: "127.0.0.1",
    port: 5000,
    lastPing: "2030-01-02T03:04:05Z",
    connected: true,
  };
  await store.peers.save(seen);

  const alice = peer("alice", { last_ping: seen.lastPing, address: seen.address, port: seen.port, connected: true });
  assert.deepEqual(await json(directory, "users_db.json"), { alice: ALICE, josé: phcOf("josé") });
  assert.deepEqual(await json(directory, "peers_db.json"), { alice });
  assert.deepEqual(await json(directory, "rooms_db.json"), {
    "SALA TESTE": { name: "SALA TESTE", peer_owner: alice, peer_one: peer("josé"), peer_two: null },
  });
  const text = await readFile(join(directory, "users_db.json"), "latin1");
  assert.match(text, /^\{\n {4}"alice": "(ab){32}",\n {4}"jos\\u00e9": "\$argon2id\$/u);
  for (const name of await readdir(directory)) {
    if (name.endsWith(".json")) assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  }
  await store.close();
});

function phcOf(name: string): string {
  const { password } = user(name);
  return password.kind === "argon2id" ? password.phc : "";
}

test("the files of an original tracker are taken in at the first start", async (t) => {
  const directory = await emptyFolder(t);
  await put(directory, "users_db.json", { alice: ALICE, bob: BOB, Alice: BOB });
  await put(directory, "rooms_db.json", {
    TESTE: { name: "TESTE", peer_owner: peer("alice"), peer_one: null, peer_two: peer("bob") },
  });
  await put(directory, "peers_db.json", {
    bob: peer("bob", { address: "192.0.2.7", port: 5001, last_ping: { a: 1 } }),
  });
  const store = await opened(directory);
  const alice = await store.users.find(named("alice"));
  assert.deepEqual(alice?.password, { kind: "sha256", hex: ALICE });
  assert.equal(alice?.weak, true);
  assert.deepEqual((await store.users.find(named("Alice")))?.password, { kind: "sha256", hex: BOB });
  const teste = await store.rooms.find({ name: "TESTE" as RoomName });
  assert.deepEqual([teste?.kind, teste?.capacity, teste?.owner, teste?.members], ["plain", 3, "alice", 2]);
  assert.equal((await store.peers.find(named("bob")))?.port, 5001);
  await store.close();
});

test("S4: missing and empty files start empty; a damaged one is set aside and kept", async (t) => {
  const directory = await emptyFolder(t);
  await put(directory, "users_db.json", "");
  await put(directory, "rooms_db.json", "[]");
  const broken = '{"alice": ';
  await put(directory, "peers_db.json", broken);
  const store = await opened(directory);
  assert.equal(await store.users.count(), 0);
  assert.deepEqual(
    store.warnings.map(({ path }) => path.slice(directory.length + 1)),
    ["rooms_db.json", "peers_db.json"],
  );
  await store.close();
  assert.equal(await readFile(join(directory, "peers_db.json.corrupt-1"), "utf8"), broken);
  assert.equal(await readFile(join(directory, "rooms_db.json.corrupt-1"), "utf8"), "[]");
  for (const file of ["users_db.json", "rooms_db.json", "peers_db.json"])
    assert.deepEqual(await json(directory, file), {});

  const notText = Buffer.from([0x7b, 0xff, 0x7d]);
  await writeFile(join(directory, "peers_db.json"), notText);
  await (await opened(directory)).close();
  assert.deepEqual(await readFile(join(directory, "peers_db.json.corrupt-2")), notText);
  assert.equal(await readFile(join(directory, "peers_db.json.corrupt-1"), "utf8"), broken);
});

test("S4: entries of another shape are left out, the rest is taken in, and the file as it was is kept", async (t) => {
  const directory = await emptyFolder(t);
  const text = `{"__proto__": "${ALICE}", "alice": "${ALICE}", "number": 5, "null": null, "": "x", "short": "03ac", "\\ud800": "${BOB}", "${"x".repeat(300)}": "${BOB}"}`;
  await put(directory, "users_db.json", text);
  await put(directory, "rooms_db.json", { TESTE: { name: "TESTE", peer_owner: peer("alice") } });
  const store = await opened(directory);
  const names = (await store.users.page(undefined, 100)).map(({ username }) => username);
  assert.deepEqual(names.toSorted(), ["alice", "short"]);
  assert.equal(store.warnings.length, 1);
  assert.equal(await readFile(join(directory, "users_db.json.original-1"), "utf8"), text);
  assert.deepEqual(await json(directory, "users_db.json"), { alice: ALICE, short: "03ac" });
  assert.equal("alice" in {}, false);
  assert.ok(!(await readdir(directory)).includes("rooms_db.json.original-1"), "nothing of it was lost");
  await store.close();
  assert.deepEqual((await opened(directory)).warnings, []);
});

test("S4: a file of 100 MB is refused before it is read, and stays", async (t) => {
  const directory = await emptyFolder(t);
  for (const file of ["rooms_db.json", "papo_db.json"]) {
    await put(directory, file, "");
    await truncate(join(directory, file), 100_000_000);
    const { problem, path } = refusal(await open(directory));
    assert.deepEqual([problem, path], ["too_large", join(directory, file)]);
    assert.equal((await stat(join(directory, file))).size, 100_000_000);
    await rm(join(directory, file));
  }
});

test("what was written by hand while the tracker was down is taken in, and nothing is deleted by it", async (t) => {
  const directory = await emptyFolder(t);
  const before = await opened(directory);
  await before.users.create(user("alice", { identity: identity("alice", 4) }));
  await before.users.create(user("bob"));
  await before.rooms.create(room("ours", "bob", { kind: "plain" }), "papo");
  await before.close();

  await put(directory, "users_db.json", { alice: ALICE, carol: BOB });
  await put(directory, "rooms_db.json", {
    theirs: { name: "theirs", peer_owner: peer("carol"), peer_one: null, peer_two: null },
  });
  const store = await opened(directory);
  const alice = await store.users.find(named("alice"));
  assert.deepEqual(alice, {
    ...user("alice"),
    identity: identity("alice", 4),
    password: { kind: "sha256", hex: ALICE },
    weak: true,
  });
  assert.deepEqual((await store.users.find(named("bob")))?.password, user("bob").password);
  assert.ok(await store.users.find(named("carol")));
  for (const name of ["ours", "theirs"]) assert.ok(await store.rooms.find({ name: name as RoomName }), name);
  await store.close();
  assert.deepEqual(Object.keys((await json(directory, "rooms_db.json")) as object), ["ours", "theirs"]);
});

test("S8: a crash between any two of the files leaves the new state, and deleted rooms stay deleted", async (t) => {
  const directory = await emptyFolder(t);
  const files = ["users_db.json", "rooms_db.json", "peers_db.json"];
  const old = join(directory, "old");
  const crashed = join(directory, "crashed");
  const store = await opened(join(directory, "store"));
  await store.users.create(user("alice", { password: { kind: "sha256", hex: ALICE } }));
  await store.rooms.create(room("sala", "alice", { kind: "plain" }), "papo");
  await mkdir(old);
  for (const file of files) await copyFile(join(directory, "store", file), join(old, file));
  await Promise.all([
    store.users.setPassword(named("alice"), user("alice").password, { weak: false }),
    store.users.create(user("bob")),
    store.rooms.delete(room("sala", "alice").id, named("alice")),
  ]);
  const expected = await everything(store);
  await store.close();

  // Ours is written first, then the others in this order: a crash leaves the last ones old.
  for (let written = 0; written <= files.length; written += 1) {
    await mkdir(crashed, { mode: 0o700 });
    await copyFile(join(directory, "store", "papo_db.json"), join(crashed, "papo_db.json"));
    await writeFile(join(crashed, ".users_db.json.123456.tmp"), "{ half");
    for (const [index, file] of files.entries()) {
      await copyFile(join(index < written ? join(directory, "store") : old, file), join(crashed, file));
    }
    const after = await opened(crashed);
    assert.deepEqual(await everything(after), expected, `${written} files written`);
    assert.deepEqual(after.warnings, []);
    await after.close();
    for (const file of files) {
      assert.equal(await readFile(join(crashed, file), "utf8"), await readFile(join(directory, "store", file), "utf8"));
    }
    assert.ok(!(await readdir(crashed)).some((name) => name.endsWith(".tmp")));
    await rm(crashed, { recursive: true });
  }
});

test("S1: papo_db.json cut or flipped anywhere is refused with a hint, and nothing is touched", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  await store.users.create(user("alice", { identity: identity("alice", 1) }));
  await store.rooms.create(room("sala", "alice"), "papo");
  const expected = await everything(store);
  await store.close();
  const path = join(directory, "papo_db.json");
  const whole = await readFile(path);
  const users = await readFile(join(directory, "users_db.json"), "utf8");

  let intact = 0;
  for (let at = 0; at < whole.length; at += 7) {
    const flipped = Uint8Array.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 7));
    for (const damaged of [flipped, whole.subarray(0, at)]) {
      await writeFile(path, damaged);
      const result = await open(directory);
      if (result.ok) {
        // White space between the parts.
        assert.deepEqual(await everything(result.repositories), expected, `at ${at}`);
        await result.repositories.close();
        intact += 1;
      } else {
        assert.match(result.refusal.problem, /^(damaged|newer)$/u);
        assert.equal(result.refusal.path, path);
        assert.deepEqual(await readFile(path), Buffer.from(damaged));
      }
      assert.equal(await readFile(join(directory, "users_db.json"), "utf8"), users);
    }
  }
  assert.ok(intact < 5);
});

test("S3: a papo_db.json of a newer Papo is refused and stays", async (t) => {
  const directory = await emptyFolder(t);
  await put(directory, "papo_db.json", '{"format":3,"anything":[]}');
  assert.equal(refusal(await open(directory)).problem, "newer");
  assert.equal(await readFile(join(directory, "papo_db.json"), "utf8"), '{"format":3,"anything":[]}');
});

test("F9: when our file cannot be written nothing has happened, and later it works again", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  await store.users.create(user("alice"));
  const path = join(directory, "papo_db.json");
  await rm(path);
  await mkdir(path);
  await assert.rejects(store.users.create(user("bob")), StoreFailure);
  assert.equal(await store.users.find(named("bob")), undefined);
  assert.ok(await store.users.find(named("alice")));
  await rm(path, { recursive: true });
  assert.equal(await store.users.create(user("bob")), "created");
  await store.check();
  await store.close();
  assert.equal(await (await opened(directory)).users.count(), 2);
});

test("F9: when a report's file cannot be written the change stands, check says so, and the next one makes up for it", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  const path = join(directory, "users_db.json");
  await rm(path);
  await mkdir(path);
  assert.equal(await store.users.create(user("alice")), "created");
  await assert.rejects(store.check(), StoreFailure);
  await rm(path, { recursive: true });
  await store.users.create(user("bob"));
  await store.check();
  assert.deepEqual(Object.keys((await json(directory, "users_db.json")) as object), ["alice", "bob"]);
  await store.close();
});

test("a store is opened once at a time", async (t) => {
  const directory = await emptyFolder(t);
  const store = await opened(directory);
  assert.equal(refusal(await open(directory)).problem, "in_use");
  await store.close();
  await (await opened(directory)).close();
});
