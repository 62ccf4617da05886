import type { KnownAccount, PeerApi } from "@papo/peer";
import type { Outcome, Username } from "@papo/protocol";
import { quoteSafe, NAME_BYTES_MAX } from "@papo/protocol";
import { catalogueOf, faultSentence, shownName } from "@papo/view-model";
import { withEngine } from "../engine.ts";
import { EXIT } from "../exit-codes.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { CommandError, type Invocation } from "./command.ts";

/** Logs in with the key of the account that is meant, lets `use` work with it, and leaves. */
export function withAccount<T>(invocation: Invocation, use: (peer: PeerApi, name: Username) => Promise<T>): Promise<T> {
  // Over in a moment: nobody is to find us, and no router is to open anything for that.
  const settings = { ...chatSettings(invocation), lan: "off", portMapping: false } as const;
  return withEngine(settings, invocation, async ({ peer }) => {
    const { username } = accountMeant(await peer.knownAccounts(), invocation);
    valueOf(await peer.resume(username), invocation);
    return use(peer, username);
  });
}

/** The one that was named, else the one used last. */
export function accountMeant(known: readonly KnownAccount[], { values, texts }: Invocation): KnownAccount {
  const named = values.account;
  const account = named === undefined ? known[0] : known.find(({ username }) => username === named);
  if (account === undefined) {
    const { none, unknown } = texts.account;
    throw new CommandError(named === undefined ? none : unknown(quoteSafe(named, NAME_BYTES_MAX)), EXIT.failed);
  }
  if (account.inUse) throw new CommandError(texts.account.inUse(shownName(account.username)), EXIT.inTheWay);
  return account;
}

/** What came of a request; where nothing did, the command ends with the reason. */
export function valueOf<T>(outcome: Outcome<T>, { language }: Invocation): T {
  if (outcome.ok) return outcome.value;
  throw new CommandError(faultSentence(catalogueOf(language), outcome.fault), EXIT.failed);
}
