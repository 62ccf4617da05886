import type { Clock, KeyPair, Network, Random } from "@papo/link";
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
import { lineOpener } from "./tracker-session/line-opener.ts";
import type { Credentials } from "./tracker-session/open-line.ts";
import { trackerKeyOf } from "./tracker-session/tracker-key.ts";
import type { TrackerPlaces } from "./tracker-session/tracker-places.ts";
import type { SessionStart } from "./tracker-session/tracker-session.ts";

export type SignInPorts = {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly profile: Profile;
  readonly trackers: TrackerPlaces;
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
  /** What is kept of an account whose key is here can be read, while it is being logged in; undefined: not any more, it could not be. */
  readonly opened: (live: LiveAccount | undefined) => void;
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
  const addresses = await ports.trackers.list();
  if (!addresses.ok) return addresses;
  const [address] = addresses.value;
  const key = address.dialect === "papo" ? await trackerKeyOf(ports, addresses.value) : succeed(null);
  if (!key.ok) return key;

  const wanted = wantedAccount(request.username, address, key.value);
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
  ports.opened(undefined);
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
  const isOurs = withoutTracker(request, account) !== "no";
  const live: LiveAccount = new LiveAccount({
    ...{ network, clock, random, allowPlaintext, listen, emit, copied },
    ...{ hideAddress, openMapper, watchNetwork, openLan },
    ...{ own, pins, epochs, settings, history, trackerKey },
    trackerAddress: () => ports.trackers.current,
    openLine: lineOpener(ports, request.credentials, trackerKey),
    withoutTracker: trackerKey === null ? "no" : withoutTracker(request, account),
    loggedIn: (binding) => memory.loggedIn(binding),
    // To whoever has typed a password nothing is shown before it is known to be the right one.
    opened: () => isOurs && ports.opened(live),
  });
  return live;
}

/** An account that this tracker has let in before, with its key: nothing but the present list of others is missing. */
function withoutTracker({ credentials, root }: SignInRequest, { own, held }: OpenedAccount): WithoutTracker {
  const { record, taken } = held.folder;
  if (credentials.kind !== "key" || root !== undefined || record.state !== "registered") return "no";
  return own.binding !== null && taken?.text === own.statement.signed.text ? "greets" : "waits";
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
