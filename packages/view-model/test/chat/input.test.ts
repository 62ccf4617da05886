// Goal: what is typed is sent, run or given back, never lost and never leaked; each tab has its own draft, history and answer.
// Method: lines are submitted to a chat on an engine in memory, which notes what it was asked to send.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "@papo/peer/api";
import { succeed } from "@papo/protocol";
import { keptRoom, user } from "../scripted-peer.ts";
import { ChatRig, HERE, textOf } from "./chat-rig.ts";

const NORI: Conversation = { kind: "private", username: user("nori") };

function openRig(answers = {}): ChatRig {
  const rig = new ChatRig();
  rig.listed = [HERE, NORI];
  rig.open("en", answers);
  return rig;
}

async function typed(rig: ChatRig, line: string): Promise<readonly string[]> {
  const before = rig.lines().length;
  await rig.chat.submit(line);
  await rig.clock.settle();
  // An answer is what enters the day where nothing was said yet.
  return rig
    .lines()
    .slice(before)
    .filter((line) => !line.startsWith("== "));
}

test("text is sent, and a slash in front of it only when it is doubled", async () => {
  const rig = openRig();
  await rig.chat.submit("hello");
  await rig.chat.submit("//shrug");
  await rig.chat.submit("   ");
  assert.deepEqual(rig.asked, ["send hello", "send /shrug"]);
});

test("a mistyped command never leaks as chat, and is told what was meant", async () => {
  const rig = openRig();
  const lines = await typed(rig, " /tpoic secret plans");
  assert.deepEqual(rig.asked, []);
  assert.deepEqual(lines, [
    "> Unknown command: /tpoic. Nothing was sent. Did you mean /topic?",
    "> To send a text that starts with a slash, type two: //text",
  ]);
});

test("what a command answers stands in the tab where it was typed", async () => {
  let answer = (): void => undefined;
  const rig = openRig({
    setTopic: async (room: unknown) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return succeed(room);
    },
  });
  await rig.chat.submit("/topic plans");
  await rig.chat.submit("/users");
  rig.chat.activate(rig.tab(NORI).key);
  const elsewhere = rig.lines();
  answer();
  await rig.clock.settle();
  assert.deepEqual(rig.lines(), elsewhere);
  rig.chat.activate(rig.tab(HERE).key);
  assert.ok(rig.lines().some((line) => line.startsWith("> --- Users in the room")));
});

test("a command that does not work here, or not like that, says so", async () => {
  const rig = openRig();
  assert.deepEqual(await typed(rig, "/kick"), [`> Usage: ${rig.chat.texts.commands.kick.usage}`]);
  rig.chat.activate(rig.tab(NORI).key);
  assert.deepEqual((await typed(rig, "/kick ana")).slice(-1), [
    `> ${rig.chat.texts.classic.notHere(rig.chat.texts.commands.kick.usage)}`,
  ]);
});

test("what could not be sent is in the line again, unless something else is by then", async () => {
  const rig = openRig();
  rig.refuses = "not_member";
  const [line] = await typed(rig, "hello there");
  assert.ok(line?.startsWith("> Not sent: “hello there”."));
  assert.equal(rig.chat.draft(), "hello there");
  rig.chat.setDraft("");
  const sending = rig.chat.submit("again");
  rig.chat.setDraft("something else");
  await sending;
  assert.equal(rig.chat.draft(), "something else");
});

test("a text that is too long is not sent, and not lost", async () => {
  const rig = openRig();
  const long = "é".repeat(20_000);
  await rig.chat.submit(long);
  assert.deepEqual(rig.asked, []);
  assert.equal(rig.chat.draft(), long);
});

test("at home nothing is sent, and the line stays", async () => {
  const rig = openRig();
  rig.chat.activateBeside(-1);
  assert.equal(rig.chat.active().kind, "home");
  await rig.chat.submit("hello?");
  assert.deepEqual(rig.asked, []);
  assert.equal(rig.chat.draft(), "hello?");
  assert.equal(rig.lines().at(-1), `> ${rig.chat.texts.chat.nothingHere}`);
});

test("each tab has its own draft and its own lines; all of them together are there too", async () => {
  const rig = openRig();
  const { chat } = rig;
  await chat.submit("one");
  await chat.submit("two");
  await chat.submit("one");
  chat.setDraft("half a thought");
  assert.equal(rig.tab(HERE).hasDraft, true);
  chat.activate(rig.tab(NORI).key);
  assert.equal(chat.draft(), "");
  await chat.submit("three");
  assert.deepEqual(chat.inputHistory("tab"), ["three"]);
  assert.deepEqual(chat.inputHistory("all"), ["two", "one", "three"]);
  chat.activate(rig.tab(HERE).key);
  assert.equal(chat.draft(), "half a thought");
  assert.deepEqual(chat.inputHistory("tab"), ["two", "one"]);
});

test("an answer goes with the next line, can be called off, and survives a failure", async () => {
  const rig = openRig();
  const asked = rig.says(HERE, "nori", "shall we?\nor not");
  await rig.chat.submit("/reply");
  await rig.clock.settle();
  assert.equal(textOf(rig.chat.replyingTo() ?? []), "nori: shall we?");
  rig.refuses = "not_member";
  await rig.chat.submit("yes");
  assert.notEqual(rig.chat.replyingTo(), null);
  rig.refuses = undefined;
  await rig.chat.submit("yes");
  assert.equal(rig.chat.replyingTo(), null);
  assert.equal(rig.said(HERE).at(-1)?.kept?.replyTo, asked.id);
  await rig.chat.submit("/reply");
  await rig.clock.settle();
  rig.chat.cancelReply();
  await rig.chat.submit("plain");
  assert.equal(rig.said(HERE).at(-1)?.kept?.replyTo, null);
});

test("/clear takes what stands there from the screen, and scrolling brings it back", async () => {
  const rig = openRig();
  rig.says(HERE, "nori", "one");
  await rig.chat.submit("/users");
  await rig.chat.submit("/clear");
  await rig.clock.settle();
  assert.deepEqual(rig.lines(), []);
  rig.says(HERE, "nori", "two");
  assert.deepEqual(rig.spoken(), ["two"]);
  assert.equal(rig.chat.timeline().isAtOldest, false);
  rig.chat.loadOlder();
  assert.deepEqual(rig.spoken(), ["one", "two"]);
});

test("leaving a room closes its tab, and what its log says afterwards does not bring it back", async () => {
  const rig = openRig();
  await rig.chat.submit("/leave");
  await rig.clock.settle();
  rig.emit({ kind: "room-changed", room: keptRoom({ standing: "left" }) });
  assert.deepEqual(rig.rows(), ["1 Papo 0/0 none", "3 nori 0/0 none"]);
  assert.equal(rig.chat.active().title, "nori");
  assert.equal(rig.lines().at(-1), "> You left room 'TESTE'.");
});

test("whoever spoke last is proposed first, and the usage of a command is shown while it is typed", async () => {
  const rig = openRig();
  rig.says(HERE, "nori", "hi");
  const found = await rig.chat.complete("no", 2);
  assert.deepEqual(found?.candidates[0]?.text, "nori: ");
  assert.equal(rig.chat.usageHint("hello"), null);
  assert.ok(textOf(rig.chat.usageHint("/topic x") ?? []).startsWith("/topic [TEXT]"));
});
