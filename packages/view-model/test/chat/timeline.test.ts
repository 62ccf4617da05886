// Goal: a timeline shows what was said and what happened, grouped and marked, whatever comes late, changes or goes.
// Method: a chat on an engine in memory; the items are looked at as lines of text.
import assert from "node:assert/strict";
import test from "node:test";
import type { Message } from "@papo/peer/api";
import { succeed, TIMELINE_PAGE_MESSAGES } from "@papo/protocol";
import { keptRoom, member, ROOM, user } from "../scripted-peer.ts";
import { ChatRig, HERE, PLAIN, textOf, THERE } from "./chat-rig.ts";

const DAY = "== Sunday, November 22, 2026";
const BEGIN = ".. This is where it begins";
const MINUTE_MS = 60_000;

test("lines of one person within five minutes need the name once, and days stand between", () => {
  const rig = new ChatRig();
  const at = rig.clock.wallMs();
  rig.keep(HERE, "nori", "yesterday", { atMs: at - 24 * 60 * MINUTE_MS });
  rig.keep(HERE, "nori", "one", { atMs: at - 9 * MINUTE_MS });
  rig.keep(HERE, "nori", "two", { atMs: at - 8 * MINUTE_MS });
  rig.keep(HERE, "ana", "hey", { atMs: at - 8 * MINUTE_MS });
  rig.keep(HERE, "nori", "three", { atMs: at - 7 * MINUTE_MS });
  rig.keep(HERE, "nori", "later", { atMs: at - MINUTE_MS });
  rig.open();
  assert.deepEqual(rig.lines(), [
    BEGIN,
    "== Saturday, November 21, 2026",
    "nori| yesterday",
    DAY,
    "nori| one",
    "| two",
    "ana| hey",
    "nori| three",
    "nori| later",
  ]);
});

test("the mark of what is new stands above it until the tab is left", async () => {
  const rig = new ChatRig();
  rig.listed = [{ kind: "private", username: user("ana") }, HERE];
  for (const text of ["old", "new one", "new two"]) rig.keep(HERE, "nori", text);
  rig.unread.set(JSON.stringify(HERE), 2);
  const chat = rig.open();
  chat.activate(rig.tab(HERE).key);
  const marked = [BEGIN, DAY, "nori| old", "-- 2 new messages", "nori| new one", "| new two"];
  assert.deepEqual(rig.lines(), marked);
  chat.isLookedAt();
  await rig.clock.advance(1_500);
  rig.says(HERE, "nori", "newest");
  assert.deepEqual(rig.lines(), [...marked, "| newest"]);
  chat.isLookedAt();
  chat.jumpToUnread();
  assert.deepEqual(chat.timeline().focus, { key: "unread", count: 1 });
  chat.activateBeside(-1);
  chat.activate(rig.tab(HERE).key);
  assert.deepEqual(rig.lines(), [BEGIN, DAY, "nori| old", "| new one", "| new two", "| newest"]);
});

test("what has not changed is the same object, and what has changes alone", () => {
  const rig = new ChatRig();
  const first = rig.keep(HERE, "nori", "first");
  rig.keep(HERE, "ana", "second");
  const chat = rig.open();
  const before = chat.timeline();
  assert.equal(chat.timeline(), before);
  rig.says(HERE, "nori", "third");
  const after = chat.timeline();
  assert.deepEqual(
    before.items.map((item, at) => item === after.items[at]),
    before.items.map(() => true),
  );
  rig.becomes(first, { content: "first, corrected", ...(first.kept ? { kept: { ...first.kept, edited: true } } : {}) });
  const changed = chat.timeline().items;
  assert.deepEqual(
    changed.map((item, at) => item === after.items[at]),
    [true, true, false, true, true],
  );
  assert.deepEqual(rig.lines().slice(2), ["nori| first, corrected (edited)", "ana| second", "nori| third"]);
});

test("deleted, withdrawn, expired and what only a newer Papo can show", () => {
  const rig = new ChatRig();
  const texts = ["deleted", "withdrawn", "expired", "newer"];
  const messages = texts.map((text) => rig.keep(HERE, "nori", text));
  rig.open();
  messages.forEach((message, at) => {
    const gone = at === 3 ? null : (texts[at] as "deleted" | "withdrawn" | "expired");
    if (message.kept) rig.becomes(message, { content: "", kept: { ...message.kept, gone, needsNewer: at === 3 } });
  });
  const { kept } = rig.chat.texts;
  assert.deepEqual(rig.lines().slice(2), [`nori| ${kept.deleted}`, `| ${kept.expired}`, `| ${kept.needsNewer}`]);
});

