// The screen of several conversations: its list, its lines, what stands at its edges. The names handed in are safe.

export const chat = {
  home: "Papo",
  welcome: "Papo speaks here of what concerns all of your conversations; these are the other tabs.",
  welcomeStart: "To begin: /join ROOM enters a room, /list shows them, /msg NAME TEXT writes to somebody.",
  welcomeKeys: "F1 shows the keys, /help all commands. What you type without a slash goes to the open conversation.",
  nothingHere: "No conversation is open here. /join ROOM enters a room; /msg NAME TEXT writes to somebody.",

  privateTitle: (name: string) => `Private chat with ${name}`,
  encrypted: "encrypted",
  plaintext: "not encrypted",
  missing: (count: number) => (count === 1 ? "1 message still to come" : `${count} messages still to come`),
  fetching: (count: number) =>
    count === 1
      ? "1 message that others have is still to come"
      : `${count} messages that others have are still to come`,
  beginning: "This is where it begins",
  unread: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),

  cameAndWent: {
    joined: (names: string) => `${names} joined`,
    left: (names: string) => `${names} left`,
    online: (names: string) => `${names} online`,
    offline: (names: string) => `${names} offline`,
    back: (names: string) => `${names} came and went`,
    again: (names: string) => `${names} left and came back`,
  },
  andMore: (count: number) => `${count} more`,

  answersUnknown: "an earlier message",
  onlyKeptAnswered: "Only in rooms that are kept can a message be answered.",

  delivery: {
    held: "waits on this computer",
    sent: "sent, not confirmed yet",
    silent: "sent; original programs do not confirm",
    nobody: "nobody else is here yet",
    some: (received: number, of: number) => `stored by ${received} of ${of}`,
    all: "everyone has it",
    read: "everyone has read it",
    undeliverable: (why: string) => `will not be delivered: ${why}`,
  },

  tracker: {
    idle: "not logged in",
    connecting: "connecting",
    online: "online",
    plain: "online, not encrypted",
    waiting: "no tracker",
    refused: "session ended",
  },
  noLinks: "nobody connected",
  links: { direct: "direct", punched: "punched through", relayed: "relayed" },
  membersTitle: (online: number, count: number) => `${online} of ${count} online`,

  qrTitle: "QR code",
  trackerGone: (since: string) => `No tracker since ${since}. Chats go on with everyone who can be reached without it.`,
  keyWaits: (name: string) =>
    `The key of ${name} has changed, and nothing goes to the new one before you decide: /verify ${name} shows both.`,
  keysWait: (count: number) =>
    `The keys of ${count} people have changed, and nothing goes to the new ones before you decide: /verify NAME shows both.`,
  alertPrivate: (name: string) => name,
  alertRoom: (name: string, room: string) => `${name} in ${room}`,
};
