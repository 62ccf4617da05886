import { shownName } from "@papo/view-model";
import { EXIT } from "../exit-codes.ts";
import type { CommandProgram } from "./command.ts";
import { valueOf, withAccount } from "./with-account.ts";

/** `papo unlatch`: programs that know no keys may log in as the account again. */
export const unlatch: CommandProgram = (invocation) =>
  withAccount(invocation, async (peer) => {
    const name = valueOf(await peer.unlatch(), invocation);
    invocation.stdio.sentence(invocation.texts.account.unlatched(shownName(name)));
    return EXIT.ok;
  });
