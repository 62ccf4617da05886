// Goal: what stands around the timeline is true, costs nothing while nothing happens, and says what has to be known wherever one is.
// Method: rooms, links and the tracker change; header, members, status and banner are looked at.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation, KeyChange, RoomMember } from "@papo/peer/api";
import { fault } from "@papo/protocol";
import { keptRoom, member, ROOM, user } from "../scripted-peer.ts";
import { ChatRig, HERE, textOf } from "./chat-rig.ts";

const NORI: Conversation = { kind: "private", username: user("nori") };
const OFFLINE = { online: false, reach: { kind: "offline" } } as const;

function people(): RoomMember[] {
  return [
    member("zoe", OFFLINE),
    member("Ana", { role: "owner", reach: { kind: "linked", encrypted: true, path: "relayed" } }),
    member("gabi", { reach: { kind: "self" } }),
    member("bia", { away: "lunch" }),
    member("rui", { role: "moderator" }),
    member("nori", { online: false, reach: { kind: "unknown" } }),
  ];
}

test("members: those who are there first, in each part moderators first, then by name", () => {
  const rig = new ChatRig();
  rig.ignored = [user("rui")];
  rig.rooms.set(ROOM, keptRoom({}, people()));
  const { rows, title } = rig.open().members();
  assert.deepEqual(
    rows.map(({ prefix, name, presence, path, isSelf, isIgnored }) =>
      [`${prefix}${name.text}`, presence, path, ...(isSelf ? ["self"] : []), ...(isIgnored ? ["ignored"] : [])].join(
        " ",
      ),
    ),
    [
      "@Ana here relayed",
      "%rui here direct ignored",
      " bia away direct",
      " gabi here  self",
      " nori unknown ",
      " zoe offline ",
    ],
  );
  assert.equal(title, "4 of 6 online");
});

test("a member who has not changed is the same object, and the whole list while nobody has", () => {
  const rig = new ChatRig();
  rig.rooms.set(ROOM, keptRoom({}, people()));
  const chat = rig.open();
  const before = chat.members();
  rig.says(HERE, "nori", "hi");
  assert.equal(chat.members(), before);
  rig.emit({ kind: "room-changed", room: keptRoom({}, people()) });
  assert.equal(chat.members(), before);
  const changed = people().map((row) => (row.username === "zoe" ? member("zoe") : row));
  rig.emit({ kind: "room-changed", room: keptRoom({}, changed) });
  const after = chat.members();
  const known = new Set(before.rows);
  assert.deepEqual(
    after.rows.filter((row) => !known.has(row)).map(({ username }) => username),
    ["zoe"],
  );
});

test("the header says what the room is about and how it stands", () => {
  const rig = new ChatRig();
  rig.rooms.set(ROOM, keptRoom({ topic: "plans\u001b[2J", standing: "read-only", missing: 3 }));
  const { title, topic, remarks } = rig.open().header();
  assert.equal(title, "TESTE");
  assert.equal(topic, "plans␛[2J");
  assert.deepEqual(
    remarks.map(({ text }) => text),
    ["encrypted", "read-only", "3 messages still to come"],
  );
});

test("the status counts links by their ways, and what waits", () => {
  const rig = new ChatRig();
  rig.rooms.set(ROOM, keptRoom({}, people()));
  const chat = rig.open();
  const status = chat.status();
  assert.deepEqual(
    { ...status, hot: status.hot.length },
    {
      time: "18:46",
      self: "gabi",
      away: null,
      tracker: { tone: "good", text: "online" },
      links: { tone: "good", text: "2 direct, 1 relayed" },
      memberCount: 6,
      hot: 0,
      waiting: 0,
    },
  );
  assert.equal(chat.status(), status);
  rig.says(NORI, "nori", "psst");
  assert.deepEqual(
    chat.status().hot.map(({ title }) => title),
    ["nori"],
  );
  chat.activateBeside(-1);
  assert.equal(chat.status().links, null);
  assert.equal(chat.status().memberCount, null);
});

test("of a room that is over for this user neither people nor links are counted, whoever is still linked", () => {
  for (const standing of ["left", "removed", "closed"] as const) {
    const rig = new ChatRig();
    rig.rooms.set(ROOM, keptRoom({}, people()));
    const chat = rig.open();
    assert.equal(chat.status().memberCount, 6);
    rig.emit({ kind: "room-changed", room: keptRoom({ standing }, people()) });
    const { memberCount, links } = chat.status();
    assert.deepEqual({ memberCount, links }, { memberCount: null, links: null }, standing);
    assert.deepEqual(chat.members(), { title: "", rows: [] }, standing);
  }
});

