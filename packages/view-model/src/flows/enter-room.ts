import type { Room } from "@papo/peer/api";
import { looksLikeInvite, type Outcome } from "@papo/protocol";
import { bareRoomName, isOverHere, ownRoomNamed, sameName } from "../commands/find-room.ts";
import { QUERY_CHARS_MAX } from "../commands/query-chars.ts";
import { roomRefusal } from "../commands/refusals.ts";
import { faultSentence } from "../fault-sentence.ts";
import { textLine } from "../feed/shown-line.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** By its name, or by an invite's link. Undefined: it is open, or opens by itself; else why not, safe to show. */
export async function enterRoom(screen: TabbedScreen, typed: string): Promise<string | undefined> {
  // Copied from a screen it may have been broken into lines.
  if (looksLikeInvite(typed)) return enterByInvite(screen, typed.replaceAll(/\s/gu, ""));
  const { peer, texts, tabs } = screen;
  const own = ownRoomNamed(peer, typed);
  if (own !== undefined && !isOverHere(own)) {
    tabs.open({ kind: "room", id: own.id });
    return undefined;
  }
  const name = bareRoomName(typed);
  const joined = await joinNamed(screen, name);
  if (joined.ok) return arrive(screen, joined.value);
  // One that is over can still be read.
  if (own !== undefined) tabs.open({ kind: "room", id: own.id });
  if (own !== undefined && joined.fault.code === "room_missing") return undefined;
  return roomRefusal(name, joined.fault, texts) ?? faultSentence(texts, joined.fault);
}

/** Where there is none of exactly this name, the only one whose name differs in capitals. */
async function joinNamed({ peer }: TabbedScreen, name: string): Promise<Outcome<Room>> {
  const joined = await peer.joinRoom(name);
  if (joined.ok || joined.fault.code !== "room_missing") return joined;
  const listed = await peer.listRooms({ query: name.slice(0, QUERY_CHARS_MAX) });
  const near = listed.ok ? listed.value.rooms.filter((room) => sameName(room.name, name)) : [];
  const [only] = near;
  return only === undefined || near.length > 1 ? joined : peer.joinRoom(only.name);
}

async function enterByInvite(screen: TabbedScreen, link: string): Promise<string | undefined> {
  const { peer, texts } = screen;
  const joined = await peer.joinByInvite(link);
  if (joined.ok) return arrive(screen, joined.value);
  if (joined.fault.code !== "peer_offline") return faultSentence(texts, joined.fault);
  screen.show([textLine(texts.feed.notice(texts.kept.inviteWaiting))]);
  return undefined;
}

/** Who is in it sees where this device is: that is said there. */
function arrive({ peer, texts, tabs }: TabbedScreen, { id }: Room): undefined {
  const { addressHidden, addressShown } = texts.classic;
  const who = peer.diagnostics().addresses.hidden ? addressHidden : addressShown;
  tabs.open({ kind: "room", id }, [textLine(texts.feed.notice(who))]);
  return undefined;
}
