import { checkUsername, decodeWith, type FaultCode, newUsername } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { FormModel, type Refusal, type Values } from "../panels/form-model.ts";
import { sayRefusal, type SignedIn, signedIn, type SignInParts } from "./signing-in.ts";

/** A new account. The password is asked twice, because nobody sees it. */
export function openRegisterForm(parts: SignInParts, done: (signedIn: SignedIn) => void): void {
  const { panels: said } = parts.texts;
  const form = new FormModel({
    host: parts.panels,
    title: said.createTitle,
    fields: [
      { name: "username", label: said.username, help: (typed) => nameHelp(typed, parts.texts) },
      { name: "password", label: said.password, isSecret: true, help: () => said.passwordHelp },
      { name: "again", label: said.passwordAgain, isSecret: true, help: () => said.passwordAgainHelp },
    ],
    submitLabel: said.createDo,
    waiting: said.waitingForTracker,
    submit: (values) => register(parts, values, done),
  });
  parts.panels.open(form);
}

/** The rules of names, told while one is typed. */
function nameHelp(typed: string, { panels: said }: Catalogue): string {
  if (typed === "") return said.nameHelp;
  const problem = checkUsername(typed);
  return problem === undefined ? said.nameGood : said.nameProblems[problem];
}

async function register(
  parts: SignInParts,
  { username = "", password = "", again = "" }: Values,
  done: (signedIn: SignedIn) => void,
): Promise<Refusal | undefined> {
  const { peer, texts } = parts;
  const name = decodeWith(newUsername, username);
  if (!name.ok) return { says: texts.panels.nameProblems[checkUsername(username) ?? "empty"], field: "username" };
  if (password === "") return { says: texts.classic.passwordEmpty, field: "password" };
  if (password !== again) return { says: texts.panels.passwordsDiffer, field: "password" };
  const made = await peer.register({ username: name.value, password });
  if (!made.ok)
    return {
      says: await sayRefusal(parts, made, name.value),
      ...(IN_THE_NAME.has(made.fault.code) ? { field: "username" } : {}),
    };
  const welcome = signedIn(parts, made.value, texts.panels.accountReady(shownName(made.value)));
  const isTold = !peer.diagnostics().addresses.hidden;
  done({
    ...welcome,
    isNew: true,
    lines: [...welcome.lines, ...(isTold ? [textLine(texts.classic.addressesFirst)] : [])],
  });
  return undefined;
}

const IN_THE_NAME: ReadonlySet<FaultCode> = new Set(["name_taken", "name_not_allowed"]);
