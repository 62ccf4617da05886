import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { safeText } from "@papo/protocol";
import { shownName } from "@papo/view-model";
import { EXIT } from "../exit-codes.ts";
import { newPassphrase } from "../passphrase.ts";
import { CommandError, type CommandProgram } from "./command.ts";
import { valueOf, withAccount } from "./with-account.ts";

/** `papo export FILE`: an account in one encrypted file. */
export const accountExport: CommandProgram = (invocation) => {
  const { texts, stdio } = invocation;
  const file = resolve(invocation.words[0] ?? ".");
  // Before anything is asked: nobody should type a passphrase for nothing.
  if (existsSync(file)) throw new CommandError(texts.account.fileExists(safeText(file)), EXIT.failed);
  return withAccount(invocation, async (peer, name) => {
    const passphrase = await newPassphrase(invocation);
    const written = valueOf(await peer.exportBackup(file, passphrase), invocation);
    stdio.sentence(texts.account.exported(shownName(name), safeText(written)));
    return EXIT.ok;
  });
};
