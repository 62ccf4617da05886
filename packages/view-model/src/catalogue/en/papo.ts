import type { PapoTexts } from "../papo-texts.ts";
import { doctor } from "./doctor.ts";
import { lan } from "./lan.ts";

export const papo: PapoTexts = {
  tagline: "Papo: chat from device to device, end to end encrypted.",
  starting: { title: "Papo", says: "Opening…" },
  usage: "Usage",
  commandsTitle: "Commands",
  optionsTitle: "Options",
  examplesTitle: "Examples",
  exitCodesTitle: "Exit codes",
  exitCodes: {
    ok: "all went well",
    failed: "it did not work; the last line says why",
    usage: "the command line or the configuration is wrong",
    inTheWay: "something else has the port or the data folder",
  },
  configurationTitle: "Configuration",
  configuration: (file) =>
    `Lasting choices go into ${file}, e.g. lang = "en". The same file in the profile folder wins, the command line wins over both.`,
  moreHelp: "papo COMMAND --help says more about one command.",
  optionsWord: "options",
  placeholders: {
    address: "ADDRESS",
    folder: "FOLDER",
    file: "FILE",
    message: "ROOM|@NAME [TEXT|-]",
    conversations: "[ROOM|@NAME…]",
    name: "NAME",
    language: "en|pt-BR",
    host: "HOST",
    port: "PORT",
    store: "sqlite|json|memory",
    "port-or-off": "PORT|off",
    "relay-place": "on|off|IP:PORT",
    seconds: "SECONDS",
    number: "NUMBER",
  },
  options: {
    tracker:
      "the tracker to use: papo://host:port/#k=KEY, or seed://host:port for an original one; give it again for other addresses of the same tracker",
    profile: "where this device keeps its keys and accounts",
    lang: "language of the screens; otherwise the system's",
    classic: "the line screens, even on a terminal",
    "hide-address": "show nobody this device's address: only relays are used, which is slower",
    "allow-plaintext": "also make and join plain rooms, which anyone on the way can read",
    "no-lan": "neither announce anything in the local network nor look around in it",
    "no-port-mapping": "do not ask the router to open a port for this device",
    host: "address to listen on (0.0.0.0: all of this machine's)",
    port: "port to listen on (6060, a relay 6062; 0 takes a free one)",
    data: "where accounts, rooms and the tracker's key are kept",
    store: "how they are kept (sqlite); memory forgets them at the end",
    "ops-port": "loopback port for /healthz, /readyz and /metrics (6061, a relay none; 0 takes a free one)",
    "ping-interval": "seconds between checks that a peer is still there (120)",
    "connections-per-ip": "connections open at once from one address; 0: no limit (256; a relay: 1024)",
    "registrations-per-ip": "new accounts an hour from one address; 0: no limit (60)",
    "logins-per-ip": "logins with a password a minute from one address; 0: no limit (60)",
    relay: "carry links of people who do not reach each other: on, off, or by a papo relay at IP:PORT (on)",
    "relay-secret": "the file that the tracker and the relay elsewhere share; made if it is missing",
    account: "which account of this profile; otherwise the one used last",
    "passphrase-file": "read the passphrase from FILE, or from standard input with -",
    lines: "earlier messages to begin with (10)",
    "show-addresses": "print addresses whole, not as 203.0.x.x",
    json: "print machine-readable lines",
    help: "show this",
    version: "show the version",
  },
  commands: {
    chat: {
      summary: "chat",
      details:
        "Without --tracker it uses the tracker at 127.0.0.1:6060. If none answers there, it shows those that announce themselves in the local network; if there are none, this Papo hosts one itself, for this machine only, and when it ends, another Papo of yours takes over.",
      examples: [
        { line: "papo", says: "chat on this machine, with whoever else runs papo" },
        { line: "papo --tracker papo://chat.example:6060", says: "use a tracker that a friend hosts" },
        { line: "papo --classic --lang pt-BR", says: "the founding report's screens, in Portuguese" },
      ],
    },
    send: {
      summary: "say one thing in a room or to a person, for scripts",
      details:
        "Takes the text from the words, or from standard input with - or without any. Where a Papo with this account runs, that one sends it; otherwise this one logs in with the key of the account and waits up to ten seconds for somebody to have it. The exit code is 0 when it was sent or is kept on this disk to be sent, 2 when there is nothing to send or too much of it. Standard input is UTF-8 with at most 32 KiB, line breaks included.",
      examples: [
        { line: "papo send TESTE 'the build is green'", says: "in the room TESTE" },
        { line: "papo send @gabi -", says: "to gabi, from standard input" },
        { line: "make 2>&1 | tail -20 | papo send TESTE", says: "what a command printed, as one message" },
      ],
    },
    tail: {
      summary: "print what is said, as it is said, for scripts",
      details:
        "Begins with the last messages of the rooms and people that were named, or of all, and goes on until it is told to stop. With --json every event is a line, with texts exactly as they were written. Where a Papo with this account runs, it listens to that one; otherwise it is one itself, with no screen. No line is left out: when its reader leaves too much unread it says so and ends with 1. It ends with 0 when it is told to stop or, at the next line, when nobody reads any more.",
      examples: [
        { line: "papo tail TESTE", says: "follow one room" },
        { line: "papo tail --json TESTE", says: "as JSON, with all that is known of each message" },
        { line: "papo tail --json | jq --unbuffered -r '.message.content?'", says: "only the texts" },
      ],
    },
    socket: {
      summary: "print where the Papo that runs listens for programs of yours",
      details:
        "A Papo listens on a socket that only you can open: one JSON-RPC object a line, with the methods of the engine. docs/socket.md describes them, docs/embed.md has a bot of ten lines. The exit code is 1 when no Papo with an account of this profile runs.",
      examples: [
        { line: "papo socket", says: "a place to hand to a bot: node bot.mjs PLACE" },
        { line: `echo "$REQUEST" | nc -N -U "$(papo socket)"`, says: "one request, from a shell" },
      ],
    },
    tracker: {
      summary: "host a tracker: who is there, and where; never a message",
      details:
        "It prints its papo:// address to share, and `listening on HOST:PORT` once people can connect. It ends cleanly on SIGTERM or Ctrl-C; a second one ends it at once.",
      examples: [
        { line: "papo tracker", says: "host for your network on port 6060" },
        { line: "papo tracker --data /var/lib/papo --json", says: "as a service, with a log of JSON lines" },
        { line: "papo tracker --host 127.0.0.1 --port 0 --store memory", says: "a throw-away one for tests" },
      ],
    },
    "tracker import": {
      summary: "take over the files of an original tracker",
      details:
        "Reads users_db.json, rooms_db.json and peers_db.json from FOLDER. The files stay as they are; passwords keep working and are stored better at the next login. All of it is imported, or nothing.",
      examples: [{ line: "papo tracker import ./old-tracker", says: "into the default data folder" }],
    },
    "tracker export": {
      summary: "write the files of an original tracker",
      details:
        "Writes users_db.json, rooms_db.json and peers_db.json into FOLDER and says which accounts an original tracker can no longer log in, because their passwords are stored in a way it does not know.",
      examples: [{ line: "papo tracker export ./for-the-original", says: "from the default data folder" }],
    },
    trackers: {
      summary: "list the trackers that announce themselves in the local network",
      details:
        "Looks around for a moment and shows one address a line, with its key. Whoever is in the network can announce anything: compare the key with whoever hosts it.",
      examples: [
        { line: "papo trackers", says: "who hosts a tracker in this network" },
        { line: "papo trackers --json", says: "one object a line, for scripts" },
      ],
    },
    relay: {
      summary: "carry links for a tracker that runs elsewhere; it sees only ciphertext",
      details:
        "A tracker carries links itself unless told otherwise. Run this where there is more bandwidth, with the same secret file as the tracker, and start the tracker with --relay IP:PORT. It prints `listening on HOST:PORT` once it can be used.",
      examples: [
        { line: "papo relay --relay-secret /var/lib/papo/relay-secret", says: "on port 6062 of this machine" },
        {
          line: "papo tracker --relay 198.51.100.4:6062 --relay-secret ./relay-secret",
          says: "the tracker that uses it",
        },
      ],
    },
    export: {
      summary: "write an account, with all that it keeps, into one encrypted file",
      details:
        "The backup holds the account's keys, contacts, rooms and messages. Its passphrase is asked twice and shown nowhere; without it nobody can open the file, and with it whoever has the file is you. FILE must not exist yet.",
      examples: [
        { line: "papo export gabi.papo-backup", says: "the account used last" },
        { line: "papo export gabi.papo-backup --account gabi --passphrase-file pass.txt", says: "from a script" },
      ],
    },
    import: {
      summary: "bring an account back from such a file",
      details:
        "The account becomes one of this profile, as a new device of its own, so that nothing is ever written twice. The file stays as it is. The same is offered on the first screen.",
      examples: [
        { line: "papo import gabi.papo-backup", says: "into the default profile" },
        { line: "papo import gabi.papo-backup --passphrase-file pass.txt", says: "from a script" },
      ],
    },
    unlatch: {
      summary: "let original programs log in as an account again",
      details:
        "Once an account has logged in with a key, its password alone no longer does at the tracker, as original programs would. This takes that off until the account's next login with its key.",
      examples: [{ line: "papo unlatch --account gabi", says: "before gabi uses an original program" }],
    },
    doctor: {
      summary: "examine this computer, its profile and its tracker",
      details:
        "Looks at whether the tracker answers and proves its key, what the world sees of this computer, whether others can connect to it or a relay helps, the clock, the disk and the history, and says what to do about what is wrong. It needs no account, changes nothing and takes less than ten seconds. What it prints can be shown to others.",
      examples: [
        { line: "papo doctor", says: "the tracker that papo would use here" },
        { line: "papo doctor --tracker papo://chat.example:6060", says: "another tracker" },
        { line: "papo doctor --json", says: "one object for scripts; the exit code says whether anything failed" },
      ],
    },
    demo: {
      summary: "watch three people chat, and see it checked",
      details:
        "Starts a tracker and three peers as real programs, lets gabi, nori and yuki talk in the room TESTE, shows each screen, and checks that every message arrived on every screen exactly once over encrypted links. Then it kills one of them in mid-conversation, starts it again, and checks that nothing is lost.",
      examples: [{ line: "papo demo", says: "takes a few seconds and leaves nothing behind" }],
    },
  },
  problems: {
    unknownCommand: (word, nearest) =>
      `There is no command "${word}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    unexpectedWord: (word, command) => `"${word}" is too much for ${command}.`,
    missingFile: (command) => `${command} needs the name of a file.`,
    missingConversation: (command) => `${command} needs a room or, with @ before it, a person.`,
    missingFolder: (command) => `${command} needs the folder of the files.`,
    unknownOption: (option, nearest) =>
      `There is no option ${option}.${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    optionOfAnotherCommand: (option, command) => `${command} has no option ${option}.`,
    repeatedOption: (option) => `${option} is given twice.`,
    needsValue: (option, placeholder) => `${option} needs a value: ${option} ${placeholder}.`,
    takesNoValue: (option) => `${option} takes no value.`,
    badNumber: (option, from, to) => `${option} must be a whole number from ${from} to ${to}.`,
    badPortOrOff: (option) => `${option} must be a port from 0 to 65535, or off.`,
    badRelay: (option) =>
      `${option} must be on, off, or the IP address and port of a papo relay, as 198.51.100.4:6062.`,
    relayNeedsSecret: "A relay elsewhere needs the secret that it shares with the tracker: add --relay-secret FILE.",
    secretNeedsRelay: "--relay-secret is for a relay elsewhere: add --relay IP:PORT.",
    badChoice: (option, choices) => `${option} must be one of ${choices}.`,
    differentTrackers: (option) =>
      `${option}: these addresses name different keys, so they are different trackers. A Papo uses one tracker at a time; several addresses are for one that has several.`,
    manyAddresses: (option, max) =>
      `${option}: several addresses are for one Papo tracker that has them, at most ${max}. An original tracker (seed://) has just one.`,
    badTrackerAddress: (option) => `${option} must look like papo://host:port/#k=KEY or seed://host:port.`,
    seeHelp: (command) => `See ${command} --help.`,
    configUnreadable: (file, reason) => `${file} cannot be read: ${reason}.`,
    configSyntax: (place) => `${place}: this is not TOML.`,
    configUnknownKey: (place, key, nearest) =>
      `${place}: "${key}" is not a setting.${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    configWrongType: (place, key, expected) => `${place}: ${key} must be ${expected}.`,
    expected: {
      string: "a text in quotes",
      strings: 'a text in quotes, or a list of them: ["…", "…"]',
      boolean: "true or false",
      port: "a port from 1 to 65535",
      binding: 'an action or a command in quotes, or false: "search", "/users"',
    },
    unknownKey: (place, key) =>
      `${place}: "${key}" is not a key. Keys are written like ctrl-a, alt-shift-n, f5 and page-up.`,
    unknownAction: (place, action, nearest) =>
      nearest === undefined
        ? `${place}: "${action}" is nothing that a key can do. The actions stand in docs/keys.md; a command begins with "/".`
        : `${place}: "${action}" is nothing that a key can do. Did you mean "${nearest}"?`,
    manyKeys: (file, max) => `${file}: more than ${max} keys.`,
    noHome: "Papo does not know where to keep its files: set HOME to a folder of yours, given from the root (/…).",
  },
  storage: {
    about: (path, what, fix) => `${path}: ${what}${fix === undefined ? "" : ` Type: ${fix}`}`,
    no_parent: "the folder that should hold it does not exist; make it first.",
    not_a_directory: "a file is in the way; a folder is needed.",
    foreign_owner: "it belongs to another user of this machine.",
    open_to_others: "other users of this machine could read it.",
    writable_by_others: "other users of this machine could change it.",
    wrong_kind: "it is not an ordinary file or folder.",
    unwritable: "it cannot be written.",
    newer: "a newer Papo wrote it; use that one.",
    damaged: "it is damaged. It was left as it is.",
    too_large: "it is too large to be what it should be.",
    failed: "the system does not let Papo use it.",
  },
  stranger: {
    http: (server) => `a web server${server === undefined ? "" : ` (${server})`}`,
    ssh: (banner) => `an SSH server (${banner})`,
    original: "a tracker of the original program",
    tls: "an encrypted service that is no tracker",
    speaks: (text) => `a program that says ${text}`,
    silent: "a program that accepts the connection and says nothing",
    hangsUp: "a program that hangs up at once",
  },
  hosting: {
    hosts: (place) => `No tracker answered at ${place}, so this Papo hosts one, for this machine only.`,
    tookOver: (place) => `The tracker at ${place} went away; this Papo hosts it now, with the same accounts and rooms.`,
    stops: "The tracker that this Papo hosted has ended. Any other Papo that is open on this machine takes it over.",
    stranger: (place, what) => `What answers at ${place} is not Papo but ${what}.`,
    chooseAnother: (configFile) =>
      `Use another port for the tracker of this machine by local-port = 6070 in ${configFile}, or name a tracker with --tracker.`,
    chooseOriginal: (place) => `To use it anyway, unencrypted: papo --tracker seed://${place} --allow-plaintext`,
    cannotHost: (place, reason) => `No tracker answers at ${place}, and this Papo cannot host one. ${reason}`,
  },
  trackerProgram: {
    address: (address) => `Papo tracker. Its address, to share: ${address}`,
    data: (folder, store) => `Data: ${folder} (${store})`,
    memoryOnly: "Data: in memory only; all of it is forgotten at the end.",
    ops: (url) => `Health and metrics, for this machine only: ${url}`,
    loopbackOnly: "Only programs on this machine can reach it.",
    dataInUse: (folder) =>
      `Another tracker uses the data in ${folder}. End it first, or choose another folder with --data.`,
    portInUse: (place) => `Something else listens on ${place}. Choose another port with --port.`,
    portForbidden: (place) => `The system does not let you listen on ${place}. Choose another port with --port.`,
    hostUnknown: (host) => `${host} is no address of this machine. Choose another one with --host.`,
    opsPortInUse: (port) =>
      `Something else listens on the operator's port ${port}. Choose another with --ops-port, or off.`,
    otherKey: "The tracker that was here was another user's; this Papo cannot take its place.",
  },
  lan,
  relayProgram: {
    howToUse: (place, file) =>
      `The tracker that uses it: papo tracker --relay ${place} --relay-secret FILE, with a copy of ${file}`,
    needsSecret:
      "A relay takes the tickets of one tracker and needs the secret that they share: add --relay-secret FILE.",
  },
  transfer: {
    imported: (users, rooms) => `Imported: ${count(users, "account")} and ${count(rooms, "room")}.`,
    usersKept: (names) => `Accounts that exist here already stay as they are: ${names}`,
    roomsKept: (names) => `Rooms that exist here already stay as they are: ${names}`,
    notes: {
      unusable_entry: (names) => `Left out, because it cannot be used: ${names}`,
      unusable_password: (names) => `Nobody can log in as these, because no password hash stands there: ${names}`,
      look_alike: (names) => `These look like another name; each logs in by its exact name: ${names}`,
      owner_replaced: (names) => `Rooms without an owner; their first member owns them now: ${names}`,
      room_without_owner: (names) => `Rooms left out, because nobody with an account owns them: ${names}`,
      unknown_member: (names) => `Left out of a room, because they have no account: ${names}`,
    },
    importProblems: {
      nothing_found: (folder) => `There is no users_db.json, rooms_db.json or peers_db.json in ${folder}.`,
      not_a_report_file: (folder, file) =>
        `${file} in ${folder} is no file of an original tracker. Nothing was imported.`,
      too_large: (folder, file) => `${file} in ${folder} is too large. Nothing was imported.`,
      unreadable: (folder, file) => `${file} in ${folder} cannot be read. Nothing was imported.`,
    },
    exported: (users, rooms) => `Exported: ${count(users, "account")} and ${count(rooms, "room")}.`,
    lockedOut: (names) => `An original tracker can no longer log these accounts in: ${names}`,
    withoutTheirKey: (names) =>
      `On an original tracker nothing but the password protects these accounts, which have a key here: ${names}`,
    hiddenRooms: (names) => `Rooms left out, because an original tracker would open them to everyone: ${names}`,
    shortenedRooms: (names) => `Rooms with more than three members, of which the first three are written: ${names}`,
    exportProblems: {
      already_there: (folder, file) => `${file} exists in ${folder}. Choose an empty folder.`,
      unwritable: (folder, file) => `${file} cannot be written in ${folder}.`,
    },
    andMore: (more) => `and ${more} more`,
    storeFailed: "The tracker's data could not be read or written. Nothing was changed.",
  },
  account: {
    none: "There is no account in this profile.",
    unknown: (name) => `There is no account ${name} in this profile.`,
    inUse: (name) => `${name} is open in another Papo. Close it first.`,
    passphrase: "Passphrase of the backup: ",
    newPassphrase: "New passphrase for the backup: ",
    passphraseAgain: "The passphrase again: ",
    notTheSame: "The two are not the same. Nothing was written.",
    emptyPassphrase: "The passphrase must not be empty.",
    passphraseUnreadable: (file) => `The passphrase could not be read from ${file}.`,
    needsPassphraseFile: "There is no terminal to ask for the passphrase: use --passphrase-file.",
    fileExists: (file) => `${file} is there already, and backups are never written over. Choose another name.`,
    exported: (name, file) =>
      `${name} is in ${file} now. Whoever has that file and its passphrase is ${name}: keep both, apart.`,
    imported: (name) => `${name} is an account of this profile now, on a device of its own. Start papo to use it.`,
    unlatched: (name) =>
      `Original programs can log in as ${name} with the password now, until ${name} uses Papo again.`,
  },
  doctor,
  script: {
    kept: "Nobody has it yet. It is kept here, and goes on its way when a Papo with this account runs.",
    keptForRunning: "Nobody has it yet. The Papo that runs keeps it and goes on trying.",
    lost: "Nobody got it, and what is said there is not kept: it is lost.",
    nothingToSend: "There is nothing to send.",
    tooLong: (bytes) => `The text is too long (limit: ${bytes} bytes). Nothing was sent.`,
    notRunning: "No Papo with an account of this profile runs.",
    notUtf8: "The text is not UTF-8. Nothing was sent.",
    ended: "The Papo that was listened to has ended.",
    cutOff: "Too much was left unread: the Papo that runs has cut this program off.",
    readerTooSlow: "Whoever reads this does not keep up: too much waits. What is said from here on is not printed.",
    notPrinted: (code) => `Nothing more can be printed (${code}).`,
  },
  demo: {
    intro: "A tracker and three people, each a program of its own, hold the conversation of the founding report.",
    trackerRuns: (address) => `The tracker: ${address}`,
    screenOf: (username) => `The screen of ${username}`,
    linksOf: (username, links) => `Links of ${username}: ${links}`,
    proved:
      "Every message stands on every screen exactly once; every link was encrypted, with a post-quantum key exchange.",
    lastWordsSaid: ["one thing", "and one more"],
    meanwhile: ["gone?", "it seems so", "back soon"],
    killed: (username) =>
      `Now ${username} says two things more, and the program of ${username} is killed (kill -9). The others go on talking.`,
    restarts: (username) => `${username} starts again:`,
    nothingLost: (messages) =>
      `Nothing is lost: each of the ${messages} messages is in everybody's history exactly once, and the three histories are the same, byte for byte.`,
    notInHistory: (username, text, times) =>
      `in the history of ${username}, "${text}" is there ${times} times, not once`,
    histories: (one, other) => `the histories of ${one} and ${other} are not the same`,
    failed: (what) => `The demo failed: ${what}.`,
    seenTimes: (username, text, times) =>
      `on the screen of ${username}, "${text}" stands ${times} times instead of once`,
    wrongLinks: (username, links) => `the links of ${username} are not as they should be (${links})`,
    ended: (program, exitCode) => `${program} ended unexpectedly (${exitCode})`,
    tooLong: (program, waitedFor) => `${program} took too long to show ${waitedFor}`,
    lastWords: (program) => `What ${program} said last:`,
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
