import type { PapoTexts } from "../papo-texts.ts";
import { lan } from "./lan.ts";
import { doctor } from "./doctor.ts";

export const papo: PapoTexts = {
  tagline: "Papo: conversa de dispositivo para dispositivo, criptografada de ponta a ponta.",
  starting: { title: "Papo", says: "Abrindo…" },
  usage: "Uso",
  commandsTitle: "Comandos",
  optionsTitle: "Opções",
  examplesTitle: "Exemplos",
  exitCodesTitle: "Códigos de saída",
  exitCodes: {
    ok: "tudo certo",
    failed: "não deu certo; a última linha diz por quê",
    usage: "há um erro na linha de comando ou na configuração",
    inTheWay: "outro programa está usando a porta ou a pasta de dados",
  },
  configurationTitle: "Configuração",
  configuration: (file) =>
    `O que deve valer sempre fica em ${file}, por exemplo lang = "pt-BR". O mesmo arquivo na pasta do perfil tem preferência, e a linha de comando vale mais que os dois.`,
  moreHelp: "papo COMANDO --help explica melhor cada comando.",
  optionsWord: "opções",
  placeholders: {
    address: "ENDEREÇO",
    folder: "PASTA",
    file: "ARQUIVO",
    message: "SALA|@NOME [TEXTO|-]",
    conversations: "[SALA|@NOME…]",
    name: "NOME",
    language: "en|pt-BR",
    host: "HOST",
    port: "PORTA",
    store: "sqlite|json|memory",
    "port-or-off": "PORTA|off",
    "relay-place": "on|off|IP:PORTA",
    seconds: "SEGUNDOS",
    number: "NÚMERO",
  },
  options: {
    tracker:
      "tracker a usar: papo://host:porta/#k=CHAVE, ou seed://host:porta para um original; repita para outros endereços do mesmo tracker",
    profile: "onde este dispositivo guarda suas chaves e contas",
    lang: "idioma das telas; se faltar, o do sistema",
    classic: "as telas em linhas, mesmo num terminal",
    "hide-address": "não mostrar a ninguém o endereço deste dispositivo: só por relays, que é mais lento",
    "allow-plaintext": "também criar e usar salas sem criptografia, que qualquer um no caminho consegue ler",
    "no-lan": "não se anunciar na rede local nem procurar nela",
    "no-port-mapping": "não pedir ao roteador que abra uma porta para este dispositivo",
    host: "endereço em que escuta (0.0.0.0: todos os desta máquina)",
    port: "porta em que escuta (6060, um relay 6062; 0 usa uma livre)",
    data: "onde ficam as contas, as salas e a chave do tracker",
    store: "como ficam guardadas (sqlite); memory esquece tudo ao terminar",
    "ops-port": "porta local de /healthz, /readyz e /metrics (6061, um relay nenhuma; 0 usa uma livre)",
    "ping-interval": "segundos entre as verificações de que um peer continua lá (120)",
    "connections-per-ip": "conexões abertas ao mesmo tempo de um endereço; 0: sem limite (256; relay: 1024)",
    "registrations-per-ip": "contas novas por hora de um endereço; 0: sem limite (60)",
    "logins-per-ip": "logins com senha por minuto de um endereço; 0: sem limite (60)",
    relay: "levar as conexões de quem não se alcança: on, off, ou por um papo relay em IP:PORTA (on)",
    "relay-secret": "o arquivo que o tracker e o relay de outro lugar têm em comum; criado se faltar",
    account: "qual conta deste perfil; se faltar, a usada por último",
    "passphrase-file": "ler a senha do backup de ARQUIVO, ou da entrada padrão com -",
    lines: "mensagens anteriores com que começar (10)",
    "show-addresses": "mostrar endereços inteiros, e não como 203.0.x.x",
    json: "escrever linhas para outros programas lerem",
    help: "mostrar esta ajuda",
    version: "mostrar a versão",
  },
  commands: {
    chat: {
      summary: "conversar",
      details:
        "Sem --tracker, usa o tracker em 127.0.0.1:6060. Se nenhum responder, mostra os que se anunciam na rede local; se não houver, este Papo hospeda um, só para esta máquina, e quando ele terminar, outro Papo seu assume.",
      examples: [
        { line: "papo", says: "conversar nesta máquina com quem mais rodar papo" },
        { line: "papo --tracker papo://chat.example:6060", says: "usar o tracker que um amigo hospeda" },
        { line: "papo --classic --lang pt-BR", says: "as telas do relatório original, em português" },
      ],
    },
    send: {
      summary: "diz uma coisa numa sala ou a uma pessoa, para scripts",
      details:
        "O texto vem das palavras, ou da entrada padrão com - ou sem nenhuma. Se há um Papo aberto com esta conta, é ele que envia; senão este faz login com a chave da conta e espera até dez segundos que alguém receba. O código de saída é 0 quando a mensagem foi enviada, ou está guardada neste disco para ser enviada; 2 quando não há nada para enviar ou há demais. A entrada padrão é em UTF-8, de no máximo 32 KiB, com as quebras de linha.",
      examples: [
        { line: "papo send TESTE 'o build passou'", says: "na sala TESTE" },
        { line: "papo send @gabi -", says: "a gabi, vindo da entrada padrão" },
        { line: "make 2>&1 | tail -20 | papo send TESTE", says: "o que um comando mostrou, numa só mensagem" },
      ],
    },
    tail: {
      summary: "mostra o que se diz, na hora em que se diz, para scripts",
      details:
        "Começa com as últimas mensagens das salas e pessoas citadas, ou de todas, e continua até mandarem parar. Com --json cada evento é uma linha, com os textos exatamente como foram escritos. Se há um Papo aberto com esta conta, ouve esse; senão é ele mesmo um, sem tela. Nenhuma linha é omitida: se quem lê deixa coisa demais por ler, ele avisa e termina com 1. Termina com 0 quando mandam parar ou, na próxima linha, quando ninguém mais lê.",
      examples: [
        { line: "papo tail TESTE", says: "acompanha uma sala" },
        { line: "papo tail --json TESTE", says: "em JSON, com tudo o que se sabe de cada mensagem" },
        { line: "papo tail --json | jq --unbuffered -r '.message.content?'", says: "só os textos" },
      ],
    },
    socket: {
      summary: "mostra onde o Papo aberto escuta programas seus",
      details:
        "Um Papo escuta num socket que só você pode abrir: um objeto JSON-RPC por linha, com os métodos do motor. docs/socket.md os descreve, e docs/embed.md tem um bot de dez linhas. O código de saída é 1 quando não há um Papo aberto com uma conta deste perfil.",
      examples: [
        { line: "papo socket", says: "o lugar para um bot: node bot.mjs LUGAR" },
        { line: `echo "$REQUEST" | nc -N -U "$(papo socket)"`, says: "um pedido, do shell" },
      ],
    },
    tracker: {
      summary: "hospedar um tracker: quem está online, e onde; nunca uma mensagem",
      details:
        "Mostra seu endereço papo:// para você passar adiante, e `listening on HOST:PORTA` quando já dá para se conectar. Termina direito com SIGTERM ou Ctrl-C; um segundo sinal termina na hora.",
      examples: [
        { line: "papo tracker", says: "hospedar para a sua rede na porta 6060" },
        { line: "papo tracker --data /var/lib/papo --json", says: "como serviço, com log em linhas JSON" },
        { line: "papo tracker --host 127.0.0.1 --port 0 --store memory", says: "um descartável, para testes" },
      ],
    },
    "tracker import": {
      summary: "aproveitar os arquivos de um tracker original",
      details:
        "Lê users_db.json, rooms_db.json e peers_db.json de PASTA. Os arquivos não mudam; as senhas continuam valendo e passam a ser guardadas melhor no próximo login. Importa tudo, ou nada.",
      examples: [{ line: "papo tracker import ./tracker-antigo", says: "para a pasta de dados padrão" }],
    },
    "tracker export": {
      summary: "escrever os arquivos de um tracker original",
      details:
        "Escreve users_db.json, rooms_db.json e peers_db.json em PASTA e diz quais contas um tracker original não consegue mais autenticar, porque guardamos a senha de um jeito que ele não conhece.",
      examples: [{ line: "papo tracker export ./para-o-original", says: "a partir da pasta de dados padrão" }],
    },
    trackers: {
      summary: "listar os trackers que se anunciam na rede local",
      details:
        "Procura por um instante e mostra um endereço por linha, com a chave. Quem estiver na rede pode anunciar qualquer coisa: confira a chave com quem hospeda.",
      examples: [
        { line: "papo trackers", says: "quem hospeda um tracker nesta rede" },
        { line: "papo trackers --json", says: "um objeto por linha, para scripts" },
      ],
    },
    relay: {
      summary: "levar conexões para um tracker que roda em outro lugar; só vê dados criptografados",
      details:
        "Um tracker leva conexões ele mesmo, a não ser que você diga o contrário. Rode isto onde houver mais banda, com o mesmo arquivo de segredo do tracker, e inicie o tracker com --relay IP:PORTA. Mostra `listening on HOST:PORTA` quando já dá para usar.",
      examples: [
        { line: "papo relay --relay-secret /var/lib/papo/relay-secret", says: "na porta 6062 desta máquina" },
        { line: "papo tracker --relay 198.51.100.4:6062 --relay-secret ./relay-secret", says: "o tracker que o usa" },
      ],
    },
    export: {
      summary: "gravar uma conta, com tudo o que ela guarda, num arquivo criptografado",
      details:
        "O backup contém as chaves da conta, os contatos, as salas e as mensagens. A senha dele é pedida duas vezes e não aparece em lugar nenhum; sem ela ninguém abre o arquivo, e com ela quem tiver o arquivo é você. ARQUIVO ainda não pode existir.",
      examples: [
        { line: "papo export gabi.papo-backup", says: "a conta usada por último" },
        { line: "papo export gabi.papo-backup --account gabi --passphrase-file senha.txt", says: "num script" },
      ],
    },
    import: {
      summary: "trazer uma conta de volta de um arquivo desses",
      details:
        "A conta passa a ser deste perfil, como um novo dispositivo dela, para que nada seja escrito duas vezes. O arquivo fica como está. A primeira tela oferece o mesmo.",
      examples: [
        { line: "papo import gabi.papo-backup", says: "para o perfil padrão" },
        { line: "papo import gabi.papo-backup --passphrase-file senha.txt", says: "num script" },
      ],
    },
    unlatch: {
      summary: "deixar que programas originais voltem a entrar numa conta",
      details:
        "Depois que uma conta entrou com uma chave, o tracker não aceita mais só a senha, como fazem os programas originais. Isto desfaz essa trava até o próximo login da conta com a chave.",
      examples: [{ line: "papo unlatch --account gabi", says: "antes de gabi usar um programa original" }],
    },
    doctor: {
      summary: "examinar este computador, o perfil e o tracker",
      details:
        "Vê se o tracker responde e prova a chave dele, como este computador aparece de fora, se os outros conseguem se conectar a ele ou se um relay ajuda, e também o relógio, o disco e o histórico, e diz o que fazer com o que estiver errado. Não precisa de conta, não muda nada e leva menos de dez segundos. O que ele mostra pode ser passado a outras pessoas.",
      examples: [
        { line: "papo doctor", says: "o tracker que o papo usaria aqui" },
        { line: "papo doctor --tracker papo://chat.example:6060", says: "outro tracker" },
        { line: "papo doctor --json", says: "um objeto para scripts; o código de saída diz se algo falhou" },
      ],
    },
    demo: {
      summary: "ver três pessoas conversando, com tudo conferido",
      details:
        "Inicia um tracker e três peers como programas de verdade, deixa gabi, nori e yuki conversarem na sala TESTE, mostra cada tela e confere se cada mensagem chegou a cada tela exatamente uma vez, por conexões criptografadas. Depois mata um deles no meio da conversa, inicia-o de novo e confere que nada se perdeu.",
      examples: [{ line: "papo demo", says: "leva alguns segundos e não deixa nada para trás" }],
    },
  },
  problems: {
    unknownCommand: (word, nearest) =>
      `Não existe o comando "${word}".${nearest === undefined ? "" : ` Você quis dizer "${nearest}"?`}`,
    unexpectedWord: (word, command) => `"${word}" está sobrando em ${command}.`,
    missingFile: (command) => `${command} precisa do nome de um arquivo.`,
    missingConversation: (command) => `${command} precisa de uma sala ou, com @ na frente, de uma pessoa.`,
    missingFolder: (command) => `${command} precisa da pasta dos arquivos.`,
    unknownOption: (option, nearest) =>
      `Não existe a opção ${option}.${nearest === undefined ? "" : ` Você quis dizer ${nearest}?`}`,
    optionOfAnotherCommand: (option, command) => `${command} não tem a opção ${option}.`,
    repeatedOption: (option) => `${option} aparece duas vezes.`,
    needsValue: (option, placeholder) => `${option} precisa de um valor: ${option} ${placeholder}.`,
    takesNoValue: (option) => `${option} não recebe valor.`,
    badNumber: (option, from, to) => `${option} precisa ser um número inteiro de ${from} a ${to}.`,
    badPortOrOff: (option) => `${option} precisa ser uma porta de 0 a 65535, ou off.`,
    badRelay: (option) =>
      `${option} precisa ser on, off, ou o endereço IP e a porta de um papo relay, como 198.51.100.4:6062.`,
    relayNeedsSecret:
      "Um relay em outro lugar precisa do segredo que tem em comum com o tracker: use --relay-secret ARQUIVO.",
    secretNeedsRelay: "--relay-secret é para um relay em outro lugar: use também --relay IP:PORTA.",
    badChoice: (option, choices) => `${option} precisa ser um destes: ${choices}.`,
    differentTrackers: (option) =>
      `${option}: esses endereços têm chaves diferentes, então são trackers diferentes. Um Papo usa um tracker por vez; vários endereços são para um tracker que tem mais de um.`,
    manyAddresses: (option, max) =>
      `${option}: vários endereços são para um mesmo tracker do Papo, no máximo ${max}. Um tracker original (seed://) tem só um.`,
    badTrackerAddress: (option) => `${option} precisa ser como papo://host:porta/#k=CHAVE ou seed://host:porta.`,
    seeHelp: (command) => `Veja ${command} --help.`,
    configUnreadable: (file, reason) => `Não foi possível ler ${file}: ${reason}.`,
    configSyntax: (place) => `${place}: isto não é TOML.`,
    configUnknownKey: (place, key, nearest) =>
      `${place}: "${key}" não é uma configuração.${nearest === undefined ? "" : ` Você quis dizer "${nearest}"?`}`,
    configWrongType: (place, key, expected) => `${place}: ${key} precisa ser ${expected}.`,
    expected: {
      string: "um texto entre aspas",
      strings: 'um texto entre aspas, ou uma lista deles: ["…", "…"]',
      boolean: "true ou false",
      port: "uma porta de 1 a 65535",
      binding: 'uma ação ou um comando entre aspas, ou false: "search", "/users"',
    },
    unknownKey: (place, key) =>
      `${place}: "${key}" não é uma tecla. Teclas se escrevem assim: ctrl-a, alt-shift-n, f5, page-up.`,
    unknownAction: (place, action, nearest) =>
      nearest === undefined
        ? `${place}: "${action}" não é nada que uma tecla possa fazer. As ações estão em docs/keys.md; um comando começa com "/".`
        : `${place}: "${action}" não é nada que uma tecla possa fazer. Você quis dizer "${nearest}"?`,
    manyKeys: (file, max) => `${file}: mais de ${max} teclas.`,
    noHome: "O Papo não sabe onde guardar seus arquivos: defina HOME como uma pasta sua, a partir da raiz (/…).",
  },
  storage: {
    about: (path, what, fix) => `${path}: ${what}${fix === undefined ? "" : ` Digite: ${fix}`}`,
    no_parent: "a pasta em que isso deveria ficar não existe; crie-a antes.",
    not_a_directory: "há um arquivo no lugar em que deveria haver uma pasta.",
    foreign_owner: "pertence a outro usuário desta máquina.",
    open_to_others: "outros usuários desta máquina poderiam ler.",
    writable_by_others: "outros usuários desta máquina poderiam alterar.",
    wrong_kind: "não é um arquivo ou uma pasta comum.",
    unwritable: "não dá para escrever ali.",
    newer: "foi gravado por um Papo mais novo; use esse.",
    damaged: "está danificado. Ficou como estava.",
    too_large: "é grande demais para ser o que deveria.",
    failed: "o sistema não deixa o Papo usar isso.",
  },
  stranger: {
    http: (server) => `um servidor web${server === undefined ? "" : ` (${server})`}`,
    ssh: (banner) => `um servidor SSH (${banner})`,
    original: "um tracker do programa original",
    tls: "um serviço criptografado que não é um tracker",
    speaks: (text) => `um programa que diz ${text}`,
    silent: "um programa que aceita a conexão e não diz nada",
    hangsUp: "um programa que desliga na hora",
  },
  hosting: {
    hosts: (place) => `Nenhum tracker respondeu em ${place}, então este Papo hospeda um, só para esta máquina.`,
    tookOver: (place) => `O tracker em ${place} saiu do ar; agora este Papo o hospeda, com as mesmas contas e salas.`,
    stops: "O tracker que este Papo hospedava terminou. Se houver outro Papo aberto nesta máquina, ele assume.",
    stranger: (place, what) => `Quem responde em ${place} não é o Papo, é ${what}.`,
    chooseAnother: (configFile) =>
      `Use outra porta para o tracker desta máquina com local-port = 6070 em ${configFile}, ou indique um tracker com --tracker.`,
    chooseOriginal: (place) =>
      `Para usá-lo assim mesmo, sem criptografia: papo --tracker seed://${place} --allow-plaintext`,
    cannotHost: (place, reason) =>
      `Nenhum tracker responde em ${place}, e este Papo não consegue hospedar um. ${reason}`,
  },
  trackerProgram: {
    address: (address) => `Tracker do Papo. Endereço para passar adiante: ${address}`,
    data: (folder, store) => `Dados: ${folder} (${store})`,
    memoryOnly: "Dados: só na memória; tudo é esquecido ao terminar.",
    ops: (url) => `Saúde e métricas, só para esta máquina: ${url}`,
    loopbackOnly: "Só programas desta máquina conseguem se conectar.",
    dataInUse: (folder) =>
      `Outro tracker usa os dados em ${folder}. Termine-o antes, ou escolha outra pasta com --data.`,
    portInUse: (place) => `Outro programa já escuta em ${place}. Escolha outra porta com --port.`,
    portForbidden: (place) => `O sistema não deixa você escutar em ${place}. Escolha outra porta com --port.`,
    hostUnknown: (host) => `${host} não é um endereço desta máquina. Escolha outro com --host.`,
    opsPortInUse: (port) =>
      `Outro programa já escuta na porta do operador, ${port}. Escolha outra com --ops-port, ou off.`,
    otherKey: "O tracker que estava aqui era de outro usuário; este Papo não pode tomar o lugar dele.",
  },
  lan,
  relayProgram: {
    howToUse: (place, file) =>
      `O tracker que o usa: papo tracker --relay ${place} --relay-secret ARQUIVO, com uma cópia de ${file}`,
    needsSecret:
      "Um relay aceita os bilhetes de um tracker e precisa do segredo que têm em comum: use --relay-secret ARQUIVO.",
  },
  transfer: {
    imported: (users, rooms) => `Importado: ${count(users, "conta")} e ${count(rooms, "sala")}.`,
    usersKept: (names) => `Contas que já existem aqui ficam como estão: ${names}`,
    roomsKept: (names) => `Salas que já existem aqui ficam como estão: ${names}`,
    notes: {
      unusable_entry: (names) => `Ficou de fora, porque não dá para aproveitar: ${names}`,
      unusable_password: (names) => `Ninguém consegue entrar nestas contas, porque não há um hash de senha: ${names}`,
      look_alike: (names) => `Estes parecem outro nome; cada um entra com o nome exato: ${names}`,
      owner_replaced: (names) => `Salas sem dono; o primeiro participante passa a ser o dono: ${names}`,
      room_without_owner: (names) => `Salas que ficaram de fora, porque o dono não tem conta: ${names}`,
      unknown_member: (names) => `Ficaram fora de uma sala, porque não têm conta: ${names}`,
    },
    importProblems: {
      nothing_found: (folder) => `Não há users_db.json, rooms_db.json nem peers_db.json em ${folder}.`,
      not_a_report_file: (folder, file) =>
        `${file}, em ${folder}, não é um arquivo de um tracker original. Nada foi importado.`,
      too_large: (folder, file) => `${file}, em ${folder}, é grande demais. Nada foi importado.`,
      unreadable: (folder, file) => `Não foi possível ler ${file} em ${folder}. Nada foi importado.`,
    },
    exported: (users, rooms) => `Exportado: ${count(users, "conta")} e ${count(rooms, "sala")}.`,
    lockedOut: (names) => `Um tracker original não consegue mais autenticar estas contas: ${names}`,
    withoutTheirKey: (names) =>
      `Num tracker original, só a senha protege estas contas, que aqui têm uma chave: ${names}`,
    hiddenRooms: (names) => `Salas que ficaram de fora, porque um tracker original as abriria a todos: ${names}`,
    shortenedRooms: (names) =>
      `Salas com mais de três participantes, das quais só os três primeiros são gravados: ${names}`,
    exportProblems: {
      already_there: (folder, file) => `${file} já existe em ${folder}. Escolha uma pasta vazia.`,
      unwritable: (folder, file) => `Não foi possível gravar ${file} em ${folder}.`,
    },
    andMore: (more) => `e mais ${more}`,
    storeFailed: "Não foi possível ler ou gravar os dados do tracker. Nada mudou.",
  },
  account: {
    none: "Não há nenhuma conta neste perfil.",
    unknown: (name) => `Não há conta ${name} neste perfil.`,
    inUse: (name) => `A conta ${name} está aberta em outro Papo. Feche-o antes.`,
    passphrase: "Senha do backup: ",
    newPassphrase: "Nova senha para o backup: ",
    passphraseAgain: "A senha de novo: ",
    notTheSame: "As duas não são iguais. Nada foi gravado.",
    emptyPassphrase: "A senha não pode ficar vazia.",
    passphraseUnreadable: (file) => `Não foi possível ler a senha de ${file}.`,
    needsPassphraseFile: "Não há um terminal em que pedir a senha: use --passphrase-file.",
    fileExists: (file) => `${file} já existe, e um backup nunca é gravado por cima. Escolha outro nome.`,
    exported: (name, file) =>
      `A conta ${name} está em ${file}. Quem tiver esse arquivo e a senha é ${name}: guarde bem os dois, separados.`,
    imported: (name) => `A conta ${name} agora é deste perfil, num dispositivo próprio. Inicie o papo para usá-la.`,
    unlatched: (name) =>
      `Programas originais agora conseguem entrar como ${name} com a senha, até ${name} voltar a usar o Papo.`,
  },
  doctor,
  script: {
    kept: "Ninguém a tem ainda. Fica guardada aqui e segue quando um Papo com esta conta estiver aberto.",
    keptForRunning: "Ninguém a tem ainda. O Papo que está aberto a guarda e continua tentando.",
    lost: "Ninguém a recebeu, e o que se diz ali não é guardado: ela se perdeu.",
    nothingToSend: "Não há nada para enviar.",
    tooLong: (bytes) => `O texto é longo demais (limite: ${bytes} bytes). Nada foi enviado.`,
    notRunning: "Nenhum Papo com uma conta deste perfil está aberto.",
    notUtf8: "O texto não está em UTF-8. Nada foi enviado.",
    ended: "O Papo que se ouvia foi encerrado.",
    cutOff: "Ficou coisa demais sem ler: o Papo que está aberto desligou este programa.",
    readerTooSlow:
      "Quem lê esta saída não dá conta: há coisa demais esperando. O que se disser daqui em diante não aparece aqui.",
    notPrinted: (code) => `Não dá para escrever mais nada (${code}).`,
  },
  demo: {
    intro: "Um tracker e três pessoas, cada um em seu próprio programa, têm a conversa do relatório original.",
    trackerRuns: (address) => `O tracker: ${address}`,
    screenOf: (username) => `A tela de ${username}`,
    linksOf: (username, links) => `Conexões de ${username}: ${links}`,
    proved:
      "Cada mensagem está em cada tela exatamente uma vez; toda conexão foi criptografada, com troca de chaves pós-quântica.",
    lastWordsSaid: ["uma coisa", "e mais uma"],
    meanwhile: ["caiu?", "parece que sim", "já volta"],
    killed: (username) =>
      `Agora ${username} diz mais duas coisas, e o programa de ${username} é morto (kill -9). Os outros continuam conversando.`,
    restarts: (username) => `${username} inicia de novo:`,
    nothingLost: (messages) =>
      `Nada se perdeu: cada uma das ${messages} mensagens está no histórico de todos exatamente uma vez, e os três históricos são iguais, byte a byte.`,
    notInHistory: (username, text, times) => `no histórico de ${username}, "${text}" aparece ${times} vezes, e não uma`,
    histories: (one, other) => `os históricos de ${one} e ${other} não são iguais`,
    failed: (what) => `A demonstração falhou: ${what}.`,
    seenTimes: (username, text, times) => `na tela de ${username}, "${text}" aparece ${times} vezes, e não uma`,
    wrongLinks: (username, links) => `as conexões de ${username} não são como deveriam (${links})`,
    ended: (program, exitCode) => `${program} terminou antes da hora (${exitCode})`,
    tooLong: (program, waitedFor) => `${program} demorou demais para mostrar ${waitedFor}`,
    lastWords: (program) => `O que ${program} disse por último:`,
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
