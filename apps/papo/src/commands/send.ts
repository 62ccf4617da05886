import { systemClock } from "@papo/link";
import { decodeUtf8, MESSAGE_CONTENT_BYTES_MAX, SEND_WAIT_MS } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";
import type { ApiClient } from "../api/api-client.ts";
import { jsonText } from "../api/json-text.ts";
import { hasArrived, readMessage, type ToldMessage } from "../api/told-message.ts";
import { asked, withApi } from "../api/with-api.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandError, type CommandProgram, type Invocation } from "./command.ts";

/** `papo send ROOM|@NAME [TEXT|-]` */
export const send: CommandProgram = async (invocation) => {
  const [to = "", ...words] = invocation.words;
  const text = await textToSend(words, invocation);
  return withApi(invocation, async (api) => {
    const news = new Deliveries();
    if (api.own !== undefined) await news.listen(api.client);
    const sent = readMessage(await asked(api, invocation, ["send", { to, text }]));
    if (sent === undefined) return EXIT.failed;
    const isRunning = api.own === undefined;
    const message = isRunning ? sent : await news.settled(sent);
    if (invocation.values.json === true) invocation.stdio.line(jsonText(message));
    return told(message, isRunning, invocation);
  });
};

async function textToSend(words: readonly string[], { stdio, texts }: Invocation): Promise<string> {
  const isPiped = words.length === 0 || (words.length === 1 && words[0] === "-");
  const text = isPiped ? textOf(await readAll(stdio.input), texts).replace(/\r?\n$/u, "") : words.join(" ");
  if (text.trim() === "") throw new CommandError(texts.script.nothingToSend, EXIT.usage);
  if (Buffer.byteLength(text) <= MESSAGE_CONTENT_BYTES_MAX) return text;
  throw new CommandError(texts.script.tooLong(MESSAGE_CONTENT_BYTES_MAX), EXIT.usage);
}

/** No more than shows that it is too much, of a pipe that may never end. */
async function readAll(input: NodeJS.ReadStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of input as AsyncIterable<Buffer | string>) {
    const chunk = Buffer.from(piece);
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes > MESSAGE_CONTENT_BYTES_MAX + LINE_END_BYTES_MAX) break;
  }
  return Buffer.concat(pieces);
}

/** Whoever pipes bytes of another encoding meant other characters than would arrive. */
function textOf(bytes: Buffer, { script }: PapoTexts): string {
  // What is too much may be cut in the middle of a character.
  if (bytes.length > MESSAGE_CONTENT_BYTES_MAX + LINE_END_BYTES_MAX) return bytes.toString("latin1");
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new CommandError(script.notUtf8, EXIT.usage);
  return text;
}

/** CR and LF. */
const LINE_END_BYTES_MAX = 2;

function told(message: ToldMessage, isRunning: boolean, { stdio, texts: { script } }: Invocation): number {
  if (hasArrived(message)) return EXIT.ok;
  // The Papo that runs goes on with it; what came of it is on its screen.
  if (isRunning && message.delivery?.kind === "sent") return EXIT.ok;
  if (isRunning) stdio.errorLine(script.keptForRunning);
  else stdio.errorLine(message.kept === undefined ? script.lost : script.kept);
  return isRunning || message.kept !== undefined ? EXIT.ok : EXIT.failed;
}

/** What becomes of a message that an engine of ours has sent. */
class Deliveries {
  readonly #newest = new Map<string, ToldMessage>();
  #changed = (): void => {};

  async listen(client: ApiClient): Promise<void> {
    await client.subscribe((event) => {
      const message = readMessage(event["message"]);
      if (message === undefined) return;
      this.#newest.set(message.id, message);
      this.#changed();
    });
  }

  /** As it is once somebody has it, or when nobody had it for long enough. */
  settled(sent: ToldMessage): Promise<ToldMessage> {
    const now = () => this.#newest.get(sent.id) ?? sent;
    if (hasArrived(now())) return Promise.resolve(now());
    return new Promise((resolve) => {
      const timer = systemClock.after(SEND_WAIT_MS, () => resolve(now()));
      this.#changed = () => {
        if (!hasArrived(now())) return;
        timer.cancel();
        resolve(now());
      };
    });
  }
}
