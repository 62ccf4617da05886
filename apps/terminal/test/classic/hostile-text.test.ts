// Goal: nothing that somebody else wrote acts on the terminal, leaves its own line, or passes for a line of the program.
// Method: hostile texts as message, username, room name and file name, through a pipe and on a virtual terminal; the
// bytes written are held against our own sequences, the cells against what should stand there.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";
import { memberOf, roomCalled, user } from "../fake-peer.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";

/** All that may reach a terminal besides text: our colours, cursor movements, erasing, bracketed paste. */
const OURS = /\u001b\[(?:\d{1,2}m|\d*[AC]|J|H|2J|\?2004[hl])/gu;
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/u;
const BIDI = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;

function ownBytesOnly(written: string): void {
  const rest = written.replace(OURS, "").replaceAll("\r\n", "\n").replaceAll("\r", "");
  assert.doesNotMatch(rest, CONTROL);
  assert.doesNotMatch(rest, BIDI);
}

for (const [row, texts] of Object.entries(HOSTILE_TEXTS)) {
  test(`${row}: as a message, through a pipe: text on its own line, nothing else`, async () => {
    const rig = new ClassicRig();
    await rig.signedUp("gabi");
    const room = await rig.inRoom("TESTE");
    for (const text of texts) rig.peer.hear(room, "nori", text);
    await rig.settled();
    assert.doesNotMatch(rig.output.written, /\u001b/u);
    ownBytesOnly(rig.output.written);
    const lines = rig.fresh.replace(/^\n/u, "").split("\n").slice(0, -1);
    for (const line of lines) assert.match(line, /^(?:\[18:46:19\] <nori> | {4}│ )/u);
    rig.input.end();
    assert.equal(await rig.ended, 0);
  });

  test(`${row}: as a message, on a terminal: no cell outside its own rows changes, and the terminal answers nothing`, async () => {
    const rig = new ClassicRig({ terminal: { columns: 60, rows: 200 } });
    let title = "";
    rig.screen?.onTitleChange((changed) => (title = changed));
    await rig.signedUp("gabi");
    const room = await rig.inRoom("TESTE");
    const before = await rig.cells();
    for (const text of texts) rig.peer.hear(room, "nori", text);
    const after = await rig.cells();
    ownBytesOnly(rig.output.written);
    assert.equal(rig.replies, "");
    assert.equal(title, "");
    assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1));
    assert.equal(after.at(-1), "Você (gabi):");
    for (const line of after.slice(before.length - 1, -1))
      assert.match(line, /^(?:\[18:46:19\] <nori>(?: |$)| {4}(?:│ )?)/u);
    rig.type("\u0004");
    assert.equal(await rig.ended, 0);
  });

  test(`${row}: as a username, a room's name and a file's name`, async () => {
    const rig = new ClassicRig({ terminal: { columns: 80, rows: 200 } });
    await rig.signedUp("gabi");
    await rig.inRoom("TESTE");
    const own = rig.peer.roomNamed("TESTE");
    for (const text of texts.filter((long) => long.length < 60)) {
      rig.peer.listed.push({ username: user(text), account: null, connected: true, room: roomCalled(text) });
      rig.peer.offer(text, 1, 3);
      const room = rig.peer.withMember(own, memberOf(text));
      rig.peer.emit({ kind: "member-joined", room, username: user(text) });
      rig.peer.hear({ kind: "room", id: own.id }, text, "oi");
      rig.peer.hear({ kind: "private", username: user(text) }, text, "oi");
      rig.peer.emit({ kind: "name-conflict", username: user(text) });
      rig.peer.emit({ kind: "problem", problem: { fault: { code: "storage_failed", detail: "" }, file: text } });
    }
    rig.type("/users\r/voltar\r1\r2\r");
    await rig.sees("--- Salas Disponíveis ---");
    await rig.cells();
    ownBytesOnly(rig.output.written);
    assert.equal(rig.replies, "");
    rig.type("\u0004");
    assert.equal(await rig.ended, 0);
  });
}

test("R7: padding up to the edge of the terminal does not start a row that passes for another line", async () => {
  const rig = new ClassicRig({ terminal: { columns: 60, rows: 100 } });
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  const before = await rig.cells();
  const forged = "[12:00:00] <bob> hi";
  for (let padding = 1; padding < 130; padding += 1) rig.peer.hear(room, "nori", `a${" ".repeat(padding)}${forged}`);
  rig.peer.hear(room, "nori", `${"x".repeat(60 - "[18:46:19] <nori> ".length)}[12:00:00]\u00a0<bob>\u00a0hi`);
  for (const line of (await rig.cells()).slice(before.length - 1, -1)) {
    assert.match(line, /^(?:\[18:46:19\] <nori>(?: |$)| {4})/u);
  }
});

test("R7: a name cannot end early and go on as a line or a list", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  for (const name of [
    "bob> hi\n[12:00:00] <nori",
    "gabi, nori",
    'a"b',
    "a (Online: True, Sala: X)",
    "-a",
    "a".repeat(200),
  ]) {
    rig.peer.hear(room, name, "oi");
  }
  await rig.settled();
  const lines = rig.fresh.replace(/^\n/u, "").split("\n").slice(0, -1);
  assert.equal(lines.length, 6);
  for (const line of lines) assert.match(line, /^\[18:46:19\] <"[^"]*"> oi$/u);
});

test("R11: a line of 32,000 characters and a text of 10,000 lines stay readable", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  rig.peer.hear(room, "nori", "\n".repeat(10_000).concat("fim"));
  rig.peer.hear(room, "nori", "x".repeat(32_000));
  await rig.settled();
  assert.ok(rig.fresh.split("\n").length < 60);
  assert.match(rig.fresh, / {4}│ … mais 9951 linhas\n/u);
});
