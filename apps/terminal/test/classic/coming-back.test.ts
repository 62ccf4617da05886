// Goal: from the menu one is back in a conversation, or answers somebody, with two keys; also without a tracker and after a restart.
// Method: scripts through a pipe, and keys on a virtual terminal, against a peer that talks to nobody.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";
import { user } from "../fake-peer.ts";

test("Enter at the name of a room is the room that spoke last; a member enters without the tracker", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  const first = await rig.inRoom("PRIMEIRA");
  rig.type("/voltar\n");
  await rig.sees("[AVISO] Você continua na sala 'PRIMEIRA': as mensagens dela aparecem aqui, e 4 leva de volta a ela.");
  rig.type("3\nSEGUNDA\n/voltar\n4\n");
  await rig.sees("Nome da sala (Enter: SEGUNDA): ");
  rig.peer.hear(first, "nori", "oi");
  rig.type("\n/voltar\n4\n");
  await rig.sees("Nome da sala (Enter: SEGUNDA): ");
  rig.type("\n/voltar\n");
  await rig.sees("Escolha uma opção: ");
  rig.peer.hear(first, "nori", "cadê você?");
  rig.peer.refusals.set("joinRoom", "tracker_unreachable");
  rig.type("4\n\n");
  await rig.sees("Nome da sala (Enter: PRIMEIRA): ");
  await rig.sees("===== ROOM: PRIMEIRA =====");
  await rig.sees("<nori> cadê você?");
});

test("Enter at the name of a peer is who wrote last in private; without any of this it leads back", async () => {
  const rig = new ClassicRig();
  rig.peer.listed.push({ username: user("nori"), account: null, connected: true, room: null });
  await rig.signedUp("gabi");
  rig.type("5\n\n4\n\n");
  await rig.sees("Nome do peer: \n\n--- MENU PRINCIPAL ---");
  await rig.sees("Nome da sala: \n\n--- MENU PRINCIPAL ---");
  rig.peer.hear({ kind: "private", username: user("nori") }, "nori", "oi");
  rig.type("5\n\n");
  await rig.sees("Nome do peer (Enter: nori): ");
  await rig.sees("===== CHAT PRIVADO: nori =====");
});

test("what arrives while logging in is told after the login has been, with the name of its room", async () => {
  const rig = new ClassicRig();
  const late = Promise.withResolvers<void>();
  rig.peer.before = late.promise;
  rig.type("2\ngabi\nsegredo\n");
  await rig.sees("Senha: ");
  await rig.settled();
  rig.peer.hear({ kind: "private", username: user("nori") }, "nori", "enquanto você não estava");
  await rig.settled();
  assert.doesNotMatch(rig.output.written, /enquanto/u);
  late.resolve();
  await rig.sees("OK: Usuário registrado com sucesso.\n[18:46:19] [PRIVADO de nori] enquanto você não estava\n");
});

test("another login that takes the account's place leads out of a conversation as well", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.peer.emit({ kind: "tracker", state: { kind: "refused", reason: { code: "replaced", detail: "" } } });
  await rig.sees("[AVISO] O tracker encerrou a sessão. Sua conta entrou em outro lugar");
  await rig.sees("--- AUTENTICAÇÃO ---");
});

test("on a terminal a command stays above what it answers, and what was said stands once", async () => {
  const rig = new ClassicRig({ terminal: { columns: 60, rows: 40 } });
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.type("oi\r\r/help back\r");
  await rig.sees("/voltar — ");
  const rows = await rig.cells();
  const from = rows.indexOf("[18:46:19] <gabi> oi");
  assert.deepEqual(rows.slice(from - 1, from + 2), ["=====", "[18:46:19] <gabi> oi", "Você (gabi): /help back"]);
});

test("a dumb terminal breaks lines between words", async () => {
  const rig = new ClassicRig({ terminal: { columns: 40, rows: 24 }, env: { TERM: "dumb" } });
  rig.type("1\nninguém\n");
  await rig.sees("Senha: ");
  rig.type("senha\r");
  await rig.sees("ERRO: Credenciais inválidas. Confira o\n    usuário e a senha.\n");
});

test("the end of input while signing in ends at once, without another menu", async () => {
  for (const script of ["1\n", "2\ngabi\n", "2\ngabi"]) {
    const rig = new ClassicRig();
    rig.input.end(script);
    assert.equal(await rig.ended, 0);
    assert.equal(rig.output.written.split("--- AUTENTICAÇÃO ---").length, 2, JSON.stringify(script));
  }
});
