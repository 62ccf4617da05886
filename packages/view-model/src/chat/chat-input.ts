import type { Message } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { readLine, type TypedLine } from "../commands/read-line.ts";
import { runCommand } from "../commands/run-command.ts";
import { sendText } from "../commands/send-text.ts";
import { completeLine } from "../composer/complete-line.ts";
import type { Completion } from "../composer/completion.ts";
import { completionContext } from "../composer/completion-context.ts";
import { excerptOf } from "../excerpt.ts";
import { shownContent } from "../feed/messages.ts";
import { nameSpan, type Span, textLine } from "../feed/shown-line.ts";
import type { ChatPorts } from "./chat-ports.ts";
import { InputHistory } from "./input-history.ts";
import { firstLine } from "./message-item.ts";
import type { People } from "./people.ts";
import type { Tab } from "./tab.ts";
import type { TabScreen } from "./tab-screen.ts";

export type ChatInputParts = {
  readonly ports: ChatPorts;
  readonly texts: Catalogue;
  readonly people: People;
  active(): Tab;
  screenOf(tab: Tab): TabScreen;
  changed(): void;
};

/** What is typed, and what becomes of it. */
export class ChatInput {
  readonly #parts: ChatInputParts;
  readonly #history = new InputHistory();

  constructor(parts: ChatInputParts) {
    this.#parts = parts;
  }

  history(of: "tab" | "all"): readonly string[] {
    return of === "all" ? this.#history.lines() : this.#parts.active().history.lines();
  }

  /** Resolves when the line has been taken: what was refused stands in the draft again. */
  async submit(line: string): Promise<void> {
    const tab = this.#parts.active();
    const typed = readLine(line);
    if (typed.kind === "nothing") return;
    tab.draft = "";
    tab.history.remember(line);
    this.#history.remember(line);
    return this.#take(typed, line, tab);
  }

  /** A line that nobody typed: what is being typed is none of its business. */
  async run(line: string): Promise<void> {
    const typed = readLine(line);
    if (typed.kind !== "nothing") return this.#take(typed, line, this.#parts.active());
  }

  #take(typed: Exclude<TypedLine, { kind: "nothing" }>, line: string, tab: Tab): Promise<void> | void {
    const screen = this.#parts.screenOf(tab);
    switch (typed.kind) {
      case "chat":
        return this.#say(typed.text, line, screen);
      case "command":
        // It may take its time, and a mistake in it is to be loud.
        void this.#run(typed, screen);
        return;
      case "unknown":
        return this.#sayUnknown(typed, screen);
    }
  }

  async #say(text: string, line: string, screen: TabScreen): Promise<void> {
    const { tab } = screen;
    if (tab.of === null) {
      screen.failed(this.#parts.texts.chat.nothingHere);
      return this.#giveBack(line, screen);
    }
    const { answers } = tab;
    tab.answers = undefined;
    const isSent = await sendText(screen, tab.of, answers === undefined ? { text } : { text, replyTo: answers.id });
    if (isSent) {
      // Whoever says something wants to see it.
      tab.timeline.toNewest();
      return this.#parts.changed();
    }
    tab.answers ??= answers;
    this.#giveBack(line, screen);
  }

  /** Into the line that is being typed, if nothing else is by now. */
  #giveBack(line: string, { tab }: TabScreen): void {
    if (tab.draft === "") tab.draft = line;
    this.#parts.changed();
  }

  async #run({ command, argument }: Extract<TypedLine, { kind: "command" }>, screen: TabScreen): Promise<void> {
    const { classic, commands } = this.#parts.texts;
    const refusal = await runCommand(command, argument, screen);
    const { usage } = commands[command.id];
    if (refusal === "wrong-usage") screen.failed(classic.commandUsage(usage));
    else if (refusal !== undefined) screen.failed(classic.notHere(usage));
  }

  /** Nothing that begins with a slash by mistake is ever sent. */
  #sayUnknown({ typed, nearest }: Extract<TypedLine, { kind: "unknown" }>, screen: TabScreen): void {
    const { classic } = this.#parts.texts;
    const advice = nearest === undefined ? classic.seeHelp : classic.nearestCommand(nearest);
    screen.failed(`${classic.unknownCommand(excerptOf(typed))} ${advice}`);
    screen.show([textLine(classic.literalHint)]);
  }

  complete(line: string, at: number): Promise<Completion | undefined> {
    const { ports } = this.#parts;
    const context = completionContext(this.#parts.screenOf(this.#parts.active()), (typed) => ports.completePath(typed));
    return completeLine(line, at, context);
  }

  replyingTo(): readonly Span[] | null {
    const { answers } = this.#parts.active();
    return answers === undefined ? null : this.#replySpans(answers);
  }

  #replySpans(message: Message): readonly Span[] {
    const { people, texts } = this.#parts;
    const name = people.nameOf(message.conversation, message.author);
    return [
      nameSpan(message.author, name),
      { text: `: ${excerptOf(firstLine(shownContent(message, texts)))}`, tone: "muted" },
    ];
  }
}
