import type { PeerApi } from "@papo/peer/api";
import type { Outcome, Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { faultSentence } from "../fault-sentence.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { PanelHost } from "../panels/panel.ts";
import { isInUse } from "./accounts-here.ts";

export type SignInParts = {
  readonly peer: PeerApi;
  readonly texts: Catalogue;
  readonly panels: PanelHost;
  /** What the path may mean that is being typed: names in its folder. */
  completePath(typed: string): Promise<readonly string[]>;
  quit(): void;
  /** Whether the account used last is opened without asking, as at the start; not after logging out. */
  readonly opensLast: boolean;
};

/** `isNew`: it was made just now. `lines`: what there is to say of how it went. */
export type SignedIn = { readonly username: Username; readonly isNew: boolean; readonly lines: readonly ShownLine[] };

/** Why it did not go, and what helps: an account that another Papo has open is told as that, not as a busy tracker. */
export async function sayRefusal(
  { peer, texts }: Pick<SignInParts, "peer" | "texts">,
  outcome: Outcome<unknown> & { readonly ok: false },
  asked: Username | undefined,
): Promise<string> {
  const { code } = outcome.fault;
  if (code === "busy" && asked !== undefined && (await isInUse(peer, asked)))
    return texts.classic.accountInUse(shownName(asked));
  if (code === "tracker_unreachable") return texts.panels.trackerAway(trackerPlace(peer));
  return faultSentence(texts, outcome.fault);
}

/** `host:port`; an address of our own, from the command line or the configuration. */
export function trackerPlace({ trackerAddress: { host, port } }: PeerApi): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

export function signedIn(
  { peer, texts }: Pick<SignInParts, "peer" | "texts">,
  username: Username,
  says: string,
): SignedIn {
  const state = peer.trackerState();
  const isPlain = state.kind === "online" && !state.encrypted;
  return { username, isNew: false, lines: [says, ...(isPlain ? [texts.classic.trackerPlain] : [])].map(textLine) };
}
