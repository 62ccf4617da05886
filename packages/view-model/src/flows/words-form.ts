import type { Catalogue } from "../catalogue/catalogue.ts";
import { FormModel, type Refusal, type Values } from "../panels/form-model.ts";
import { cameBack } from "./came-back.ts";
import type { SignedIn, SignInParts } from "./signing-in.ts";

/** Back into an account by what was written down of it. */
export function openWordsForm(parts: SignInParts, name: string, done: (signedIn: SignedIn) => void): void {
  const { panels: said } = parts.texts;
  const form = new FormModel({
    host: parts.panels,
    title: said.wordsTitle,
    fields: [
      { name: "username", label: said.username, value: name, help: () => said.logInName },
      { name: "words", label: said.wordsField, isSecret: true, help: (typed) => wordsHelp(typed, parts.texts) },
    ],
    submitLabel: said.wordsDo,
    waiting: said.waitingForTracker,
    submit: (values) => recover(parts, values, done),
  });
  if (name !== "") form.setCurrent(1);
  parts.panels.open(form);
}

/** How many there are is no secret: there are always 24. */
function wordsHelp(typed: string, { panels: said }: Catalogue): string {
  return said.wordsHelp(typed.split(/\s+/u).filter((word) => word !== "").length);
}

async function recover(
  parts: SignInParts,
  { username = "", words = "" }: Values,
  done: (signedIn: SignedIn) => void,
): Promise<Refusal | undefined> {
  if (username === "") return { says: parts.texts.panels.nameProblems.empty, field: "username" };
  return cameBack(parts, await parts.peer.recover({ username, words: words.trim() }), { field: "words", done });
}
