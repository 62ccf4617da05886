import type { Clock, Random } from "@papo/link";
import { type Outcome, type TrackerKey, succeed } from "@papo/protocol";
import type { Problem } from "./api.ts";
import { type EpochStore, EpochWatch, beginEpoch } from "./identity/epochs.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import { PinKeeper } from "./identity/pin-keeper.ts";
import { HistorySettings } from "./storage/history/history-settings.ts";
import type { History } from "./storage/history/history.ts";
import { openHistory } from "./storage/history/open-history.ts";
import { PinFile } from "./storage/pin-file.ts";
import type { HeldAccount } from "./storage/sign-in-folder.ts";
import { rekey } from "./identity/re-keying.ts";

export type AccountPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly onProblem: (problem: Problem) => void;
};

/** An account's folder with everything in it that a session needs. `own` says which start of the device this is. */
export type OpenedAccount = {
  readonly held: HeldAccount;
  readonly own: OwnAccount;
  readonly pins: PinKeeper;
  readonly history: History;
  readonly settings: EpochStore;
  readonly epochs: EpochWatch;
};

/** Opens what is kept, and counts this start before anybody hears of it. */
export async function openAccount(
  ports: AccountPorts,
  held: HeldAccount,
  trackerKey: TrackerKey | null,
): Promise<Outcome<OpenedAccount>> {
  const pins = await openPins(ports, held, trackerKey);
  if (!pins.ok) return pins;
  const { clock, onProblem } = ports;
  const opened = await openHistory({ folder: held.folder.path, clock, onProblem });
  if (!opened.ok) return opened;

  const { history, problem } = opened.value;
  const settings = new HistorySettings(history);
  const own = await thisStart(ports, held, { settings, problem });
  if (!own.ok) {
    await history.close();
    return own;
  }
  const epochs = new EpochWatch(settings);
  return succeed({ held, own: own.value, pins: pins.value, history, settings, epochs });
}

/** A history that was saved in part does not know what this device wrote last: then it is another device from here on. */
async function thisStart(
  { clock, random, onProblem }: AccountPorts,
  { folder, own }: HeldAccount,
  { settings, problem }: { readonly settings: EpochStore; readonly problem: Problem | undefined },
): Promise<Outcome<OwnAccount>> {
  if (problem === undefined) return withEpoch(own, settings, random);
  onProblem(problem);
  const rekeyed = await rekey(own, { folder, settings, clock }, undefined);
  return rekeyed.ok ? withEpoch(rekeyed.value, settings, random) : rekeyed;
}

export async function withEpoch(own: OwnAccount, settings: EpochStore, random: Random): Promise<Outcome<OwnAccount>> {
  const epoch = await beginEpoch(settings, own.keys.device, random);
  return epoch.ok ? succeed({ ...own, epoch: epoch.value }) : epoch;
}

async function openPins(
  { clock, onProblem }: AccountPorts,
  held: HeldAccount,
  trackerKey: TrackerKey | null,
): Promise<Outcome<PinKeeper>> {
  const file = new PinFile(held.folder.pinsPath, trackerKey);
  // A new identity of ours changes nothing about whom we know.
  const source = held.replaces === undefined ? file : new PinFile(held.replaces.pinsPath, trackerKey);
  const read = await source.read();
  if (!read.ok) return read;
  const { pins, problem } = read.value;
  if (problem !== undefined) onProblem(problem);
  if (source !== file) {
    const written = await file.write(() => pins.all());
    if (!written.ok) return written;
  }
  return succeed(new PinKeeper(pins, file, { clock, onProblem }));
}

/** Nothing is written after this, and another process may take the folder. */
export async function closeAccount({ held, pins, history }: OpenedAccount): Promise<void> {
  await pins.flush();
  await history.close();
  await held.folder.settled();
  held.lock.release();
}
