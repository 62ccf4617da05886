import type { Benchmark, Found, Variant } from "../measure/benchmark.ts";
import { KEPT_ROUNDS, type Tracker, ask, startPeer, startTracker, temporaryFolder } from "../measure/kept-parts.ts";
import { startPart } from "../measure/process.ts";

const ALL = "a profile of 1,000,000 messages";
const FEW = "a profile of 1,000 messages";
const ROOMS = 10;

type Profile = { readonly folder: string; readonly tracker: Tracker };

/** Made once for all rounds, with the tracker that has its account; gone when the benchmarks end. */
const profiles = new Map<number, Promise<Profile>>();

export function profileOf(messages: number): Promise<Profile> {
  const profile = profiles.get(messages) ?? makeProfile(messages);
  profiles.set(messages, profile);
  return profile;
}

async function makeProfile(messages: number): Promise<Profile> {
  const folder = temporaryFolder();
  const tracker = await startTracker().next<Tracker>();
  const peer = await startPeer(folder, tracker, "ana");
  for (let room = 0; room < ROOMS; room += 1) await ask(peer, { do: "create", name: `bench ${room}`, members: 1 });
  await ask(peer, { do: "close" });
  const history = startPart("kept-history", { profile: folder, messages });
  await history.next();
  return { folder, tracker };
}

function opening(name: string, messages: number): Variant {
  return {
    name,
    async run() {
      const { folder, tracker } = await profileOf(messages);
      const opener = startPart("kept-opener", { profile: folder, ...tracker });
      try {
        return await opener.next<Found>();
      } finally {
        await opener.stop();
      }
    },
  };
}

export const keptOpen: Benchmark = {
  name: "kept-open",
  title: "Opening a profile and searching it",
  rounds: KEPT_ROUNDS,
  subject: opening(ALL, 1_000_000),
  baselines: [opening(FEW, 1_000)],
  figures: [
    { key: "open", title: "profile to first screen", unit: "ms", digits: 0, targets: [{ valueAtMost: 300 }] },
    { key: "page", title: "of it, the page", unit: "ms", digits: 1, targets: [] },
    { key: "rare", title: "first search, a rare word", unit: "ms", digits: 1, targets: [{ valueAtMost: 100 }] },
    { key: "frequent", title: "a frequent word", unit: "ms", digits: 1, targets: [{ valueAtMost: 100 }] },
    { key: "two", title: "two words", unit: "ms", digits: 1, targets: [{ valueAtMost: 100 }] },
    { key: "memory", title: "memory", unit: "MiB", digits: 0, targets: [{ against: FEW, ratioAtMost: 1.25 }] },
  ],
  method: `A new process opens a profile with ${ROOMS} rooms, logs in at a tracker on loopback, reads the newest page of the newest room, then searches; the first search starts the thread that searches. The profile was written through the store itself, and lies in the system's cache. Memory is resident, after the last search.`,
};
