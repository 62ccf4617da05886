import type { actions as english } from "../en/actions.ts";

export const actions: typeof english = {
  helpTopics: {
    talk: "Conversar",
    rooms: "Salas",
    people: "Pessoas",
    trust: "Chaves e conta",
    search: "Olhar para trás",
    screen: "A tela",
  },
  helpOne: "/ajuda COMANDO diz mais sobre um deles.",
  alsoTyped: (names) => `Também: ${names}`,
  forExample: (line) => `Por exemplo: ${line}`,

  moreRooms: "Há mais: /salas TEXTO encontra algumas delas.",
  morePeople: "Há mais: /pessoas TEXTO encontra algumas delas.",
  inRoom: (room) => `em ${room}`,
  sentTo: (name) => `Enviada para ${name}.`,
  waitsFor: (name) => `Sem conexão com ${name} agora. Ela fica guardada aqui e sai quando houver.`,
  noSuchAnswered: "Não há tantas mensagens de outras pessoas aqui. 1 é a mais nova de outra pessoa.",
  historyOfInvited:
    "Só em salas por convite dá para não mostrar a quem chega o que foi dito antes: /criar SALA convite novas",
  nickStays: (name) =>
    `Você é ${name}, e o nome não muda: ele pertence à sua chave, e é assim que os outros sabem que é você. Para usar outro nome, crie outra conta.`,
  noSuchTab: (typed) => `Nenhuma aba nem sala sua se chama “${typed}”. /entrar SALA entra em uma.`,

  thatIsYou: "é você",
  keyIs: (key) => `chave: ${key}`,
  trustIs: (trust) => `confiança: ${trust}`,
  awayWith: (text) => `ausente: ${text}`,
  awayWordless: "ausente",
  sharedRooms: (rooms) => `em salas com você: ${rooms}`,
  deviceCount: (count) => (count === 1 ? `${count} aparelho` : `${count} aparelhos`),
  knownSince: (day) => `primeiro contato em ${day}`,
  isIgnored: "você ignora o que essa pessoa diz",
  nothingKnown: "Nada se sabe dessa pessoa aqui.",
  noKeyOf: (name) => `Nenhuma chave de ${name} é conhecida aqui.`,
  keyOf: (name, key, trust) => `Chave de ${name}: ${key} (${trust})`,

  youAreAway: "Você está ausente. /aqui desfaz.",
  youAreAwayWith: (text) => `Você está ausente: ${text}. /aqui desfaz.`,
  youAreBack: "Você está de volta.",
  youWereHere: "Você não estava ausente.",

  notifyIs: {
    all: "Você é avisado de tudo que se diz aqui.",
    mentions: "Você só é avisado do que menciona você aqui.",
    none: "Você não é avisado de nada que se diz aqui.",
  },
  noHighlights: "Só o seu nome conta como menção. /destacar PALAVRA acrescenta uma palavra.",
  highlightsAre: (words) => `Além do seu nome, contam como menção: ${words}`,

  ignoring: (name) =>
    `O que ${name} diz não aparece mais; essa pessoa não fica sabendo. Para desfazer: /designorar ${name}`,
  notIgnoring: (name) => `O que ${name} diz volta a aparecer.`,
  ignored: (names) => `Você ignora: ${names}`,
  nobodyIgnored: "Você não ignora ninguém.",

  reallyKick: (name) => `Tirar ${name} da sala?`,
  kickMeans: (name) =>
    `${name} não lê mais nada do que se disser aqui a partir de agora, e pode voltar do mesmo jeito que entrou.`,
  reallyBan: (name) => `Banir ${name} da sala?`,
  banMeans: (name) =>
    `${name} não lê mais nada do que se disser aqui a partir de agora, e fica de fora até você usar /desbanir.`,
  banned: (names) => `Banidos desta sala: ${names}`,
  nobodyBanned: "Ninguém está banido desta sala.",
  pardoned: (name, untilDay) => `Com este link ${name}, e mais ninguém, pode voltar até ${untilDay}:`,
  pardonHow: (name) =>
    `Mande para ${name}, que o digita depois de /entrar enquanto você estiver online. Até lá continua de fora; /convites o cancela.`,

  reconnecting: "Tentando agora o tracker e todos os que faltam.",
  reconnectOnline: "Perguntando ao tracker e a quem está conectado se ainda estão aí, e tentando agora quem falta.",
  reconnectWaits: "Tentando agora quem falta. O tracker disse por quanto tempo quer ficar em paz.",
  reconnectedJustNow: "Isso acabou de ser feito; espere alguns segundos.",
  reallyDeleteRoom: (room) => `Encerrar ${room} para todos?`,
  deleteRoomMeans: "Ninguém mais poderá dizer nada nela, e isso não tem volta. O que foi dito continua com quem tem.",
  reallyForget: (room) => `Apagar o que está guardado aqui de ${room}?`,
  forgetMeans: "Todas as mensagens dela saem deste computador. Isso não tem volta.",
  reallyUnlatch: "Deixar programas originais entrarem na sua conta?",
  unlatchMeans: "Até você entrar de novo com o Papo, só a senha abre a conta, sem a sua chave.",

  fileNotWritten: (file) =>
    `${file} não foi gravado. Se já existe um arquivo com esse nome, escolha outro: nada é sobrescrito. Senão, veja o espaço livre e as permissões.`,
  backupTitle: (file) => `Backup da conta em ${file}`,
  backupPassphraseHelp: "Quem tiver o arquivo e esta senha tem a sua conta. Ela não aparece enquanto você digita.",
  backupDo: "Gravar o backup",
  backupWaiting: "Gravando o backup; leva alguns segundos…",
  backedUp: (file) => `O backup está em ${file}. Guarde a senha dele: sem ela ninguém abre o arquivo.`,
};
