import type { Username } from "@papo/protocol";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { Choice, ChoicePanel } from "../panels/panel.ts";
import { openText } from "../panels/text-panel.ts";
import { everyAccount, isKeyRefused, usableAccounts } from "./accounts-here.ts";
import { openBackupForm } from "./backup-form.ts";
import { openLogInForm } from "./log-in-form.ts";
import { openRegisterForm } from "./register-form.ts";
import { sayRefusal, type SignedIn, signedIn, type SignInParts, trackerPlace } from "./signing-in.ts";
import { openWordsForm } from "./words-form.ts";

/** Panels until somebody is logged in. Where there is only one account to go on with, none of them asks anything. */
export async function signIn(parts: SignInParts): Promise<SignedIn> {
  if (!parts.opensLast) return new SignInMenu(parts, await everyAccount(parts.peer)).ask(null);
  const accounts = await usableAccounts(parts.peer);
  const [only] = accounts;
  if (only === undefined || accounts.length > 1) return new SignInMenu(parts, accounts).ask(null);
  const opened = await resumed(parts, only);
  return "username" in opened ? opened : new SignInMenu(parts, await usableAccounts(parts.peer)).ask(opened);
}

/** `key`: the account whose key is of no use here any more. */
type Refused = { readonly says: string; readonly key: Username | undefined };

/** The account by this device's key. */
async function resumed(parts: SignInParts, name: Username): Promise<SignedIn | Refused> {
  const { classic, panels: said } = parts.texts;
  const waiting = openText(parts.panels, {
    title: said.signInTitle,
    lines: [textLine(said.opening(shownName(name)))],
    isStaying: true,
  });
  const outcome = await parts.peer.resume(name);
  waiting.close();
  if (outcome.ok) return signedIn(parts, outcome.value, classic.resumed(shownName(name)));
  const isKey = isKeyRefused(outcome.fault.code);
  const says = isKey ? classic.keyRefused(shownName(name)) : await sayRefusal(parts, outcome, name);
  return { says, key: isKey ? name : undefined };
}

/** The first screen of somebody who is not logged in. Stays below the forms that it opens. */
class SignInMenu {
  readonly #parts: SignInParts;
  #accounts: readonly Username[];
  #panel: ChoicePanel | undefined;
  #finish: (signedIn: SignedIn) => void = () => undefined;

  constructor(parts: SignInParts, accounts: readonly Username[]) {
    this.#parts = parts;
    this.#accounts = accounts;
  }

  ask(refused: Refused | null): Promise<SignedIn> {
    return new Promise((resolve) => {
      this.#finish = (done) => {
        this.#close();
        resolve(done);
      };
      this.#show(refused);
    });
  }

  #close(): void {
    if (this.#panel !== undefined) this.#parts.panels.close(this.#panel);
    this.#panel = undefined;
  }

  #show(refused: Refused | null): void {
    this.#close();
    this.#accounts = this.#accounts.filter((name) => name !== refused?.key);
    const { panels: said } = this.#parts.texts;
    const problem: readonly ShownLine[] =
      refused === null ? [] : [textLine(""), { spans: [{ text: refused.says, tone: "bad" }] }];
    this.#panel = {
      kind: "choice",
      title: said.signInTitle,
      lines: [textLine(said.welcome), textLine(said.atTracker(trackerPlace(this.#parts.peer))), ...problem],
      choices: this.#choices(),
      selected: 0,
      dismiss: undefined,
    };
    this.#parts.panels.open(this.#panel);
  }

  #choices(): readonly Choice[] {
    const { peer, texts } = this.#parts;
    const { panels: said } = texts;
    const isKept = peer.trackerAddress.dialect === "papo";
    return [
      ...this.#continuing(),
      { ...said.create, run: () => openRegisterForm(this.#parts, this.#finish) },
      { ...said.logIn, run: () => openLogInForm(this.#parts, this.#finish) },
      ...(isKept
        ? [
            { ...said.words, run: () => openWordsForm(this.#parts, "", this.#finish) },
            { ...said.backup, run: () => openBackupForm(this.#parts, this.#finish) },
          ]
        : []),
      { ...said.quit, run: () => this.#parts.quit() },
    ];
  }

  /** Of several accounts each has its digit. */
  #continuing(): readonly Choice[] {
    const { panels: said } = this.#parts.texts;
    return this.#accounts.slice(0, ACCOUNTS_OFFERED_MAX).map((name, at, { length }) => ({
      key: length === 1 ? said.continueKey : String(at + 1),
      label: said.continueAs(shownName(name)),
      run: () => this.#continueAs(name),
    }));
  }

  async #continueAs(name: Username): Promise<void> {
    const opened = await resumed(this.#parts, name);
    if ("username" in opened) this.#finish(opened);
    else this.#show(opened);
  }
}

/** As many as there are digits. */
const ACCOUNTS_OFFERED_MAX = 9;
