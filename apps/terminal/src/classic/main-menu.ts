import { readLine } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { runTyped } from "./converse.ts";
import type { Ending } from "./ending.ts";
import { listPeers, listRooms } from "./lists.ts";
import { MenuCommands } from "./menu-commands.ts";
import { openPrivateChat } from "./private-screen.ts";
import { createRoom, joinRoom } from "./room-entrance.ts";
import { newsTexts } from "./news.ts";

/** The main menu of §6.4, until the user leaves or the tracker refuses the account. */
export async function mainMenu(session: ClassicSession): Promise<"quit" | "signed-out"> {
  const { classic } = session.texts;
  for (;;) {
    session.focus(null);
    if (session.isRefused) return signedOut(session);
    session.say(
      "",
      classic.menuTitle,
      classic.menuPeers,
      classic.menuRooms,
      classic.menuCreate,
      classic.menuJoin,
      classic.menuPrivate,
      ...(session.makesKeptRooms ? [classic.menuCreateInvite] : []),
      ...(session.makesPlainRooms ? [classic.menuCreatePlain] : []),
      classic.quit,
    );
    for (const text of newsTexts(session)) session.notice(text);
    const answer = await session.ask({ prompt: classic.choose, obsolete: () => session.isRefused });
    if (answer.kind === "dismissed") continue;
    if (answer.kind === "too-long") continue;
    if (answer.kind === "end") return "quit";
    if ((await chosen(session, answer.text.trim())) === "quit") return "quit";
  }
}

async function chosen(session: ClassicSession, choice: string): Promise<Ending> {
  switch (choice) {
    case "1":
      return listPeers(session);
    case "2":
      return listRooms(session);
    case "3":
      return createRoom(session, undefined);
    case "4":
      return joinRoom(session);
    case "5":
      return openPrivateChat(session);
    case "6":
      return session.makesKeptRooms ? createRoom(session, "invite") : other(session, choice);
    case "7":
      return session.makesPlainRooms ? createRoom(session, "plain") : other(session, choice);
    case "0":
      return logOut(session);
    default:
      return other(session, choice);
  }
}

async function other(session: ClassicSession, choice: string): Promise<Ending> {
  const typed = readLine(choice);
  if (typed.kind === "command") await runTyped(session, new MenuCommands(session), typed);
  else session.say(session.texts.classic.invalidOption);
  return "menu";
}

async function logOut(session: ClassicSession): Promise<Ending> {
  await session.peer.logOut();
  session.say(session.texts.classic.goodbye);
  return "quit";
}

async function signedOut(session: ClassicSession): Promise<"signed-out"> {
  await session.peer.logOut();
  return "signed-out";
}