test("what whoever comes in is to know stands under its day, below what was said before and comes only then", async () => {
  const rig = new ChatRig();
  rig.rooms.clear();
  const chat = rig.open("en", {
    diagnostics: () => ({ links: [], addresses: { hidden: false } }) as never,
    joinRoom: async () => {
      rig.rooms.set(ROOM, keptRoom());
      return succeed(keptRoom());
    },
  });
  await chat.submit("/join TESTE");
  await rig.clock.settle();
  const greeting = `> ${chat.texts.feed.notice(chat.texts.classic.addressShown)}`;
  assert.deepEqual(rig.lines(), [BEGIN, DAY, greeting]);
  const at = rig.clock.wallMs();
  rig.says(HERE, "nori", "yesterday", { atMs: at - 24 * 60 * MINUTE_MS });
  rig.says(HERE, "nori", "a moment ago", { atMs: at - 1 });
  rig.says(HERE, "nori", "welcome");
  const yesterday = [BEGIN, "== Saturday, November 21, 2026", "nori| yesterday"];
  assert.deepEqual(rig.lines(), [...yesterday, DAY, "nori| a moment ago", greeting, "nori| welcome"]);
});

test("late messages stand where they belong, and say that they came late", () => {
  const rig = new ChatRig();
  rig.keep(HERE, "nori", "one");
  const three = rig.keep(HERE, "nori", "three");
  rig.open();
  rig.saysLate(HERE, "ana", "two", three);
  assert.deepEqual(rig.lines().slice(2), ["nori| one", "ana| two (arrived late)", "nori| three"]);
});

test("who came and went is one line, and says of each what it came to", () => {
  const rig = new ChatRig();
  const { log, ...room } = keptRoom();
  assert.ok(log);
  rig.rooms.set(PLAIN, { ...room, id: PLAIN, kind: "plain" });
  rig.listed = [];
  const chat = rig.open();
  chat.activate(rig.tab(THERE).key);
  const move = (kind: "member-joined" | "member-left", name: string): void =>
    rig.emit({ kind, room: { ...room, id: PLAIN, kind: "plain" }, username: user(name) });
  rig.says(THERE, "nori", "hello");
  move("member-joined", "ana");
  move("member-joined", "bia");
  move("member-left", "bia");
  move("member-left", "rui");
  assert.deepEqual(rig.lines().slice(2), ["nori| hello", "* ana joined · bia came and went · rui left"]);
  rig.says(THERE, "nori", "well");
  move("member-left", "ana");
  assert.deepEqual(rig.lines().slice(3), ["* ana joined · bia came and went · rui left", "nori| well", "* ana left"]);
});

test("a connection that was lost and is back is no news; who left the room has left, whatever else happened", () => {
  const rig = new ChatRig();
  rig.open();
  const room = keptRoom();
  const moves = (kind: "member-online" | "member-offline"): void => rig.emit({ kind, room, username: user("nori") });
  rig.says(HERE, "nori", "hello");
  moves("member-offline");
  moves("member-online");
  assert.deepEqual(rig.lines().slice(2), ["nori| hello"]);
  rig.says(HERE, "nori", "", { kept: { notice: { kind: "left", about: null, detail: null } } });
  moves("member-offline");
  assert.deepEqual(rig.lines().slice(2), ["nori| hello", "* nori left"]);
});

test("online and offline is told of those who spoke lately, and of nobody else", async () => {
  const rig = new ChatRig();
  rig.open();
  const room = keptRoom({}, [member("gabi"), member("nori"), member("ana")]);
  const moves = (kind: "member-online" | "member-offline", name: string): void =>
    rig.emit({ kind, room, username: user(name) });
  rig.says(HERE, "nori", "hello");
  moves("member-offline", "nori");
  moves("member-offline", "ana");
  rig.chat.isLookedAt();
  assert.deepEqual(rig.lines().slice(2), ["nori| hello", "* nori offline"]);
  await rig.clock.advance(60 * MINUTE_MS);
  moves("member-online", "nori");
  assert.deepEqual(rig.lines().slice(2), ["nori| hello", "* nori offline"]);
});

