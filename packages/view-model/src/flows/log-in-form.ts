import { decodeWith, type Username, username as anyUsername } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { confirm } from "../panels/confirm.ts";
import { FormModel, type Refusal, type Values } from "../panels/form-model.ts";
import type { ChoicePanel } from "../panels/panel.ts";
import { sayRefusal, type SignedIn, signedIn, type SignInParts } from "./signing-in.ts";
import { openWordsForm } from "./words-form.ts";

type Done = (signedIn: SignedIn) => void;

/** Name and password; where the account's key is elsewhere, the ways to go on without it. */
export function openLogInForm(parts: SignInParts, done: Done): void {
  const { panels: said } = parts.texts;
  const form = new FormModel({
    host: parts.panels,
    title: said.logInTitle,
    fields: [
      { name: "username", label: said.username, help: () => said.logInName },
      { name: "password", label: said.password, isSecret: true, help: () => said.passwordOld },
    ],
    submitLabel: said.logInDo,
    waiting: said.waitingForTracker,
    submit: (values) => logIn(parts, values, done),
  });
  parts.panels.open(form);
}

async function logIn(
  parts: SignInParts,
  { username = "", password = "" }: Values,
  done: Done,
): Promise<Refusal | undefined> {
  const { peer, texts } = parts;
  const name = decodeWith(anyUsername, username);
  if (!name.ok) return { says: texts.panels.nameProblems.empty, field: "username" };
  if (password === "") return { says: texts.classic.passwordEmpty, field: "password" };
  const account = { username: name.value, password };
  const isIn = await peer.logIn(account);
  if (isIn.ok) return welcome(parts, isIn.value, done);
  if (isIn.fault.code !== "identity_required") return refusal(parts, isIn, name.value);

  const choice = await chooseIdentity(parts, name.value);
  if (choice === "words") {
    openWordsForm(parts, name.value, done);
    return undefined;
  }
  if (choice !== "new") return { says: faultSentence(texts, isIn.fault), field: "password" };
  const anew = await peer.logIn({ ...account, newIdentity: true });
  return anew.ok ? welcome(parts, anew.value, done) : refusal(parts, anew, name.value);
}

function welcome(parts: SignInParts, name: Username, done: Done): undefined {
  done(signedIn(parts, name, parts.texts.classic.loggedIn));
  return undefined;
}

async function refusal(
  parts: SignInParts,
  outcome: Parameters<typeof sayRefusal>[1],
  asked: Username,
): Promise<Refusal> {
  const says = await sayRefusal(parts, outcome, asked);
  return outcome.fault.code === "tracker_unreachable" ? { says } : { says, field: "password" };
}

/** A password alone adds no device to an account. A new identity begins only after the user was told what it means. */
function chooseIdentity({ panels: host, texts }: SignInParts, name: Username): Promise<"words" | "new" | "back"> {
  const { classic, panels: said } = texts;
  return new Promise((resolve) => {
    const answer = (choice: "words" | "new" | "back") => (): void => {
      host.close(panel);
      resolve(choice);
    };
    const startNew = async (): Promise<void> => {
      const lines = [classic.identityNewWhy];
      const title = said.identityNewTitle;
      if (await confirm(host, { texts, title, lines, yes: said.identityNewYes, loses: true })) answer("new")();
    };
    const panel: ChoicePanel = {
      kind: "choice",
      title: said.identityTitle(shownName(name)),
      lines: [classic.identityWhy, classic.identityLinkedLater].map(textLine),
      choices: [
        { ...said.identityUseWords, run: answer("words") },
        { ...said.identityNew, tone: "bad", run: startNew },
        { ...said.back, run: answer("back") },
      ],
      selected: 0,
      dismiss: answer("back"),
    };
    host.open(panel);
  });
}
