import type { feed as english } from "../en/feed.ts";

export const feed: typeof english = {
  notice: (text) => `[AVISO] ${text}`,
  plaintextMark: "(sem cifra)",
  privateFrom: (name) => `[PRIVADO de ${name}]`,
  inRoom: (room) => `[SALA ${room}]`,
  moreLines: (count) => `… mais ${count} linhas`,

  roomUpdated: (room) => `[ATUALIZAÇÃO DA SALA] A configuração da sala '${room}' foi atualizada.`,
  joined: (name) => `*** ${name} entrou na sala.`,
  left: (name) => `*** ${name} saiu da sala.`,
  online: (name) => `*** ${name} está online.`,
  offline: (name) => `*** ${name} ficou offline.`,
  privateLeft: (name) => `*** ${name} saiu do chat privado.`,
  roomDeleted: (room) => `A sala '${room}' foi deletada por quem a criou.`,
  roomLeft: (room) => `Você não está mais na sala '${room}'.`,

  linked: (name) => `[CONEXÃO P2P] ${name} se conectou.`,
  linkedPlain: (name) => `[CONEXÃO P2P] ${name} se conectou (sem cifra).`,
  unlinked: (name) => `[CONEXÃO P2P] ${name} se desconectou.`,
  linkLost: (name) => `[CONEXÃO P2P] A conexão com ${name} caiu; tentando de novo.`,
  unreachable: (name, why) => `Não foi possível conectar a ${name}. ${why}`,

  heldRoom: "Ainda não entregue: ninguém mais da sala está conectado.",
  heldPrivate: (name) => `Ainda não entregue: ${name} não está conectado agora.`,
  held: (why) => `Ainda não entregue. ${why}`,
  delivered: (excerpt) => `Entregue agora: “${excerpt}”`,
  deliveredSome: (received, of) =>
    `Recebida por ${received} de ${of}; os outros recebem quando se conectarem, enquanto este programa estiver aberto.`,
  lastDelivery: (received, of) => `Sua última mensagem foi recebida por ${received} de ${of}.`,

  trackerLost: (why) => `Conexão com o tracker perdida. ${why}As conversas abertas continuam; tentando reconectar.`,
  trackerBack: "Conexão com o tracker restabelecida.",
  trackerRefused: (why) => `O tracker encerrou a sessão. ${why}`,

  keyChanged: (name) => `ATENÇÃO: a chave de ${name} mudou.`,
  keyChangedWhy: "Pode ser um aparelho novo ou um recomeço, ou alguém se passando por essa pessoa.",
  keyChangedHold: "Até você decidir, nada é enviado e o que chega fica separado.",
  keyKnown: (key) => `chave conhecida: ${key}`,
  keyOffered: (key) => `chave nova:      ${key}`,
  keyChoices: (name) => `Se você conferiu com a pessoa: /aceitar ${name}    Na dúvida: /bloquear ${name}`,
  nameConflict: (name) =>
    `ATENÇÃO: o tracker confirmou duas chaves diferentes para o nome ${name}. Confira com a pessoa antes de confiar.`,

  problem: (file, why) => `Problema com o arquivo ${file}. ${why}`,

  membersTitle: (count, capacity) => `--- Usuários na sala (${count}/${capacity}) ---`,
  privateTitle: (name) => `--- Chat privado com ${name} ---`,
  you: "você",
  owner: "dono da sala",
  reachOnline: "online",
  reachOffline: "offline",
  reachConnecting: "conectando",
  reachEncrypted: "criptografado",
  reachPlain: "sem cifra",
  reachNone: "sem conexão",
  trust: {
    none: "sem chave",
    unverified: "chave não verificada",
    verified: "chave verificada",
    changed: "CHAVE MUDOU",
    blocked: "bloqueado",
  },
};
