import { systemClock } from "@papo/link";
import {
  HISTORY_PAGE_MAX,
  safeText,
  TAIL_LAST_WORDS_MS,
  TAIL_LINES_DEFAULT,
  TAIL_UNREAD_CHARS_MAX,
  type Username,
} from "@papo/protocol";
import { clockTime, dayOf, shownName } from "@papo/view-model";
import * as v from "valibot";
import type { ToldEvent } from "../api/api-client.ts";
import { ApiServer } from "../api/api-server.ts";
import { jsonText } from "../api/json-text.ts";
import { conversationKey, readMessage, readPage, toldConversation, type ToldMessage } from "../api/told-message.ts";
import { type Api, asked, runningPapo, withApi } from "../api/with-api.ts";
import { EXIT } from "../exit-codes.ts";
import { LineOutput, type OutputEnd } from "../line-output.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { numberOption } from "../settings/number-option.ts";
import { untilToldToStop } from "../signals.ts";
import type { CommandProgram, Invocation } from "./command.ts";

/** `papo tail [ROOM|@NAME…]` */
export const tail: CommandProgram = async (invocation) => {
  const { values, texts } = invocation;
  const lines = numberOption(values, "lines", { from: 0, to: HISTORY_PAGE_MAX, texts }) ?? TAIL_LINES_DEFAULT;
  const output = new LineOutput(invocation.stdio.output, TAIL_UNREAD_CHARS_MAX);
  const code = await withApi(invocation, async (api) => {
    const server = api.own === undefined ? undefined : new ApiServer(api.own, chatSettings(invocation).profile);
    try {
      return await new Tail(api, invocation, output).run(lines);
    } finally {
      await server?.close();
    }
  });
  // Told to stop, it does not wait for a reader who does not read.
  if (code === EXIT.ok) output.giveUpAfter(TAIL_LAST_WORDS_MS, systemClock);
  return code;
};

type TailEnd = OutputEnd | { readonly kind: "stopped" } | { readonly kind: "closed" };

class Tail {
  readonly #api: Api;
  readonly #invocation: Invocation;
  readonly #output: LineOutput;
  /** Where each conversation's messages are said, as a person writes it, once it has been heard of. */
  readonly #written = new Map<string, string>();
  /** Of the beginning: what came meanwhile may be among it. */
  #shown: Set<string> | undefined = new Set();
  #named: ReadonlySet<string> | undefined;
  #early: ToldEvent[] | undefined = [];

  constructor(api: Api, invocation: Invocation, output: LineOutput) {
    this.#api = api;
    this.#invocation = invocation;
    this.#output = output;
  }

  async run(lines: number): Promise<number> {
    const { client } = this.#api;
    await client.subscribe((event) =>
      this.#early === undefined ? this.#happens(event) : void this.#early.push(event),
    );
    await this.#begin(lines);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.#happens(event);
    this.#shown = undefined;
    return this.#endedBy(await this.#untilItEnds());
  }

  async #untilItEnds(): Promise<TailEnd> {
    const listening = new AbortController();
    const stopped = untilToldToStop(listening.signal).then(() => ({ kind: "stopped" }) as const);
    const closed = this.#api.client.closed.then(() => ({ kind: "closed" }) as const);
    try {
      return await Promise.race([stopped, this.#output.end, closed]);
    } finally {
      listening.abort();
    }
  }

  /** What is printed already can still be read, however slowly. */
  async #endedBy(end: TailEnd): Promise<number> {
    if (end.kind === "stopped" || end.kind === "gone") return EXIT.ok;
    const { stdio, texts, values } = this.#invocation;
    if (end.kind === "slow") stdio.errorLine(texts.script.readerTooSlow);
    else if (end.kind === "failed") stdio.errorLine(texts.script.notPrinted(systemCode(end.error)));
    else {
      // It ends, or it cuts off who does not read: a program that was stopped for a while.
      const running = await runningPapo(chatSettings(this.#invocation).profile, values.account);
      running?.client.close();
      stdio.errorLine(running === undefined ? texts.script.ended : texts.script.cutOff);
    }
    return EXIT.failed;
  }

  /** The last messages of those that were named, or of all, in the order of their times. */
  async #begin(lines: number): Promise<void> {
    const { words } = this.#invocation;
    const followed = words.length > 0 ? await this.#namedBy(words) : await this.#all();
    for (const { conversation, written } of followed) this.#written.set(conversationKey(conversation), written);
    if (words.length > 0) this.#named = new Set(this.#written.keys());
    if (lines === 0) return;
    const pages: ToldMessage[] = [];
    for (const { conversation } of followed.slice(0, CONVERSATIONS_BEGUN_MAX))
      pages.push(...readPage(await this.#ask(["history", { of: conversation, limit: lines }])));
    const newest = pages.toSorted((one, other) => one.atMs - other.atMs).slice(-lines);
    for (const message of newest)
      this.#happens({ kind: "message", message, in: this.#written.get(conversationKey(message.conversation)) });
  }

  async #namedBy(words: readonly string[]): Promise<readonly Followed[]> {
    const all: Followed[] = [];
    for (const of of words) all.push(v.parse(meant, await this.#ask(["conversation", { of }])));
    return all;
  }

  /** The newest activity first. */
  async #all(): Promise<readonly Followed[]> {
    const listed = v.parse(v.array(known), await this.#ask(["conversations", {}]));
    return listed.map(({ conversation, title }) => ({
      conversation,
      written: conversation.kind === "room" ? `#${title}` : `@${conversation.username}`,
    }));
  }

  #ask(request: readonly [method: string, params: object]): Promise<unknown> {
    return asked(this.#api, this.#invocation, request);
  }

  #happens(event: ToldEvent): void {
    const message = readMessage(event["message"]);
    if (this.#named !== undefined && !(message !== undefined && this.#named.has(conversationKey(message.conversation))))
      return;
    if (event.kind === "message" && message !== undefined) {
      if (this.#shown?.has(message.id) === true) return;
      this.#shown?.add(message.id);
    }
    if (this.#invocation.values.json === true) return this.#output.line(jsonText(event));
    if (event.kind !== "message" || message === undefined || message.content === "") return;
    const written =
      typeof event["in"] === "string" ? event["in"] : this.#written.get(conversationKey(message.conversation));
    for (const line of textLines(message, written ?? "#?")) this.#output.line(line);
  }
}

function systemCode(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** Of many conversations the newest have what was said last. */
const CONVERSATIONS_BEGUN_MAX = 20;

const meant = v.object({ conversation: toldConversation, written: v.string() });
type Followed = v.InferOutput<typeof meant>;
const known = v.object({ conversation: toldConversation, title: v.string() });

/** `2026-11-23 18:47:41 #TESTE <gabi> oi`; further lines of a text behind a rule, so that none can pass for a message. */
function textLines({ author, content, atMs }: ToldMessage, written: string): readonly string[] {
  const [first = "", ...rest] = content.split(/\r\n|\n/u);
  // It is only looked at.
  const name = shownName(author as Username);
  const head = `${dayOf(atMs)} ${clockTime(atMs)} ${safeText(written)} <${name}>`;
  return [`${head} ${safeText(first)}`, ...rest.map((line) => `    │ ${safeText(line)}`)];
}
