// What a conversation shows besides what people say: arrivals, connections, warnings. The names handed in are safe.

export const feed = {
  notice: (text: string) => `[NOTICE] ${text}`,
  plaintextMark: "(not encrypted)",
  privateFrom: (name: string) => `[PRIVATE from ${name}]`,
  inRoom: (room: string) => `[ROOM ${room}]`,
  moreLines: (count: number) => `… ${count} more lines`,

  roomUpdated: (room: string) => `[ROOM UPDATE] The configuration of room '${room}' was updated.`,
  joined: (name: string) => `*** ${name} joined the room.`,
  left: (name: string) => `*** ${name} left the room.`,
  online: (name: string) => `*** ${name} is online.`,
  offline: (name: string) => `*** ${name} is offline.`,
  away: (name: string, text: string) => (text === "" ? `*** ${name} is away.` : `*** ${name} is away: ${text}`),
  back: (name: string) => `*** ${name} is back.`,
  privateLeft: (name: string) => `*** ${name} left the private chat.`,
  roomDeleted: (room: string) => `Room '${room}' was deleted by its owner.`,
  roomLeft: (room: string) => `You are no longer in room '${room}'.`,

  linked: (name: string) => `[P2P CONNECTION] ${name} connected.`,
  linkedPlain: (name: string) => `[P2P CONNECTION] ${name} connected (not encrypted).`,
  unlinked: (name: string) => `[P2P CONNECTION] ${name} disconnected.`,
  linkLost: (name: string) => `[P2P CONNECTION] The connection to ${name} was lost; trying again.`,
  notReachedYet: (name: string) => `No connection to ${name} yet; trying again.`,
  unreachable: (name: string, why: string) => `Could not connect to ${name}. ${why}`,

  heldRoom: "Not delivered yet: nobody else in the room is connected.",
  heldPrivate: (name: string) => `Not delivered yet: there is no connection to ${name}.`,
  heldUntilDecided: (name: string) => `Not sent: first decide about the new key, /accept ${name} or /block ${name}.`,
  heldBlocked: (name: string) => `Not sent: you have blocked ${name}.`,
  heldForOldKey: (name: string) => `Not sent: it was written for the former key of ${name}. Send it again if you like.`,
  held: (why: string) => `Not delivered yet. ${why}`,
  delivered: (excerpt: string) => `Delivered now: “${excerpt}”`,
  sentNow: (excerpt: string) => `Sent now: “${excerpt}”`,
  deliveredSome: (received: number, of: number) =>
    `Received by ${received} of ${of}; the rest get it when they connect, while this Papo is open.`,
  sentSome: (sent: number, of: number) =>
    `Sent to ${sent} of ${of}; the rest get it when they connect, while this Papo is open.`,
  deliveredAll: (excerpt: string) => `Everyone has it now: “${excerpt}”`,
  notToNewKey: (names: string) => `Nothing goes to the new key of ${names} before you decide about it.`,
  nobodyElse: "You are alone in this room; whoever joins later does not see what was said before.",
  lastDelivery: (received: number, of: number) => `Your last message was received by ${received} of ${of}.`,
  lastUnconfirmed: (received: number, unconfirmed: number, of: number) =>
    received === 0
      ? `Your last message was sent to ${unconfirmed} of ${of}; original programs do not confirm.`
      : `Your last message was received by ${received} of ${of}, and sent to ${unconfirmed} whose original programs do not confirm.`,
  lastToNobody: "Nobody else was in the room for your last message.",

  trackerLost: (why: string, next: string) =>
    `Lost the tracker. ${why}Chats go on with everyone who can be reached without it. Trying again ${next}, then less and less often.`,
  trackerAbsent: (why: string, next: string) =>
    `No tracker answers. ${why}What is kept here can be read and written to, and whoever can be reached without it gets it. Trying again ${next}, then less and less often.`,
  soon: "in a moment",
  inTime: (wait: string) => `in ${wait}`,
  trackerBack: "Connected to the tracker again.",
  trackerGone: (lasted: string) =>
    `The tracker has been gone for ${lasted}, so who else is online is not known. Papo goes on trying to reach it.`,
  trackerWasGone: (lasted: string) => `It was gone for ${lasted}.`,
  trackerRefused: (why: string) => `The tracker ended the session. ${why}`,
  trackerAddressRefused: (address: string) =>
    `At ${address} there is another tracker than yours: its key is not the one that you know. That address is not used.`,
  ownKeyReplaced:
    "This account has started a new identity on another device, so it is not open on this one any more. If that was not you, somebody has your password: warn your contacts.",

  keyChanged: (name: string) => `ATTENTION: the key of ${name} has changed.`,
  keyChangedWhy: "They may have a new device or have started again, or somebody may be posing as them.",
  keyChangedHold: "Until you decide, nothing goes to the new key and what comes from it is kept aside.",
  keyKnown: (key: string) => `known key: ${key}`,
  keyOffered: (key: string) => `new key:   ${key}`,
  keyCompare: "Ask them some other way which key their /users shows.",
  keyAccept: (name: string) => `It is the new one: /accept ${name}`,
  keyBlock: (name: string) => `It is not: /block ${name}`,
  ownKey: (key: string) => `Your key, for others to compare: ${key}`,
  nameConflict: (name: string) =>
    `Two different keys are in use for ${name} right now. Check with them before you trust either.`,

  problem: (file: string, why: string) => `Trouble with the file ${file}. ${why}`,

  membersTitle: (count: number, capacity: number) => `--- Users in the room (${count}/${capacity}) ---`,
  privateTitle: (name: string) => `--- Private chat with ${name} ---`,
  you: "you",
  owner: "owner",
  reachOnline: "online",
  reachOffline: "offline",
  reachUnknown: "presence unknown",
  reachConnecting: "connecting",
  reachEncrypted: "encrypted",
  reachPlain: "not encrypted",
  reachNone: "no connection",
  trust: {
    none: "no key",
    unverified: "key not verified",
    verified: "key verified",
    changed: "KEY CHANGED",
    blocked: "blocked",
  },
};
