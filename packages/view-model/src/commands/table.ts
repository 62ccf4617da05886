import { plainText } from "../plain-text.ts";
import { accept, block } from "./accept.ts";
import { back } from "./back.ts";
import type { ScreenKind, SlashCommand } from "./command.ts";
import { decline, requests } from "./contact-requests.ts";
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
import { reconnect } from "./reconnect.ts";
import { ban, kick } from "./remove-member.ts";
import { moderate, role, unmoderate } from "./role.ts";
import { context, search } from "./search.ts";
import { topic } from "./topic.ts";
import { unban } from "./unban.ts";
import { users } from "./users.ts";
import { unverify, verify } from "./verify.ts";
import { why } from "./why.ts";
import { words } from "./words.ts";

import { away, here } from "./away.ts";
import { backup } from "./backup.ts";
import { create } from "./create.ts";
import { fingerprint } from "./fingerprint.ts";
import { highlight } from "./highlight.ts";
import { ignore, unignore } from "./ignore.ts";
import { join } from "./join.ts";
import { listPeople } from "./list-people.ts";
import { listRooms } from "./list-rooms.ts";
import { logOut } from "./log-out.ts";
import { me } from "./me.ts";
import { messagePerson, query } from "./message-person.ts";
import { nick } from "./nick.ts";
import { mute, notify, unmute } from "./notify.ts";
import { qr } from "./qr.ts";
import { reply } from "./reply.ts";
import { clear, close, goTo, markAllRead, markUnread, quit } from "./tabs.ts";
import { unlatch } from "./unlatch.ts";
import { whois } from "./whois.ts";

/** In the order in which help lists them. */
const COMMANDS: readonly SlashCommand[] = [
  // talk
  reply,
  me,
  edit,
  deleteMessage,
  react,

  // rooms
  join,
  create,
  listRooms,
  topic,
  invite,
  invites,
  leave,
  deleteRoom,
  forget,

  // people
  users,
  whois,
  listPeople,
  messagePerson,
  query,
  requests,
  accept,
  decline,
  block,
  ignore,
  unignore,
  kick,
  ban,
  unban,
  role,
  moderate,
  unmoderate,
  away,
  here,
  nick,

  // trust
  verify,
  unverify,
  keys,
  fingerprint,
  devices,
  qr,
  words,
  backup,
  unlatch,
  logOut,

  // search
  search,
  context,
  history,
  exportHistory,
  why,

  // screen
  help,
  goTo,
  close,
  back,
  clear,
  notify,
  mute,
  unmute,
  highlight,
  markUnread,
  markAllRead,
  receipts,
  reconnect,
  quit,
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
