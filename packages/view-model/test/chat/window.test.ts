// Goal: a timeline holds a bounded stretch, which can be walked, jumped about in and followed, and always says what the conversation says.
// Method: long conversations in memory; work is counted in pages that are read, never in time; random events against a plain list.
import assert from "node:assert/strict";
import test from "node:test";
import type { Message } from "@papo/peer/api";
import { TIMELINE_ITEMS_MAX, TIMELINE_SCROLLED_ITEMS_MAX, TIMELINES_LOADED_MAX } from "@papo/protocol";
import fc from "fast-check";
import { keptRoom, user } from "../scripted-peer.ts";
import { ChatRig, HERE, PLAIN, THERE } from "./chat-rig.ts";

function longRig(count: number): ChatRig {
  const rig = new ChatRig();
  for (let at = 0; at < count; at += 1) rig.keep(HERE, at % 2 === 0 ? "nori" : "ana", `message ${at}`);
  rig.open();
  return rig;
}

function texts(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, at) => `message ${from + at}`);
}

test("a page is read at a time, up to the beginning", () => {
  const rig = longRig(250);
  assert.deepEqual(rig.spoken(), texts(150, 250));
  assert.equal(rig.chat.timeline().isAtOldest, false);
  assert.equal(rig.chat.loadOlder(), true);
  assert.deepEqual(rig.spoken(), texts(50, 250));
  assert.equal(rig.chat.loadOlder(), true);
  assert.deepEqual(rig.spoken(), texts(0, 250));
  assert.equal(rig.chat.timeline().isAtOldest, true);
  assert.equal(rig.chat.loadOlder(), false);
  assert.equal(rig.chat.timeline().isAtNewest, true);
});

test("/history goes further back each time, from where one is, to the beginning, and says no line again", async () => {
  const rig = longRig(250);
  const goes = async (line: string): Promise<string> => {
    await rig.chat.submit(line);
    await rig.clock.settle();
    const { focus, items } = rig.chat.timeline();
    const item = items.find(({ key }) => key === focus?.key);
    return item?.kind === "message" ? item.message.content : "nowhere";
  };
  assert.equal(await goes("/history 20"), "message 230");
  assert.equal(await goes("/historico 20"), "message 210");
  assert.equal(await goes("/history"), "message 160");
  rig.chat.isReadBack(true);
  assert.equal(await goes("/history 100"), "message 60");
  rig.chat.jumpToNewest();
  assert.equal(await goes("/history 30"), "message 220");
  // Scrolled there, and down again to the newest.
  rig.chat.isReadBack(true);
  rig.chat.isReadBack(false);
  assert.equal(await goes("/history 200"), "message 50");
  assert.equal(await goes("/history 999"), "message 0");
  assert.equal(rig.lines().length, 250 + 2, "the beginning, the day, and what was said");
  assert.equal(await goes("/history"), "message 0");
  assert.equal(rig.lines().at(-1), `> ${rig.chat.texts.chat.beginning}`);
});

test("/context jumps to a result of the last search, whichever tab it is of and wherever it is typed", async () => {
  const rig = longRig(400);
  const hit = rig.said(HERE)[40];
  const cursor = hit?.kept?.cursor;
  assert.ok(hit !== undefined && cursor !== undefined);
  rig.found = [{ message: hit, cursor }];
  rig.chat.openSearch();
  const panel = rig.chat.panel();
  assert.ok(panel?.kind === "list");
  panel.setFilter("message");
  await rig.clock.settle();
  panel.dismiss?.();
  rig.chat.activateBeside(-1);
  await rig.chat.submit("/context 1");
  await rig.clock.settle();
  assert.equal(rig.chat.active().title, "TESTE");
  const { items, focus } = rig.chat.timeline();
  const found = items.find(({ key }) => key === focus?.key);
  assert.ok(found?.kind === "message" && found.message === hit);
  assert.deepEqual(rig.spoken(), texts(0, 91), "what stands around it, and no answer");
  assert.ok(rig.lines().every((line) => !line.startsWith("> ")));
  await rig.chat.submit("/context 2");
  await rig.clock.settle();
  rig.chat.jumpToNewest();
  assert.equal(rig.lines().at(-1), `> ${rig.chat.texts.kept.noSuchHit}`);
});

