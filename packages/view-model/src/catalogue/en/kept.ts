// What belongs to conversations that are kept: history, roles, invites, delivery, trust. The names handed in are safe.

/** A key of somebody, as a list shows it. `former`: how many keys they had before. */
type KeyFacts = {
  readonly name: string;
  readonly key: string;
  readonly trust: string;
  readonly since: string;
  readonly former: number;
};

export const kept = {
  day: (day: string) => `--- ${day} ---`,
  edited: "(edited)",
  late: "(arrived late)",
  afterGap: "(something before this is missing)",
  deleted: "(deleted)",
  expired: "(no longer kept)",
  withdrawn: "(does not count any more)",
  needsNewer: "(needs a newer Papo to be shown)",
  reaction: (emoji: string, names: string) => `${emoji} ${names}`,
  changed: (name: string, text: string) => `${name} now says: ${text}`,
  tookBack: (name: string) => `${name} deleted a message.`,
  deletedOwn: (excerpt: string) => `Deleted: “${excerpt}”`,
  reacted: (name: string, reactions: string) => `Reactions to ${name}: ${reactions}`,

  heldRoom:
    "Kept here, and nobody else in the room is connected yet: it goes out when somebody is, also after a restart.",
  heldPrivate: (name: string) =>
    `Kept here, and there is no connection to ${name} yet: it goes out when there is, also after a restart.`,
  heldForAnswer: (name: string) =>
    `What you write to ${name} is kept here, and goes out when ${name} accepts your request.`,
  requestAccepted: (name: string) =>
    `${name} has accepted your request: you can write to each other, and what waited here goes out.`,
  deliveredSome: (received: number, of: number) =>
    `Stored by ${received} of ${of}; the rest get it when they come back.`,
  nobodyElse: "You are alone in this room so far. What you write is kept.",

  created: (by: string) => `*** ${by} created the room.`,
  admitted: (name: string, by: string) => `*** ${by} let ${name} in.`,
  removed: (name: string, by: string) => `*** ${by} removed ${name} from the room.`,
  gaveRole: (by: string, name: string, role: string) => `*** ${by} made ${name} ${role}.`,
  topicSet: (by: string, topic: string) => `*** ${by} set the topic: ${topic}`,
  closed: (by: string) => `*** ${by} closed the room. What was said stays readable here.`,
  forked: (name: string) =>
    `*** ATTENTION: a device of ${name} told different people different things. It may be a copied profile, or stolen keys; ask them.`,
  upgraded: (by: string) => `*** ${by} made the room need a newer Papo.`,
  roles: { owner: "the owner", moderator: "a moderator", member: "a member" },

  moderator: "moderator",
  roomClosed: (room: string) => `Room '${room}' was closed by its owner. What was said stays readable here.`,
  roomRemoved: (room: string) => `You were removed from room '${room}'. What was said before stays readable here.`,
  roomEntered: (room: string) => `You are in room '${room}' now.`,
  closedForAll: (room: string) =>
    `Room '${room}' is closed for everyone. Who has a copy of what was said keeps it; /forget ${room} deletes yours.`,
  standing: {
    joining: "Nobody who could show this room has been met yet. It opens by itself when somebody of it is online.",
    "read-only": "This room uses something that this Papo does not know yet: until Papo is updated you can only read.",
    closed: "This room was closed by its owner; you can read what was said. /forget deletes it here.",
    removed: "You were removed from this room; you can read what was said before. /forget deletes it here.",
    left: "You have left this room; you can read what was said before. /forget deletes it here.",
  },
  standingMark: {
    joining: "on the way in",
    "read-only": "read-only",
    closed: "closed",
    removed: "removed",
    left: "left",
  },
  missing: (count: number) => `${count} messages that others have are still to come.`,
  unproven: (names: string) =>
    `The tracker also lists ${names} here, without proof that they belong to the room: nothing goes to them.`,
  unlisted: (names: string) => `The tracker does not list ${names}, who belong to the room all the same.`,
  inviteRefused: (name: string, room: string) =>
    `${name} tried to enter room '${room}' with an invite that no longer works.`,
  unreadMark: (count: number) => `${count} new`,
  unreadIn: (places: string) => `New messages: ${places}`,
  unreadPlace: (name: string, count: number) => `${name} (${count})`,
  keptRoomsTitle: "--- Rooms kept here ---",
  keptRoomLine: (room: string) => `- ${room}`,
  requestsWaiting: (count: number) =>
    count === 1 ? "1 person wants to write to you: /requests" : `${count} people want to write to you: /requests`,
  awayPrivate: (name: string) => `${name} is not connected. What you write is kept here and goes out when they are.`,

  noSuchMessage: "There is no such message. 1 is the newest, 2 the one before, and so on.",
  topicIs: (topic: string) => `Topic: ${topic}`,
  noTopic: "This room has no topic. /topic TEXT sets one.",
  inviteMade: (uses: number, days: number) =>
    uses === 1
      ? `This link lets one person into the room, for ${days} ${days === 1 ? "day" : "days"}:`
      : `This link lets ${uses} people into the room, for ${days} ${days === 1 ? "day" : "days"}:`,
  inviteSecret:
    "Whoever has the link can come in: send it only to them. They enter it where 4 of the menu asks for a room.",
  noInviteNeeded: "Nobody needs an invite here: whoever uses this tracker can join this room by its name.",
  invitesTitle: "--- Invites that still work ---",
  inviteLine: (number: number, link: string, usesLeft: number, untilDay: string) =>
    `${number}. ${link} (${usesLeft} left, until ${untilDay})`,
  inviteOnlyFor: (line: string, name: string) => `${line} only for ${name}`,
  inviteRevokeHint: "To take one back: /invites revoke NUMBER",
  inviteRevoked: "The invite is taken back.",
  noInvites: "There are no open invites.",
  inviteUsed: (name: string) => `${name} came in with your invite.`,
  inviteFirst: "This room exists only for those whom you invite: /invite makes a link.",
  inviteAsking: "Asking whoever made the invite to let you in…",
  inviteWaiting:
    "Whoever made the invite is not there now. Papo goes on asking, also after a restart, and tells you when you are in.",
  kicked: (name: string) => `${name} is removed from the room.`,
  banned: (name: string) => `${name} is removed from the room and stays out until /unban ${name}.`,
  roleGiven: (name: string, role: string) => `${name} is ${role} now.`,
  forgotten: (room: string) => `Everything of room '${room}' was deleted here. Others keep their copies.`,

  historyTitle: "--- earlier messages ---",
  historyMore: "--- /history shows what came before ---",
  historyStart: "--- this is the beginning ---",
  nothingFound: "Nothing found.",
  foundTitle: (count: number) => (count === 1 ? "--- 1 message found ---" : `--- ${count} messages found ---`),
  contextHint: "To see what was said around one: /context NUMBER",
  contextTitle: "--- around it ---",
  noSuchHit: "There is no result of that number. Search first: /search TEXT",
  exported: (file: string) => `Written to ${file}.`,
  unread: (count: number) => (count === 1 ? "--- 1 new message ---" : `--- ${count} new messages ---`),

  whyPerson: (name: string) => `--- How ${name} can be reached ---`,
  whyReceived: "--- This message came from somebody else and is kept here ---",
  whyHeld: "--- Kept on this computer; nobody else has it yet ---",
  whyAsking: "--- Kept on this computer: your request is not accepted yet ---",
  whyUndeliverable: (why: string) => `--- It will not be delivered. ${why} ---`,
  whyStored: (received: number, of: number, read: number, atLeast: boolean) =>
    `--- Stored by ${atLeast ? "at least " : ""}${received} of ${of}${read > 0 ? `, read by ${read}` : ""} ---`,
  whyOffline: "What is kept here goes out by itself when somebody is back, also after a restart.",
  whyNobody: "Nobody else is in the room.",
  has: {
    stored: "has it",
    read: "has read it",
    sent: "it was sent, no answer yet",
    waiting: "does not have it yet",
    asked: "has not accepted your request yet",
    not_for_them: "it is not for them",
  },
  lastSeen: (when: string) => `last seen ${when}`,

  qrLarge: (columns: number, rows: number) =>
    `To scan the code the window has to be at least ${columns} columns wide and ${rows} rows high.`,
  safetyTitle: (name: string) => `--- Safety number with ${name} ---`,
  safetyHow: (name: string) =>
    `Compare the number with ${name} over a call or side by side: their /verify must show the same.`,
  safetyDone: (name: string) =>
    `The same? /verify ${name} ok. With their QR code scanned as text: /verify ${name} THE_TEXT`,
  verified: (name: string) => `${name} is verified now.`,
  unverified: (name: string) => `${name} is no longer marked as verified.`,
  verifyMismatch: (name: string) =>
    `That is not the same. Either it is the code of somebody else, or somebody sits between you and ${name}: do not trust this key.`,
  keysTitle: "--- Keys of people you have met ---",
  keyLine: ({ name, key, trust, since, former }: KeyFacts) =>
    `- ${name}: ${key}… (${trust}, since ${since}${former > 0 ? `, ${former} earlier` : ""})`,
  noKeys: "You have not met anybody with a key yet.",
  devicesTitle: (name: string) => `--- Devices of ${name} ---`,
  deviceLine: (device: string, added: string, revoked: string | null, own: boolean) =>
    `- ${device}… (since ${added}${revoked === null ? "" : `, revoked ${revoked}`}${own ? ", this one" : ""})`,

  contactRequest: (name: string, text: string) =>
    `${name}, who shares no room with you, wants to write to you${text === "" ? "." : `: “${text}”`}`,
  requestsTitle: "--- People who want to write to you ---",
  requestLine: (name: string, text: string) => (text === "" ? `- ${name}` : `- ${name}: “${text}”`),
  requestHint: "To answer: /accept NAME, /ignore NAME or /block NAME",
  requestAnswers: (name: string) => `To answer: /accept ${name}, /ignore ${name} or /block ${name}`,
  noRequests: "Nobody is waiting for an answer.",
  contactAccepted: (name: string) => `You and ${name} can write to each other now.`,
  contactBlocked: (name: string) => `${name} cannot write to you. To undo this: /accept ${name}`,
  ignored: (name: string) => `The request of ${name} is put aside; they are not told.`,

  receiptsOn: "Others see from now on what you have read.",
  receiptsOff: "Others do not see any more what you have read.",
  wordsTitle: "--- The 24 words of your account ---",
  wordsWarning:
    "Write them down on paper, in this order, and keep them safe: whoever has them is you, and without them a lost device means a lost account.",
  copied:
    "This profile was also started from a copy. This device has new keys from now on; your contacts see that, and nothing that was sent is lost.",
};
