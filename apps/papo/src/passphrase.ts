import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { safeText } from "@papo/protocol";
import { askSecrets } from "@papo/terminal";
import { CommandError, type Invocation } from "./commands/command.ts";
import { EXIT } from "./exit-codes.ts";

/** What stands for standard input where a file is named. */
const STANDARD_INPUT = "-";

/** A passphrase to be set: asked twice, because nobody sees what is typed. */
export async function newPassphrase(invocation: Invocation): Promise<string> {
  const { account } = invocation.texts;
  const given = await fromFile(invocation);
  if (given !== undefined) return given;
  const [once = "", again = ""] = await ask(invocation, [account.newPassphrase, account.passphraseAgain]);
  if (once !== again) throw new CommandError(account.notTheSame, EXIT.failed);
  return notEmpty(once, invocation);
}

/** One that was set before. */
export async function knownPassphrase(invocation: Invocation): Promise<string> {
  const given = await fromFile(invocation);
  if (given !== undefined) return given;
  const [once = ""] = await ask(invocation, [invocation.texts.account.passphrase]);
  return notEmpty(once, invocation);
}

/** From `--passphrase-file`; the line end that editors leave is none of it. */
async function fromFile(invocation: Invocation): Promise<string | undefined> {
  const { values, stdio, texts } = invocation;
  const file = values["passphrase-file"];
  if (file === undefined) return undefined;
  try {
    const whole = await (file === STANDARD_INPUT ? text(stdio.input) : readFile(file, "utf8"));
    return notEmpty(whole.replace(/\r?\n$/u, ""), invocation);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError(texts.account.passphraseUnreadable(safeText(file)), EXIT.failed, { cause });
  }
}

async function ask({ stdio, language, texts }: Invocation, prompts: readonly string[]): Promise<readonly string[]> {
  if (!stdio.input.isTTY) throw new CommandError(texts.account.needsPassphraseFile, EXIT.usage);
  const streams = { input: stdio.input, output: stdio.output, env: process.env };
  try {
    return await askSecrets(streams, language, prompts);
  } finally {
    stdio.stopReading();
  }
}

function notEmpty(passphrase: string, { texts }: Invocation): string {
  if (passphrase !== "") return passphrase;
  throw new CommandError(texts.account.emptyPassphrase, EXIT.failed);
}