test("somebody who follows the newest holds a bounded stretch, and can still go back", () => {
  const rig = longRig(10);
  for (let at = 10; at < 3_000; at += 1) {
    rig.says(HERE, "nori", `message ${at}`);
  }
  const held = rig.spoken().length;
  assert.ok(held >= TIMELINE_ITEMS_MAX && held <= 2 * TIMELINE_ITEMS_MAX, String(held));
  assert.deepEqual(rig.spoken(), texts(3_000 - held, 3_000));
  rig.chat.loadOlder();
  assert.deepEqual(rig.spoken(), texts(3_000 - held - 100, 3_000));
});

test("from under the eyes of somebody who reads above nothing goes, however much is said below", () => {
  const rig = longRig(500);
  for (let page = 0; page < 4; page += 1) rig.chat.loadOlder();
  rig.chat.isReadBack(true);
  const [first] = rig.chat.timeline().items.filter(({ kind }) => kind === "message");
  for (let at = 500; at < 6_000; at += 1) rig.says(HERE, "nori", `message ${at}`);
  const { items, isAtNewest } = rig.chat.timeline();
  assert.ok(items.includes(first ?? items[0] ?? assert.fail()));
  assert.ok(items.length <= TIMELINE_SCROLLED_ITEMS_MAX + 10);
  assert.equal(isAtNewest, false);
  rig.chat.jumpToNewest();
  assert.equal(rig.chat.timeline().isAtNewest, true);
  assert.equal(rig.spoken().at(-1), "message 5999");
});

test("far back the newest are let go, and come again on the way down", () => {
  const rig = longRig(6_000);
  while (rig.chat.loadOlder());
  assert.equal(rig.spoken()[0], "message 0");
  assert.ok(rig.spoken().length <= TIMELINE_SCROLLED_ITEMS_MAX);
  rig.says(HERE, "nori", "message 6000");
  let steps = 0;
  for (; rig.chat.loadNewer(); steps += 1) assert.ok(rig.spoken().length <= TIMELINE_SCROLLED_ITEMS_MAX);
  assert.ok(steps > 10);
  const spoken = rig.spoken();
  assert.equal(rig.chat.timeline().isAtNewest, true);
  assert.deepEqual(spoken, texts(6_001 - spoken.length, 6_001));
});

test("the first unread one is found however many pages above it stands", () => {
  const rig = new ChatRig();
  rig.listed = [{ kind: "private", username: user("ana") }, HERE];
  for (let at = 0; at < 900; at += 1) rig.keep(HERE, "nori", `message ${at}`);
  rig.unread.set(JSON.stringify(HERE), 700);
  rig.open();
  rig.chat.activate(rig.tab(HERE).key);
  assert.ok(!rig.lines().includes("-- 700 new messages"));
  rig.chat.jumpToUnread();
  const lines = rig.lines();
  assert.equal(lines[lines.indexOf("-- 700 new messages") + 1], "nori| message 200");
  assert.equal(rig.chat.timeline().focus?.key, "unread");
});

/** Looks for it as somebody at the screen does, and goes there. */
async function jump(rig: ChatRig, at: number): Promise<void> {
  const message = rig.said(HERE)[at];
  assert.ok(message?.kept);
  rig.found = [{ message, cursor: message.kept.cursor }];
  rig.chat.openSearch();
  const panel = rig.chat.panel();
  assert.ok(panel?.kind === "list");
  panel.setFilter(message.content);
  await rig.clock.advance(1_000);
  await panel.choose();
  await rig.clock.settle();
}

