import type { Chat } from "@papo/view-model";
import { Composer } from "../input/composer.ts";

/** The line being typed, and the draft that the model has of it: one text at both places, whoever changes it. */
export class DraftLine {
  readonly composer: Composer;
  readonly #chat: Chat;
  /** As both had it last. */
  #known = { tab: "", text: "" };

  constructor(chat: Chat, { sent, changed }: { readonly sent: () => void; readonly changed: () => void }) {
    this.#chat = chat;
    this.composer = new Composer({
      history: () => ({ tab: chat.inputHistory("tab"), all: chat.inputHistory("all") }),
      complete: (line, at) => chat.complete(line, at),
      submit: (line) => {
        // Whoever says something wants to see it, and what a command answers.
        sent();
        void chat.submit(line);
      },
      changed,
    });
  }

  /** Another tab has its own draft; a command may have put something into the line, and what was refused comes back. */
  follow(): void {
    const tab: string = this.#chat.active().key;
    const text = this.#chat.draft();
    if (tab === this.#known.tab && text === this.#known.text) return;
    this.composer.open(text);
    this.#known = { tab, text };
  }

  /** After a key: what the model has changed meanwhile wins. */
  tell(): void {
    const { tab, text: before } = this.#known;
    const { text } = this.composer;
    if (this.#chat.active().key !== tab || this.#chat.draft() !== before) return this.follow();
    if (text === before) return;
    this.#known = { tab, text };
    this.#chat.setDraft(text);
  }

  /** `name: ` at the start of the line, or the name in the middle of what is being said. */
  address(name: string): void {
    if (this.composer.text === "") this.composer.open(`${name}: `);
    else this.composer.take({ kind: "text", text: `${name} ` }, undefined);
  }
}
