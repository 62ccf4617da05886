// Goal: the list of tabs says where something waits and how loudly, keeps its numbers, and leads there.
// Method: a chat on an engine in memory; others speak, levels and ignored people change, virtual time passes.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "@papo/peer/api";
import { keptRoom, user } from "../scripted-peer.ts";
import { ChatRig, HERE, PLAIN, THERE } from "./chat-rig.ts";

const NORI: Conversation = { kind: "private", username: user("nori") };
const ANA: Conversation = { kind: "private", username: user("ana") };

function plainRoom(rig: ChatRig): void {
  const { log, ...room } = keptRoom();
  assert.ok(log);
  rig.rooms.set(PLAIN, { ...room, id: PLAIN, kind: "plain" });
}

test("home comes first, then what is kept, and the one with the newest activity is opened", () => {
  const rig = new ChatRig();
  plainRoom(rig);
  rig.listed = [NORI, HERE];
  const chat = rig.open();
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 nori 0/0 none", "3 TESTE 0/0 none", "4 TESTE 0/0 none"]);
  assert.equal(chat.active().number, 2);
  assert.deepEqual(
    chat.tabs().map(({ kind, roomKind, isPlaintext, presence }) => [kind, roomKind, isPlaintext, presence]),
    [
      ["home", null, false, null],
      ["private", null, false, "here"],
      ["room", "open", false, null],
      ["room", "plain", true, null],
    ],
  );
});

test("a row that has not changed is the same object, and so is the list", () => {
  const rig = new ChatRig();
  rig.listed = [HERE, NORI];
  const chat = rig.open();
  const before = chat.tabs();
  assert.equal(chat.tabs(), before);
  rig.says(NORI, "nori", "psst");
  assert.notEqual(chat.tabs(), before);
  assert.equal(chat.tabs()[1], before[1]);
  assert.notEqual(chat.tabs()[2], before[2]);
});

test("what is unread at the start is told at once, and looked through for mentions a little later", async () => {
  const rig = new ChatRig();
  rig.listed = [NORI, HERE];
  for (const text of ["old gabi", "one", "hello GABI!", "three"]) rig.keep(HERE, "nori", text);
  rig.unread.set(JSON.stringify(HERE), 3);
  rig.open();
  assert.equal(rig.rows()[2], "3 TESTE 3/0 message");
  await rig.clock.advance(100);
  assert.equal(rig.rows()[2], "3 TESTE 3/1 mention");
});

test("names count whatever the capitals and accents, as whole words; so do words, and answers to what one said", async () => {
  const rig = new ChatRig();
  rig.self = user("josé");
  rig.words = ["release 2"];
  rig.listed = [NORI, HERE];
  rig.open();
  const own = rig.keep(HERE, "gabi", "mine");
  const mentions = (text: string, more = {}): number => {
    const before = rig.tab(HERE).mentions;
    rig.says(HERE, "nori", text, more);
    return rig.tab(HERE).mentions - before;
  };
  assert.equal(mentions("oi JOSE, tudo bem?"), 1);
  assert.equal(mentions("@josé: veja"), 1);
  assert.equal(mentions("joseph and sanjosé"), 0);
  assert.equal(mentions("the Release 2 is out"), 1);
  assert.equal(mentions("release 21"), 0);
  assert.equal(mentions("yes", { kept: { replyTo: own.id } }), 1);
});

test("levels: nothing of `none` is loud, and of `mentions` only what is meant", () => {
  const rig = new ChatRig();
  rig.listed = [NORI, HERE];
  rig.levels.set(JSON.stringify(HERE), "mentions");
  rig.open();
  rig.says(HERE, "nori", "blah");
  assert.equal(rig.rows()[2], "3 TESTE 1/0 low");
  rig.says(HERE, "nori", "gabi?");
  assert.equal(rig.rows()[2], "3 TESTE 2/1 mention");
  assert.equal(rig.alerts.length, 1);
  rig.levels.set(JSON.stringify(HERE), "none");
  rig.emit({ kind: "preferences-changed" });
  rig.says(HERE, "nori", "gabi!");
  assert.equal(rig.alerts.length, 1);
  assert.equal(rig.tab(HERE).notify, "none");
});

