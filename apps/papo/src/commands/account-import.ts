import { resolve } from "node:path";
import { shownName } from "@papo/view-model";
import { withEngine } from "../engine.ts";
import { EXIT } from "../exit-codes.ts";
import { knownPassphrase } from "../passphrase.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import type { CommandProgram } from "./command.ts";
import { valueOf } from "./with-account.ts";

/** `papo import FILE`: the account of a backup becomes one of this profile's. */
export const accountImport: CommandProgram = (invocation) =>
  withEngine(chatSettings(invocation), invocation, async ({ peer }) => {
    const passphrase = await knownPassphrase(invocation);
    const name = valueOf(await peer.importBackup(resolve(invocation.words[0] ?? "."), passphrase), invocation);
    invocation.stdio.sentence(invocation.texts.account.imported(shownName(name)));
    return EXIT.ok;
  });
