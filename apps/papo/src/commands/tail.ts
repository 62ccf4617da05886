import { HISTORY_PAGE_MAX, safeText, TAIL_LINES_DEFAULT, type Username } from "@papo/protocol";
import { clockTime, dayOf, shownName } from "@papo/view-model";
import * as v from "valibot";
import type { ToldEvent } from "../api/api-client.ts";
import { ApiServer } from "../api/api-server.ts";
import { jsonText } from "../api/json-text.ts";
import { conversationKey, readMessage, readPage, toldConversation, type ToldMessage } from "../api/told-message.ts";
import { type Api, asked, withApi } from "../api/with-api.ts";
import { EXIT } from "../exit-codes.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { numberOption } from "../settings/number-option.ts";
import { untilToldToStop } from "../signals.ts";
import type { CommandProgram, Invocation } from "./command.ts";

/** `papo tail [ROOM|@NAME…]` */
export const tail: CommandProgram = async (invocation) => {
  const { values, texts } = invocation;
  const lines = numberOption(values, "lines", { from: 0, to: HISTORY_PAGE_MAX, texts }) ?? TAIL_LINES_DEFAULT;
  return withApi(invocation, async (api) => {
    const server = api.own === undefined ? undefined : new ApiServer(api.own, chatSettings(invocation).profile);
    try {
      return await new Tail(api, invocation).run(lines);
    } finally {
      await server?.close();
    }
  });
};

class Tail {
  readonly #api: Api;
  readonly #invocation: Invocation;
  /** Where each conversation's messages are said, as a person writes it, once it has been heard of. */
  readonly #written = new Map<string, string>();
  /** Of the beginning: what came meanwhile may be among it. */
  #shown: Set<string> | undefined = new Set();
  #named: ReadonlySet<string> | undefined;
  #early: ToldEvent[] | undefined = [];

  constructor(api: Api, invocation: Invocation) {
    this.#api = api;
    this.#invocation = invocation;
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
    const { stdio, texts } = this.#invocation;
    const gone = new Promise<"unread">((resolve) => stdio.output.once("close", () => resolve("unread")));
    const why = await Promise.race([untilToldToStop(), client.closed.then(() => "ended" as const), gone]);
    if (why !== "ended") return EXIT.ok;
    stdio.errorLine(texts.script.ended);
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
    const { stdio, values } = this.#invocation;
    if (values.json === true) return stdio.line(jsonText(event));
    if (event.kind !== "message" || message === undefined || message.content === "") return;
    const written =
      typeof event["in"] === "string" ? event["in"] : this.#written.get(conversationKey(message.conversation));
    for (const line of textLines(message, written ?? "#?")) stdio.line(line);
  }
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
