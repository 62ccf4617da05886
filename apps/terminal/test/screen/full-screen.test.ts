// Goal: the full screen does what whoever comes from another chat of terminals expects, and never loses what is read or typed.
// Method: the whole screen on a virtual terminal (xterm) over a peer that talks to nobody; keys as terminals send them; the cells are looked at.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation } from "@papo/peer/api";
import { FRAME_MS } from "@papo/protocol";
import { catalogueOf } from "@papo/view-model";
import { keymapWith } from "../../src/input/keymap.ts";
import type { FakePeer } from "../fake-peer.ts";
import { KEYS, ScreenRig, type ScreenRigOptions } from "./screen-rig.ts";

const texts = catalogueOf("pt-BR");

type RoomConversation = Conversation & { readonly kind: "room" };

function withRoom(peer: FakePeer, name = "TESTE", lines = 0): RoomConversation {
  const room: RoomConversation = { kind: "room", id: peer.keep(name).id };
  for (let line = 1; line <= lines; line += 1) peer.keepMessage(room, "ana", `linha ${line} da sala`);
  peer.listedConversations.push({ conversation: room, title: name, unread: 0 });
  return room;
}

/** Somebody logged in, with that room in front. */
async function inRoom(lines = 0, options: ScreenRigOptions = {}): Promise<{ rig: ScreenRig; room: RoomConversation }> {
  const made: RoomConversation[] = [];
  const rig = await ScreenRig.open({ ...options, prepare: (peer) => void made.push(withRoom(peer, "TESTE", lines)) });
  await rig.type(KEYS.alt("2"));
  const [room] = made;
  if (room === undefined) throw new Error("no room was made");
  return { rig, room };
}

test("what is typed is sent to the conversation in front, and stands there", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  await rig.type("olá, sala", KEYS.enter);
  await rig.until(() => rig.peer.sent.length === 1, "it was sent");
  assert.equal(rig.peer.sent[0]?.content, "olá, sala");
  await rig.sees("│ olá, sala");
  assert.match(rig.screen()[rig.find("olá, sala").row] ?? "", /18:46 +gabi │ olá, sala/);
  assert.equal(rig.screen().at(-1), ">", "and the line is empty again");
});

test("keys lead from tab to tab, and each keeps what was typed in it", async () => {
  await using rig = await ScreenRig.open({
    prepare: (peer) => {
      withRoom(peer, "UM");
      withRoom(peer, "DOIS");
    },
  });
  await rig.type(KEYS.alt("2"), "um rascunho");
  const first = rig.screen()[0] ?? "";
  await rig.type(KEYS.ctrlN);
  assert.notEqual(rig.screen()[0], first);
  assert.equal(rig.screen().at(-1), ">");
  await rig.type("outro", KEYS.ctrlP);
  assert.equal(rig.screen()[0], first);
  assert.equal(rig.screen().at(-1), "> um rascunho");
  await rig.type(KEYS.alt("/"));
  assert.equal(rig.screen().at(-1), "> outro");
});

test("a tab that is not in front says how much waits in it", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  await rig.type(KEYS.alt("1"));
  rig.peer.hear(room, "ana", "alguém aí?");
  rig.peer.hear(room, "ana", "oi?");
  await rig.until(() => / 2 TESTE +2│/u.test(rig.text()), "the count");
  await rig.type(KEYS.alt("a"));
  await rig.sees("alguém aí?");
  await rig.until(() => !/ 2 TESTE +2│/u.test(rig.text()), "the count is gone");
});

test("new text never moves a view that is scrolled back, and is counted", async () => {
  const { rig, room } = await inRoom(100);
  await using _ = rig;
  await rig.sees("linha 100 da sala");
  await rig.type(KEYS.pageUp);
  await rig.sees(texts.screen.more(0));
  const before = rig.screen().slice(1, -2);
  for (let line = 0; line < 3; line += 1) rig.peer.hear(room, "ana", `nova ${line}`);
  await rig.sees(texts.screen.more(3));
  assert.deepEqual(rig.screen().slice(1, -2), before);
  await rig.type(KEYS.altEnd);
  await rig.sees("nova 2");
  await rig.seesNot("-MAIS");
});

test("going up fetches what was said before, to the beginning", async () => {
  const { rig } = await inRoom(260);
  await using _ = rig;
  for (let page = 0; page < 30 && !rig.text().includes("│ linha 1 da sala"); page += 1) await rig.type(KEYS.pageUp);
  await rig.sees("│ linha 1 da sala");
  for (let page = 0; page < 30 && rig.text().includes("-MAIS"); page += 1) await rig.type(KEYS.pageDown);
  await rig.sees("linha 260 da sala");
});

