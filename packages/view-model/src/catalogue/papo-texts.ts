import type { DoctorTexts } from "./doctor-texts.ts";
import type { LanTexts } from "./lan-texts.ts";

/** What is typed after `papo`; `chat` is what runs when nothing is. */
export type CommandName =
  | "chat"
  | "send"
  | "tail"
  | "socket"
  | "tracker"
  | "tracker import"
  | "tracker export"
  | "trackers"
  | "relay"
  | "export"
  | "import"
  | "unlatch"
  | "doctor"
  | "demo";

export type OptionName =
  | "tracker"
  | "profile"
  | "lang"
  | "classic"
  | "hide-address"
  | "allow-plaintext"
  | "no-lan"
  | "no-port-mapping"
  | "host"
  | "port"
  | "data"
  | "store"
  | "ops-port"
  | "ping-interval"
  | "connections-per-ip"
  | "registrations-per-ip"
  | "logins-per-ip"
  | "relay"
  | "relay-secret"
  | "account"
  | "passphrase-file"
  | "lines"
  | "show-addresses"
  | "json"
  | "help"
  | "version";

/** The words in capitals that stand for a value in a usage line. */
export type PlaceholderName =
  | "address"
  | "folder"
  | "file"
  | "message"
  | "conversations"
  | "name"
  | "language"
  | "host"
  | "port"
  | "store"
  | "port-or-off"
  | "relay-place"
  | "seconds"
  | "number";

type CommandText = {
  readonly summary: string;
  /** Shown under `--help` of the command alone. */
  readonly details: string;
  readonly examples: readonly { readonly line: string; readonly says: string }[];
};

/** What can be wrong with a command line or a configuration file. */
type ProblemTexts = {
  readonly unknownCommand: (word: string, nearest: string | undefined) => string;
  readonly unexpectedWord: (word: string, command: string) => string;
  readonly missingFolder: (command: string) => string;
  readonly missingFile: (command: string) => string;
  readonly missingConversation: (command: string) => string;
  readonly unknownOption: (option: string, nearest: string | undefined) => string;
  readonly optionOfAnotherCommand: (option: string, command: string) => string;
  readonly repeatedOption: (option: string) => string;
  readonly needsValue: (option: string, placeholder: string) => string;
  readonly takesNoValue: (option: string) => string;
  readonly badNumber: (option: string, from: number, to: number) => string;
  readonly badPortOrOff: (option: string) => string;
  readonly badRelay: (option: string) => string;
  readonly relayNeedsSecret: string;
  readonly secretNeedsRelay: string;
  readonly badChoice: (option: string, choices: string) => string;
  readonly badTrackerAddress: (option: string) => string;
  /** Of the addresses that were given two name another key each. */
  readonly differentTrackers: (option: string) => string;
  readonly manyAddresses: (option: string, max: number) => string;
  readonly seeHelp: (command: string) => string;
  /** The place is `file:line`, or the file alone. */
  readonly configUnreadable: (file: string, reason: string) => string;
  readonly configSyntax: (place: string) => string;
  readonly configUnknownKey: (place: string, key: string, nearest: string | undefined) => string;
  readonly configWrongType: (place: string, key: string, expected: string) => string;
  readonly expected: Readonly<Record<"string" | "strings" | "boolean" | "port" | "binding", string>>;
  /** Of a file of keys. */
  readonly unknownKey: (place: string, key: string) => string;
  readonly unknownAction: (place: string, action: string, nearest: string | undefined) => string;
  readonly manyKeys: (file: string, max: number) => string;
  readonly noHome: string;
};

/** Why a folder or file of ours cannot be used. */
export type StorageProblem =
  | "no_parent"
  | "not_a_directory"
  | "foreign_owner"
  | "open_to_others"
  | "writable_by_others"
  | "wrong_kind"
  | "unwritable"
  | "newer"
  | "damaged"
  | "too_large"
  | "failed";

type StorageTexts = Readonly<Record<StorageProblem, string>> & {
  /** Puts the path before what is wrong with it, and what mends it behind. */
  readonly about: (path: string, what: string, fix: string | undefined) => string;
};

/** What answers where a tracker was expected. `text` is already safe to show. */
type StrangerTexts = {
  readonly http: (server: string | undefined) => string;
  readonly ssh: (banner: string) => string;
  readonly original: string;
  readonly tls: string;
  readonly speaks: (text: string) => string;
  readonly silent: string;
  readonly hangsUp: string;
};

type HostingTexts = {
  readonly hosts: (place: string) => string;
  readonly tookOver: (place: string) => string;
  readonly stops: string;
  readonly stranger: (place: string, what: string) => string;
  readonly chooseAnother: (configFile: string) => string;
  readonly chooseOriginal: (place: string) => string;
  /** `reason` is a sentence. */
  readonly cannotHost: (place: string, reason: string) => string;
};

