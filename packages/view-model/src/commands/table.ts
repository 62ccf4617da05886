import { plainText } from "../plain-text.ts";
import { accept, block } from "./accept.ts";
import { back } from "./back.ts";
import type { ScreenKind, SlashCommand } from "./command.ts";
import { ignore, requests } from "./contact-requests.ts";
import { deleteMessage } from "./delete-message.ts";
import { deleteRoom } from "./delete-room.ts";
import { edit } from "./edit.ts";
import { exportHistory } from "./export-history.ts";
import { forget } from "./forget.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { invite } from "./invite.ts";
import { invites } from "./invites.ts";
import { devices, keys } from "./keys.ts";
import { leave } from "./leave.ts";
import { react } from "./react.ts";
import { receipts } from "./receipts.ts";
import { ban, kick } from "./remove-member.ts";
import { role } from "./role.ts";
import { context, search } from "./search.ts";
import { topic } from "./topic.ts";
import { users } from "./users.ts";
import { unverify, verify } from "./verify.ts";
import { why } from "./why.ts";
import { words } from "./words.ts";

/** In the order in which help lists them. */
const COMMANDS: readonly SlashCommand[] = [
  users,
  help,
  why,
  history,
  search,
  context,
  edit,
  deleteMessage,
  react,
  topic,
  invite,
  invites,
  kick,
  ban,
  role,
  verify,
  unverify,
  keys,
  devices,
  requests,
  accept,
  ignore,
  block,
  receipts,
  words,
  exportHistory,
  deleteRoom,
  forget,
  leave,
  back,
];

const COMMAND_BY_NAME: ReadonlyMap<string, SlashCommand> = new Map(
  COMMANDS.flatMap((command) => command.names.map((name) => [name, command] as const)),
);

export const COMMAND_NAMES: readonly string[] = [...COMMAND_BY_NAME.keys()];

/** By any of its names, whatever the capitals and accents: `/USUÁRIOS` is `/usuarios`. */
export function commandNamed(name: string): SlashCommand | undefined {
  return COMMAND_BY_NAME.get(plainText(name));
}

export function commandsOf(screen: ScreenKind, hasTabs: boolean): readonly SlashCommand[] {
  return COMMANDS.filter((command) => worksOn(command, screen, hasTabs));
}

export function worksOn({ worksIn, alsoInTabs, needs }: SlashCommand, screen: ScreenKind, hasTabs: boolean): boolean {
  if (hasTabs) return worksIn.includes(screen) || alsoInTabs?.includes(screen) === true;
  return needs !== "tabs" && worksIn.includes(screen);
}
