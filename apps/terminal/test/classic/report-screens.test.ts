// Goal: the founding report's screens (docs/founding-report.md §6.1-6.8) stand as it shows them, in both languages.
// Method: scripts through a pipe against a peer that talks to nobody and a clock that stands; whole transcripts compared.
import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf } from "@papo/view-model";
import { ClassicRig } from "../classic-rig.ts";
import { user } from "../fake-peer.ts";

const SIGN_IN =
  "\n--- AUTENTICAÇÃO ---\n1. Login\n2. Registrar\n3. Restaurar de um arquivo de backup\n4. Voltar com as 24 palavras\n0. Sair\n";
const MENU =
  "\n--- MENU PRINCIPAL ---\n1. Listar peers online\n2. Listar salas disponíveis\n3. Criar sala\n" +
  "4. Entrar em sala\n5. Chat com um peer\n6. Criar sala por convite\n0. Sair\n";
const SIGN_IN_EN =
  "\n--- SIGN IN ---\n1. Log in\n2. Register\n3. Restore from a backup file\n4. Come back with the 24 words\n0. Quit\n";
const MENU_EN =
  "\n--- MAIN MENU ---\n1. List online peers\n2. List available rooms\n3. Create room\n" +
  "4. Join room\n5. Chat with a peer\n6. Create room by invitation\n0. Quit\n";

test("§6.1: registering a name that exists, then another", async () => {
  const rig = new ClassicRig();
  rig.peer.passwords.set("gabi", "outra");
  rig.input.end("2\ngabi\nsegredo\n2\nnori\nsegredo\n0\n");
  assert.equal(await rig.ended, 0);
  assert.equal(
    rig.output.written,
    `${SIGN_IN}Escolha uma opção: 2\nUsuário: gabi\nSenha: \n` +
      "ERRO: Usuário já existe. Se a conta é sua, faça login. Senão, escolha outro nome; um quase igual também é recusado.\n" +
      `${SIGN_IN}Escolha uma opção: 2\nUsuário: nori\nSenha: \n` +
      "OK: Usuário registrado com sucesso.\n" +
      `[AVISO] ${catalogueOf("pt-BR").classic.addressesFirst}\n` +
      `${MENU}Escolha uma opção: 0\nAté logo!\n`,
  );
  assert.equal(rig.peer.loggedOut, 1);
});

test("§6.2: a wrong password, then the right one", async () => {
  const rig = new ClassicRig();
  rig.peer.passwords.set("marcos", "certa");
  rig.input.end("1\nmarcos\nerrada\n1\nmarcos\ncerta\n0\n");
  assert.equal(await rig.ended, 0);
  assert.match(rig.output.written, /Senha: \nERRO: Credenciais inválidas\. .*\n/u);
  assert.match(rig.output.written, /Senha: \nOK: Login realizado com sucesso\.\n\n--- MENU PRINCIPAL ---\n/u);
  assert.doesNotMatch(rig.output.written, /errada|certa/u);
});

test("§6.4: who is online, and where", async () => {
  const rig = new ClassicRig();
  const peer = (name: string, room: string | null) => ({
    username: user(name),
    account: null,
    connected: true,
    room: room as never,
  });
  rig.peer.listed.push(peer("nori", null), peer("gabi", "SALA TESTE"), peer("yuki", null));
  await rig.signedUp("nori");
  rig.input.end("1\n");
  assert.equal(await rig.ended, 0);
  assert.equal(
    rig.fresh,
    "1\n\n--- Peers Online ---\n- nori (Online: True, Sala: None)\n- gabi (Online: True, Sala: SALA TESTE)\n" +
      `- yuki (Online: True, Sala: None)\n${MENU}Escolha uma opção: \n`,
  );
});

