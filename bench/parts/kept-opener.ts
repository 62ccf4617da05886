import type { Outcome } from "@papo/protocol";
import { settingsOfPart, tell } from "../measure/part.ts";
import { type PeerPlace, openPeerAt, valueOf } from "./peer-opening.ts";
import { FREQUENT, RARE, UNUSUAL } from "./search-texts.ts";

// Opens a profile, reads the newest page of its newest room, searches, and tells how long each of it took: milliseconds.

const { profile, port, key } = settingsOfPart<PeerPlace>();

const started = performance.now();
const peer = await openPeerAt({ profile, port, key });
const [account] = await peer.knownAccounts();
if (account === undefined) throw new Error("the profile has no account");
valueOf(await peer.resume(account.username));
const loggedIn = performance.now();
const [newest] = peer.conversations();
if (newest === undefined) throw new Error("the profile has no room");
const page = valueOf(peer.history(newest.conversation, {}));
const shown = performance.now();
if (page.messages.length < 50) throw new Error("the page is too short");

const rare = await timed(() => peer.search(RARE));
const frequent = await timed(() => peer.search(FREQUENT));
const two = await timed(() => peer.search(`${FREQUENT} ${UNUSUAL}`));
const { rss } = process.memoryUsage();
tell({ open: shown - started, page: shown - loggedIn, rare, frequent, two, memory: rss / 2 ** 20 });
await peer.close();
process.exit();

async function timed(search: () => Promise<Outcome<readonly unknown[]>>): Promise<number> {
  const from = performance.now();
  const found = valueOf(await search());
  if (found.length === 0) throw new Error("nothing was found");
  return performance.now() - from;
}