test("what a room's log says happened is a line of its own, apart from comings and goings", () => {
  const rig = new ChatRig();
  const notice = (kind: "created" | "joined" | "topic", author: string, detail: string | null = null): void => {
    rig.keep(HERE, author, "", { kept: { notice: { kind, about: null, detail } } });
  };
  notice("created", "ana");
  notice("joined", "nori");
  notice("joined", "bia");
  notice("topic", "ana", "plans\u001b[2J");
  rig.open();
  assert.deepEqual(rig.lines().slice(2), [
    "* ana created the room.",
    "* nori, bia joined",
    "* ana set the topic: plans␛[2J",
  ]);
});

test("R7: a text of several lines that forges another's stays behind its author's name", () => {
  const rig = new ChatRig();
  rig.keep(HERE, "mallory", "hi\n[18:47:00] <gabi> I agree\r\n*** gabi left the room.\u2028<ana> me too\u0085x");
  rig.open();
  const [item] = rig.chat.timeline().items.filter(({ kind }) => kind === "message");
  assert.ok(item?.kind === "message");
  assert.equal(item.author.text, "mallory");
  assert.deepEqual(item.body.map(textOf), [
    "hi",
    "[18:47:00] <gabi> I agree",
    "*** gabi left the room.⟨LS⟩<ana> me too⟨NEL⟩x",
  ]);
  assert.equal(rig.chat.timeline().items.length, 3);
});

test("R1, R8, R11: escapes and bidi are shown, and a text of many lines is cut and says by how much", () => {
  const rig = new ChatRig();
  rig.keep(HERE, "nori", "\u001b[2J\u202Eevil");
  rig.keep(HERE, "nori", Array.from({ length: 10_000 }, (_, at) => `line ${at}`).join("\n"));
  rig.keep(HERE, "nori", "x".repeat(32_000));
  rig.open();
  const [escapes, many, long] = rig.chat.timeline().items.filter((item) => item.kind === "message");
  assert.equal(textOf(escapes?.body[0] ?? []), "␛[2J⟨RLO⟩evil");
  assert.equal(many?.body.length, 51);
  assert.equal(textOf(many?.body[50] ?? []), rig.chat.texts.feed.moreLines(9_950));
  assert.equal(long?.body.length, 1);
});

test("addresses of the web and of rooms can be followed, those with foreign letters cannot", () => {
  const rig = new ChatRig();
  const linked = (text: string): readonly (string | undefined)[] => {
    rig.says(HERE, "nori", text);
    const item = rig.chat.timeline().items.at(-1);
    return item?.kind === "message" ? (item.body[0] ?? []).flatMap(({ link }) => link ?? []) : [];
  };
  rig.open();
  assert.deepEqual(linked("see https://example.org/a_(b), or (http://x.org/y)."), [
    "https://example.org/a_(b)",
    "http://x.org/y",
  ]);
  assert.deepEqual(linked("papo://127.0.0.1:6060/#i=abc_-9!"), ["papo://127.0.0.1:6060/#i=abc_-9"]);
  assert.deepEqual(linked("https://аpple.com/ and javascript://x and xhttps://y.org"), []);
  assert.deepEqual(linked("“https://example.org”"), ["https://example.org"]);
  assert.deepEqual(linked("https://e.org/\u202Eexe"), []);
});

test("an own message shows how far it got, and one that waits is counted", () => {
  const rig = new ChatRig();
  const chat = rig.open();
  const message = rig.says(HERE, "gabi", "hi", {
    delivery: { kind: "held", reason: { code: "peer_offline", detail: "" } },
  });
  const mark = (): string => {
    const item = chat.timeline().items.at(-1);
    return item?.kind === "message" ? (item.delivery?.symbol ?? "") : "?";
  };
  assert.equal(mark(), "⧖");
  assert.equal(chat.status().waiting, 1);
  const told = (received: number, read = 0, silent = 0): string => {
    rig.emit({ kind: "delivery", message: { ...message, delivery: { kind: "sent", received, read, silent, of: 3 } } });
    return mark();
  };
  assert.equal(told(0), "→");
  assert.equal(chat.status().waiting, 0);
  assert.equal(told(2), "✓ 2/3");
  assert.equal(told(3), "✓");
  assert.equal(told(3, 3), "✓✓");
  assert.equal(told(0, 0, 3), "→");
});

