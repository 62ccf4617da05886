import type { Room } from "@papo/peer/api";
import { looksLikeInvite, type Outcome } from "@papo/protocol";
import { textLine } from "../feed/shown-line.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { bareRoomName, isOverHere, ownRoomNamed, sameName } from "./find-room.ts";
import { roomRefusal } from "./refusals.ts";
import type { TabActions } from "./tab-actions.ts";

/** By its name, or by an invite's link. */
export const join: SlashCommand = {
  id: "join",
  topic: "rooms",
  names: ["/join", "/j", "/entrar"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "something",
  arguments: ["room"],
  async run(screen, typed) {
    const { tabs, peer, texts } = screen;
    if (tabs === null) return;
    // Copied from a screen it may have been broken into lines.
    if (looksLikeInvite(typed)) return joinByInvite(screen, tabs, typed.replaceAll(/\s/gu, ""));
    const own = ownRoomNamed(peer, typed);
    if (own !== undefined && !isOverHere(own)) return tabs.open({ kind: "room", id: own.id });
    const name = bareRoomName(typed);
    const joined = await screen.patiently(joinNamed(screen, name));
    if (joined.ok) return arrive(screen, tabs, joined.value);
    if (own !== undefined) tabs.open({ kind: "room", id: own.id });
    if (own === undefined || joined.fault.code !== "room_missing")
      screen.failed(roomRefusal(name, joined.fault, texts));
  },
};

/** Where there is none of exactly this name, the only one whose name differs in capitals. */
async function joinNamed({ peer }: CommandScreen, name: string): Promise<Outcome<Room>> {
  const joined = await peer.joinRoom(name);
  if (joined.ok || joined.fault.code !== "room_missing") return joined;
  const listed = await peer.listRooms({ query: name });
  const near = listed.ok ? listed.value.rooms.filter((room) => sameName(room.name, name)) : [];
  const [only] = near;
  return only === undefined || near.length > 1 ? joined : peer.joinRoom(only.name);
}

async function joinByInvite(screen: CommandScreen, tabs: TabActions, link: string): Promise<void> {
  const { peer, texts } = screen;
  const joined = await screen.patiently(peer.joinByInvite(link));
  if (joined.ok) return arrive(screen, tabs, joined.value);
  if (joined.fault.code === "peer_offline") screen.show([textLine(texts.feed.notice(texts.kept.inviteWaiting))]);
  else screen.failedBy(joined.fault);
}

/** Who is in it sees where this device is: that is said there. */
function arrive({ peer, texts }: CommandScreen, tabs: TabActions, { id }: Room): void {
  const { addressHidden, addressShown } = texts.classic;
  const who = peer.diagnostics().addresses.hidden ? addressHidden : addressShown;
  tabs.open({ kind: "room", id }, [textLine(texts.feed.notice(who))]);
}