type TrackerProgramTexts = {
  readonly address: (address: string) => string;
  readonly data: (folder: string, store: string) => string;
  readonly memoryOnly: string;
  readonly ops: (url: string) => string;
  readonly loopbackOnly: string;
  readonly dataInUse: (folder: string) => string;
  readonly portInUse: (place: string) => string;
  readonly portForbidden: (place: string) => string;
  readonly hostUnknown: (host: string) => string;
  readonly opsPortInUse: (port: number) => string;
  readonly otherKey: string;
};

type RelayProgramTexts = {
  /** `place` is what stands behind --relay; `file` is where the secret is. Both are safe to show. */
  readonly howToUse: (place: string, file: string) => string;
  readonly needsSecret: string;
};

/** About the files of an original tracker. `names` is a list that is safe to show. */
type TransferTexts = {
  readonly imported: (users: number, rooms: number) => string;
  readonly usersKept: (names: string) => string;
  readonly roomsKept: (names: string) => string;
  readonly notes: Readonly<
    Record<
      | "unusable_entry"
      | "unusable_password"
      | "look_alike"
      | "owner_replaced"
      | "room_without_owner"
      | "unknown_member",
      (names: string) => string
    >
  >;
  readonly importProblems: Readonly<
    Record<"nothing_found" | "not_a_report_file" | "too_large" | "unreadable", (folder: string, file: string) => string>
  >;
  readonly exported: (users: number, rooms: number) => string;
  readonly lockedOut: (names: string) => string;
  readonly withoutTheirKey: (names: string) => string;
  readonly hiddenRooms: (names: string) => string;
  readonly shortenedRooms: (names: string) => string;
  readonly exportProblems: Readonly<Record<"already_there" | "unwritable", (folder: string, file: string) => string>>;
  readonly andMore: (count: number) => string;
  readonly storeFailed: string;
};

/** About one account of this profile. Names and paths are safe to show. */
type AccountTexts = {
  readonly none: string;
  readonly unknown: (name: string) => string;
  readonly inUse: (name: string) => string;
  readonly passphrase: string;
  readonly newPassphrase: string;
  readonly passphraseAgain: string;
  readonly notTheSame: string;
  readonly emptyPassphrase: string;
  readonly passphraseUnreadable: (file: string) => string;
  readonly needsPassphraseFile: string;
  readonly fileExists: (file: string) => string;
  readonly exported: (name: string, file: string) => string;
  readonly imported: (name: string) => string;
  readonly unlatched: (name: string) => string;
};

/** About `papo send` and `papo tail`. */
type ScriptTexts = {
  readonly kept: string;
  readonly keptForRunning: string;
  readonly lost: string;
  readonly nothingToSend: string;
  readonly tooLong: (bytes: number) => string;
  readonly notUtf8: string;
  readonly ended: string;
  readonly cutOff: string;
  readonly readerTooSlow: string;
  readonly notPrinted: (code: string) => string;
  readonly notRunning: string;
};

export type DemoTexts = {
  readonly intro: string;
  readonly trackerRuns: (address: string) => string;
  readonly screenOf: (username: string) => string;
  readonly linksOf: (username: string, links: string) => string;
  /** What the one who is killed says just before, and what the others say meanwhile. */
  readonly lastWordsSaid: readonly [string, string];
  readonly meanwhile: readonly [string, string, string];
  readonly killed: (username: string) => string;
  readonly restarts: (username: string) => string;
  readonly proved: string;
  readonly nothingLost: (messages: number) => string;
  readonly notInHistory: (username: string, text: string, times: number) => string;
  readonly histories: (one: string, other: string) => string;
  readonly failed: (what: string) => string;
  readonly seenTimes: (username: string, text: string, times: number) => string;
  readonly wrongLinks: (username: string, links: string) => string;
  readonly ended: (program: string, exitCode: string) => string;
  readonly tooLong: (program: string, waitedFor: string) => string;
  readonly lastWords: (program: string) => string;
};

/** Everything that the command itself says, outside of the chat screens. */
export type PapoTexts = {
  readonly tagline: string;
  /** On the first frame of the full screen, before anything else is known. */
  readonly starting: { readonly title: string; readonly says: string };
  readonly usage: string;
  readonly commandsTitle: string;
  readonly optionsTitle: string;
  readonly examplesTitle: string;
  readonly exitCodesTitle: string;
  readonly exitCodes: Readonly<Record<"ok" | "failed" | "usage" | "inTheWay", string>>;
  readonly configurationTitle: string;
  readonly configuration: (file: string) => string;
  readonly moreHelp: string;
  readonly optionsWord: string;
  readonly placeholders: Readonly<Record<PlaceholderName, string>>;
  readonly options: Readonly<Record<OptionName, string>>;
  readonly commands: Readonly<Record<CommandName, CommandText>>;
  readonly problems: ProblemTexts;
  readonly storage: StorageTexts;
  readonly stranger: StrangerTexts;
  readonly hosting: HostingTexts;
  readonly trackerProgram: TrackerProgramTexts;
  readonly lan: LanTexts;
  readonly relayProgram: RelayProgramTexts;
  readonly transfer: TransferTexts;
  readonly account: AccountTexts;
  readonly script: ScriptTexts;
  readonly doctor: DoctorTexts;
  readonly demo: DemoTexts;
};