test("of people who are ignored nothing is shown, counted or rung", () => {
  const rig = new ChatRig();
  rig.ignored = [user("nori")];
  rig.listed = [ANA, HERE];
  rig.open();
  rig.says(HERE, "nori", "gabi gabi gabi");
  assert.equal(rig.rows()[2], "3 TESTE 0/0 none");
  assert.deepEqual(rig.alerts, []);
  rig.chat.activate(rig.tab(HERE).key);
  assert.deepEqual(rig.spoken(), []);
  rig.ignored = [];
  rig.emit({ kind: "preferences-changed" });
  assert.deepEqual(rig.spoken(), ["gabi gabi gabi"]);
});

test("a private message rings where it is not looked at, and opens a tab; an own one does neither", () => {
  const rig = new ChatRig();
  rig.open();
  rig.says(NORI, "nori", "psst\nsecond line");
  assert.equal(rig.rows()[2], "3 nori 1/0 private");
  assert.deepEqual(
    rig.alerts.map(({ attention, title, text }) => ({ attention, title, text })),
    [{ attention: "private", title: "nori", text: "psst" }],
  );
  rig.says(NORI, "gabi", "from another device");
  assert.equal(rig.alerts.length, 1);
  assert.equal(rig.rows()[2], "3 nori 1/0 private");
});

test("tabs keep their numbers when another one goes, and a new one takes the number that is free", () => {
  const rig = new ChatRig();
  rig.listed = [HERE, NORI, ANA];
  const chat = rig.open();
  const left = rig.tab(NORI).key;
  chat.closeTab(left);
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 TESTE 0/0 none", "4 ana 0/0 none"]);
  rig.says({ kind: "private", username: user("zoe") }, "zoe", "hi");
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 TESTE 0/0 none", "3 zoe 1/0 private", "4 ana 0/0 none"]);
  chat.closeTab(chat.tabs()[0]?.key ?? left);
  assert.equal(chat.tabs()[0]?.kind, "home");
});

test("a room whose tab was closed comes back for what is meant for this user, and for nothing else", () => {
  const rig = new ChatRig();
  rig.open();
  rig.chat.closeTab(rig.tab(HERE).key);
  rig.says(HERE, "nori", "blah");
  rig.emit({ kind: "room-changed", room: keptRoom() });
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none"]);
  rig.says(HERE, "nori", "gabi, come back");
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 TESTE 1/1 mention"]);
});

test("next active goes to the loudest first, and back when nothing waits any more", async () => {
  const rig = new ChatRig();
  rig.listed = [ANA, HERE, NORI];
  const chat = rig.open();
  rig.says(HERE, "nori", "blah");
  rig.says(NORI, "nori", "psst");
  assert.deepEqual(
    chat.status().hot.map(({ title }) => title),
    ["nori", "TESTE"],
  );
  const visited: string[] = [];
  for (let step = 0; step < 3; step += 1) {
    chat.activateNextActive();
    visited.push(chat.active().title);
    chat.isLookedAt();
    await rig.clock.advance(1_500);
  }
  assert.deepEqual(visited, ["nori", "TESTE", "ana"]);
  chat.activateNextActive();
  assert.equal(chat.active().title, "ana");
});

test("beside goes round and round, and last goes to and fro", () => {
  const rig = new ChatRig();
  rig.listed = [HERE, NORI];
  const chat = rig.open();
  chat.activateBeside(1);
  chat.activateBeside(1);
  assert.equal(chat.active().kind, "home");
  chat.activateBeside(-1);
  assert.equal(chat.active().title, "nori");
  chat.activateLast();
  chat.activateLast();
  assert.equal(chat.active().title, "nori");
});

test("whoever logs in gets the tabs, and whoever logs out is left with home and the question who it is", async () => {
  const rig = new ChatRig();
  rig.self = undefined;
  const chat = rig.open();
  await rig.clock.settle();
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none"]);
  assert.notEqual(chat.panel(), undefined);
  rig.self = user("gabi");
  rig.emit({ kind: "tracker", state: { kind: "online", username: user("gabi"), encrypted: true } });
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 TESTE 0/0 none"]);
  rig.self = undefined;
  rig.emit({ kind: "tracker", state: { kind: "idle" } });
  assert.equal(chat.tabs().length, 1);
  assert.equal(chat.status().self, null);
});

