import { type Clock, type Network, type Random, createTlsIdentity } from "@papo/link";
import {
  type Fault,
  type FaultCode,
  type Outcome,
  type TrackerAddress,
  type TrackerKey,
  type Username,
  fail,
  formatTrackerAddress,
  succeed,
} from "@papo/protocol";
import type { PeerEvent, Problem } from "./api.ts";
import { type EpochStore, EpochWatch } from "./identity/epochs.ts";
import { PinKeeper } from "./identity/pin-keeper.ts";
import { LiveAccount, type LiveAccountPorts } from "./live-account.ts";
import type { AccountFolder } from "./storage/account-folder.ts";
import { PinFile } from "./storage/pin-file.ts";
import type { Profile } from "./storage/profile.ts";
import { type HeldAccount, holdAccount } from "./storage/sign-in-folder.ts";
import { type Credentials, learnTrackerKey, openPapoLine, openSeedLine } from "./tracker-session/open-line.ts";
import type { LineOpener } from "./tracker-session/tracker-session.ts";
import { SeedMemory } from "./tracker-session/seed-rooms.ts";

/** Where the tracker is: fixed, or asked before every dial (a tracker on this machine may move between processes). */
export type TrackerSource = TrackerAddress | (() => Promise<Outcome<TrackerAddress>>);

export type SignInPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly profile: Profile;
  readonly tracker: () => Promise<Outcome<TrackerAddress>>;
  readonly allowPlaintext: boolean;
  readonly listen: LiveAccountPorts["listen"];
  readonly emit: (event: PeerEvent) => void;
  readonly onProblem: (problem: Problem) => void;
  /** Gives the attempt up, wherever it is. */
  readonly signal: AbortSignal;
};

export type SignInRequest = { readonly username: Username; readonly credentials: Credentials };

/** An account that is logged in, with its folder held. */
export type SignedIn = {
  readonly live: LiveAccount;
  readonly held: HeldAccount;
  readonly trackerKey: TrackerKey | null;
};

/**
 * From a name and a proof to a live account: find out which tracker it is, take the account's folder, log in. A refused
 * attempt leaves nothing behind; one whose answer was lost keeps its keys, because the tracker may know them by now.
 */
export async function signIn(ports: SignInPorts, request: SignInRequest): Promise<Outcome<SignedIn>> {
  const address = await ports.tracker();
  if (!address.ok) return address;
  const key = address.value.dialect === "papo" ? await trackerKeyOf(ports, address.value) : succeed(null);
  if (!key.ok) return key;

  const wanted = wantedAccount(request.username, address.value, key.value);
  const held = await holdAccount(ports.profile, wanted, keysFor(request.credentials), ports.clock);
  if (!held.ok) return held;
  if (isRegistered(request.credentials, held.value)) {
    held.value.lock.release();
    return fail("name_taken", "this profile has the account already: log in");
  }
  return start(ports, request, held.value, key.value);
}

function isRegistered({ kind }: Credentials, { folder }: HeldAccount): boolean {
  return kind === "register" && folder.record.state === "registered";
}

function keysFor({ kind }: Credentials): Parameters<typeof holdAccount>[2] {
  if (kind === "key") return "known";
  return kind === "new_identity" ? "new" : "known_or_new";
}

/** An original tracker has no key: an account there is known by the tracker's place. */
function wantedAccount(username: Username, address: TrackerAddress, key: TrackerKey | null) {
  const trackerAddress = formatTrackerAddress(
    address.dialect === "papo" && key !== null ? { ...address, key } : address,
  );
  return { username, tracker: key ?? trackerAddress, trackerAddress };
}

/** The key in the address, else the one met before at this place, else the one met now, from now on. */
async function trackerKeyOf(
  { profile, network, clock, signal }: SignInPorts,
  address: Extract<TrackerAddress, { dialect: "papo" }>,
): Promise<Outcome<TrackerKey>> {
  const place = formatTrackerAddress({ ...address, key: undefined });
  const pinned = await profile.pinnedTrackerKey(place);
  if (address.key !== undefined) {
    // Named by the person: it counts whatever was met here before.
    if (!pinned.ok || pinned.value !== address.key) await profile.repinTracker(place, address.key);
    return succeed(address.key);
  }
  if (!pinned.ok) return pinned;
  if (pinned.value !== undefined) return succeed(pinned.value);

  const met = await learnTrackerKey({ network, clock }, address, createTlsIdentity(), signal);
  return met.ok ? profile.pinTracker(place, met.value) : met;
}

async function start(
  ports: SignInPorts,
  request: SignInRequest,
  held: HeldAccount,
  trackerKey: TrackerKey | null,
): Promise<Outcome<SignedIn>> {
  const pins = await openPins(ports, held, trackerKey);
  const live = pins.ok ? createLive(ports, request, { held, trackerKey, pins: pins.value }) : pins;
  const started = live instanceof LiveAccount ? await startUnless(ports.signal, live) : live;
  if (!started.ok || !(live instanceof LiveAccount)) {
    if (live instanceof LiveAccount) await live.stop();
    return giveUp(held, started.ok ? fail("closed", "given up") : started);
  }
  await remember(ports, held, live);
  return succeed({ live, held, trackerKey });
}