test("R14: made as small as can be and large again, the screen is what it was", async () => {
  const { rig } = await inRoom(100);
  await using _ = rig;
  await rig.type("um rascunho");
  const before = rig.screen();
  for (const [columns, rows] of [
    [1, 1],
    [2, 2],
    [19, 5],
    [40, 12],
    [5, 40],
    [200, 3],
  ] as const) {
    await rig.resize(columns, rows);
    assert.equal(rig.screen().length, rows);
  }
  await rig.resize(80, 24);
  assert.deepEqual(rig.screen(), before);
});

test("R14: a resize keeps what is read in sight", async () => {
  const { rig } = await inRoom(100);
  await using _ = rig;
  await rig.type(KEYS.pageUp, KEYS.pageUp);
  const line = /linha \d+ da sala/u.exec(rig.screen()[3] ?? "")?.[0] ?? "nothing";
  await rig.resize(50, 15);
  await rig.sees(line);
  await rig.resize(120, 40);
  await rig.sees(line);
});

test("R13: a paste of several lines is asked about, and a pasted command is not run", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  await rig.type(KEYS.paste("um\ndois\n/sair\n"));
  await rig.sees(texts.composer.paste(3, 13));
  assert.deepEqual(rig.peer.sent, []);
  await rig.type(KEYS.escape);
  await rig.seesNot(texts.composer.paste(3, 13));
  await rig.type(KEYS.paste("/sair\nagora"), KEYS.enter);
  assert.deepEqual(rig.peer.sent, []);
  assert.equal(rig.peer.rooms().length, 1, "nobody left");
  await rig.type(KEYS.ctrlC, KEYS.paste("um\ndois"), KEYS.enter);
  assert.deepEqual(
    rig.peer.sent.map(({ content }) => content),
    ["um\ndois"],
  );
});

test("Ctrl-C clears the line, then says how to leave, then leaves and gives the terminal back", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  await rig.type("meio pensamento", KEYS.ctrlC);
  assert.equal(rig.screen().at(-1), ">");
  assert.ok(!rig.text().includes(texts.screen.leaveHint));
  await rig.type(KEYS.ctrlC);
  await rig.sees(texts.screen.leaveHint);
  assert.equal(rig.isOver, false);
  rig.clock.passes(5_000);
  await rig.type(KEYS.ctrlC);
  assert.equal(rig.isOver, false, "long after, it is told again");
  rig.input.write(KEYS.ctrlC);
  assert.equal(await rig.ended, 0);
  await rig.drawn();
  assert.equal(rig.terminal.buffer.active.type, "normal");
  assert.equal(rig.terminal.modes.bracketedPasteMode, false);
  assert.equal(rig.terminal.modes.mouseTrackingMode, "none");
  assert.equal(rig.terminal.modes.wraparoundMode, true);
  assert.equal(rig.input.raw, false);
});

test("the screen ends with its input, its output, and a signal", async () => {
  for (const end of [
    (rig: ScreenRig) => void rig.input.end(),
    (rig: ScreenRig) => void rig.output.destroy(),
    (rig: ScreenRig) => rig.stop.abort(),
  ]) {
    const { rig } = await inRoom();
    end(rig);
    assert.equal(await rig.ended, 0);
    assert.equal(rig.input.raw, false);
  }
});

test("F1 helps, and Esc leads back", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  await rig.type("nada disso se perde", KEYS.f1);
  await rig.sees(texts.panels.helpTitle, texts.panels.helpKeys);
  assert.ok(!rig.text().includes("nada disso"));
  await rig.type("x", KEYS.escape);
  await rig.sees("> nada disso se perde");
});

test("a key that looks like the answer of a terminal is a key once the terminal has answered", async () => {
  const { rig } = await inRoom(0, { keymap: keymapWith(new Map([["shift-f3", "help"]])) });
  await using _ = rig;
  await rig.type("\u001b[1;2R");
  await rig.sees(texts.panels.helpTitle);
});

test("with nobody logged in, panels ask who it is", async () => {
  await using rig = await ScreenRig.open({ name: null });
  await rig.sees(texts.panels.create.label);
  await rig.type(texts.panels.create.key, "gabi\tsegredo1234\tsegredo1234", KEYS.enter);
  await rig.until(() => rig.peer.self === "gabi", "logged in");
  await rig.sees("[gabi]");
  assert.ok(!rig.output.written.includes("segredo1234"), "a password shows nowhere");
});

test("two Ctrl-C with something else between them do not leave", async () => {
  const { rig } = await inRoom();
  await using _ = rig;
  await rig.type(KEYS.ctrlC);
  await rig.sees(texts.screen.leaveHint);
  await rig.type("x", KEYS.ctrlC);
  assert.equal(rig.screen().at(-1), ">");
  await rig.type(KEYS.ctrlC);
  await rig.sees(texts.screen.leaveHint);
  assert.equal(rig.isOver, false);
  rig.input.write(KEYS.ctrlC);
  assert.equal(await rig.ended, 0);
});

