// Goal: on a terminal the line being typed stays whole below what arrives, a password shows nowhere, and a paste
// sends nothing by itself.
// Method: the screens on a virtual terminal, looked at cell by cell.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";

const terminal = { columns: 60, rows: 24 };

test("the prompt and what is typed are drawn again under each arriving line", async () => {
  const rig = new ClassicRig({ terminal });
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  rig.type("quase pron");
  await rig.settled();
  rig.peer.hear(room, "nori", "olaaaaa");
  rig.peer.hear(room, "yuki", "como voces estao?");
  assert.deepEqual((await rig.cells()).slice(-3), [
    "[18:46:19] <nori> olaaaaa",
    "[18:46:19] <yuki> como voces estao?",
    "Você (gabi): quase pron",
  ]);
  rig.type("to\r");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  assert.deepEqual((await rig.cells()).slice(-2), ["[18:46:19] <gabi> quase pronto", "Você (gabi):"]);
  assert.equal(rig.peer.sent[0]?.content, "quase pronto");
});

test("a line longer than the terminal is wide is edited in place, at any width", async () => {
  const rig = new ClassicRig({ terminal: { columns: 60, rows: 60 } });
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  const before = (await rig.cells()).length;
  rig.type(`${"日本語 ".repeat(20)}fim`);
  await rig.settled();
  for (const columns of [44, 52, 80]) {
    await rig.resized(columns, 60);
    rig.peer.hear(room, "nori", `${columns}`);
    await rig.settled();
  }
  rig.type("\u0001começo ");
  const typed = (await rig.cells())
    .slice(before + 2)
    .join("")
    .replaceAll(" ", "");
  assert.equal(typed, `Você(gabi):começo${"日本語".repeat(20)}fim`);
  rig.type("\r");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  assert.equal(rig.peer.sent[0]?.content, `começo ${"日本語 ".repeat(20)}fim`);
});

test("R13: a paste with line breaks, commands and escapes waits for Enter, and is then one message", async () => {
  const rig = new ClassicRig({ terminal });
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.type("\u001b[200~um\r/deletar_sala\rtres\u001b[2J\r\u001b[201~");
  await rig.settled();
  assert.deepEqual(rig.peer.sent, []);
  assert.equal(rig.peer.rooms().length, 1);
  assert.equal((await rig.cells()).at(-1), "Você (gabi): um⏎/deletar_sala⏎tres[2J⏎");
  rig.type("\r");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  assert.equal(rig.peer.rooms().length, 1);
  rig.type("\u001b[200~/deletar_sala\rdepois\u001b[201~\r");
  await rig.sees("ERRO: Uso: /deletar_sala");
  assert.equal(rig.peer.rooms().length, 1);
});

test("a password shows nowhere, neither its characters nor their number, and cannot be called back", async () => {
  const rig = new ClassicRig({ terminal });
  rig.type("2\rgabi\r");
  await rig.sees("Senha: ");
  rig.type("se\u007fegredo");
  await rig.settled();
  assert.equal((await rig.cells()).at(-1), "Senha:");
  assert.equal(rig.screen?.buffer.active.cursorX, "Senha: ".length);
  rig.type("\r");
  await rig.sees("OK: Usuário registrado com sucesso.");
  assert.equal(rig.peer.passwords.get("gabi"), "segredo");
  await rig.inRoom("TESTE");
  rig.type("\u001b[A");
  await rig.settled();
  assert.equal((await rig.cells()).at(-1), "Você (gabi):");
  assert.doesNotMatch(rig.output.written, /egredo/u);
});

test("keys typed before the question are not lost, nor shown twice", async () => {
  const rig = new ClassicRig({ terminal });
  rig.type("2\rgabi\rsegredo\r3\rTESTE\roi\r/sair\r0\r");
  assert.equal(await rig.ended, 0);
  assert.deepEqual(
    rig.peer.sent.map(({ content }) => content),
    ["oi"],
  );
  assert.match((await rig.cells()).join("\n"), /Usuário: gabi\nSenha:\nOK: Usuário registrado com sucesso\.\n/u);
});

test("↑ calls back what was said in this conversation only", async () => {
  const rig = new ClassicRig({ terminal });
  await rig.signedUp("gabi");
  await rig.inRoom("UM");
  rig.type("aqui\r/voltar\r");
  await rig.sees("Você continua na sala 'UM'");
  rig.type("\u001b[A");
  await rig.settled();
  assert.equal((await rig.cells()).at(-1), "Escolha uma opção:");
  await rig.inRoom("DOIS");
  rig.type("\u001b[A\r/voltar\r4\rUM\r");
  await rig.sees("===== ROOM: UM =====");
  rig.type("\u001b[A\u001b[A\r");
  await rig.until(() => rig.peer.sent.length === 2, "sent again");
  assert.deepEqual(
    rig.peer.sent.map(({ content }) => content),
    ["aqui", "aqui"],
  );
});

test("names have colours, the same at every sight, and lists ask before they go on", async () => {
  const rig = new ClassicRig({ terminal });
  await rig.signedUp("gabi");
  rig.peer.pageSize = 2;
  for (const name of ["a", "b", "c", "d", "busca"]) rig.peer.offer(name, 1, 3);
  rig.type("2\r");
  await rig.sees("- b (Participantes: 1/3)");
  await rig.sees("Enter mostra mais, um texto busca, 0 volta: ");
  rig.type("\r");
  await rig.sees("- d (Participantes: 1/3)");
  rig.type("busca\r");
  await rig.sees("- busca (Participantes: 1/3)");
  await rig.sees("MENU PRINCIPAL");
  const room = await rig.inRoom("TESTE");
  rig.peer.hear(room, "nori", "um");
  rig.peer.hear(room, "nori", "dois");
  await rig.settled();
  const colours = [...rig.fresh.matchAll(/<\u001b\[(\d+)mnori\u001b\[39m>/gu)].map((found) => found[1]);
  assert.equal(colours.length, 2);
  assert.equal(colours[0], colours[1]);
});
