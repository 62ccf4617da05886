import { resolve as resolvePath } from "node:path";
import { decodeWith, newUsername, type Outcome, type Username, username } from "@papo/protocol";
import { isInUse, isKeyRefused, shownName, usableAccounts } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { chooseIdentity } from "./identity-choice.ts";

/** Menu of §6.1 and §6.2: until somebody is logged in, or leaves. */
export async function signIn(session: ClassicSession): Promise<"signed-in" | "quit"> {
  const { classic } = session.texts;
  for (;;) {
    const known = await lastKnown(session);
    session.signsIn();
    const comesBack = session.peer.trackerAddress.dialect === "papo" ? [classic.restore, classic.comeBack] : [];
    session.say("", classic.signInTitle, classic.login, classic.register, ...comesBack, classic.quit);
    if (known !== undefined) session.say(classic.continueAs(shownName(known)));
    const choice = await session.askLine(classic.choose);
    if (choice === undefined) return "quit";
    if (choice === "0") {
      session.say(classic.goodbye);
      return "quit";
    }
    if (await signedInBy(session, choice, known)) return "signed-in";
    if (session.inputEnded) return "quit";
  }
}

/** The account used last on this device whose key the tracker has not refused. */
async function lastKnown({ peer, refusedKeys }: ClassicSession): Promise<Username | undefined> {
  return (await usableAccounts(peer)).find((name) => !refusedKeys.has(name));
}

async function signedInBy(session: ClassicSession, choice: string, known: Username | undefined): Promise<boolean> {
  if (choice === "" && known !== undefined) return resume(session, known);
  if (choice === "1") return logIn(session);
  if (choice === "2") return register(session);
  if (choice === "3" && session.peer.trackerAddress.dialect === "papo") return restore(session);
  if (choice === "4" && session.peer.trackerAddress.dialect === "papo") return comeBack(session);
  session.say(session.texts.classic.invalidOption);
  return false;
}

async function resume(session: ClassicSession, known: Username): Promise<boolean> {
  const outcome = await session.patiently(session.peer.resume(known));
  if (!outcome.ok && isKeyRefused(outcome.fault.code)) {
    session.refusedKeys.add(known);
    session.failed(session.texts.classic.keyRefused(shownName(known)));
    return false;
  }
  return welcomed(session, outcome, { asked: known, text: session.texts.classic.resumed(shownName(known)) });
}

async function register(session: ClassicSession): Promise<boolean> {
  const { classic } = session.texts;
  const account = await askAccount(session);
  if (account === undefined) return false;
  const name = decodeWith(newUsername, account.name);
  if (!name.ok) {
    session.failedBy({ code: "name_not_allowed", detail: "username" });
    return false;
  }
  if (account.password === "") {
    session.failed(classic.passwordEmpty);
    return false;
  }
  const outcome = await session.patiently(session.peer.register({ username: name.value, password: account.password }));
  const isIn = await welcomed(session, outcome, { asked: name.value, text: classic.registered });
  if (isIn && !session.peer.diagnostics().addresses.hidden) session.notice(classic.addressesFirst);
  return isIn;
}

async function logIn(session: ClassicSession): Promise<boolean> {
  const { classic } = session.texts;
  const account = await askAccount(session);
  if (account === undefined) return false;
  const name = decodeWith(username, account.name);
  if (!name.ok) {
    session.failedBy({ code: "invalid_credentials", detail: "username" });
    return false;
  }
  const credentials = { username: name.value, password: account.password };
  const outcome = await session.patiently(session.peer.logIn(credentials));
  if (outcome.ok || outcome.fault.code !== "identity_required") {
    return welcomed(session, outcome, { asked: name.value, text: classic.loggedIn });
  }
  const choice = await chooseIdentity(session, name.value);
  if (choice === "back") return false;
  if (choice === "words") return recover(session, name.value);
  const anew = await session.patiently(session.peer.logIn({ ...credentials, newIdentity: true }));
  return welcomed(session, anew, { asked: name.value, text: classic.loggedIn });
}

/** An account that an encrypted backup holds. */
async function restore(session: ClassicSession): Promise<boolean> {
  const { classic } = session.texts;
  const file = await session.askLine(classic.backupFile);
  if (file === undefined || (file === "" && session.console.interactive)) return false;
  const passphrase = await session.askSecret(classic.passphrase);
  if (passphrase === undefined) return false;
  return cameBack(session, session.peer.importBackup(resolvePath(file), passphrase));
}

async function comeBack(session: ClassicSession): Promise<boolean> {
  const name = await session.askLine(session.texts.classic.username);
  if (name === undefined || (name === "" && session.console.interactive)) return false;
  return recover(session, name);
}

async function recover(session: ClassicSession, name: string): Promise<boolean> {
  const words = await session.askSecret(session.texts.classic.words);
  if (words === undefined) return false;
  return cameBack(session, session.peer.recover({ username: name, words }));
}

/** The account's keys are here again; that may not have logged it in yet. */
async function cameBack(session: ClassicSession, work: Promise<Outcome<Username>>): Promise<boolean> {
  const back = await session.patiently(work);
  if (!back.ok) {
    session.failedBy(back.fault);
    return false;
  }
  const name = back.value;
  const text = session.texts.classic.restored(shownName(name));
  if (session.peer.self !== undefined) return welcomed(session, back, { asked: name, text });
  session.refusedKeys.delete(name);
  return welcomed(session, await session.patiently(session.peer.resume(name)), { asked: name, text });
}

async function askAccount(session: ClassicSession): Promise<{ name: string; password: string } | undefined> {
  const { classic } = session.texts;
  const name = await session.askLine(classic.username);
  // A script's next line is the password, whatever the name was: it must not answer a menu, which would show it.
  if (name === undefined || (name === "" && session.console.interactive)) return undefined;
  const password = await session.askSecret(classic.password);
  return password === undefined ? undefined : { name, password };
}

/** `asked` is whose account it is: an account that another Papo has open here is told as that, not as a busy tracker. */
async function welcomed(
  session: ClassicSession,
  outcome: Outcome<Username>,
  { asked, text }: { readonly asked: Username; readonly text: string },
): Promise<boolean> {
  if (!outcome.ok) {
    if (outcome.fault.code === "busy" && (await isInUse(session.peer, asked))) {
      session.failed(session.texts.classic.accountInUse(shownName(asked)));
    } else {
      session.failedBy(outcome.fault);
    }
    return false;
  }
  session.isSignedIn(text);
  const state = session.peer.trackerState();
  if (state.kind === "online" && !state.encrypted) session.notice(session.texts.classic.trackerPlain);
  return true;
}
