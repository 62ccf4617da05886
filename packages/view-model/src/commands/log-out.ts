import type { SlashCommand } from "./command.ts";

/** Out of the account, not out of the program: whoever comes next is asked who they are. */
export const logOut: SlashCommand = {
  id: "logOut",
  topic: "trust",
  names: ["/logout", "/desconectar"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "nothing",
  arguments: [],
  run: ({ peer }) => peer.logOut(),
};
