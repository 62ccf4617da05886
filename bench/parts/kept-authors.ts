import { dirname, join } from "node:path";
import { systemClock } from "@papo/link";
import type { RoomId, TrackerKey, Username } from "@papo/protocol";
import { PendingBudget } from "../../packages/peer/src/conversations/log/pending-entries.ts";
import { openReplica } from "../../packages/peer/src/conversations/log/replica.ts";
import type { OwnKeys } from "../../packages/peer/src/identity/own-account.ts";
import { openHistory } from "../../packages/peer/src/storage/history/open-history.ts";
import { Profile } from "../../packages/peer/src/storage/profile.ts";
import { settingsOfPart, tell } from "../measure/part.ts";
import { stamped } from "../measure/stamp.ts";
import { contentBytes, historyFile } from "./history-file.ts";
import { valueOf } from "./peer-opening.ts";

// Several authors talk in turn, each with everything in view that the others said: real entries, written straight into the history of a peer that
// is not running, as it would have them from their links.

type Settings = {
  /** Whose history it is. */
  readonly holder: string;
  /** Where the authors' profiles are. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly key: TrackerKey;
  readonly room: RoomId;
  readonly messages: number;
  /** Said by one author before the next one speaks. */
  readonly atOnce: number;
};

const { holder, folder, names, key, room, messages, atOnce } = settingsOfPart<Settings>();
const TEXT_CHARS = 100;

const keys = await Promise.all(names.map((name) => keysOf(join(folder, name), name as Username)));
const { history } = valueOf(
  await openHistory({ folder: dirname(historyFile(holder)), clock: systemClock, onProblem: () => undefined }),
);
for (let said = 0, turn = 0; said < messages; said += atOnce, turn += 1) {
  const author = keys[turn % keys.length];
  if (author === undefined) continue;
  const account = author.root.publicKey;
  const ports = { history, clock: systemClock, account, device: author.device, budget: new PendingBudget() };
  const replica = openReplica(room, ports);
  const drafts = Array.from({ length: Math.min(atOnce, messages - said) }, () => {
    return { chain: "content", kind: "message", body: { text: stamped(TEXT_CHARS) } } as const;
  });
  valueOf(await replica.append(drafts));
  replica.close();
}
await history.close();
tell({ bytes: contentBytes(holder) });
process.exit();

async function keysOf(profile: string, name: Username): Promise<OwnKeys> {
  const found = await valueOf(await Profile.open(profile)).find(name, key);
  if (found === undefined) throw new Error(`${name} has no account`);
  return valueOf(await found.load()).keys;
}
