import { openRoomList } from "../flows/room-list.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { ListedRoom } from "@papo/peer/api";
import { textLine } from "../feed/shown-line.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { bareRoomName } from "./find-room.ts";
import { QUERY_CHARS_MAX } from "./query-chars.ts";

export const listRooms: SlashCommand = {
  id: "listRooms",
  topic: "rooms",
  names: ["/list", "/rooms", "/salas", "/listar"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["room"],
  async run(screen, typed) {
    const { peer, texts } = screen;
    const query = bareRoomName(typed).slice(0, QUERY_CHARS_MAX);
    if (hasTabs(screen)) return openRoomList(screen, query);
    const listed = await screen.patiently(peer.listRooms(query === "" ? {} : { query }));
    if (!listed.ok) return screen.failedBy(listed.fault);
    const { rooms, next } = listed.value;
    const { classic, actions } = texts;
    const none = query === "" ? classic.noRooms : classic.noMatches;
    const lines = rooms.length === 0 ? [none] : rooms.map((room) => roomLine(screen, room));
    screen.show([classic.roomsTitle, ...lines, ...(next === null ? [] : [actions.moreRooms])].map(textLine));
  },
};

function roomLine({ texts }: CommandScreen, room: ListedRoom): string {
  const { roomLine: line, roomMarks } = texts.classic;
  const kind = room.kind === "open" ? [] : [roomMarks[room.kind]];
  const marks = [...kind, ...(room.joined ? [roomMarks.joined] : [])];
  const said = line(shownRoomName(room.name), room.members, room.capacity);
  return marks.length === 0 ? said : `${said} [${marks.join(", ")}]`;
}
