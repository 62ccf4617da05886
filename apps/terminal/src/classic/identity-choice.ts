import type { Username } from "@papo/protocol";
import { shownName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";

/**
 * The account's key is on another device, and a password alone adds none. True when the user, told what it means,
 * starts a new identity.
 */
export async function chooseIdentity(session: ClassicSession, account: Username): Promise<boolean> {
  const { classic } = session.texts;
  for (;;) {
    session.say(
      "",
      classic.identityTitle(shownName(account)),
      classic.identityWhy,
      classic.identityLinked,
      classic.identityWords,
      classic.identityNew,
      classic.identityBack,
    );
    const choice = await session.askLine(classic.choose);
    if (choice === undefined || choice === "0") return false;
    if (choice === "1") session.notice(classic.identityLinkedLater);
    else if (choice === "2") session.notice(classic.identityWordsLater);
    else if (choice === "3") return confirmNew(session);
    else session.say(classic.invalidOption);
  }
}

async function confirmNew(session: ClassicSession): Promise<boolean> {
  const { classic } = session.texts;
  session.say("", classic.identityNewWhy);
  const answer = await session.askLine(classic.identityNewConfirm);
  if (answer !== undefined && classic.confirmWords.includes(answer.toLowerCase())) return true;
  if (answer !== undefined) session.say(classic.cancelled);
  return false;
}
