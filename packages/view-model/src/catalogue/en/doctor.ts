import { apartText, spaceText } from "../amounts.ts";
import type { DoctorTexts } from "../doctor-texts.ts";

const DIRECT_LINKS =
  "Papo then opens connections from both sides at once, or uses a relay. For direct ones, let papo through this computer's firewall, and let the router map ports (UPnP or NAT-PMP) or forward one.";
const NOT_A_TRACKER = "Check the host and the port of the address.";

export const doctor: DoctorTexts = {
  title: "A look at this computer, its profile and its tracker; it takes up to ten seconds.",
  subjects: {
    node: "Node.js",
    profile: "profile",
    disk: "disk",
    secrecy: "disk encryption",
    history: "history",
    name: "tracker's name",
    connection: "connection",
    tracker: "tracker",
    "round-trip": "speed",
    clock: "clock",
    nat: "router",
    mapping: "router's ports",
    reach: "reachable",
    relay: "relay",
    mdns: "local network",
    ipv6: "IPv6",
  },
  states: { ok: "ok", warning: "warning", failed: "FAILED", skipped: "-" },
  findings: {
    node_ok: ({ version }) => ({ says: `Node.js ${version} runs Papo.` }),
    node_old: ({ version, needed }) => ({
      says: `Node.js ${version} is too old: Papo needs ${needed}.`,
      todo: "Install a newer one from nodejs.org or your system's packages.",
    }),
    profile_ok: () => ({ says: "Only you can read it." }),
    profile_new: () => ({ says: "There is none yet; Papo makes it when it first starts." }),
    profile_open_to_others: () => ({
      says: "Other users of this computer can read it, so Papo does not use it.",
      todo: "Take that right away: chmod 700 on the profile's folder.",
    }),
    profile_foreign_owner: () => ({
      says: "It belongs to another user.",
      todo: "Give it to yourself with chown, or use another folder: --profile FOLDER.",
    }),
    profile_unusable: () => ({
      says: "It cannot be opened, or it is no folder.",
      todo: "Look at what stands there, or use another folder: --profile FOLDER.",
    }),
    disk_ok: ({ freeMiB, writeMs }) => ({
      says:
        writeMs === null
          ? `${spaceText(freeMiB)} free.`
          : `${spaceText(freeMiB)} free; a small write is safely stored in ${writeMs} ms.`,
    }),
    disk_slow: ({ writeMs }) => ({
      says: `A small write takes ${writeMs} ms until it is safely stored: sending feels slow.`,
      todo: "Something else may keep the disk busy, or it is failing; a profile on a network drive is slow as well.",
    }),
    disk_little: ({ freeMiB }) => ({ says: `Only ${spaceText(freeMiB)} free.`, todo: "Make room before it runs out." }),
    disk_full: ({ freeMiB }) => ({
      says: `It is full (${spaceText(freeMiB)} free): nothing that is written can be kept.`,
      todo: "Make room. What was confirmed is not lost.",
    }),
    disk_read_only: () => ({
      says: "The disk is mounted read-only: nothing can be kept.",
      todo: "A disk that turned read-only by itself is often failing; otherwise use another folder: --profile FOLDER.",
    }),
    disk_forbidden: () => ({
      says: "The system does not let you write there.",
      todo: "Look at the folder's owner and rights, or use another folder: --profile FOLDER.",
    }),
    disk_failed: ({ code }) => ({
      says: `A small write failed (${code}).`,
      todo: "Look at the system's messages: the disk may be failing.",
    }),
    secrecy_on: () => ({ says: "The profile's disk is encrypted." }),
    secrecy_unknown: () => ({
      says: "It cannot be told from here. Whoever gets this disk can read what Papo keeps, unless the system encrypts it.",
    }),
    history_ok: ({ files }) => ({ says: files === 1 ? "It is whole." : `All ${files} are whole.` }),
    history_large: () => ({ says: "It opens; it is too large to be read through now." }),
    history_none: () => ({ says: "There is none yet." }),
    history_damaged: () => ({
      says: "Part of it is damaged.",
      todo: "Start papo: it sets the damaged file aside, saves what can be read, and gets the rest from others.",
    }),
    history_newer: () => ({ says: "A newer Papo has written it.", todo: "Update this Papo." }),
    history_unreadable: () => ({
      says: "It cannot be opened.",
      todo: "Look at the owner and rights of the files in the profile.",
    }),
    name_literal: () => ({ says: "The address is a number; there is nothing to look up." }),
    name_found: () => ({ says: "It is known." }),
    name_unknown: () => ({
      says: "Nobody knows this name.",
      todo: "Check how it is written. If others can use it, your name server (DNS) is at fault.",
    }),
    name_silent: () => ({
      says: "No name server (DNS) answers.",
      todo: "Check that this computer is online.",
    }),
    connection_ok: ({ tookMs }) => ({ says: `The tracker takes connections (${tookMs} ms).` }),
    connection_nobody_here: () => ({
      says: "No tracker runs on this computer now. papo hosts one itself when it starts; --tracker ADDRESS examines another.",
    }),
    connection_refused: () => ({
      says: "The computer is there, but nothing listens at that port.",
      todo: "Ask whoever runs the tracker whether it is up, and check the port.",
    }),
    connection_silent: () => ({
      says: "No answer: the computer is off, or a firewall drops the connection.",
      todo: "Check that this computer is online. If it is, ask whoever runs the tracker; some networks let only web pages through.",
    }),
    connection_no_route: () => ({
      says: "There is no way from this computer to that address.",
      todo: "Check that it is online. An IPv6 address needs a network with IPv6.",
    }),
    connection_failed: () => ({
      says: "The connection fails.",
      todo: "Check the address and that this computer is online.",
    }),
    tracker_known: ({ key, group }) => ({
      says: `It proved that it has the key known from before (${key.slice(0, 10)}…); encrypted with ${group}.`,
    }),
    tracker_new: ({ key, group }) => ({
      says: `It proved its key (${key.slice(0, 10)}…), which was not known before: compare it with whoever runs it. Encrypted with ${group}.`,
    }),
    tracker_changed: () => ({
      says: "Its key is not the one known from before.",
      todo: "Someone may be posing as it. Ask whoever runs it for its papo:// address, and use that.",
    }),
    tracker_unproven: () => ({
      says: "Whoever answers did not prove to be a Papo tracker.",
      todo: "Do not use it before you have asked whoever runs it.",
    }),
    tracker_other_program: ({ speaks }) => ({ says: STRANGERS[speaks], todo: NOT_A_TRACKER }),
    tracker_original: () => ({
      says: "It is to be an original tracker (seed://): nothing is encrypted there, and there is nothing more to ask it.",
    }),
    tracker_other_version: () => ({
      says: "It speaks another version of the language.",
      todo: "Update Papo; if that does not help, ask whoever runs the tracker to update it.",
    }),
    tracker_silent: () => ({
      says: "It takes the connection and then does not answer.",
      todo: "It may be overloaded, or a firewall cuts encrypted connections off. Try again in a while.",
    }),
    tracker_busy: () => ({ says: "It is busy, or shutting down.", todo: "Try again in a moment." }),
    round_trip_ok: ({ roundTripMs }) => ({ says: `A question and its answer take ${roundTripMs} ms.` }),
    round_trip_slow: ({ roundTripMs }) => ({
      says: `A question and its answer take ${roundTripMs} ms, which is slow.`,
      todo: "The network or the tracker is busy. Messages do not go through the tracker, so chats may be quick all the same.",
    }),
    clock_ok: ({ aheadMs }) => ({ says: `It agrees with the tracker's (${apartText(aheadMs, "days")} apart).` }),
    clock_off: ({ aheadMs }) => ({
      says: `It is ${apartText(aheadMs, "days")} ${side(aheadMs)} the tracker's.`,
      todo: "Let the system set the time by itself: others see a wrong time on what you write.",
    }),
    clock_wrong: ({ aheadMs }) => ({
      says: `It is ${apartText(aheadMs, "days")} ${side(aheadMs)} the tracker's: one of the two is wrong.`,
      todo: "Set the date and time, best by letting the system do it. Invites and messages go wrong until then.",
    }),
    nat_none: ({ seen }) => ({ says: `None between: the world sees this computer at its own address (${seen}).` }),
    nat_keeps_ports: ({ seen }) => ({
      says: `One between (seen from outside: ${seen}) that keeps port numbers, as far as one tracker can show. Direct connections to most people work.`,
    }),
    nat_changes_ports: ({ seen }) => ({
      says: `One between (seen from outside: ${seen}) that changes port numbers: only people who take connections themselves are linked directly, others through a relay.`,
      todo: "A router that maps ports (UPnP or NAT-PMP) or a forwarded port helps. On a mobile network nothing does.",
    }),
    nat_changes_addresses: ({ seen }) => ({
      says: `The world sees this computer at changing addresses (one is ${seen}): people who take connections are linked directly, others through a relay.`,
      todo: "Large networks and VPNs do this; another network helps.",
    }),
    mapping_ok: ({ way }) => ({ says: `The router opened one for a moment when asked (${WAYS[way]}).` }),
    mapping_behind_another: ({ way }) => ({
      says: `The router opens ports when asked (${WAYS[way]}), but there is another router before it, and nobody gets through that.`,
      todo: "Some providers give a public address when asked. IPv6 helps as well; otherwise a relay is used.",
    }),
    mapping_none: () => ({
      says: "No router opens ports when asked (UPnP, NAT-PMP or PCP), or there is none between.",
    }),
    mapping_off: () => ({ says: "The router is not asked: that is turned off (--no-port-mapping or --hide-address)." }),
    reach_by_mapping: ({ seen }) => ({ says: `Yes: through the port that the router opened, at ${seen}.` }),
    reach_ok: ({ seen }) => ({ says: `Yes: the tracker got through to this computer at ${seen}.` }),
    reach_none: ({ seen }) => ({ says: `Not from outside: the tracker got no answer at ${seen}.`, todo: DIRECT_LINKS }),
    relay_ok: () => ({ says: "There is one, and it can be used from here." }),
    relay_off: () => ({
      says: "The tracker offers none: where no direct connection is possible, there is none.",
      todo: "Whoever runs the tracker can turn it on.",
    }),
    relay_blocked: () => ({
      says: "The tracker offers one, but nothing gets through to it from here.",
      todo: "A firewall or proxy in the way lets some connections through and others not.",
    }),
    mdns_ok: () => ({ says: "What Papo announces is heard there: others in it are found by themselves." }),
    mdns_deaf: () => ({
      says: "What Papo announces is not heard, not even by itself: nobody there is found without a tracker.",
      todo: "Let papo through this computer's firewall: multicast DNS, UDP port 5353.",
    }),
    mdns_forbidden: () => ({
      says: "The system lets no program listen there: nobody in it is found without a tracker.",
      todo: "Another program may have UDP port 5353 for itself.",
    }),
    mdns_no_network: () => ({ says: "This computer is in none now." }),
    mdns_off: () => ({ says: "Nothing is announced there: that is turned off (--no-lan or --hide-address)." }),
    ipv6_ok: () => ({ says: "This computer has it: with others who do, no router changes addresses." }),
    ipv6_none: () => ({ says: "This network has none; Papo does without." }),
    not_from_here: () => ({ says: "Cannot be seen from a tracker on this same computer." }),
    not_reached: () => ({ says: "These cannot be looked at without the tracker." }),
    no_answer: () => ({ says: "The tracker did not answer this." }),
  },
  allWell: "Nothing is wrong.",
  outcome: (failed, warnings) =>
    [
      ...(failed === 0 ? [] : [failed === 1 ? "1 thing is broken" : `${failed} things are broken`]),
      ...(warnings === 0 ? [] : [warnings === 1 ? "1 could be better" : `${warnings} could be better`]),
    ].join(", ") + ".",
  safeToShow:
    "No name, no message and no key of yours stands here, and addresses are shortened: you can show this to others.",
};

const WAYS = { pcp: "PCP", "nat-pmp": "NAT-PMP", upnp: "UPnP" } as const;

const STRANGERS = {
  http: "A web server answers there, not a tracker.",
  ssh: "An SSH server answers there, not a tracker.",
  original: "An original tracker answers there: its address has to begin with seed://.",
  tls: "An encrypted service answers there that is no tracker.",
  unknown: "Some other program answers there, not a tracker.",
} as const;

function side(aheadMs: number): string {
  return aheadMs > 0 ? "ahead of" : "behind";
}
