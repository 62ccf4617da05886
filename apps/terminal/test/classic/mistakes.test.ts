// Goal: whatever goes wrong is answered with one sentence that says what it is about and what helps, and never with what was secret.
// Method: scripts through a pipe, and keys on a virtual terminal, against a peer that talks to nobody and refuses on demand.
import assert from "node:assert/strict";
import test from "node:test";
import { ClassicRig } from "../classic-rig.ts";
import { keyOf, user } from "../fake-peer.ts";

test("rooms: none of that name, full, taken, of somebody else, and a name of any length", async () => {
  const rig = new ClassicRig();
  rig.peer.offer("CHEIA", 3, 3);
  rig.peer.offer("DELA", 1, 3);
  await rig.signedUp("gabi");
  const long = "x".repeat(5_000);
  rig.peer.offer("CLARA", 1, 3, "plain");
  rig.input.end(
    `4\nteste\n4\nCLARA\n4\nCHEIA\n3\nMINHA\n/voltar\n3\nMINHA\n4\nDELA\n/deletar_sala\n/voltar\n4\n${long}\n`,
  );
  assert.equal(await rig.ended, 0);
  for (const sentence of [
    "ERRO: A sala 'teste' não existe. Veja a lista de salas; maiúsculas e minúsculas contam.",
    "ERRO: A sala 'CLARA' não é criptografada. Para entrar nela mesmo assim, inicie o papo com --allow-plaintext.",
    "ERRO: A sala 'CHEIA' está cheia. Tente de novo quando alguém sair.",
    "ERRO: A sala 'MINHA' já existe. Escolha outro nome ou entre nela.",
    "ERRO: A sala 'DELA' só pode ser deletada por quem a criou. Para sair dela: /sair",
    `ERRO: A sala '${"x".repeat(32)}…' não existe.`,
  ]) {
    assert.ok(rig.fresh.includes(sentence), sentence);
  }
});

test("peers: nobody of that name, offline, out of reach, blocked, asked about, oneself", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  const tries = async (name: string, sentence: string) => {
    rig.type(`5\n${name}\n`);
    await rig.sees(sentence);
    await rig.sees("Escolha uma opção: ");
  };
  await tries("ninguém", "ERRO: O usuário 'ninguém' não existe. Veja a lista de peers");
  await tries("gabi", "ERRO: Esse é você.");
  rig.peer.refusals.set("openPrivate", "peer_offline");
  await tries("nori", "ERRO: nori não está online. Tente de novo quando voltar.");
  rig.peer.refusals.set("openPrivate", "lost");
  await tries("nori", "ERRO: Sem conexão com nori no momento. Tente de novo daqui a pouco.");
  rig.peer.refusals.set("openPrivate", "unreachable");
  await tries("nori", "ERRO: Não foi possível fazer uma conexão direta. Pode haver um firewall");
  rig.peer.refusals.set("openPrivate", "identity_changed");
  await tries("nori", "ERRO: Você bloqueou nori. Para desfazer: /aceitar nori");
  rig.peer.changes = [{ username: user("nori"), known: keyOf("known"), offered: keyOf("offered") }];
  await tries("nori", "ATENÇÃO: a chave de nori mudou.");
});

test("a tracker that is away is said to come back by itself, but not while somebody logs in", async () => {
  const rig = new ClassicRig({ language: "en" });
  await rig.signedUp("gabi");
  rig.peer.refusals.set("listPeers", "tracker_unreachable");
  rig.type("1\n");
  await rig.sees("ERROR: There is no connection to the tracker at the moment; Papo is reconnecting.");
  assert.doesNotMatch(rig.output.written, /Online Peers/u, "no title over an error");

  const out = new ClassicRig({
    language: "en",
    prepare: (peer) => {
      peer.accounts = [{ username: user("nori"), tracker: "papo://127.0.0.1:6060", inUse: false }];
      peer.refusals.set("resume", "tracker_unreachable");
    },
  });
  out.type("\n");
  await out.sees("ERROR: The tracker does not answer. Check its address and the network.");
  await out.sees("Enter. Continue as nori");
});

test("a key that the tracker does not take any more is not offered again", async () => {
  const rig = new ClassicRig({
    prepare: (peer) => {
      peer.accounts = [{ username: user("nori"), tracker: "papo://127.0.0.1:6060", inUse: false }];
      peer.refusals.set("resume", "invalid_credentials");
    },
  });
  rig.type("\n");
  await rig.sees("Enter. Continuar como nori");
  await rig.sees("ERRO: A chave deste dispositivo não abre mais a conta nori. Faça login com a senha.");
  await rig.sees("0. Sair\nEscolha uma opção: ");
});

test("a text that cannot be sent is named, with the reason, and can be called back", async () => {
  const rig = new ClassicRig({ terminal: { columns: 80, rows: 24 } });
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.peer.refusals.set("send", "limit_reached");
  rig.type("isto não vai caber em lugar nenhum, infelizmente\r");
  await rig.sees("ERRO: Não enviada: “isto não vai caber em lugar nenh…”. Um limite foi atingido.");
  rig.peer.refusals.clear();
  rig.type("\u001b[A\r");
  await rig.until(() => rig.peer.sent.length === 1, "sent");
  assert.equal(rig.peer.sent[0]?.content, "isto não vai caber em lugar nenhum, infelizmente");
});

test("a password after a name that is none never answers a menu", async () => {
  for (const name of ["", "com espaço"]) {
    const rig = new ClassicRig();
    rig.input.end(`2\n${name}\nsegredo\n1\n${name}\nsegredo\n`);
    assert.equal(await rig.ended, 0);
    assert.doesNotMatch(rig.output.written, /segredo/u);
  }
  const rig = new ClassicRig({ terminal: { columns: 80, rows: 24 } });
  await rig.sees("Escolha uma opção: ");
  rig.type("1\r\r");
  await rig.sees("--- AUTENTICAÇÃO ---");
  assert.doesNotMatch(rig.output.written, /Senha/u, "at a terminal an empty name leads back");
});

test("/help: all commands, one of them, and one that does not exist", async () => {
  const rig = new ClassicRig();
  await rig.signedUp("gabi");
  await rig.inRoom("TESTE");
  rig.type("/help voltar\n");
  await rig.sees("/help voltar\n  /voltar — ");
  await rig.sees("\n  Também: /back\nVocê (gabi): ");
  rig.type("/ajuda xyz\n");
  await rig.sees("ERRO: Não existe o comando /xyz.\nComandos:\nConversar:\n  /responder");
});