test("Ctrl-C while a panel asks something says how to leave as well, and leaves", async () => {
  await using rig = await ScreenRig.open({ name: null });
  await rig.type(KEYS.ctrlC);
  await rig.sees(texts.screen.leaveHint);
  rig.input.write(KEYS.ctrlC);
  assert.equal(await rig.ended, 0);
});

test("the mouse scrolls, opens tabs and names people, and can be switched off", async () => {
  const { rig } = await inRoom(100);
  await using _ = rig;
  await rig.mouse("wheel-up", { row: 5, column: 40 });
  await rig.sees(texts.screen.more(0));
  await rig.mouse("wheel-down", { row: 5, column: 40 });
  await rig.seesNot("-MAIS");
  await rig.mouse("left", rig.find("ana │"));
  await rig.sees("> ana:");
  await rig.mouse("left", rig.find("1 Papo"));
  assert.match(rig.screen()[0] ?? "", /│Papo/u);
  await rig.type(KEYS.alt("m"));
  await rig.sees(texts.screen.mouseOff.slice(0, 20));
  assert.equal(rig.terminal.modes.mouseTrackingMode, "none");
  await rig.type(KEYS.alt("m"));
  assert.notEqual(rig.terminal.modes.mouseTrackingMode, "none");
});

test("both lists fold where it is narrow, and keys bring them back", async () => {
  const { rig } = await inRoom(3, { columns: 50, rows: 12 });
  await using _ = rig;
  assert.ok(!rig.text().includes("1 Papo"));
  await rig.type(KEYS.f7);
  await rig.sees("1 Papo");
  await rig.type(KEYS.f7);
  await rig.seesNot("1 Papo");
  await rig.resize(120, 24);
  await rig.type(KEYS.f8);
  const members = rig.text();
  await rig.type(KEYS.f8);
  assert.notEqual(rig.text(), members);
});

test("an idle screen writes nothing; its clock is one row a minute", async () => {
  const { rig } = await inRoom(50);
  await using _ = rig;
  rig.clock.passes(10_000);
  await rig.settled();
  rig.output.written = "";
  rig.clock.passes(20_000);
  await rig.settled();
  assert.equal(rig.output.written, "");
  rig.clock.passes(60_000);
  await rig.settled();
  await rig.sees("[18:47]");
  assert.ok(rig.output.written.length < 500, `${rig.output.written.length} bytes`);
});

test("a thousand messages a second are drawn frame by frame, and a key at once", async () => {
  const { rig, room } = await inRoom(10);
  await using _ = rig;
  rig.writes = 0;
  for (let ms = 0; ms < 1_000; ms += 1) {
    rig.peer.hear(room, "ana", `mensagem ${ms}`);
    rig.clock.passes(1);
  }
  assert.ok(rig.writes <= Math.ceil(1_000 / FRAME_MS) + 1, `${rig.writes} writes in a second`);
  await rig.sees("mensagem 999");
  rig.peer.hear(room, "ana", "mais uma");
  rig.input.write("x");
  await rig.drawn();
  assert.equal(rig.screen().at(-1), "> x", "no time has passed");
});

test("R5: nothing that others write makes the terminal answer", async () => {
  const { rig, room } = await inRoom();
  await using _ = rig;
  assert.match(rig.replies, /^(?:\u001b\[\d+;\d+R)+$/u, "it answered what we asked at the start");
  const before = rig.replies;
  for (const text of ["\u001b[6n", "\u001b[c", "\u001bP$qm\u001b\\", "\u001b[?2026$p", "\u009b6n", "\u001b]11;?\u0007"])
    rig.peer.hear(room, "ana", text);
  await rig.settled();
  assert.equal(rig.replies, before);
});

test("a bound command runs, and what is being typed stays, even where it leads elsewhere", async () => {
  const keymap = keymapWith(new Map([["f5", "/goto Papo"]]));
  const { rig } = await inRoom(0, { keymap });
  await using _ = rig;
  await rig.type("meio pensamento", "\u001b[15~");
  await rig.until(() => (rig.screen()[0] ?? "").includes("│Papo"), "the other tab");
  assert.equal(rig.screen().at(-1), ">");
  await rig.type(KEYS.alt("2"));
  assert.equal(rig.screen().at(-1), "> meio pensamento");
});

test("whoever says something while scrolled back sees it", async () => {
  const { rig } = await inRoom(100);
  await using _ = rig;
  await rig.type(KEYS.pageUp, "aqui estou", KEYS.enter);
  await rig.sees("│ aqui estou");
  await rig.seesNot("-MAIS");
});