test("§6.5: the rooms, and a room just created", async () => {
  const rig = new ClassicRig();
  rig.peer.offer("TESTE", 0, 3);
  rig.peer.offer("antiga", 1, 3, "plain");
  await rig.signedUp("gabi");
  rig.input.end("2\n3\nSALA TESTE\n");
  assert.equal(await rig.ended, 0);
  assert.equal(
    rig.fresh,
    "2\n\n--- Salas Disponíveis ---\n- TESTE (Participantes: 0/3)\n- antiga (Participantes: 1/3) [sem criptografia]\n" +
      `${MENU}Escolha uma opção: 3\nNome da sala: SALA TESTE\nOK: Sala 'SALA TESTE' criada com sucesso.\n` +
      "\n===== ROOM: SALA TESTE =====\nOnline: gabi\nDigite /users, /help, /deletar_sala ou /sair\n=====\nVocê (gabi): \n",
  );
});

test("§6.6-6.8: three in a room", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  const room = await rig.inRoom("TESTE");
  rig.peer.join(rig.peer.roomNamed("TESTE"), "nori");
  rig.peer.link("nori");
  rig.clock.passes(16_000);
  rig.peer.join(rig.peer.roomNamed("TESTE"), "yuki");
  rig.peer.link("yuki");
  rig.clock.passes(66_000);
  rig.type("olaaaa\n");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  rig.clock.passes(6_000);
  rig.peer.hear(room, "nori", "olaaaaa");
  rig.clock.passes(7_000);
  rig.peer.hear(room, "yuki", "como voces estao?");
  rig.peer.emit({ kind: "member-left", room: rig.peer.roomNamed("TESTE"), username: user("yuki") });
  rig.input.end();
  assert.equal(await rig.ended, 0);
  assert.equal(
    rig.fresh,
    "\n[ATUALIZAÇÃO DA SALA] A configuração da sala 'TESTE' foi atualizada.\n[18:46:19] *** nori entrou na sala.\n" +
      "[CONEXÃO P2P] nori se conectou.\n" +
      "[ATUALIZAÇÃO DA SALA] A configuração da sala 'TESTE' foi atualizada.\n[18:46:35] *** yuki entrou na sala.\n" +
      "[CONEXÃO P2P] yuki se conectou.\n" +
      "Você (gabi): \n[18:47:41] <gabi> olaaaa\nVocê (gabi): \n[18:47:47] <nori> olaaaaa\n" +
      "[18:47:54] <yuki> como voces estao?\n" +
      "[ATUALIZAÇÃO DA SALA] A configuração da sala 'TESTE' foi atualizada.\n[18:47:54] *** yuki saiu da sala.\n",
  );
});

test("§6.6-6.8 in English", async () => {
  const rig = new ClassicRig({ language: "en" });
  rig.type("2\ngabi\nsecret\n3\nTESTE\n");
  await rig.sees("You (gabi): ");
  const room = { kind: "room", id: rig.peer.roomNamed("TESTE").id } as const;
  rig.peer.join(rig.peer.roomNamed("TESTE"), "nori");
  rig.peer.link("nori");
  rig.peer.hear(room, "nori", "hello");
  rig.input.end("/leave\n0\n");
  assert.equal(await rig.ended, 0);
  assert.equal(
    rig.output.written,
    `${SIGN_IN_EN}Choose an option: 2\nUsername: gabi\nPassword: \nOK: User registered successfully.\n` +
      `[NOTICE] ${catalogueOf("en").classic.addressesFirst}\n` +
      `${MENU_EN}Choose an option: 3\nRoom name: TESTE\nOK: Room 'TESTE' created successfully.\n` +
      "\n===== ROOM: TESTE =====\nOnline: gabi\nType /users, /help, /delete_room or /leave\n=====\nYou (gabi): \n" +
      "[ROOM UPDATE] The configuration of room 'TESTE' was updated.\n[18:46:19] *** nori joined the room.\n" +
      "[P2P CONNECTION] nori connected.\n[18:46:19] <nori> hello\n" +
      `You (gabi): /leave\nOK: You left room 'TESTE'.\n${MENU_EN}Choose an option: 0\nGoodbye!\n`,
  );
});