test("that a room ended asks for a look at home only where it does not stand on the screen already", () => {
  const rig = new ChatRig();
  rig.listed = [HERE, NORI];
  const chat = rig.open();
  const ended = { kind: "room-closed", id: ROOM, name: keptRoom().name, reason: "removed" } as const;
  rig.emit(ended);
  assert.equal(rig.lines().at(-1), `> ${chat.texts.feed.notice(chat.texts.kept.roomRemoved("TESTE"))}`);
  assert.deepEqual(chat.status().hot, []);
  chat.activate(rig.tab(NORI).key);
  rig.emit(ended);
  assert.deepEqual(
    chat.status().hot.map(({ title }) => title),
    [chat.texts.chat.home],
  );
});

test("nothing is told while nothing happens, and nothing is asked of the engine twice", () => {
  const rig = new ChatRig();
  let asked = 0;
  const chat = rig.open("en", {
    room: (id) => {
      asked += 1;
      return rig.rooms.get(id);
    },
  });
  const look = (): void => {
    chat.tabs();
    chat.timeline();
    chat.members();
    chat.header();
    chat.status();
  };
  look();
  asked = 0;
  look();
  assert.equal(asked, 0);
  assert.equal(rig.changed, 0);
});

test("the banner says since when the tracker is gone, that a key waits, or that the account is open elsewhere", async () => {
  const rig = new ChatRig();
  const chat = rig.open();
  const says = (): string => textOf(chat.banner()?.spans ?? []);
  assert.equal(chat.banner(), null);
  const sinceMs = rig.clock.wallMs();
  rig.state = { kind: "waiting", retryInMs: 1_000, reason: fault("lost", ""), sinceMs };
  rig.emit({ kind: "tracker", state: rig.state });
  assert.equal(says(), "");
  const told = rig.changed;
  await rig.clock.advance(3_000);
  assert.ok(rig.changed > told);
  assert.match(says(), /^No tracker since 18:46\./u);
  assert.equal(chat.banner(), chat.banner());
  const change = { username: user("nori"), known: "a".repeat(43), offered: "b".repeat(43) } as unknown as KeyChange;
  rig.changes = [change];
  rig.emit({ kind: "key-changed", change });
  assert.match(says(), /nori has changed, .*\/verify nori/u);
  rig.state = { kind: "refused", reason: fault("replaced", "") };
  rig.emit({ kind: "tracker", state: rig.state });
  assert.equal(chat.banner()?.tone, "bad");
  assert.match(says(), /ended the session/u);
});

test("what concerns nobody's words is said at home, and in the conversation that it is about", () => {
  const rig = new ChatRig();
  const chat = rig.open();
  const change = { username: user("nori"), known: "a".repeat(43), offered: "b".repeat(43) } as unknown as KeyChange;
  rig.changes = [change];
  rig.emit({ kind: "key-changed", change });
  assert.ok(rig.lines().some((line) => line.includes("the key of nori has changed")));
  assert.equal(chat.tabs()[0]?.attention, "private");
  chat.activateBeside(-1);
  assert.ok(rig.lines().some((line) => line.includes("the key of nori has changed")));
  assert.equal(chat.tabs()[0]?.attention, "none");
});

test("somebody who asks to write is told of at home, and rings", () => {
  const rig = new ChatRig();
  rig.open();
  const account = "k".repeat(43) as never;
  rig.emit({ kind: "contact-request", request: { username: user("zoe"), account, text: "hi\u0007", atMs: 0 } });
  assert.equal(rig.alerts.length, 1);
  assert.equal(rig.rows()[0], "1 Papo 1/0 private");
});

test("a copied profile is told across the screen until one has been at home", () => {
  const rig = new ChatRig();
  const chat = rig.open();
  rig.emit({ kind: "copied" });
  assert.equal(chat.banner()?.tone, "warning");
  chat.activateBeside(-1);
  assert.equal(chat.banner(), null);
});

test("both languages say it", () => {
  const rig = new ChatRig();
  rig.rooms.set(ROOM, keptRoom({}, people()));
  rig.keep(HERE, "nori", "oi");
  const chat = rig.open("pt-BR");
  assert.equal(chat.members().title, "4 de 6 online");
  assert.deepEqual(rig.lines(), [".. A conversa começa aqui", "== domingo, 22 de novembro de 2026", "nori| oi"]);
  assert.equal(chat.status().links?.text, "2 direto, 1 por relay");
});
