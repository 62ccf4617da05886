import type { Room } from "@papo/peer/api";
import type { RoomId } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
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
    const forgotten = await screen.peer.forgetRoom(room.id);
    if (!forgotten.ok) return screen.failedBy(forgotten.fault);
    screen.succeeded(kept.forgotten(shownRoomName(room.name)));
    if (idHere(screen) === room.id) await screen.back();
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
function roomNamed({ peer }: CommandScreen, typed: string): Room | undefined {
  const named = peer.rooms().filter(({ name }) => name === typed);
  return named.find(({ log }) => log !== undefined && log.standing !== "member") ?? named[0];
}
