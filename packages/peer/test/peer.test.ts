// Goal: the engine as a front end sees it: register, come back by key, several people in one profile, and nothing confusing after a failure.
// Method: whole engines with real files and a scripted tracker on a network in memory.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type Outcome, type TrackerAddress, type TrackerKey, succeed } from "@papo/protocol";
import { createTrackerKey } from "@papo/link";
import type { Message, PeerApi } from "../src/api.ts";
import { Rig, next } from "./engine-fixture.ts";
import { error } from "./fake-tracker-fixture.ts";
import { expectOk, named } from "./world-fixture.ts";

const gabi = { username: named("gabi"), password: "segredo" };
const nori = { username: named("nori"), password: "outro segredo" };

/** The next message that somebody typed. */
function nextSaid(peer: PeerApi): Promise<Message> {
  return new Promise((resolve) => {
    const stop = peer.subscribe((event) => {
      if (event.kind !== "message" || (event.message.kept?.notice ?? null) !== null) return;
      stop();
      resolve(event.message);
    });
  });
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.fault.code;
}

test("register, chat, log out, and come back with the key alone", async (t) => {
  const rig = await Rig.create(t);
  const [one, other] = [await rig.engine(), await rig.engine()];
  assert.equal(expectOk(await one.register(gabi)), "gabi");
  expectOk(await other.register(nori));
  const room = expectOk(await one.createRoom({ name: "TESTE" }));
  const joined = next(one, "member-joined");
  expectOk(await other.joinRoom("TESTE"));
  await joined;
  const arrived = nextSaid(other);
  expectOk(await one.send({ kind: "room", id: room.id }, "olaaaa"));
  assert.equal((await arrived).content, "olaaaa");

  await one.logOut();
  assert.equal(one.self, undefined);
  rig.tracker.asked.length = 0;
  expectOk(await one.resume(gabi.username));
  assert.deepEqual(rig.tracker.asked.slice(0, 2), ["HELLO", "LOGIN"]);
  assert.equal(one.account, other.room(room.id)?.members.find(({ username }) => username === "gabi")?.account);
  assert.equal(one.diagnostics().tracker.key, rig.tracker.key.publicKey);
});

test("F14: an account is one process's at a time, others in the same profile are free, and the list says which", async (t) => {
  const rig = await Rig.create(t);
  const [one, other] = [await rig.engine(), await rig.engine()];
  expectOk(await one.register(gabi));
  expectOk(await other.register(nori));
  await other.logOut();
  assert.equal(codeOf(await other.logIn(gabi)), "busy");
  const known = await other.knownAccounts();
  assert.deepEqual(
    new Map(known.map(({ username, inUse }) => [String(username), inUse])),
    new Map([
      ["gabi", true],
      ["nori", false],
    ]),
  );
  await one.logOut();
  expectOk(await other.logIn(gabi));
});

test("S8: a refused registration leaves nothing, one whose answer was lost keeps its keys for the login", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  rig.tracker.intercept = ({ cmd }) => (cmd === "REGISTER" ? error("name_taken") : undefined);
  assert.equal(codeOf(await one.register(gabi)), "name_taken");
  const accounts = join(rig.folder, "profile", "accounts");
  assert.deepEqual(
    (await readdir(accounts)).filter((name) => !name.startsWith(".")),
    [],
  );

  rig.tracker.intercept = undefined;
  rig.tracker.loseAnswerTo = "REGISTER";
  assert.equal(codeOf(await one.register(gabi)), "lost");
  assert.deepEqual(await one.knownAccounts(), []);
  assert.equal(expectOk(await one.logIn(gabi)), "gabi");
  assert.equal((await one.knownAccounts()).length, 1);
});

test("a password alone adds no device to an account that has keys: the choices are offered, and a new identity takes its place", async (t) => {
  const rig = await Rig.create(t);
  const home = await rig.engine();
  expectOk(await home.register(gabi));
  const away = await rig.engine({ profile: join(rig.folder, "away") });
  assert.equal(codeOf(await away.logIn({ ...gabi, password: "wrong" })), "invalid_credentials");
  assert.equal(codeOf(await away.logIn(gabi)), "identity_required");
  assert.deepEqual(await away.knownAccounts(), []);
  expectOk(await away.logIn({ ...gabi, newIdentity: true }));
  assert.equal((await away.knownAccounts()).length, 1);
});

test("a tracker is pinned at first use: another key at the same place is refused before anything is told", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  expectOk(await one.register(gabi));
  await one.logOut();
  rig.tracker.signsWith = createTrackerKey();
  rig.tracker.asked.length = 0;
  assert.equal(codeOf(await one.resume(gabi.username)), "tracker_key_changed");
  assert.deepEqual(rig.tracker.asked, ["HELLO"]);
});

