// What commands answer. Names and texts of others that are handed in are safe.

export const actions = {
  helpTopics: {
    talk: "Talking",
    rooms: "Rooms",
    people: "People",
    trust: "Keys and account",
    search: "Looking back",
    screen: "The screen",
  },
  helpOne: "/help COMMAND says more about one.",
  alsoTyped: (names: string) => `Also: ${names}`,
  forExample: (line: string) => `For example: ${line}`,

  moreRooms: "There are more: /list TEXT finds some of them.",
  morePeople: "There are more: /people TEXT finds some of them.",
  inRoom: (room: string) => `in ${room}`,
  sentTo: (name: string) => `Sent to ${name}.`,
  waitsFor: (name: string) => `There is no connection to ${name} now. It is kept here and goes out when there is one.`,
  noSuchAnswered: "Nobody else has said that many messages here. 1 is the newest one of somebody else.",
  historyOfInvited:
    "Newcomers can be kept from what was said before only in rooms by invitation: /create ROOM invite new",
  nickStays: (name: string) =>
    `You are ${name}, and stay it: the name belongs to your key, and that is how others know that it is you. For another name, create another account.`,
  noSuchTab: (typed: string) => `No tab and none of your rooms is called “${typed}”. /join ROOM enters one.`,

  thatIsYou: "that is you",
  keyIs: (key: string) => `key: ${key}`,
  trustIs: (trust: string) => `trust: ${trust}`,
  awayWith: (text: string) => `away: ${text}`,
  awayWordless: "away",
  sharedRooms: (rooms: string) => `in rooms with you: ${rooms}`,
  deviceCount: (count: number) => (count === 1 ? `${count} device` : `${count} devices`),
  knownSince: (day: string) => `first met on ${day}`,
  isIgnored: "you ignore what they say",
  nothingKnown: "Nothing is known of them here.",
  noKeyOf: (name: string) => `No key of ${name} is known here.`,
  keyOf: (name: string, key: string, trust: string) => `Key of ${name}: ${key} (${trust})`,

  youAreAway: "You are away. /here takes it back.",
  youAreAwayWith: (text: string) => `You are away: ${text}. /here takes it back.`,
  youAreBack: "You are back.",
  youWereHere: "You were not away.",

  notifyIs: {
    all: "You are told of everything that is said here.",
    mentions: "You are told only of what mentions you here.",
    none: "You are told of nothing that is said here.",
  },
  noHighlights: "Only your name counts as a mention. /highlight WORD adds a word.",
  highlightsAre: (words: string) => `Besides your name these count as mentions: ${words}`,

  ignoring: (name: string) =>
    `What ${name} says is not shown any more; they are not told. To undo this: /unignore ${name}`,
  notIgnoring: (name: string) => `What ${name} says is shown again.`,
  ignored: (names: string) => `You ignore: ${names}`,
  nobodyIgnored: "You ignore nobody.",

  reallyKick: (name: string) => `Remove ${name} from the room?`,
  kickMeans: (name: string) =>
    `${name} reads nothing that is said here from now on, and may come back the way they came in.`,
  reallyBan: (name: string) => `Ban ${name} from the room?`,
  banMeans: (name: string) =>
    `${name} reads nothing that is said here from now on, and stays out until /unban lets them back in.`,
  banned: (names: string) => `Banned from this room: ${names}`,
  nobodyBanned: "Nobody is banned from this room.",
  pardoned: (name: string, untilDay: string) =>
    `With this link ${name}, and nobody else, may come back until ${untilDay}:`,
  pardonHow: (name: string) =>
    `Send it to ${name}, who types it after /join while you are online. Until then they stay out; /invites takes it back.`,

  reconnecting: "Trying the tracker and everybody who is missing now.",
  reconnectOnline:
    "Asking the tracker and everybody connected whether they are still there, and trying whoever is missing now.",
  reconnectWaits: "Trying everybody who is missing now. The tracker has said how long it wants to be left alone.",
  reconnectedJustNow: "That was done a moment ago; give it a few seconds.",
  reallyDeleteRoom: (room: string) => `Close ${room} for everyone?`,
  deleteRoomMeans:
    "Nobody can say anything in it any more, and that cannot be undone. What was said stays with those who have it.",
  reallyForget: (room: string) => `Delete what is kept here of ${room}?`,
  forgetMeans: "Every message of it goes from this computer. That cannot be undone.",
  reallyUnlatch: "Let original programs log in as you?",
  unlatchMeans: "Until you next log in with Papo, your password alone opens the account, without your key.",

  fileNotWritten: (file: string) =>
    `${file} was not written. If a file of that name is there already, choose another one: it is never written over. Else look at free space and permissions.`,
  backupTitle: (file: string) => `Back the account up to ${file}`,
  backupPassphraseHelp: "Whoever has the file and this passphrase has your account. It is not shown while you type.",
  backupDo: "Write the backup",
  backupWaiting: "Writing the backup; that takes some seconds…",
  backedUp: (file: string) =>
    `The backup is written to ${file}. Keep its passphrase: without it the file opens for nobody.`,
};
