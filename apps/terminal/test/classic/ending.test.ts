// Goal: the screens end cleanly wherever the input or the reader goes away, and give the terminal back as it was.
// Method: cut the script after every line; close the output; abort; press Ctrl-C and Ctrl-D on a virtual terminal.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";
import { user } from "../fake-peer.ts";

const SCRIPT = [
  "2",
  "gabi",
  "segredo",
  "1",
  "2",
  "3",
  "TESTE",
  "oi",
  "/users",
  "/voltar",
  "4",
  "TESTE",
  "/sair",
  "5",
  "nori",
  "oi",
  "/sair",
  "x",
  "",
];

test("the end of input at any menu, question or chat leaves with exit code 0", async () => {
  for (let length = 0; length <= SCRIPT.length; length += 1) {
    const rig = new ClassicRig();
    rig.peer.listed.push({ username: user("nori"), account: null, connected: true, room: null });
    rig.input.end(
      SCRIPT.slice(0, length)
        .map((line) => `${line}\n`)
        .join(""),
    );
    assert.equal(await rig.ended, 0, `after ${length} lines`);
    assert.match(rig.output.written, /\n$/u);
  }
});

test("a last line without a line break counts", async () => {
  const rig = new ClassicRig();
  rig.input.end("2\ngabi\nsegredo\n3\nTESTE\noi");
  assert.equal(await rig.ended, 0);
  assert.deepEqual(
    rig.peer.sent.map(({ content }) => content),
    ["oi"],
  );
});

test("R14: a reader that goes away (EPIPE) ends the screens, at once and with exit code 0", async () => {
  for (const terminal of [undefined, { columns: 80, rows: 24 }]) {
    const rig = new ClassicRig(terminal === undefined ? {} : { terminal });
    await rig.signedUp("gabi");
    rig.output.broken = true;
    rig.type("1\n2\n1\n");
    assert.equal(await rig.ended, 0);
  }
});

test("R14: raw mode and bracketed paste are undone at every kind of end", async () => {
  const ends: readonly ((rig: ClassicRig, abort: AbortController) => void)[] = [
    (rig) => rig.type("0\r"),
    (rig) => rig.type("\u0004"),
    (rig) => rig.input.end(),
    (rig) => rig.type("\u0003\u0003"),
    (_rig, abort) => abort.abort(),
  ];
  for (const end of ends) {
    const abort = new AbortController();
    const rig = new ClassicRig({ terminal: { columns: 80, rows: 24 }, signal: abort.signal });
    await rig.sees("Escolha uma opção: ");
    assert.equal(rig.input.raw, true);
    end(rig, abort);
    assert.equal(await rig.ended, 0);
    assert.equal(rig.input.raw, false);
    assert.match(rig.output.written, /\u001b\[\?2004h/u);
    assert.match(rig.output.written, /\u001b\[\?2004l$/u);
  }
});

test("Ctrl-C clears the line, then says how to leave, then leaves; a key between takes it back", async () => {
  const rig = new ClassicRig({ terminal: { columns: 100, rows: 40 } });
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.type("não era isso\u0003");
  await rig.settled();
  assert.equal((await rig.cells()).at(-1), "Você (gabi):");
  rig.type("\u0003");
  await rig.sees("Para sair, tecle Ctrl-C de novo");
  rig.type("x\u007f\u0003");
  await rig.sees("Para sair, tecle Ctrl-C de novo");
  rig.type("\u0003");
  assert.equal(await rig.ended, 0);
  assert.deepEqual(rig.peer.sent, []);
});

test("R14: TERM=dumb and NO_COLOR: plain lines, or no colours", async () => {
  const dumb = new ClassicRig({ terminal: { columns: 80, rows: 24 }, env: { TERM: "dumb" } });
  dumb.type("2\ngabi\n");
  await dumb.sees("Senha: ");
  assert.equal(dumb.input.raw, true, "a password is not echoed even there");
  dumb.type("segre\u007fredo\r");
  await dumb.sees("OK: Usuário registrado com sucesso.");
  assert.equal(dumb.input.raw, false);
  assert.equal(dumb.peer.passwords.get("gabi"), "segrredo");
  dumb.input.end();
  assert.equal(await dumb.ended, 0);
  assert.doesNotMatch(dumb.output.written, /\u001b|segr/u);

  const pale = new ClassicRig({ terminal: { columns: 80, rows: 24 }, env: { TERM: "xterm", NO_COLOR: "1" } });
  await pale.signedUp("gabi");
  pale.peer.hear(await pale.inRoom("TESTE"), "nori", "oi");
  await pale.settled();
  assert.doesNotMatch(pale.output.written, /\u001b\[\d*m/u);
});

test("R14: a terminal of one cell, and one that changes its size all the time", async () => {
  const rig = new ClassicRig({ terminal: { columns: 1, rows: 1 } });
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  rig.type("uma linha");
  for (const [columns, rows] of [
    [2, 1],
    [80, 24],
    [10, 3],
    [1, 1],
    [200, 60],
  ] as const) {
    await rig.resized(columns, rows);
    rig.peer.hear(room, "nori", "oi 日本語");
    await rig.settled();
  }
  rig.type("\r");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  assert.equal(rig.peer.sent[0]?.content, "uma linha");
});
