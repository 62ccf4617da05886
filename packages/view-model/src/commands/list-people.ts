import { openPeople } from "../flows/people-list.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { ListedPeer } from "@papo/protocol";
import { nameSpan, type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { QUERY_CHARS_MAX } from "./query-chars.ts";

/** Who is online at the tracker. */
export const listPeople: SlashCommand = {
  id: "listPeople",
  topic: "people",
  names: ["/people", "/who", "/peers", "/pessoas"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  async run(screen, typed) {
    const { peer, texts } = screen;
    const query = typed.replace(/^@/u, "").slice(0, QUERY_CHARS_MAX);
    if (hasTabs(screen)) return openPeople(screen, query);
    const listed = await screen.patiently(peer.listPeers(query === "" ? {} : { query }));
    if (!listed.ok) return screen.failedBy(listed.fault);
    const { classic, actions } = texts;
    const lines = listed.value.peers.map((person) => personLine(screen, person));
    const none = textLine(query === "" ? classic.noPeers : classic.noMatches);
    const more = listed.value.next === null ? [] : [textLine(actions.morePeople)];
    screen.show([textLine(classic.peersTitle), ...(lines.length === 0 ? [none] : lines), ...more]);
  },
};

function personLine({ texts }: CommandScreen, { username, room }: ListedPeer): ShownLine {
  const where = room === null ? "" : ` (${texts.actions.inRoom(shownRoomName(room))})`;
  return { spans: [{ text: "- " }, nameSpan(username, shownName(username)), { text: where }] };
}
