// Goal: what was looked at counts as read after a moment, what was not looked at as unread, and one can look without that.
// Method: a screen that says what is looked at, on virtual time; the engine notes what it is told to mark.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "@papo/peer/api";
import { user } from "../scripted-peer.ts";
import { ChatRig, HERE } from "./chat-rig.ts";

const NORI: Conversation = { kind: "private", username: user("nori") };
const READ_HERE = `read ${JSON.stringify(HERE)}`;

function unreadRig(): ChatRig {
  const rig = new ChatRig();
  rig.listed = [NORI, HERE];
  rig.keep(NORI, "nori", "hi");
  for (const text of ["old", "one", "two"]) rig.keep(HERE, "nori", text);
  rig.unread.set(JSON.stringify(HERE), 2);
  rig.open();
  rig.chat.activate(rig.tab(HERE).key);
  return rig;
}

test("a tab that is looked at for a second is read", async () => {
  const rig = unreadRig();
  assert.equal(rig.tab(HERE).unread, 2);
  rig.chat.isLookedAt();
  await rig.clock.advance(900);
  assert.deepEqual(rig.asked, []);
  await rig.clock.advance(200);
  assert.deepEqual(rig.asked, [READ_HERE]);
  assert.equal(rig.tab(HERE).unread, 0);
});

test("a peek of less than a second marks nothing", async () => {
  const rig = unreadRig();
  rig.chat.isLookedAt();
  await rig.clock.advance(500);
  rig.chat.activate(rig.tab(NORI).key);
  await rig.clock.advance(5_000);
  assert.deepEqual(rig.asked, []);
  assert.equal(rig.tab(HERE).unread, 2);
});

test("what comes while it is looked at is never counted, and is noted once for many", async () => {
  const rig = unreadRig();
  rig.chat.isLookedAt();
  await rig.clock.advance(1_100);
  for (const text of ["three", "gabi four", "five"]) {
    rig.says(HERE, "nori", text);
    assert.equal(rig.tab(HERE).unread, 0);
    rig.chat.isLookedAt();
    await rig.clock.advance(100);
  }
  await rig.clock.advance(2_000);
  assert.deepEqual(rig.asked, [READ_HERE, READ_HERE]);
  assert.equal(rig.tab(HERE).unread, 0);
  assert.deepEqual(rig.alerts, []);
});

test("leaving what is read while something of it was not noted yet notes it", async () => {
  const rig = unreadRig();
  rig.chat.isLookedAt();
  await rig.clock.advance(1_100);
  rig.says(HERE, "nori", "three");
  rig.chat.isLookedAt();
  rig.chat.activate(rig.tab(NORI).key);
  assert.deepEqual(rig.asked, [READ_HERE, READ_HERE]);
});

test("what comes on the screen while nobody looks is unread after a second, is marked and rings", async () => {
  const rig = unreadRig();
  rig.chat.isLookedAt();
  await rig.clock.advance(1_100);
  rig.chat.activate(rig.tab(NORI).key);
  rig.chat.activate(rig.tab(HERE).key);
  rig.says(HERE, "nori", "gabi?");
  rig.says(HERE, "nori", "are you there?");
  assert.equal(rig.tab(HERE).unread, 0);
  await rig.clock.advance(1_100);
  assert.equal(rig.tab(HERE).unread, 2);
  assert.equal(rig.tab(HERE).mentions, 1);
  assert.deepEqual(
    rig.alerts.map(({ attention, text }) => `${attention} ${text}`),
    ["mention gabi?"],
  );
  assert.ok(rig.lines().includes("-- 2 new messages"));
});

test("a tab can be kept unread, until it is opened anew", async () => {
  const rig = unreadRig();
  rig.chat.isLookedAt();
  await rig.clock.advance(1_100);
  rig.chat.markUnread();
  rig.chat.isLookedAt();
  await rig.clock.advance(5_000);
  assert.equal(rig.tab(HERE).unread, 1);
  assert.deepEqual(rig.lines().slice(-2), ["-- 1 new message", "nori| two"]);
  rig.chat.activate(rig.tab(NORI).key);
  assert.equal(rig.tab(HERE).unread, 1);
  rig.chat.activate(rig.tab(HERE).key);
  rig.chat.isLookedAt();
  await rig.clock.advance(1_100);
  assert.equal(rig.tab(HERE).unread, 0);
});

test("everything can be marked as read at once", () => {
  const rig = unreadRig();
  rig.says(NORI, "nori", "psst");
  rig.chat.markAllRead();
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "2 nori 0/0 none", "3 TESTE 0/0 none"]);
  assert.deepEqual(rig.asked, [`read ${JSON.stringify(NORI)}`, READ_HERE]);
});