/** An account that comes back on a new device: signing in is told, then `before` is done, then its room is told. */
function comesBack(before: (rig: ChatRig) => void = () => {}): ChatRig {
  const rig = new ChatRig();
  rig.self = undefined;
  rig.listed = [];
  rig.rooms.clear();
  rig.open();
  rig.self = user("gabi");
  rig.emit({ kind: "opened", username: user("gabi") });
  before(rig);
  rig.emit({ kind: "room-changed", room: keptRoom() });
  return rig;
}

test("rooms that come a moment after the account: the first of them is shown, as if it had been there, and no later one", () => {
  const rig = comesBack();
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 TESTE 0/0 none"]);
  assert.equal(rig.chat.active().number, 2);
  rig.emit({ kind: "room-changed", room: { ...keptRoom(), id: PLAIN } });
  assert.equal(rig.chat.tabs().length, 3);
  assert.equal(rig.chat.active().number, 2);
});

test("a room that is told before the account, and that no list has yet, is shown as well", () => {
  const rig = new ChatRig();
  rig.self = undefined;
  rig.listed = [];
  const chat = rig.open("en", { rooms: () => [] });
  rig.emit({ kind: "room-changed", room: keptRoom() });
  rig.self = user("gabi");
  rig.emit({ kind: "opened", username: user("gabi") });
  assert.equal(chat.active().title, "TESTE");
});

test("a room that opened without being shown, because somebody spoke in it first, is shown when it is told", () => {
  const rig = comesBack((before) => before.says(HERE, "nori", "hello"));
  assert.equal(rig.chat.active().title, "TESTE");
});

test("whoever has done anything since the account came stays where they are when its rooms come", () => {
  const acts: readonly ((rig: ChatRig) => void)[] = [
    ({ chat }) => chat.setDraft("h"),
    ({ chat }) => (chat.setDraft("h"), chat.setDraft("")),
    ({ chat }) => chat.activate(chat.tabs()[0]?.key ?? chat.active().key),
    ({ chat }) => chat.openHelp([]),
    ({ chat }) => (chat.openHelp([]), closeFront(chat)),
    ({ chat }) => void chat.submit("/help"),
    ({ chat }) => void chat.run("/help"),
  ];
  for (const act of acts) assert.equal(comesBack(act).chat.active().kind, "home", String(act));
  const gone = comesBack((rig) => {
    rig.says(NORI, "nori", "psst");
    rig.chat.activate(rig.tab(NORI).key);
  });
  assert.equal(gone.chat.active().title, "nori");
});

test("what a stranger writes takes nobody away from home", () => {
  const rig = comesBack((before) => before.says(NORI, "nori", "psst"));
  assert.equal(rig.chat.active().title, "TESTE");
  const alone = new ChatRig();
  alone.listed = [];
  alone.rooms.clear();
  alone.open();
  alone.says(NORI, "nori", "psst");
  assert.equal(alone.chat.active().kind, "home");
});

test("a room that is over when it comes is not shown, and the next one is", () => {
  const rig = comesBack((before) => {
    before.emit({ kind: "room-changed", room: { ...keptRoom({ standing: "left" }), id: PLAIN } });
    assert.equal(before.chat.active().kind, "home");
  });
  assert.equal(rig.chat.active().title, "TESTE");
});

function closeFront(chat: ChatRig["chat"]): void {
  const panel = chat.panel();
  assert.ok(panel?.dismiss);
  panel.dismiss();
}

test("what happens before the account is open is told when it is", () => {
  const rig = new ChatRig();
  rig.self = undefined;
  const chat = rig.open();
  rig.emit({ kind: "name-conflict", username: user("nori") });
  rig.self = user("gabi");
  rig.emit({ kind: "tracker", state: { kind: "online", username: user("gabi"), encrypted: true } });
  chat.activate(chat.tabs()[0]?.key ?? chat.active().key);
  assert.ok(rig.lines().some((line) => line.includes("Two different keys are in use for nori")));
});

test("a plain room counts what is said, though nothing of it is kept", () => {
  const rig = new ChatRig();
  plainRoom(rig);
  rig.listed = [NORI];
  rig.open();
  rig.says(THERE, "ana", "one");
  rig.says(THERE, "ana", "two");
  assert.equal(rig.rows()[3], "4 TESTE 2/0 message");
  rig.chat.activate(rig.tab(THERE).key);
  assert.deepEqual(rig.spoken(), ["one", "two"]);
});
