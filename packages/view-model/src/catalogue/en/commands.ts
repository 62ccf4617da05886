import type { CommandTexts } from "../text-shapes.ts";

export const commands: CommandTexts = {
  users: { usage: "/users", help: "who is in the conversation, and how they are connected" },
  help: { usage: "/help [COMMAND]", help: "this list, or one command of it" },
  deleteRoom: { usage: "/delete_room", help: "delete the room for everyone (owner only)" },
  leave: { usage: "/leave", help: "leave the room, or the private chat" },
  back: { usage: "/back", help: "go back to the menu without leaving the conversation" },
  accept: { usage: "/accept NAME", help: "believe NAME's new key from now on, also after blocking it" },
  block: { usage: "/block NAME", help: "do not talk to NAME's new key" },
};
