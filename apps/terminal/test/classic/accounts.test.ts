// Goal: signing in with a key, an account whose key is elsewhere, and a tracker that refuses, each lead somewhere.
// Method: scripts through a pipe against a peer that talks to nobody.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";
import { keyOf, memberOf, user } from "../fake-peer.ts";

test("Enter alone continues as the account used last that no other program has open", async () => {
  const tracker = "papo://127.0.0.1:6060";
  const rig = new ClassicRig({
    prepare: (peer) => {
      peer.accounts = [
        { username: user("yuki"), tracker, inUse: true },
        { username: user("ana"), tracker: "papo://127.0.0.1:6070", inUse: false },
        { username: user("nori"), tracker: `${tracker}/#k=${keyOf("tracker")}`, inUse: false },
      ];
    },
  });
  rig.input.end("\n0\n");
  assert.equal(await rig.ended, 0);
  assert.match(
    rig.output.written,
    /0\. Sair\nEnter\. Continuar como nori\nEscolha uma opção: \nOK: Login de nori feito com a chave/u,
  );
});

test("an account whose key is elsewhere: three choices, and a new identity only after the word", async () => {
  const rig = new ClassicRig({ language: "en" });
  rig.peer.passwords.set("nori", "secret");
  rig.peer.elsewhere.add("nori");
  rig.input.end("1\nnori\nsecret\n1\n3\nno\n1\nnori\nsecret\n3\nYES\n0\n");
  assert.equal(await rig.ended, 0);
  assert.match(rig.output.written, /\[NOTICE\] Approving from another device does not exist yet/u);
  assert.match(
    rig.output.written,
    /Everyone who knows you will be told that your key changed.*\nStart a new identity\? .*no\nNothing was changed\./u,
  );
  assert.match(rig.output.written, /Start a new identity\? .*YES\nOK: Logged in successfully\./u);
});

test("a name that is not allowed and an empty password never leave this program", async () => {
  const rig = new ClassicRig();
  rig.input.end("2\na b\u202e\nsegredo\n2\nnori\n\n0\n");
  assert.equal(await rig.ended, 0);
  assert.match(rig.output.written, /ERRO: Esse nome de usuário não é permitido/u);
  assert.match(rig.output.written, /ERRO: A senha não pode ficar vazia/u);
  assert.equal(rig.peer.passwords.size, 0);
});

test("replaced by another login: the menu says so and gives way to signing in", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  rig.peer.emit({ kind: "tracker", state: { kind: "refused", reason: { code: "replaced", detail: "" } } });
  await rig.sees("[AVISO] O tracker encerrou a sessão. Sua conta entrou em outro lugar");
  await rig.sees("--- AUTENTICAÇÃO ---");
  rig.input.end();
  assert.equal(await rig.ended, 0);
});

test("a changed key asks; accept and block answer it, by either language's name", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  const change = { username: user("nori"), known: keyOf("known"), offered: keyOf("offered") };
  rig.peer.join(rig.peer.roomNamed("TESTE"), "nori", memberOf("nori", { trust: "changed" }));
  rig.peer.changes = [change];
  rig.peer.emit({ kind: "key-changed", change });
  await rig.sees("ATENÇÃO: a chave de nori mudou.");
  await rig.sees("chave nova:      offere dxxxxx");
  await rig.sees("/aceitar nori\n  Não é: /bloquear nori\n");
  rig.type("/bloquear\n/aceitar ninguém\n/aceitar x y\n/bloquear NORI\n/ACEITAR nori\n/block nori\n");
  await rig.sees("ERRO: Uso: /bloquear NOME");
  await rig.sees("ERRO: Não há mudança de chave de ninguém a decidir.");
  await rig.sees('ERRO: Não há mudança de chave de "x y" a decidir.');
  await rig.sees("OK: Você bloqueou nori: ");
  await rig.sees("Para desfazer: /aceitar nori");
  await rig.sees("OK: A nova chave de nori foi aceita.");
  await rig.sees("ERRO: Não há mudança de chave de nori a decidir.");
  assert.deepEqual(rig.peer.decisions, ["block nori", "accept nori"]);
});

test("an answer that takes its time is waited for with a word, a quick one without", async () => {
  const rig = new ClassicRig();
  const late = Promise.withResolvers<void>();
  rig.peer.before = late.promise;
  rig.type("2\nnori\nsegredo\n");
  await rig.sees("Senha: ");
  await rig.settled();
  rig.clock.passes(2_000);
  await rig.sees("Aguardando o tracker…\n");
  late.resolve();
  await rig.sees("OK: Usuário registrado com sucesso.");
  rig.type("2\n");
  await rig.sees("Nenhuma sala disponível.");
  rig.clock.passes(2_000);
  assert.equal(rig.output.written.split("Aguardando").length, 2);
});