async function startUnless(signal: AbortSignal, live: LiveAccount): Promise<Outcome<Username>> {
  const giveUpNow = (): void => void live.stop();
  if (signal.aborted) return fail("closed", "given up");
  signal.addEventListener("abort", giveUpNow, { once: true });
  const started = await live.start();
  signal.removeEventListener("abort", giveUpNow);
  return started;
}

async function openPins(
  ports: SignInPorts,
  held: HeldAccount,
  trackerKey: TrackerKey | null,
): Promise<Outcome<PinKeeper>> {
  const file = new PinFile(held.folder.pinsPath, trackerKey);
  // A new identity of ours changes nothing about whom we know.
  const source = held.replaces === undefined ? file : new PinFile(held.replaces.pinsPath, trackerKey);
  const read = await source.read();
  if (!read.ok) return read;
  const { pins, problem } = read.value;
  if (problem !== undefined) ports.onProblem(problem);
  if (source !== file) {
    const written = await file.write(() => pins.all());
    if (!written.ok) return written;
  }
  return succeed(new PinKeeper(pins, file, { clock: ports.clock, onProblem: ports.onProblem }));
}

type LiveParts = { readonly held: HeldAccount; readonly trackerKey: TrackerKey | null; readonly pins: PinKeeper };

class SettingsInMemory implements EpochStore {
  readonly #valueByName = new Map<string, string>();

  setting(name: string): string | undefined {
    return this.#valueByName.get(name);
  }

  keep(name: string, value: string): Promise<Outcome<void>> {
    this.#valueByName.set(name, value);
    return Promise.resolve(succeed(undefined));
  }
}

function createLive(ports: SignInPorts, { credentials }: SignInRequest, parts: LiveParts): LiveAccount {
  const { network, clock, random, allowPlaintext, listen, emit } = ports;
  const { held, trackerKey, pins } = parts;
  return new LiveAccount({
    ...{ network, clock, random, allowPlaintext, listen, emit, pins, trackerKey },
    epochs: new EpochWatch(new SettingsInMemory()),
    copied: () => emit({ kind: "copied" }),
    own: held.own,
    openLine: lineOpener(ports, credentials, trackerKey),
  });
}

/** The first line uses what the person gave; later ones the device's key, or at an original tracker the hash again. */
function lineOpener(ports: SignInPorts, credentials: Credentials, trackerKey: TrackerKey | null): LineOpener {
  const memory = new SeedMemory();
  const { network, clock, allowPlaintext } = ports;
  return async ({ own, first, listenFor }, signal) => {
    const address = await ports.tracker();
    if (!address.ok) return address;
    if (address.value.dialect === "papo" && trackerKey !== null) {
      const proof: Credentials = first ? credentials : { kind: "key" };
      const opened = await openPapoLine(
        { network, clock },
        { address: address.value, expectedKey: trackerKey, own, credentials: proof, listenFor, allowPlaintext, signal },
      );
      return first ? opened : orLater(opened);
    }
    if (address.value.dialect === "papo" || trackerKey !== null)
      return fail("tracker_key_changed", "tracker: expected the kind it was before");
    if (credentials.kind === "key")
      return fail("login_required", "an original tracker asks for the password each time");
    const proof: Credentials = first ? credentials : { kind: "password", hash: credentials.hash };
    return openSeedLine(
      { network, clock },
      { address: address.value, own, credentials: proof, memory, listenFor, signal },
    );
  };
}

/** A tracker that dies in the middle of a handshake looks like no tracker: one that was there may come back. */
function orLater<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || outcome.fault.code !== "unsupported") return outcome;
  return fail("tracker_unreachable", outcome.fault.detail);
}

/** What a tracker that has made no account says. After anything else, an answer that we could not read included, it may know the keys. */
const REFUSALS: ReadonlySet<FaultCode> = new Set([
  "tracker_unreachable",
  "tracker_key_changed",
  "unreachable",
  "unsupported",
  "login_required",
  "invalid_credentials",
  "name_taken",
  "name_not_allowed",
  "identity_required",
  "identity_weak",
  "statement_invalid",
  "statement_stale",
  "slow_down",
  "busy",
  "draining",
]);

async function giveUp(
  held: HeldAccount,
  refused: { readonly ok: false; readonly fault: Fault },
): Promise<Outcome<never>> {
  held.lock.release();
  if (held.isNew && REFUSALS.has(refused.fault.code)) await held.folder.remove();
  return refused;
}

async function remember({ clock, onProblem }: SignInPorts, held: HeldAccount, live: LiveAccount): Promise<void> {
  const { binding } = live.own;
  await write(held.folder, { state: "registered", binding, lastUsedMs: Math.floor(clock.wallMs()) }, onProblem);
  if (held.replaces !== undefined) await write(held.replaces, { state: "replaced" }, onProblem);
}

async function write(
  folder: AccountFolder,
  changes: Parameters<AccountFolder["update"]>[0],
  onProblem: (problem: Problem) => void,
): Promise<void> {
  const written = await folder.update(changes);
  if (!written.ok) onProblem({ fault: written.fault, file: folder.path });
}