test("what was found is shown with what stands around it, from wherever one is", async () => {
  const rig = longRig(1_000);
  rig.chat.activateBeside(1);
  await jump(rig, 300);
  assert.equal(rig.chat.active().title, "TESTE");
  assert.deepEqual(rig.spoken(), texts(250, 351));
  const { focus, items, isAtNewest, isAtOldest } = rig.chat.timeline();
  const item = items.find(({ key }) => key === focus?.key);
  assert.equal(item?.kind === "message" && item.message.content, "message 300");
  assert.deepEqual([isAtNewest, isAtOldest], [false, false]);
  rig.says(HERE, "nori", "message 1000");
  assert.deepEqual(rig.spoken(), texts(250, 351));
  rig.chat.loadOlder();
  rig.chat.loadNewer();
  assert.deepEqual(rig.spoken(), texts(150, 451));
  while (rig.chat.loadNewer());
  assert.deepEqual(rig.spoken(), texts(150, 1_001));
  assert.equal(rig.chat.timeline().isAtNewest, true);
});

test("whoever says something while elsewhere in the conversation is back at its end", async () => {
  const rig = longRig(1_000);
  await jump(rig, 300);
  await rig.chat.submit("my word");
  assert.equal(rig.chat.timeline().isAtNewest, true);
  assert.equal(rig.spoken().at(-1), "my word");
});

test("what was found and is loaded already is gone to, and again when it is asked for again", async () => {
  const rig = longRig(120);
  await jump(rig, 60);
  assert.equal(rig.chat.timeline().isAtNewest, true);
  assert.equal(rig.chat.timeline().focus?.count, 1);
  await jump(rig, 60);
  assert.equal(rig.chat.timeline().focus?.count, 2);
  await jump(rig, 10);
  assert.deepEqual(rig.spoken(), texts(0, 120));
  rig.chat.activateBeside(1);
  rig.chat.activateBeside(-1);
  assert.equal(rig.chat.timeline().focus, null);
});

test("mentions are walked from one to the next, into pages that were not read yet", () => {
  const rig = new ChatRig();
  for (let at = 0; at < 400; at += 1) rig.keep(HERE, "nori", at % 150 === 10 ? `gabi ${at}` : `message ${at}`);
  rig.open();
  const focused = (): string => {
    const { items, focus } = rig.chat.timeline();
    const item = items.find(({ key }) => key === focus?.key);
    return item?.kind === "message" ? item.message.content : "";
  };
  const seen = [-1, -1, -1, -1, 1, 1].map((step) => {
    rig.chat.jumpToMention(step === 1 ? 1 : -1);
    return focused();
  });
  assert.deepEqual(seen, ["gabi 310", "gabi 160", "gabi 10", "gabi 10", "gabi 160", "gabi 310"]);
  assert.equal(rig.chat.timeline().focus?.count, 5);
});

test("what is not on the screen is not held: only the tabs used last have their messages in memory", () => {
  const rig = new ChatRig();
  const people = Array.from({ length: TIMELINES_LOADED_MAX + 4 }, (_, at) => user(`user${at}`));
  rig.listed = people.map((username) => ({ kind: "private", username }));
  for (const of of rig.listed) rig.keep(of, "nori", "hi");
  rig.open();
  for (const of of rig.listed) rig.chat.activate(rig.tab(of).key);
  const before = rig.pages;
  const [first] = rig.listed;
  const last = rig.listed.at(-2);
  assert.ok(first && last);
  rig.chat.activate(rig.tab(last).key);
  assert.equal(rig.pages, before);
  rig.chat.activate(rig.tab(first).key);
  assert.equal(rig.pages, before + 1);
  assert.deepEqual(rig.spoken(), ["hi"]);
});