test("a key that was named takes the place of the one met before only when the tracker there has proven it", async (t) => {
  const rig = await Rig.create(t);
  const at = { dialect: "papo", host: "10.0.0.1", port: 6060 } as const;
  const engine = (key?: TrackerKey) => rig.engine({ tracker: { ...at, key } });
  const first = await engine();
  expectOk(await first.register(gabi));
  await first.logOut();

  const stranger = await engine(createTrackerKey().publicKey);
  assert.equal(codeOf(await stranger.register(gabi)), "tracker_key_changed");
  const again = await engine();
  expectOk(await again.resume(gabi.username));
  await again.logOut();

  const other = createTrackerKey();
  rig.tracker.signsWith = other;
  assert.equal(codeOf(await (await engine()).resume(gabi.username)), "tracker_key_changed");
  const named = await engine(other.publicKey);
  expectOk(await named.register(nori));
  await named.logOut();
  expectOk(await (await engine()).resume(nori.username));
});

test("a tracker that moves is found again under its key", async (t) => {
  const rig = await Rig.create(t);
  let port = 6060;
  const tracker = (): Promise<Outcome<TrackerAddress>> =>
    Promise.resolve(succeed({ dialect: "papo", host: "10.0.0.1", port, key: rig.tracker.key.publicKey }));
  const one = await rig.engine({ tracker });
  expectOk(await one.register(gabi));
  const back = next(one, "tracker", ({ state }) => state.kind === "online");
  port = 7070;
  await rig.tracker.die();
  await rig.tracker.listen(7070);
  await back;
  assert.equal(one.trackerAddress.port, 7070);
});

test("no secret is in what the engine tells: not in diagnostics, faults or events", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  const told: unknown[] = [];
  one.subscribe((event) => told.push(event));
  told.push(await one.logIn(gabi));
  told.push(await one.register(gabi), one.diagnostics(), await one.knownAccounts());
  const accounts = join(rig.folder, "profile", "accounts");
  const [account = ""] = (await readdir(accounts)).filter((name) => !name.startsWith("."));
  const secrets = [gabi.password];
  for (const file of ["root.json", "device.json", "seal.json"]) {
    secrets.push(
      (JSON.parse(await readFile(join(accounts, account, file), "utf8")) as { secretKey: string }).secretKey,
    );
  }
  const text = JSON.stringify(told);
  for (const secret of secrets) assert.ok(!text.includes(secret));
});

test("what needs an account says so without one, and a closed engine stays closed", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  assert.equal(codeOf(await one.listRooms()), "login_required");
  assert.equal(codeOf(await one.resume(gabi.username)), "login_required");
  assert.equal(codeOf(await one.register({ username: named("a b"), password: "x" })), "name_not_allowed");
  assert.deepEqual(one.rooms(), []);
  await one.close();
  await one.close();
  assert.equal(codeOf(await one.register(gabi)), "closed");
});

/** What can be read in the moment in which that is told, and what comes of a line that is sent then. */
async function atOpening(peer: PeerApi): Promise<{ read: readonly unknown[]; sent: Outcome<unknown> }> {
  await next(peer, "opened");
  const [newest] = peer.conversations();
  if (newest === undefined) throw new Error("nothing is kept");
  const { messages } = expectOk(peer.history(newest.conversation));
  const texts = messages.filter(({ kept }) => kept?.notice === null).map(({ content }) => content);
  const rooms = peer.rooms().map(({ name, memberCount }) => `${name} ${memberCount}`);
  const read = [peer.self, peer.trackerState().kind === "online", newest.title, texts, rooms];
  return { read, sent: await peer.send(newest.conversation, "cedo") };
}

test("what is kept can be read before the tracker has answered, and what is asked for besides waits until it has", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  expectOk(await one.register(gabi));
  const room = expectOk(await one.createRoom({ name: "TESTE" }));
  expectOk(await one.send({ kind: "room", id: room.id }, "olaaaa"));
  await one.close();

  const again = await rig.engine();
  const opening = atOpening(again);
  assert.equal(again.self, undefined);
  expectOk(await again.resume(gabi.username));
  const { read, sent } = await opening;
  assert.deepEqual(read, ["gabi", false, "TESTE", ["olaaaa"], ["TESTE 1"]]);
  assert.equal(codeOf(sent), "ok");
  await again.close();
  assert.deepEqual([again.self, again.conversations()], [undefined, []]);
});

test("an account that could not be resumed is not to be read any more, and with a password not before it is the right one", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  expectOk(await one.register(gabi));
  expectOk(await one.createRoom({ name: "TESTE" }));
  await one.close();

  const again = await rig.engine();
  rig.tracker.intercept = ({ cmd }) => (cmd === "LOGIN" ? error("invalid_credentials") : undefined);
  const opened: string[] = [];
  again.subscribe(({ kind }) => void (kind === "opened" && opened.push(kind)));
  assert.equal(codeOf(await again.logIn({ ...gabi, password: "wrong" })), "invalid_credentials");
  assert.deepEqual(opened, []);

  const opening = atOpening(again);
  assert.equal(codeOf(await again.resume(gabi.username)), "invalid_credentials");
  assert.equal(codeOf((await opening).sent), "login_required");
  assert.deepEqual([opened.length, again.self, again.conversations(), again.rooms()], [1, undefined, [], []]);
  rig.tracker.intercept = undefined;
  expectOk(await again.resume(gabi.username));
  assert.equal(opened.length, 2);
});
