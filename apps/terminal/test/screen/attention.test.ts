// Goal: what was not looked at is not taken for read, and what wants to be seen is found: marks, jumps, banners, the bell.
// Method: the whole screen on a virtual terminal (xterm) over a peer that talks to nobody, which notes what is marked as read.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation } from "@papo/peer/api";
import { catalogueOf } from "@papo/view-model";
import { KEYS, ScreenRig, type ScreenRigOptions } from "./screen-rig.ts";

const texts = catalogueOf("en");

type RoomConversation = Conversation & { readonly kind: "room" };

async function inRoom(lines = 0, options: ScreenRigOptions = {}): Promise<{ rig: ScreenRig; room: RoomConversation }> {
  const made: RoomConversation[] = [];
  const rig = await ScreenRig.open({
    language: "en",
    ...options,
    prepare: (peer) => {
      const room: RoomConversation = { kind: "room", id: peer.keep("TESTE").id };
      for (let line = 1; line <= lines; line += 1) peer.keepMessage(room, "ana", `line ${line}`);
      peer.listedConversations.push({ conversation: room, title: "TESTE", unread: 0 });
      made.push(room);
    },
  });
  await rig.type(KEYS.alt("2"));
  const [room] = made;
  if (room === undefined) throw new Error("no room was made");
  return { rig, room };
}

test("what comes while the terminal is not looked at counts as read only when it is again", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  await rig.type("\u001b[O");
  const { read } = rig.peer;
  rig.peer.hear(room, "ana", "is anybody there?");
  await rig.sees("is anybody there?");
  rig.clock.passes(60_000);
  assert.equal(rig.peer.read, read);
  await rig.type("\u001b[I");
  await rig.until(() => rig.peer.read > read, "it was read");
});

test("what is below a view that is scrolled back is not read", async () => {
  const { rig, room } = await inRoom(100);
  await using _ = rig;
  await rig.type(KEYS.pageUp);
  await rig.settled();
  const { read } = rig.peer;
  rig.peer.hear(room, "ana", "below");
  await rig.sees(texts.screen.more(1));
  rig.clock.passes(60_000);
  assert.equal(rig.peer.read, read);
  await rig.type(KEYS.altEnd);
  await rig.until(() => rig.peer.read > read, "it was read");
});

test("keys lead to where one's name was said, and back to the newest", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  rig.peer.hear(room, "ana", "gabi, look at this");
  for (let line = 0; line < 60; line += 1) rig.peer.hear(room, "ana", `more ${line}`);
  await rig.sees("more 59");
  assert.ok(!rig.text().includes("gabi, look"));
  await rig.type(KEYS.alt("p"));
  await rig.sees("gabi, look at this", "-MORE");
  await rig.type(KEYS.altEnd);
  await rig.sees("more 59");
});

test("a key leads to where one stopped reading", async () => {
  const { rig, room } = await inRoom(40);
  await using _ = rig;
  await rig.type(KEYS.alt("1"));
  for (let line = 1; line <= 50; line += 1) rig.peer.hear(room, "ana", `new ${line}`);
  await rig.settled();
  await rig.type(KEYS.alt("a"));
  await rig.sees("new 50");
  await rig.type(KEYS.alt("u"));
  await rig.sees(texts.chat.unread(50), "new 1", "-MORE");
});

test("the bell rings for one's name in a tab that is not in front, and for nothing else", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  await rig.type(KEYS.alt("1"));
  rig.output.written = "";
  rig.peer.hear(room, "ana", "nothing for you");
  await rig.settled();
  assert.ok(!rig.output.written.includes("\u0007"));
  rig.peer.hear(room, "ana", "gabi: look");
  await rig.until(() => rig.output.written.includes("\u0007"), "the bell");
});

test("that the tracker is gone stands in the status line at once", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  rig.peer.emit({ kind: "tracker", state: { kind: "waiting" } as never });
  await rig.sees(`[${texts.chat.tracker.waiting}]`);
});

test("without colours there are none, and the tab in front is still marked", async () => {
  const { rig } = await inRoom(3, { env: { TERM: "xterm-256color", NO_COLOR: "1" } });
  await using _ = rig;
  assert.doesNotMatch(rig.output.written, /\u001b\[[\d;]*(?:3[0-8]|4[0-8]|9\d)[;m]/u);
  const { row, column } = rig.find("2 TESTE");
  assert.notEqual(rig.cellAt(row, column)?.isInverse(), 0);
});

test("what a message answers is chosen by a command, and let go of by Esc", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  rig.peer.keepMessage(room, "ana", "shall we?");
  rig.peer.hear(room, "ana", "shall we go?");
  await rig.sees("shall we go?");
  await rig.type("/reply", KEYS.enter);
  await rig.sees(texts.screen.replyHint);
  await rig.type(KEYS.escape);
  await rig.seesNot(texts.screen.replyHint);
});
