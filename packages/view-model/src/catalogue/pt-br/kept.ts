import type { kept as english } from "../en/kept.ts";

export const kept: typeof english = {
  day: (day) => `--- ${day} ---`,
  edited: "(editada)",
  late: "(chegou depois)",
  afterGap: "(falta algo antes desta)",
  deleted: "(apagada)",
  expired: "(não está mais guardada)",
  withdrawn: "(não vale mais)",
  needsNewer: "(só um Papo mais novo mostra)",
  reaction: (emoji, names) => `${emoji} ${names}`,
  changed: (name, text) => `${name} corrigiu: ${text}`,
  tookBack: (name) => `${name} apagou uma mensagem.`,
  deletedOwn: (excerpt) => `Apagada: “${excerpt}”`,
  reacted: (name, reactions) => `Reações a ${name}: ${reactions}`,

  heldRoom:
    "Guardada aqui; ninguém mais na sala está conectado ainda: ela sai quando alguém estiver, mesmo depois de reiniciar.",
  heldPrivate: (name) =>
    `Guardada aqui; ainda não há conexão com ${name}: ela sai quando houver, mesmo depois de reiniciar.`,
  heldForAnswer: (name) =>
    `O que você escreve para ${name} fica guardado aqui e sai quando ${name} aceitar seu pedido.`,
  requestAccepted: (name) => `${name} aceitou seu pedido: vocês já podem conversar, e o que esperava aqui sai agora.`,
  deliveredSome: (received, of) => `Guardada por ${received} de ${of}; os demais recebem quando voltarem.`,
  nobodyElse: "Por enquanto não há mais ninguém nesta sala. O que você escrever fica guardado.",

  created: (by) => `*** ${by} criou a sala.`,
  admitted: (name, by) => `*** ${by} deixou ${name} entrar.`,
  removed: (name, by) => `*** ${by} tirou ${name} da sala.`,
  gaveRole: (by, name, role) => `*** ${by} deu a ${name} o papel de ${role}.`,
  topicSet: (by, topic) => `*** ${by} mudou o assunto: ${topic}`,
  closed: (by) => `*** ${by} encerrou a sala. O que foi dito continua aqui para ler.`,
  forked: (name) =>
    `*** ATENÇÃO: um aparelho de ${name} disse coisas diferentes a pessoas diferentes. Pode ser um perfil copiado, ou chaves roubadas; pergunte a essa pessoa.`,
  upgraded: (by) => `*** ${by} fez a sala precisar de um Papo mais novo.`,
  roles: { owner: "dono da sala", moderator: "moderador", member: "membro" },

  moderator: "moderador",
  roomClosed: (room) => `A sala '${room}' foi encerrada por quem a criou. O que foi dito continua aqui para ler.`,
  roomRemoved: (room) => `Tiraram você da sala '${room}'. O que foi dito antes continua aqui para ler.`,
  roomEntered: (room) => `Agora você está na sala '${room}'.`,
  closedForAll: (room) =>
    `A sala '${room}' foi encerrada para todos. Quem tem cópia do que foi dito fica com ela; /esquecer ${room} apaga a sua.`,
  standing: {
    joining:
      "Ainda não encontramos ninguém que possa mostrar esta sala. Ela abre sozinha quando alguém dela estiver online.",
    "read-only": "Esta sala usa algo que este Papo ainda não conhece: até atualizar o Papo, só dá para ler.",
    closed: "Esta sala foi encerrada por quem a criou; dá para ler o que foi dito. /esquecer apaga tudo daqui.",
    removed: "Você não participa mais desta sala; dá para ler o que foi dito antes. /esquecer apaga tudo daqui.",
    left: "Você saiu desta sala; dá para ler o que foi dito antes. /esquecer apaga tudo daqui.",
  },
  standingMark: {
    joining: "entrando",
    "read-only": "só leitura",
    closed: "encerrada",
    removed: "tiraram você",
    left: "você saiu",
  },
  missing: (count) => `Faltam chegar ${count} mensagens que outros têm.`,
  unproven: (names) =>
    `O tracker também lista ${names} aqui, sem prova de que sejam da sala: nada vai para essas pessoas.`,
  unlisted: (names) => `O tracker não lista ${names}, que são da sala do mesmo jeito.`,
  inviteRefused: (name, room) => `${name} tentou entrar na sala '${room}' com um convite que não vale mais.`,
  unreadMark: (count) => (count === 1 ? "1 nova" : `${count} novas`),
  unreadIn: (places) => `Mensagens novas: ${places}`,
  unreadPlace: (name, count) => `${name} (${count})`,
  keptRoomsTitle: "--- Salas guardadas aqui ---",
  keptRoomLine: (room) => `- ${room}`,
  requestsWaiting: (count) =>
    count === 1 ? "1 pessoa quer escrever para você: /pedidos" : `${count} pessoas querem escrever para você: /pedidos`,
  awayPrivate: (name) => `Sem conexão com ${name} agora. O que você escrever fica guardado aqui e sai quando houver.`,

  noSuchMessage: "Essa mensagem não existe. 1 é a mais nova, 2 a anterior, e assim por diante.",
  topicIs: (topic) => `Assunto: ${topic}`,
  noTopic: "Esta sala não tem assunto. /topico TEXTO define um.",
  inviteMade: (uses, days) =>
    uses === 1
      ? `Este link deixa uma pessoa entrar na sala, por ${days} ${days === 1 ? "dia" : "dias"}:`
      : `Este link deixa ${uses} pessoas entrarem na sala, por ${days} ${days === 1 ? "dia" : "dias"}:`,
  inviteSecret:
    "Quem tem o link pode entrar: mande só para essa pessoa. Ela o digita onde a opção 4 do menu pede o nome da sala.",
  noInviteNeeded: "Aqui ninguém precisa de convite: quem usa este tracker entra na sala pelo nome.",
  invitesTitle: "--- Convites que ainda valem ---",
  inviteLine: (number, link, usesLeft, untilDay) =>
    `${number}. ${link} (${usesLeft === 1 ? "resta 1" : `restam ${usesLeft}`}, até ${untilDay})`,
  inviteOnlyFor: (line, name) => `${line} só para ${name}`,
  inviteRevokeHint: "Para cancelar um: /convites cancelar NÚMERO",
  inviteRevoked: "O convite foi cancelado.",
  noInvites: "Não há convites em aberto.",
  inviteUsed: (name) => `${name} entrou com o seu convite.`,
  inviteFirst: "Esta sala só existe para quem você convidar: /convidar cria um link.",
  inviteAsking: "Pedindo a quem fez o convite que deixe você entrar…",
  inviteWaiting:
    "Quem fez o convite não está online agora. O Papo continua pedindo, mesmo depois de reiniciar, e avisa quando você entrar.",
  kicked: (name) => `${name} não participa mais da sala.`,
  banned: (name) => `${name} não participa mais da sala e fica de fora até /desbanir ${name}.`,
  roleGiven: (name, role) => `${name} agora tem o papel de ${role}.`,
  forgotten: (room) => `Tudo da sala '${room}' foi apagado aqui. Os outros mantêm as cópias deles.`,

  historyTitle: "--- mensagens anteriores ---",
  historyMore: "--- /historico mostra o que veio antes ---",
  historyStart: "--- este é o começo ---",
  nothingFound: "Nada encontrado.",
  foundTitle: (count) => (count === 1 ? "--- 1 mensagem encontrada ---" : `--- ${count} mensagens encontradas ---`),
  contextHint: "Para ver o que foi dito em volta de uma: /contexto NÚMERO",
  contextTitle: "--- em volta dela ---",
  noSuchHit: "Não há resultado com esse número. Busque antes: /buscar TEXTO",
  exported: (file) => `Gravado em ${file}.`,
  unread: (count) => (count === 1 ? "--- 1 mensagem nova ---" : `--- ${count} mensagens novas ---`),

  whyPerson: (name) => `--- Como falar com ${name} ---`,
  whyReceived: "--- Esta mensagem veio de outra pessoa e está guardada aqui ---",
  whyHeld: "--- Guardada neste computador; ninguém mais a tem ainda ---",
  whyAsking: "--- Guardada neste computador: seu pedido ainda não foi aceito ---",
  whyUndeliverable: (why) => `--- Não será entregue. ${why} ---`,
  whyStored: (received, of, read, atLeast) =>
    `--- Guardada por ${atLeast ? "pelo menos " : ""}${received} de ${of}${read > 0 ? `, lida por ${read}` : ""} ---`,
  whyOffline: "O que está guardado aqui sai sozinho quando alguém voltar, mesmo depois de reiniciar.",
  whyNobody: "Não há mais ninguém na sala.",
  has: {
    stored: "já tem",
    read: "já leu",
    sent: "foi enviada, sem resposta ainda",
    waiting: "ainda não tem",
    asked: "ainda não aceitou seu pedido",
    not_for_them: "não é para essa pessoa",
  },
  lastSeen: (when) => `última vez online: ${when}`,

  qrLarge: (columns, rows) => `Para ler o código, a janela precisa de pelo menos ${columns} colunas e ${rows} linhas.`,
  safetyTitle: (name) => `--- Número de segurança com ${name} ---`,
  safetyHow: (name) =>
    `Compare o número com ${name} por telefone ou lado a lado: o /verificar de lá deve mostrar o mesmo.`,
  safetyDone: (name) => `É igual? /verificar ${name} ok. Com o QR de lá lido como texto: /verificar ${name} O_TEXTO`,
  verified: (name) => `A chave de ${name} está verificada.`,
  unverified: (name) => `A chave de ${name} não está mais marcada como verificada.`,
  verifyMismatch: (name) =>
    `Não é igual. Ou é o código de outra pessoa, ou há alguém entre você e ${name}: não confie nesta chave.`,
  keysTitle: "--- Chaves de quem você já encontrou ---",
  keyLine: ({ name, key, trust, since, former }) =>
    `- ${name}: ${key}… (${trust}, desde ${since}${former > 0 ? `, ${former} antes` : ""})`,
  noKeys: "Você ainda não encontrou ninguém com chave.",
  devicesTitle: (name) => `--- Aparelhos de ${name} ---`,
  deviceLine: (device, added, revoked, own) =>
    `- ${device}… (desde ${added}${revoked === null ? "" : `, revogado em ${revoked}`}${own ? ", este aqui" : ""})`,

  contactRequest: (name, text) =>
    `${name}, que não está em nenhuma sala com você, quer escrever para você${text === "" ? "." : `: “${text}”`}`,
  requestsTitle: "--- Pessoas que querem escrever para você ---",
  requestLine: (name, text) => (text === "" ? `- ${name}` : `- ${name}: “${text}”`),
  requestHint: "Para responder: /aceitar NOME, /ignorar NOME ou /bloquear NOME",
  requestAnswers: (name) => `Para responder: /aceitar ${name}, /ignorar ${name} ou /bloquear ${name}`,
  noRequests: "Ninguém espera resposta.",
  contactAccepted: (name) => `Você e ${name} já podem escrever um para o outro.`,
  contactBlocked: (name) => `${name} não pode escrever para você. Para desfazer: /aceitar ${name}`,
  ignored: (name) => `O pedido de ${name} foi deixado de lado; essa pessoa não fica sabendo.`,

  receiptsOn: "A partir de agora os outros veem o que você já leu.",
  receiptsOff: "Os outros não veem mais o que você leu.",
  wordsTitle: "--- As 24 palavras da sua conta ---",
  wordsWarning:
    "Escreva no papel, nesta ordem, e guarde bem: quem tem as palavras é você, e sem elas um aparelho perdido é uma conta perdida.",
  copied:
    "Este perfil também foi iniciado a partir de uma cópia. Este aparelho tem chaves novas a partir de agora; seus contatos veem isso, e nada do que foi enviado se perde.",
};
