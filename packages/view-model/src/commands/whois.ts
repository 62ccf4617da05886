import type { PinnedName, RoomMember } from "@papo/peer/api";
import { safeText, type Username } from "@papo/protocol";
import { reachText } from "../feed/explanation.ts";
import { shownKey } from "../feed/keys.ts";
import { clockTime, dayOf, nameSpan, type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

/** All that is known of somebody, one fact a line. In a private chat, of the other one. */
export const whois: SlashCommand = {
  id: "whois",
  topic: "people",
  names: ["/whois", "/w", "/quem"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  run(screen, typed) {
    const { conversation, texts } = screen;
    const other = conversation?.kind === "private" ? conversation.username : undefined;
    const name = typed === "" ? other : nameTyped(screen, typed);
    if (name === undefined && typed !== "") return screen.failed(texts.classic.peerMissing("?"));
    if (name === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.whois.usage));
    const facts = factsOf(screen, name);
    const title: ShownLine = { spans: [{ text: "--- " }, nameSpan(name, shownName(name)), { text: " ---" }] };
    screen.show([title, ...(facts.length === 0 ? [texts.actions.nothingKnown] : facts).map(textLine)]);
  },
};

function factsOf(screen: CommandScreen, name: Username): readonly string[] {
  const { peer, texts } = screen;
  const { actions, feed } = texts;
  const isSelf = name === peer.self;
  const pin = peer.pins().find(({ username }) => username === name);
  const places = peer.rooms().flatMap((room) => {
    const member = room.members.find(({ username }) => username === name);
    return member === undefined ? [] : [{ member, room: shownRoomName(room.name) }];
  });
  const key = isSelf ? peer.account : (pin?.account ?? places[0]?.member.account ?? undefined);
  return [
    ...(isSelf ? [actions.thatIsYou] : []),
    ...(key === undefined ? [] : [actions.keyIs(shownKey(key))]),
    ...(isSelf ? [] : trustOf(pin, places[0]?.member).map((trust) => actions.trustIs(feed.trust[trust]))),
    ...reachOf(screen, name),
    ...awayOf(screen, name, places[0]?.member),
    ...(places.length === 0 ? [] : [actions.sharedRooms(places.map(({ room }) => room).join(", "))]),
    ...devicesOf(screen, name),
    ...(pin === undefined ? [] : [actions.knownSince(pin.firstSeen.slice(0, 10))]),
    ...(peer.ignored().includes(name) ? [actions.isIgnored] : []),
  ];
}

function trustOf(pin: PinnedName | undefined, member: RoomMember | undefined): readonly PinnedName["trust"][] {
  const trust = pin?.trust ?? member?.trust;
  return trust === undefined ? [] : [trust];
}

/** Where they are seen from here, and when last if they are not. */
function reachOf({ peer, texts }: CommandScreen, name: Username): readonly string[] {
  if (name === peer.self) return [];
  const explained = peer.why({ username: name });
  const person = explained.ok ? explained.value.people.find(({ username }) => username === name) : undefined;
  if (person === undefined) return [];
  const { reach, lastSeenMs } = person;
  const isGone = reach.kind === "offline" || reach.kind === "unknown";
  const seen = isGone && lastSeenMs !== null ? [`${dayOf(lastSeenMs)} ${clockTime(lastSeenMs)}`] : [];
  return [[reachText(reach, texts), ...seen.map((at) => texts.kept.lastSeen(at))].join(", ")];
}

function awayOf({ peer, texts }: CommandScreen, name: Username, member: RoomMember | undefined): readonly string[] {
  const said = name === peer.self ? (peer.away() ?? undefined) : member?.away;
  if (said === undefined) return [];
  return [said === "" ? texts.actions.awayWordless : texts.actions.awayWith(safeText(said))];
}

function devicesOf({ peer, texts }: CommandScreen, name: Username): readonly string[] {
  const listed = peer.devices(name);
  const used = listed.ok ? listed.value.filter(({ revoked }) => revoked === null).length : 0;
  return used === 0 ? [] : [texts.actions.deviceCount(used)];
}
