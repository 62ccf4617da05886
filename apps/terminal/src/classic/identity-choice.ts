import type { Username } from "@papo/protocol";
import { shownName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";

/** How to go on without the account's key. `back`: not at all. */
export type IdentityChoice = "words" | "new" | "back";

/** The account's key is on another device, and a password alone adds none. A new identity begins only after the user was told what it means. */
export async function chooseIdentity(session: ClassicSession, account: Username): Promise<IdentityChoice> {
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
    if (choice === undefined || choice === "0") return "back";
    if (choice === "1") session.notice(classic.identityLinkedLater);
    else if (choice === "2") return "words";
    else if (choice === "3") return (await confirmNew(session)) ? "new" : "back";
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