test("a private chat, a message from elsewhere meanwhile, and back", async () => {
  const rig = new ClassicRig();
  rig.peer.listed.push({ username: user("nori"), account: null, connected: true, room: null });
  await rig.signedUp("gabi");
  rig.peer.hear({ kind: "private", username: user("nori") }, "nori", "oi");
  rig.type("5\nnori\n");
  await rig.sees("Você (gabi): ");
  rig.peer.hear({ kind: "private", username: user("nori") }, "nori", "tudo bem?");
  rig.peer.hear({ kind: "private", username: user("yuki") }, "yuki", "psiu", false);
  rig.type("tudo!\n/sair\n");
  await rig.until(() => rig.peer.decisions.includes("left nori"), "left");
  rig.input.end();
  assert.equal(await rig.ended, 0);
  assert.match(rig.output.written, /Escolha uma opção: \n\[18:46:19\] \[PRIVADO de nori\] oi\n/u);
  assert.match(
    rig.output.written,
    /===== CHAT PRIVADO: nori =====\nDigite \/users, \/help, ou \/sair para voltar ao menu\n=====\n--- mensagens anteriores ---\n\[18:46:19\] <nori> oi\n/u,
  );
  assert.match(
    rig.output.written,
    /Você \(gabi\): \n\[18:46:19\] <nori> tudo bem\?\n\[18:46:19\] \[PRIVADO de yuki\] \(sem criptografia\) psiu\nVocê \(gabi\): \n\[18:46:19\] <gabi> tudo!\nVocê \(gabi\): \/sair\n/u,
  );
});

test("the owner deletes the room; somebody else cannot; a room deleted by its owner closes the screen", async () => {
  const rig = new ClassicRig();
  rig.peer.offer("DELA", 1, 3);
  await rig.signedUp("gabi");
  rig.type("3\nMINHA\n/DELETAR_SALA\n4\nDELA\n/delete_room\n");
  await rig.sees("OK: Sala 'MINHA' deletada com sucesso.");
  await rig.sees("vê o endereço IP deste dispositivo");
  await rig.sees("ERRO: A sala 'DELA' só pode ser deletada por quem a criou.");
  await rig.settled();
  const { id, name } = rig.peer.roomNamed("DELA");
  rig.peer.emit({ kind: "room-closed", id, name, reason: "deleted" });
  await rig.sees("[AVISO] A sala 'DELA' foi deletada por quem a criou.\n\n--- MENU PRINCIPAL ---");
  rig.input.end();
  assert.equal(await rig.ended, 0);
  assert.doesNotMatch(rig.output.written, /'MINHA' foi deletada/u);
});

test("--allow-plaintext offers rooms that original programs can join, and marks them", async () => {
  const rig = new ClassicRig({ allowPlaintext: true });
  await rig.signedUp("gabi");
  rig.input.end("7\nABERTA\n/voltar\n3\nFECHADA\n/voltar\n2\n");
  assert.equal(await rig.ended, 0);
  assert.deepEqual(
    rig.peer.rooms().map(({ name, kind }) => `${name} ${kind}`),
    ["ABERTA plain", "FECHADA open"],
  );
  assert.match(rig.output.written, /7\. Criar sala sem criptografia/u);
  assert.match(rig.output.written, /===== ROOM: ABERTA =====\n.*\n.*\n=====\n\[AVISO\] Esta sala não é criptografada/u);
  assert.match(rig.output.written, /- ABERTA \(Participantes: 1\/50\) \[sem criptografia, você participa\]\n/u);

  const closed = new ClassicRig();
  await closed.signedUp("gabi");
  closed.input.end("7\n");
  assert.equal(await closed.ended, 0);
  assert.match(closed.fresh, /^7\nOpção inválida\.\n/u);
});
