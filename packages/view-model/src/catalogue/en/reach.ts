// By which way somebody is reached, what was tried, and what helps. The names and addresses handed in are safe.

/** One thing that was tried. `answer`: how it ended; `took`: how long that took. */
type Tried = {
  readonly ago: string;
  readonly way: string;
  readonly times: number;
  readonly answer: string;
  readonly took: string;
};

export const reach = {
  /** Behind a name in a list. */
  paths: { direct: "direct", punched: "punched through", relayed: "relayed" },
  /** What `/why` says of somebody who is connected. */
  linked: {
    direct: "connected directly, encrypted",
    punched: "connected directly (punched through the routers), encrypted",
    relayed: "connected through a relay, encrypted",
  },
  connectedPunched: (name: string) => `[P2P CONNECTION] ${name} connected (punched through).`,
  connectedRelayed: (name: string) => `[P2P CONNECTION] ${name} connected (relayed).`,
  nowDirect: (name: string) => `The connection to ${name} is direct now; the relay is not needed any more.`,

  /** How long something took or has lasted. */
  milliseconds: (count: number) => `${count} ms`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  days: (count: number) => (count === 1 ? `${count} day` : `${count} days`),

  triedTitle: "What was tried, the newest last:",
  tried: ({ ago, way, times, answer, took }: Tried) =>
    `  ${ago} ago: ${way}${times > 1 ? ` (${times} times)` : ""}: ${answer}, after ${took}`,
  trying: ({ ago, way, times }: Pick<Tried, "ago" | "way" | "times">) =>
    `  ${ago} ago: ${way}${times > 1 ? ` (${times} times)` : ""}: no answer yet`,
  moreTried: (count: number) => `  (and ${count} more)`,
  ways: {
    direct: (where: string) => `straight to ${where}`,
    lan: (where: string) => `on this network, to ${where}`,
    call: () => "a call through the tracker",
    punch: () => "both sides at once, through the routers",
    relay: () => "through the relay",
  },
  somewhere: "an address",

  answers: {
    linked: "connected",
    introduced: "both were told of each other",
    silent: "no answer",
    refused: "refused, nothing listens there",
    noRoute: "there is no way there from here",
    notReached: "could not be reached",
    someoneElse: "somebody else answered",
    otherProgram: "another program answered",
    notNeeded: "not needed any more",
    notTaken: "their program did not take it",
    offline: "they are not online",
    noTracker: "the tracker is not there",
    tooMuch: "too much at once, it will be tried again",
    notThrough: "the routers let nothing through",
    noRelay: "there is no relay to use",
    full: "the relay has no room left",
    otherMissing: "the other side did not come",
    brokeOff: "the connection broke",
  },

  causes: {
    trackerGone:
      "The tracker is not there: only people whose address is known can be reached until it is back. Papo goes on trying.",
    hiddenHere:
      "You hide your address (--hide-address), so everything goes through a relay. That is as private; it is slower.",
    noAddress:
      "Their program tells no address that can be dialled (they may hide it, or you share no room yet), so a relay is used.",
    relayWorks:
      "It works, by way of a relay that sees only encrypted bytes. For a direct connection one of the two needs a router that maps ports (UPnP or NAT-PMP), a forwarded port, or IPv6; mobile networks often have none.",
    relayOff:
      "No relay could be used: the tracker offers none, or the other side wants none. Whoever runs the tracker can turn it on.",
    relayFull: "The relay is at its limit. It is tried again by itself; a direct connection would need no relay.",
    relayLost: "The relay could not be used: a firewall may keep this computer or theirs from it.",
    blocked:
      "Nothing answered at their address: a firewall or router is in the way on their side or on yours. A forwarded port on either side would do.",
    refused:
      "Their computer is there, but no Papo listens at that address: they may have closed it, or moved to another address, which comes through the tracker.",
    noRoute:
      "This computer has no way to that kind of address (IPv6, or another network). Nothing is wrong with their side.",
    someoneElse:
      "Another device has their old address now. Nothing was told to it; the right address is looked up again.",
    notTaken: "Their program did not answer the call: it may just be going to sleep or losing its network.",
    doctor: "papo doctor, in another window, examines this computer's side of it.",
  },
};
