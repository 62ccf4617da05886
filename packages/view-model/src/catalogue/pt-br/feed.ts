import type { feed as english } from "../en/feed.ts";

export const feed: typeof english = {
  notice: (text) => `[AVISO] ${text}`,
  plaintextMark: "(sem criptografia)",
  privateFrom: (name) => `[PRIVADO de ${name}]`,
  inRoom: (room) => `[SALA ${room}]`,
  moreLines: (count) => `… mais ${count} linhas`,

  roomUpdated: (room) => `[ATUALIZAÇÃO DA SALA] A configuração da sala '${room}' foi atualizada.`,
  joined: (name) => `*** ${name} entrou na sala.`,
  left: (name) => `*** ${name} saiu da sala.`,
  online: (name) => `*** ${name} está online.`,
  offline: (name) => `*** ${name} ficou offline.`,
  away: (name, text) => (text === "" ? `*** ${name} está ausente.` : `*** ${name} está ausente: ${text}`),
  back: (name) => `*** ${name} voltou.`,
  privateLeft: (name) => `*** ${name} saiu do chat privado.`,
  roomDeleted: (room) => `A sala '${room}' foi deletada por quem a criou.`,
  roomLeft: (room) => `Você não está mais na sala '${room}'.`,

  linked: (name) => `[CONEXÃO P2P] ${name} se conectou.`,
  linkedPlain: (name) => `[CONEXÃO P2P] ${name} se conectou (sem criptografia).`,
  unlinked: (name) => `[CONEXÃO P2P] ${name} se desconectou.`,
  linkLost: (name) => `[CONEXÃO P2P] A conexão com ${name} caiu; tentando de novo.`,
  notReachedYet: (name) => `Ainda sem conexão com ${name}; tentando de novo.`,
  unreachable: (name, why) => `Não foi possível conectar a ${name}. ${why}`,

  heldRoom: "Ainda não entregue: ninguém mais da sala está conectado.",
  heldPrivate: (name) => `Ainda não entregue: sem conexão com ${name} no momento.`,
  heldUntilDecided: (name) =>
    `Não enviada: decida antes sobre a chave nova, com /aceitar ${name} ou /bloquear ${name}.`,
  heldBlocked: (name) => `Não enviada: você bloqueou ${name}.`,
  heldForOldKey: (name) => `Não enviada: foi escrita para a chave anterior de ${name}. Se quiser, envie de novo.`,
  held: (why) => `Ainda não entregue. ${why}`,
  delivered: (excerpt) => `Entregue agora: “${excerpt}”`,
  sentNow: (excerpt) => `Enviada agora: “${excerpt}”`,
  deliveredSome: (received, of) =>
    `Recebida por ${received} de ${of}; quem falta recebe ao se conectar, enquanto este Papo estiver aberto.`,
  sentSome: (sent, of) =>
    `Enviada a ${sent} de ${of}; quem falta recebe ao se conectar, enquanto este Papo estiver aberto.`,
  deliveredAll: (excerpt) => `Agora todos receberam: “${excerpt}”`,
  notToNewKey: (names) => `Nada vai para a chave nova de ${names} enquanto você não decidir.`,
  nobodyElse: "Só você está nesta sala; quem entrar depois não vê o que foi dito antes.",
  lastDelivery: (received, of) => `Sua última mensagem foi recebida por ${received} de ${of}.`,
  lastUnconfirmed: (received, unconfirmed, of) =>
    received === 0
      ? `Sua última mensagem foi enviada a ${unconfirmed} de ${of}; programas originais não confirmam o recebimento.`
      : `Sua última mensagem foi recebida por ${received} de ${of} e enviada a mais ${unconfirmed}, de programas originais, que não confirmam.`,
  lastToNobody: "Não havia mais ninguém na sala para receber sua última mensagem.",

  trackerLost: (why, next) =>
    `Conexão com o tracker perdida. ${why}As conversas continuam com quem se alcança sem ele. Nova tentativa ${next}, depois com intervalos cada vez maiores.`,
  trackerAbsent: (why, next) =>
    `Nenhum tracker responde. ${why}Dá para ler e escrever no que está guardado aqui, e quem se alcança sem ele recebe. Nova tentativa ${next}, depois com intervalos cada vez maiores.`,
  soon: "daqui a pouco",
  inTime: (wait) => `em ${wait}`,
  trackerBack: "Conexão com o tracker restabelecida.",
  trackerGone: (lasted) =>
    `O tracker está fora há ${lasted}, então não dá para saber quem mais está online. O Papo continua tentando alcançá-lo.`,
  trackerWasGone: (lasted) => `Ele ficou fora por ${lasted}.`,
  trackerRefused: (why) => `O tracker encerrou a sessão. ${why}`,
  trackerAddressRefused: (address) =>
    `Em ${address} há um tracker que não é o seu: a chave dele não é a que você conhece. Esse endereço não é usado.`,
  ownKeyReplaced:
    "Esta conta começou uma nova identidade em outro dispositivo e por isso não está mais aberta neste. Se não foi você, alguém tem sua senha: avise seus contatos.",

  keyChanged: (name) => `ATENÇÃO: a chave de ${name} mudou.`,
  keyChangedWhy: "Pode ser um dispositivo novo ou um recomeço, ou alguém se passando por essa pessoa.",
  keyChangedHold: "Até você decidir, nada vai para a chave nova, e o que vier dela fica separado.",
  keyKnown: (key) => `chave conhecida: ${key}`,
  keyOffered: (key) => `chave nova:      ${key}`,
  keyCompare: "Pergunte à pessoa, por outro meio, que chave aparece no /users dela.",
  keyAccept: (name) => `É a nova: /aceitar ${name}`,
  keyBlock: (name) => `Não é: /bloquear ${name}`,
  ownKey: (key) => `Sua chave, para os outros compararem: ${key}`,
  nameConflict: (name) =>
    `Há duas chaves diferentes em uso para ${name} neste momento. Confira com a pessoa antes de confiar em qualquer uma.`,

  problem: (file, why) => `Problema com o arquivo ${file}. ${why}`,

  membersTitle: (count, capacity) => `--- Usuários na sala (${count}/${capacity}) ---`,
  privateTitle: (name) => `--- Chat privado com ${name} ---`,
  you: "você",
  owner: "dono da sala",
  reachOnline: "online",
  reachOffline: "offline",
  reachUnknown: "presença desconhecida",
  reachConnecting: "conectando",
  reachEncrypted: "criptografado",
  reachPlain: "sem criptografia",
  reachNone: "sem conexão",
  trust: {
    none: "sem chave",
    unverified: "chave não verificada",
    verified: "chave verificada",
    changed: "CHAVE MUDOU",
    blocked: "bloqueado",
  },
};
