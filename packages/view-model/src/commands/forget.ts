import type { Room } from "@papo/peer/api";
import type { RoomId } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { bareRoomName, sameName } from "./find-room.ts";
import { isMeant } from "./is-meant.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** Without a name the room on the screen. */
export const forget: SlashCommand = {
  id: "forget",
  topic: "rooms",
  names: ["/forget", "/esquecer"],
  worksIn: ["room", "menu"],
  takes: "optional",
  arguments: ["room"],
  async run(screen, typed) {
    const { kept, classic, commands } = screen.texts;
    const room = typed === "" ? roomHere(screen) : roomNamed(screen, typed);
    if (room === undefined && typed !== "") return screen.failed(classic.roomMissing(excerptOf(typed)));
    if (room === undefined) return screen.failed(classic.commandUsage(commands.forget.usage));
    const { forgetMeans, reallyForget } = screen.texts.actions;
    if (!(await isMeant(screen, { title: reallyForget(shownRoomName(room.name)), lines: [forgetMeans] }))) return;
    const isHere = idHere(screen) === room.id;
    const forgotten = await screen.peer.forgetRoom(room.id);
    if (!forgotten.ok) return screen.failedBy(forgotten.fault);
    screen.succeeded(kept.forgotten(shownRoomName(room.name)));
    if (isHere) await screen.back();
  },
};

function idHere({ conversation }: CommandScreen): RoomId | undefined {
  return conversation?.kind === "room" ? conversation.id : undefined;
}

function roomHere(screen: CommandScreen): Room | undefined {
  const id = idHere(screen);
  return id === undefined ? undefined : screen.peer.room(id);
}

/** A room that is over leaves its name to others: it is the one that is meant. */
function roomNamed({ peer, tabs }: CommandScreen, typed: string): Room | undefined {
  const bare = bareRoomName(typed);
  const named = peer.rooms().filter(({ name }) => name === bare);
  // Where nobody is asked whether it is meant, it is named exactly.
  const isNear = named.length === 0 && tabs !== null;
  const near = isNear ? peer.rooms().filter(({ name }) => sameName(name, bare)) : named;
  return near.find(({ log }) => log !== undefined && log.standing !== "member") ?? near[0];
}
