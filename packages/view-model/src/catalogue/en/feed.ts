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
  privateLeft: (name: string) => `*** ${name} left the private chat.`,
  roomDeleted: (room: string) => `Room '${room}' was deleted by its owner.`,
  roomLeft: (room: string) => `You are no longer in room '${room}'.`,

  linked: (name: string) => `[P2P CONNECTION] ${name} connected.`,
  linkedPlain: (name: string) => `[P2P CONNECTION] ${name} connected (not encrypted).`,
  unlinked: (name: string) => `[P2P CONNECTION] ${name} disconnected.`,
  linkLost: (name: string) => `[P2P CONNECTION] The connection to ${name} was lost; trying again.`,
  unreachable: (name: string, why: string) => `Could not connect to ${name}. ${why}`,

  heldRoom: "Not delivered yet: nobody else in the room is connected.",
  heldPrivate: (name: string) => `Not delivered yet: ${name} is not connected.`,
  held: (why: string) => `Not delivered yet. ${why}`,
  delivered: (excerpt: string) => `Delivered now: “${excerpt}”`,
  deliveredSome: (received: number, of: number) =>
    `Received by ${received} of ${of}; the others get it when they connect, while this program runs.`,
  lastDelivery: (received: number, of: number) => `Your last message was received by ${received} of ${of}.`,

  trackerLost: (why: string) => `Lost the tracker. ${why}Open chats go on; trying to reconnect.`,
  trackerBack: "Connected to the tracker again.",
  trackerRefused: (why: string) => `The tracker ended the session. ${why}`,

  keyChanged: (name: string) => `ATTENTION: the key of ${name} has changed.`,
  keyChangedWhy: "They may have a new device or have started again, or somebody may be posing as them.",
  keyChangedHold: "Until you decide nothing is sent to them, and what arrives is kept aside.",
  keyKnown: (key: string) => `known key: ${key}`,
  keyOffered: (key: string) => `new key:   ${key}`,
  keyChoices: (name: string) => `If you have checked with them: /accept ${name}    If in doubt: /block ${name}`,
  nameConflict: (name: string) =>
    `ATTENTION: the tracker has vouched for two different keys for the name ${name}. Check with them before you trust it.`,

  problem: (file: string, why: string) => `Trouble with the file ${file}. ${why}`,

  membersTitle: (count: number, capacity: number) => `--- Users in the room (${count}/${capacity}) ---`,
  privateTitle: (name: string) => `--- Private chat with ${name} ---`,
  you: "you",
  owner: "owner",
  reachOnline: "online",
  reachOffline: "offline",
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