test("100,000 messages in several rooms read no page and look through no list: what is done for each does not grow", () => {
  const rig = new ChatRig();
  rig.listed = Array.from({ length: 50 }, (_, at) => ({ kind: "private", username: user(`user${at}`) }));
  let asked = 0;
  const rooms = rig.rooms;
  rig.open("en", {
    room: (id) => {
      asked += 1;
      return rooms.get(id);
    },
    rooms: () => {
      asked += 1;
      return [...rooms.values()];
    },
  });
  const message = rig.keep(HERE, "nori", "again");
  const { pages } = rig;
  asked = 0;
  const tell = (count: number): void => {
    for (let at = 0; at < count; at += 1) {
      const of = at % 2 === 0 ? HERE : (rig.listed[at % 50] ?? HERE);
      const id = `x${at}` as Message["id"];
      rig.emit({ kind: "message", message: { ...message, id, conversation: of } });
    }
  };
  tell(1_000);
  const forFirst = asked;
  tell(99_000);
  assert.equal(rig.pages, pages);
  // Rows are made anew when they are asked for: nothing was asked for in between.
  assert.ok(asked <= forFirst + 4, `${asked} after ${forFirst}`);
  assert.ok(rig.chat.timeline().items.length <= 2 * TIMELINE_ITEMS_MAX);
});

test("a plain room shows what the engine still holds", () => {
  const rig = new ChatRig();
  const { log, ...room } = keptRoom();
  assert.ok(log);
  rig.rooms.set(PLAIN, { ...room, id: PLAIN, kind: "plain" });
  for (let at = 0; at < 250; at += 1) rig.keep(THERE, "nori", `message ${at}`);
  rig.listed = [];
  rig.open();
  rig.chat.activate(rig.tab(THERE).key);
  assert.deepEqual(rig.spoken(), texts(150, 250));
  rig.chat.loadOlder();
  assert.deepEqual(rig.spoken(), texts(50, 250));
});

test("whatever happens, what is shown is the end of what the conversation says", async () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.constant({ kind: "say" } as const) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("late" as const), at: fc.nat({ max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("edit" as const), at: fc.nat({ max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), at: fc.nat({ max: 40 }) }) },
    { weight: 1, arbitrary: fc.constant({ kind: "older" } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "newest" } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "leave" } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "look" } as const) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), isBack: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ kind: "command" } as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 300 }), fc.array(step, { maxLength: 60 }), async (before, steps) => {
      const rig = longRig(before);
      let count = 0;
      for (const done of steps) {
        const said = rig.said(HERE);
        const target = "at" in done ? said.at(-1 - (done.at % Math.max(1, said.length))) : undefined;
        count += 1;
        if (done.kind === "say") rig.says(HERE, "nori", `said ${count}`);
        else if (done.kind === "late" && target !== undefined) rig.saysLate(HERE, "ana", `late ${count}`, target);
        else if (done.kind === "edit" && target !== undefined) rig.becomes(target, { content: `edit ${count}` });
        else if (done.kind === "withdraw" && target?.kept !== undefined)
          rig.becomes(target, { content: "", kept: { ...target.kept, gone: "withdrawn" } });
        else if (done.kind === "older") rig.chat.loadOlder();
        else if (done.kind === "newest") rig.chat.jumpToNewest();
        else if (done.kind === "look") rig.chat.isLookedAt();
        else if (done.kind === "back") rig.chat.isReadBack(done.isBack);
        else if (done.kind === "command") await rig.chat.submit("/nope");
        else if (done.kind === "leave") {
          rig.chat.activateBeside(1);
          rig.chat.activateBeside(-1);
        }
      }
      await rig.clock.advance(2_000);
      const reference = rig.said(HERE).filter(({ kept }) => kept?.gone !== "withdrawn");
      const spoken = rig.spoken();
      assert.deepEqual(
        spoken,
        reference.slice(reference.length - spoken.length).map(({ content }) => content),
      );
      assert.ok(spoken.length >= Math.min(reference.length, 40));
      const keys = rig.chat.timeline().items.map(({ key }) => key);
      assert.equal(new Set(keys).size, keys.length);
      rig.chat.close();
    }),
    { numRuns: 60 },
  );
});
