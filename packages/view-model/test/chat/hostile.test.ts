// Goal: nothing that others send holds the screen up or makes it grow, and no name of theirs does anything.
// Method: texts that are the worst for patterns that go back, counted in CPU time with a wide margin; floods of what is kept nowhere, counted in items.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "@papo/peer/api";
import { MESSAGE_CONTENT_BYTES_MAX, TABS_MAX, TIMELINE_ITEMS_MAX, TIMELINE_SCROLLED_ITEMS_MAX } from "@papo/protocol";
import { keptRoom, member, user } from "../scripted-peer.ts";
import { ChatRig, HERE, PLAIN, THERE } from "./chat-rig.ts";

/** Each takes milliseconds where work grows with the text, and seconds where it grows with its square. */
const CPU_MS_MAX = 2_000;

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const WORST: Readonly<Record<string, string>> = {
  "an address of full stops": `https://${".".repeat(MESSAGE_CONTENT_BYTES_MAX - 9)}a`,
  "blanks in front of a letter": `a${" ".repeat(MESSAGE_CONTENT_BYTES_MAX - 2)}a`,
  "empty lines in front of a letter": `a${"\n".repeat(MESSAGE_CONTENT_BYTES_MAX - 2)}a`,
  brackets: `https://a${"(".repeat(16_000)}${")".repeat(16_000)}`,
};

for (const [what, content] of Object.entries(WORST)) {
  test(`R11: ${what} hold nothing up`, () => {
    const rig = new ChatRig();
    rig.open();
    const tookMs = cpuMsOf(() => {
      rig.says(HERE, "nori", content);
      rig.lines();
    });
    assert.ok(tookMs < CPU_MS_MAX, `${tookMs} ms`);
  });
}

test("R11: whoever joins and leaves without end fills no memory, though something was said before", () => {
  const rig = new ChatRig();
  const { log, ...room } = keptRoom();
  assert.ok(log !== undefined);
  const plain = { ...room, id: PLAIN, kind: "plain" as const };
  rig.rooms.set(PLAIN, plain);
  rig.listed = [THERE];
  rig.open();
  rig.chat.activate(rig.tab(THERE).key);
  rig.says(THERE, "ana", "before");
  for (let at = 0; at < 4 * TIMELINE_SCROLLED_ITEMS_MAX; at += 1) {
    const kind = at % 2 === 0 ? "member-joined" : "member-left";
    const members = [member("gabi"), ...(at % 2 === 0 ? [member("nori")] : [])];
    rig.emit({ kind, room: { ...plain, members }, username: member("nori").username } as never);
    // Between two answers none is made one with another.
    void rig.chat.submit("/nothing");
  }
  const { length } = rig.chat.timeline().items;
  assert.ok(length <= 2 * TIMELINE_ITEMS_MAX + 10, `${length} items`);
});

test("however many strangers write, where one wants to go has room: the private chat that waits longest goes", async () => {
  const rig = new ChatRig();
  rig.open("en", { openPrivate: async (username) => ({ ok: true, value: { username, encrypted: true } }) as never });
  for (let at = 0; at < TABS_MAX + 10; at += 1) rig.says({ kind: "private", username: user(`s${at}`) }, `s${at}`, "hi");
  assert.equal(rig.chat.tabs().length, TABS_MAX);
  rig.chat.activate(rig.tab({ kind: "private", username: user("s0") }).key);
  rig.chat.setDraft("not sent yet");
  rig.chat.activate(rig.tab(HERE).key);
  await rig.chat.submit("/query nori");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(rig.chat.active().title, "nori");
  const titles = rig.chat.tabs().map(({ title }) => title);
  assert.equal(titles.length, TABS_MAX);
  assert.ok(titles.includes("s0") && !titles.includes("s1") && titles.includes("s2"));
});

test("what somebody writes whom the user ignores opens no tab, nor the one that was closed", () => {
  const rig = new ChatRig();
  rig.ignored = [user("nori")];
  const chat: Conversation = { kind: "private", username: user("nori") };
  rig.open();
  rig.says(chat, "nori", "hi");
  assert.equal(rig.chat.tabs().length, 2);
});
