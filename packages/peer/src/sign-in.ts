import { type Clock, type KeyPair, type Network, type Random, createTlsIdentity } from "@papo/link";
import {
  type AccountKey,
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
import { mend, remedyFor } from "./identity/re-keying.ts";
import { LiveAccount, type LiveAccountPorts, type WithoutTracker } from "./live-account.ts";
import { LoginMemory } from "./login-memory.ts";
import { type OpenedAccount, closeAccount, openAccount, withEpoch } from "./opened-account.ts";
import type { Profile } from "./storage/profile.ts";
import { type HeldAccount, type WantedKeys, holdAccount } from "./storage/sign-in-folder.ts";
import { type Credentials, learnTrackerKey, openPapoLine, openSeedLine } from "./tracker-session/open-line.ts";
import type { LineOpener, SessionStart } from "./tracker-session/tracker-session.ts";
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
  readonly hideAddress: LiveAccountPorts["hideAddress"];
  readonly openMapper: LiveAccountPorts["openMapper"];
  readonly watchNetwork: LiveAccountPorts["watchNetwork"];
  readonly openLan: LiveAccountPorts["openLan"];
  readonly listen: LiveAccountPorts["listen"];
  readonly emit: (event: PeerEvent) => void;
  readonly onProblem: (problem: Problem) => void;
  /** This device is about twice, and somebody has proven it: it needs other keys. */
  readonly copied: (reason: Fault) => void;
  /** As it is known now, for links that others follow. */
  readonly trackerAddress: () => TrackerAddress;
  /** Gives the attempt up, wherever it is. */
  readonly signal: AbortSignal;
};

export type SignInRequest = {
  readonly username: Username;
  readonly credentials: Credentials;
  /** The account's key, for a device that is to become one of its devices. */
  readonly root?: KeyPair<AccountKey>;
};

/** An account that is logged in, with everything that is open of it. */
export type SignedIn = {
  readonly live: LiveAccount;
  readonly account: OpenedAccount;
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
  const held = await holdAccount(ports.profile, wanted, keysFor(request), ports.clock);
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

function keysFor({ credentials: { kind }, root }: SignInRequest): WantedKeys {
  if (root !== undefined) return { root };
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

/** Tries with other keys or another statement in one attempt to get in: between two of them another device of the account may have been faster. */
const REMEDIES_MAX = 3;

async function start(
  ports: SignInPorts,
  request: SignInRequest,
  held: HeldAccount,
  trackerKey: TrackerKey | null,
): Promise<Outcome<SignedIn>> {
  const opened = await openAccount(ports, held, trackerKey);
  if (!opened.ok) return giveUp(held, opened);
  const started = await startAccount(ports, request, { account: opened.value, trackerKey });
  if (started.ok) return started;
  await closeAccount(opened.value);
  return giveUp(held, started);
}

/**
 * Logs an opened account in; where its device turns out to be about twice, or is not in the account's newest statement, as what it then has to be. The account
 * stays open when that fails.
 */
export async function startAccount(
  ports: SignInPorts,
  request: SignInRequest,
  { account: first, trackerKey }: Pick<SignedIn, "account" | "trackerKey">,
): Promise<Outcome<SignedIn>> {
  let account = first;
  for (let remedies = 0; ; remedies += 1) {
    const memory = new LoginMemory(ports, account.held);
    const live = createLive(ports, request, { account, trackerKey, memory });
    const started = await startUnless(ports.signal, live);
    if (started.ok) {
      await memory.isUsed();
      return succeed({ live, account, trackerKey });
    }
    await live.stop();
    const mended = remedies === REMEDIES_MAX ? undefined : await mendAccount(ports, account, started.fault);
    if (mended === undefined) return started;
    if (!mended.ok) return mended;
    account = mended.value;
  }
}

/** The same account as another device, or listed anew, so that what it was refused for holds no more. Undefined: this does not mend it. */
export async function mendAccount(
  { clock, random, emit }: SignInPorts,
  account: OpenedAccount,
  reason: Fault,
): Promise<Outcome<OpenedAccount> | undefined> {
  const { own, settings, held } = account;
  const remedy = remedyFor(own, held.folder.taken, reason);
  if (remedy === undefined) return undefined;
  const mended = await mend(own, { folder: held.folder, settings, clock }, remedy);
  if (!mended.ok || remedy.kind === "list") return mended.ok ? succeed({ ...account, own: mended.value }) : mended;
  const started = await withEpoch(mended.value, settings, random);
  if (!started.ok) return started;
  emit({ kind: "copied" });
  return succeed({ ...account, own: started.value });
}

async function startUnless(signal: AbortSignal, live: LiveAccount): Promise<Outcome<SessionStart>> {
  const giveUpNow = (): void => void live.stop();
  if (signal.aborted) return fail("closed", "given up");
  signal.addEventListener("abort", giveUpNow, { once: true });
  const started = await live.start();
  signal.removeEventListener("abort", giveUpNow);
  return started;
}

function createLive(
  ports: SignInPorts,
  request: SignInRequest,
  { account, trackerKey, memory }: Pick<SignedIn, "account" | "trackerKey"> & { readonly memory: LoginMemory },
): LiveAccount {
  const { network, clock, random, allowPlaintext, listen, emit, copied } = ports;
  const { hideAddress, openMapper, watchNetwork, openLan } = ports;
  const { own, pins, epochs, settings, history } = account;
  return new LiveAccount({
    ...{ network, clock, random, allowPlaintext, listen, emit, copied },
    ...{ hideAddress, openMapper, watchNetwork, openLan },
    ...{ own, pins, epochs, settings, history, trackerKey },
    trackerAddress: ports.trackerAddress,
    openLine: lineOpener(ports, request.credentials, trackerKey),
    withoutTracker: trackerKey === null ? "no" : withoutTracker(request, account),
    loggedIn: (binding) => memory.loggedIn(binding),
  });
}

/** An account that this tracker has let in before, with its key: nothing but the present list of others is missing. */
function withoutTracker({ credentials, root }: SignInRequest, { own, held }: OpenedAccount): WithoutTracker {
  const { record, taken } = held.folder;
  if (credentials.kind !== "key" || root !== undefined || record.state !== "registered") return "no";
  return own.binding !== null && taken?.text === own.statement.signed.text ? "greets" : "waits";
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
      return openPapoLine(
        { network, clock },
        {
          ...{ address: address.value, expectedKey: trackerKey, own, credentials: proof },
          ...{ listenFor, allowPlaintext, signal, started: own.epoch?.told },
        },
      );
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