test("an answer shows whose line it answers; what somebody does is told as that; reactions are counted", () => {
  const rig = new ChatRig();
  const asked = rig.keep(HERE, "ana", "shall we?");
  rig.keep(HERE, "nori", "yes", { kept: { replyTo: asked.id } });
  rig.keep(HERE, "nori", "/me nods", {
    kept: { reactions: [{ emoji: "👍", by: ["a", "b", "c", "d"].map(user), own: false }] },
  });
  rig.open();
  const items = rig.chat.timeline().items.flatMap((item) => (item.kind === "message" ? [item] : []));
  assert.equal(textOf(items[1]?.reply ?? []), "ana: shall we?");
  assert.equal(textOf(items[2]?.body[0] ?? []), "* nods");
  assert.equal(textOf(items[2]?.reactions ?? []), "👍 4");
});

test("the quote of an answer is what the answered message says now, also while the answer is being typed", async () => {
  const rig = new ChatRig();
  const asked = rig.keep(HERE, "ana", "shall we?");
  rig.keep(HERE, "gabi", "yes", { kept: { replyTo: asked.id } });
  const chat = rig.open();
  const quote = (): string => {
    const item = chat.timeline().items.at(-1);
    return item?.kind === "message" ? textOf(item.reply ?? []) : "";
  };
  await chat.submit("/reply");
  await rig.clock.settle();
  assert.equal(quote(), "ana: shall we?");
  if (asked.kept) rig.becomes(asked, { content: "shall we dance?", kept: { ...asked.kept, edited: true } });
  assert.equal(quote(), "ana: shall we dance?");
  assert.equal(textOf(chat.replyingTo() ?? []), "ana: shall we dance?");
  if (asked.kept) rig.becomes(asked, { content: "", kept: { ...asked.kept, gone: "deleted" } });
  assert.equal(quote(), `ana: ${chat.texts.kept.deleted}`);
  assert.equal(textOf(chat.replyingTo() ?? []), `ana: ${chat.texts.kept.deleted}`);
});

test("the quote of a message that is not loaded follows it, and so does one that came before it", () => {
  const rig = new ChatRig();
  const asked = rig.keep(HERE, "ana", "shall we?");
  for (let at = 0; at < 2 * TIMELINE_PAGE_MESSAGES; at += 1) rig.keep(HERE, "ana", `line ${at}`);
  const late = { ...rig.keep(HERE, "ana", "to come"), id: "later" as Message["id"] };
  rig.keep(HERE, "nori", "yes", { kept: { replyTo: asked.id } });
  const waits = rig.keep(HERE, "nori", "no", { kept: { replyTo: late.id } });
  const chat = rig.open();
  const quotes = (): readonly string[] =>
    chat
      .timeline()
      .items.flatMap((item) => (item.kind === "message" && item.reply !== null ? [textOf(item.reply)] : []));
  assert.deepEqual(quotes(), ["ana: shall we?", chat.texts.chat.answersUnknown]);
  if (asked.kept) rig.becomes(asked, { content: "", kept: { ...asked.kept, gone: "deleted" } });
  assert.deepEqual(quotes(), [`ana: ${chat.texts.kept.deleted}`, chat.texts.chat.answersUnknown]);
  rig.saysLate(HERE, "ana", "it came", waits, late.id);
  assert.deepEqual(quotes(), [`ana: ${chat.texts.kept.deleted}`, "ana: it came"]);
});

test("names that look alike are told apart, in the timeline too", () => {
  const rig = new ChatRig();
  const chat = rig.open();
  rig.says(HERE, "nori", "hi");
  const before = chat.timeline().items.at(-1);
  const key = "k".repeat(42).concat("A") as never;
  const room = keptRoom({}, [member("gabi"), member("nori", { account: key }), member("n0ri"), member("nοri")]);
  rig.emit({ kind: "room-changed", room });
  const after = chat.timeline().items.at(-1);
  assert.ok(before?.kind === "message" && after?.kind === "message");
  assert.equal(before.author.text, "nori");
  assert.equal(after.author.text, "nori~kkkkkk");
});

test("while others have more to send, the upper edge says so", () => {
  const rig = new ChatRig();
  rig.keep(HERE, "nori", "hi");
  rig.open();
  rig.emit({ kind: "room-changed", room: keptRoom({ missing: 40 }) });
  assert.equal(rig.lines()[0], ".. 40 messages that others have are still to come");
  rig.emit({ kind: "room-changed", room: keptRoom() });
  assert.equal(rig.lines()[0], BEGIN);
});
