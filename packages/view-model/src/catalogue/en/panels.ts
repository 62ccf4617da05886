// What panels say: forms, lists and questions in front of a conversation. The names handed in are safe to show. A `key` is the letter that chooses what stands beside it.

export const panels = {
  yes: "Yes",
  yesKey: "y",
  no: "No",
  noKey: "n",
  back: { key: "b", label: "Back" },
  loading: "One moment…",
  waitingForTracker: "Waiting for the tracker's answer…",

  /** What the keys at the lower edge of a panel do. */
  hints: {
    pageKeys: "PgUp PgDn",
    back: "back",
    scroll: "more",
    select: "select",
    choose: "choose",
    nextField: "next field",
    fields: "other field",
    complete: "complete",
  },

  // signing in
  welcome: "Papo: talk without anybody in the middle.",
  atTracker: (address: string) => `Tracker: ${address}`,
  signInTitle: "Sign in",
  opening: (name: string) => `Opening ${name}…`,
  continueAs: (name: string) => `Continue as ${name}`,
  continueKey: "c",
  create: { key: "n", label: "Create an account" },
  logIn: { key: "l", label: "Log in with a password" },
  words: { key: "w", label: "Come back with the 24 words" },
  backup: { key: "b", label: "Restore from a backup file" },
  quit: { key: "q", label: "Quit" },
  trackerAway: (address: string) =>
    `No tracker answers at ${address}. Check the network, or start Papo with another address: papo --tracker ADDRESS. An account that is already on this computer opens without a tracker too.`,

  username: "Name",
  password: "Password",
  passwordAgain: "Password again",
  createTitle: "Create an account",
  createDo: "Create",
  logInTitle: "Log in",
  logInDo: "Log in",
  nameHelp: "How others see you. It cannot be changed later.",
  nameGood: "This name can be chosen, if nobody has it yet.",
  nameProblems: {
    empty: "Type a name.",
    too_long: "That is too long: 32 letters at most.",
    bad_character: "Only letters, digits and _ - . (no spaces).",
    not_nfkc: "One of these characters has a simpler form; use that one.",
    mixed_script: "Letters of one alphabet only, not of several.",
    mixed_digits: "Digits of one kind only.",
    bad_edge: "_ - . can stand in the middle only.",
    reserved: "That name is kept for the program itself.",
  },
  passwordHelp: "It is not shown while you type. Choose one that you use nowhere else.",
  passwordAgainHelp: "The same once more, since it is not shown.",
  passwordsDiffer: "The two passwords are not the same. Type them again.",
  passwordOld: "It is not shown while you type.",
  logInName: "As you chose it; capitals count.",
  accountReady: (name: string) => `Welcome, ${name}! Your account is ready.`,

  wordsTitle: "Come back with the 24 words",
  wordsDo: "Come back",
  wordsField: "24 words",
  wordsHelp: (count: number) =>
    count === 0
      ? "In order, with blanks between them. They are not shown."
      : `${count} of 24 words so far. They are not shown.`,
  backupTitle: "Restore from a backup",
  backupDo: "Restore",
  backupFile: "File",
  backupFileHelp: "Where the backup is. Tab completes it.",
  passphrase: "Passphrase",
  passphraseHelp: "The one that was chosen when the backup was made. It is not shown.",
  reading: "Opening the backup; that takes some seconds…",

  identityTitle: (name: string) => `The key of ${name} is on another device`,
  identityUseWords: { key: "w", label: "Use the 24 words" },
  identityNew: { key: "n", label: "Start a new identity" },
  identityNewTitle: "Start a new identity?",
  identityNewYes: "Start a new one",

  firstStepsTitle: (name: string) => `Welcome, ${name}`,
  firstSteps: "What would you like to do first?",
  stepCreate: { key: "c", label: "Create a room" },
  stepList: { key: "r", label: "Choose a room from the list" },
  stepLink: { key: "i", label: "Use an invite link that somebody sent" },
  stepWords: { key: "w", label: "Write down the 24 words that bring the account back" },
  stepLater: { key: "l", label: "Look around first" },

  // rooms and people
  roomsTitle: "Rooms",
  roomsFind: "type to search",
  roomPeople: (members: number, capacity: number) => `${members}/${capacity}`,
  roomsNone: "There is no room here yet. Create the first one.",
  nothingFound: "Nothing found.",
  listCut: (count: number) => `The first ${count}; type to find others.`,
  keptOnly: "kept here",
  newRoom: { key: "n", label: "New room" },
  byLink: { key: "i", label: "By invite link" },
  joining: (room: string) => `Joining ${room}…`,

  createRoomTitle: "New room",
  createRoomDo: "Create",
  roomName: "Name",
  roomNameHelp: "What others look for in the list.",
  roomNameBad: "1 to 64 visible characters.",
  roomKind: "Kind",
  roomKinds: {
    open: "open: anybody at this tracker may join",
    invite: "by invitation: only with a link of yours",
    inviteAll: "by invitation, with what was said before",
    plain: "not encrypted: for programs of the founding report too",
  },
  roomKindHelp: {
    open: "Left and right choose. Everybody reads what was said before they came, too.",
    invite: "Left and right choose. Newcomers read what is said from then on.",
    inviteAll: "Left and right choose. Newcomers read what was said before they came, too.",
    plain: "Left and right choose. Nothing of it is kept, and others can read along.",
  },
  roomCapacity: "People at most",
  roomCapacityHelp: (max: number) => `A number from 2 to ${max}, or empty for the usual one.`,

  joinTitle: "Join a room",
  joinDo: "Join",
  joinField: "Name or link",
  joinHelp: "The name of a room, or an invite link as it was sent to you.",

  peopleTitle: "People online",
  peopleNone: "Nobody else is online.",
  inRoom: (room: string) => `in ${room}`,
  connectingTo: (name: string) => `Looking for ${name}…`,

  requestsTitle: "People who want to write to you",
  requestTitle: (name: string) => `${name} wants to write to you`,
  requestSays: (text: string) => `“${text}”`,
  requestWhy:
    "You share no room, so nothing of theirs arrives before you accept. Who is accepted may see your IP address.",
  acceptRequest: { key: "a", label: "Accept" },
  ignoreRequest: { key: "i", label: "Ignore (they are not told)" },
  blockRequest: { key: "x", label: "Block" },
  decideLater: { key: "l", label: "Decide later" },

  inviteTitle: (room: string) => `Invite to ${room}`,
  inviteDo: "Make the link",
  inviteUses: "People",
  inviteUsesHelp: (max: number) => `How many the link lets in, from 1 to ${max}.`,
  inviteDays: "Days",
  inviteDaysHelp: (max: number) => `How long it works, from 1 to ${max}.`,
  inviteHow:
    "Whoever has the link can come in: send it only to those whom you mean. They paste it after /join, or scan the code.",
  inviteNumber: (max: number) => `A whole number from 1 to ${max}.`,

  // trust
  verifyTitle: (name: string) => `Safety number with ${name}`,
  verifyDone: (name: string) => `You have compared it with ${name} before: verified.`,
  verifyScan: "Or scan the code of the other screen, and paste here what it says.",
  same: { key: "s", label: "They are the same" },
  differ: { key: "d", label: "They differ" },
  scanned: { key: "p", label: "Paste their code" },
  scannedTitle: (name: string) => `Code of ${name}`,
  scannedField: "Code",
  scannedHelp: "What the camera read from their screen.",
  scannedDo: "Compare",

  keyChangeTitle: (name: string) => `The key of ${name} has changed`,
  keyChangeWhat: (name: string) =>
    `Papo knew ${name} by one key, and now somebody with another key says to be ${name}. A new device or a new start does that. So does somebody who poses as them.`,
  keyChangeHold: "Until you decide, nothing of yours goes to the new key, and what comes from it waits.",
  keyChangeAsk: (name: string) => `Ask ${name} some other way, a call for instance, what their key is.`,
  keyKnown: "known key",
  keyOffered: "new key",
  keyAccept: { key: "a", label: "It is them: accept the new key" },
  keyVerify: { key: "v", label: "Accept it and compare the safety number" },
  keyBlock: { key: "x", label: "It is not them: block it" },

  whyTitle: "Why",
  again: { key: "r", label: "Look again" },

  // finding
  switcherTitle: "Go to",
  switcherFind: "a few letters of a name",
  switcherRooms: { key: "r", label: "All rooms of the tracker" },
  searchTitle: "Search",
  searchTitleIn: (place: string) => `Search in ${place}`,
  searchFind: "words that were said",
  searchEverywhere: { key: "e", label: "Everywhere, or only here" },
  searchHint: "Type what you look for.",
  searching: "Searching…",
  searchCut: (count: number) => `The newest ${count}; type more to find fewer.`,

  helpTitle: "Help",
  helpKeys: "Keys",

  recoveryTitle: "The 24 words of your account",
  written: { key: "w", label: "I have written them down" },

  quitTitle: "Quit?",
  quitWaiting: (count: number) =>
    count === 1
      ? "1 message of yours waits: nobody has it yet. It is kept here and goes out when Papo runs again."
      : `${count} messages of yours wait: nobody has them yet. They are kept here and go out when Papo runs again.`,
  quitYes: "Quit",
};
