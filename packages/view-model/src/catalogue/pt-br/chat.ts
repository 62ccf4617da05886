import type { chat as english } from "../en/chat.ts";

export const chat: typeof english = {
  home: "Papo",
  welcome: "Aqui o Papo fala do que diz respeito a todas as suas conversas; elas são as outras abas.",
  welcomeStart:
    "Para começar: /entrar SALA entra numa sala, /listar mostra as salas, /msg NOME TEXTO escreve a alguém.",
  welcomeKeys: "F1 mostra as teclas, /ajuda os comandos. O que você digita sem barra vai para a conversa aberta.",
  nothingHere: "Nenhuma conversa está aberta aqui. /entrar SALA entra numa sala; /msg NOME TEXTO escreve a alguém.",

  privateTitle: (name) => `Conversa privada com ${name}`,
  encrypted: "criptografada",
  plaintext: "sem criptografia",
  missing: (count) => (count === 1 ? "falta chegar 1 mensagem" : `faltam chegar ${count} mensagens`),
  fetching: (count) =>
    count === 1
      ? "Ainda falta chegar 1 mensagem que os outros têm"
      : `Ainda faltam chegar ${count} mensagens que os outros têm`,
  beginning: "A conversa começa aqui",
  unread: (count) => (count === 1 ? "1 mensagem nova" : `${count} mensagens novas`),

  cameAndWent: {
    joined: (names) => `entrou: ${names}`,
    left: (names) => `saiu: ${names}`,
    online: (names) => `online: ${names}`,
    offline: (names) => `offline: ${names}`,
    back: (names) => `entrou e saiu: ${names}`,
    again: (names) => `saiu e voltou: ${names}`,
  },
  andMore: (count) => `mais ${count}`,

  answersUnknown: "uma mensagem anterior",
  onlyKeptAnswered: "Só dá para responder a uma mensagem em salas que ficam guardadas.",

  delivery: {
    held: "espera neste computador",
    sent: "enviada, ainda sem confirmação",
    silent: "enviada; programas originais não confirmam",
    nobody: "ainda não há mais ninguém aqui",
    some: (received, of) => `guardada por ${received} de ${of}`,
    all: "todos já têm",
    read: "todos leram",
    undeliverable: (why) => `não será entregue: ${why}`,
  },

  tracker: {
    idle: "fora da conta",
    connecting: "conectando",
    online: "online",
    plain: "online, sem criptografia",
    waiting: "sem tracker",
    refused: "sessão encerrada",
  },
  noLinks: "ninguém conectado",
  links: { direct: "direto", punched: "através dos roteadores", relayed: "por relay" },
  membersTitle: (online, count) => `${online} de ${count} online`,

  qrTitle: "Código QR",
  trackerGone: (since) => `Sem tracker desde as ${since}. As conversas continuam com quem se alcança sem ele.`,
  keyWaits: (name) =>
    `A chave de ${name} mudou, e nada vai para a nova antes de você decidir: /verificar ${name} mostra as duas.`,
  keysWait: (count) =>
    `As chaves de ${count} pessoas mudaram, e nada vai para as novas antes de você decidir: /verificar NOME mostra as duas.`,
  alertPrivate: (name) => name,
  alertRoom: (name, room) => `${name} em ${room}`,
};
