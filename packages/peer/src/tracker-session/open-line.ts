import { type Clock, type Link, type LinkEnds, type Network, type TlsIdentity, openTrackerStatement } from "@papo/link";
import {
  DIAL_TIMEOUT_MS,
  type Fault,
  type IpLiteral,
  LINK_QUEUE_BYTES_MAX,
  type Outcome,
  type PasswordHash,
  type SignedText,
  type StartId,
  TRACKER_ALPN,
  type TrackerAddress,
  type TrackerKey,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { OwnAccount } from "../identity/own-account.ts";
import { PapoLine } from "./papo-line.ts";
import { SeedLine } from "./seed-line.ts";
import type { SeedMemory } from "./seed-rooms.ts";
import type { TrackerLine } from "./tracker-line.ts";
import type { OpenedLine } from "./tracker-session.ts";

type Place<D extends TrackerAddress["dialect"]> = Extract<TrackerAddress, { dialect: D }>;

/** How this login proves who it is. `key`: the device's TLS key alone, as at every reconnect. */
export type Credentials =
  | { readonly kind: "register" | "password" | "new_identity"; readonly hash: PasswordHash }
  | { readonly kind: "key" };

export type LinePorts = { readonly network: Network; readonly clock: Clock };

/** Where we listen, asked once the way to the tracker shows how far that should reach. */
export type ListenFor = (way: {
  readonly ends: LinkEnds;
  /** Where the tracker sees us come from; null at an original one, which does not say. */
  readonly observed: IpLiteral | null;
}) => Promise<Outcome<ListeningPlace>>;

/** The port at which we listen, and our addresses for those who may know them. */
type ListeningPlace = { readonly port: number; readonly addresses: SignedText | null };

export type PapoOpening = {
  readonly address: Place<"papo">;
  readonly expectedKey: TrackerKey;
  readonly own: OwnAccount;
  readonly credentials: Credentials;
  readonly listenFor: ListenFor;
  readonly allowPlaintext: boolean;
  /** Which start of this device this is. Without it the tracker cannot tell a copy of the profile. */
  readonly started?: { readonly epoch: number; readonly start: StartId } | undefined;
  readonly signal: AbortSignal;
};

export type LoggingIn = Omit<PapoOpening, "address" | "expectedKey" | "signal">;

/** Dials one of our trackers, has it prove its key, and only then says who we are. */
export async function openPapoLine(ports: LinePorts, opening: PapoOpening): Promise<Outcome<OpenedLine>> {
  const greeted = await greetTracker(ports, opening);
  return greeted.ok ? logInOn(greeted.value, opening) : greeted;
}

/** Dials one of our trackers and has it prove its key: until then nothing but our version is sent. */
export async function greetTracker(
  ports: LinePorts,
  { address, expectedKey, own, signal }: Pick<PapoOpening, "address" | "expectedKey" | "own" | "signal">,
): Promise<Outcome<PapoLine>> {
  const line = await dialPapo(ports, address, own.keys.tls, signal);
  if (!line.ok) return line;
  const greeted = await greet(line.value, expectedKey);
  if (greeted.ok) return line;
  line.value.close(greeted.fault);
  return greeted;
}

/** Says to a tracker that has proven its key who we are. */
export async function logInOn(line: PapoLine, opening: LoggingIn): Promise<Outcome<OpenedLine>> {
  const opened = await logIn(line, opening);
  if (!opened.ok) line.close(opened.fault);
  return opened;
}

async function logIn(line: PapoLine, opening: LoggingIn): Promise<Outcome<OpenedLine>> {
  const { own, credentials, listenFor, allowPlaintext } = opening;
  const place = await listenFor({ ends: line.ends, observed: line.observed });
  if (!place.ok) return place;

  const account = {
    username: own.username,
    statement: own.statement.signed,
    ...place.value,
    plaintext: allowPlaintext,
    ...opening.started,
  };
  const loggedIn =
    credentials.kind === "register"
      ? await line.register({ ...account, password: credentials.hash })
      : await line.logIn({
          ...account,
          ...(credentials.kind === "key" ? {} : { password: credentials.hash }),
          newIdentity: credentials.kind === "new_identity",
        });
  return loggedIn.ok ? succeed({ line, loggedIn: loggedIn.value }) : loggedIn;
}

/** Who the tracker at an address is that was never met. Sends nothing but our version, with keys made for this one call. */
export async function learnTrackerKey(
  ports: LinePorts,
  address: Place<"papo">,
  identity: TlsIdentity,
  signal: AbortSignal,
): Promise<Outcome<TrackerKey>> {
  const line = await dialPapo(ports, address, identity, signal);
  if (!line.ok) return line;
  const key = await greet(line.value, undefined);
  line.value.close(fault("closed", "asked for its key only"));
  return key;
}

function greet(line: PapoLine, expectedKey: TrackerKey | undefined): Promise<Outcome<TrackerKey>> {
  return line.greet(async (statement) => {
    if (line.security === undefined) return fail("unsupported", "expected an encrypted session");
    const opened = openTrackerStatement(statement, { channelKey: line.security.remoteKey, expectedKey });
    return opened.ok ? succeed(opened.value.key) : opened;
  });
}

async function dialPapo(
  { network, clock }: LinePorts,
  { host, port }: Place<"papo">,
  identity: TlsIdentity,
  signal: AbortSignal,
): Promise<Outcome<PapoLine>> {
  const link = await network.dial({ host, port, dialect: "papo", signal, ...settings(identity) });
  if (!link.ok) return { ok: false, fault: asTrackerFault(link.fault) };
  const line = new PapoLine(link.value, clock);
  line.start();
  closeOnAbort(line, signal);
  return succeed(line);
}

export type SeedOpening = {
  readonly address: Place<"seed">;
  readonly own: OwnAccount;
  readonly credentials: Exclude<Credentials, { kind: "key" }>;
  readonly memory: SeedMemory;
  readonly listenFor: ListenFor;
  readonly signal: AbortSignal;
};

/** An original tracker: nothing is proven and everything is readable on the way, the hash included. */
export async function openSeedLine({ network, clock }: LinePorts, opening: SeedOpening): Promise<Outcome<OpenedLine>> {
  const { address, own, credentials, memory, listenFor, signal } = opening;
  const { host, port } = address;
  const link: Outcome<Link> = await network.dial({ host, port, dialect: "seed", signal, ...settings(own.keys.tls) });
  if (!link.ok) return { ok: false, fault: asTrackerFault(link.fault) };
  const line = new SeedLine(link.value, clock, memory);
  link.value.start(line);
  closeOnAbort(line, signal);

  const listening = await listenFor({ ends: line.ends, observed: null });
  const signIn = { username: own.username, password: credentials.hash };
  const loggedIn = !listening.ok
    ? listening
    : await (credentials.kind === "register"
        ? line.register({ ...signIn, port: listening.value.port })
        : line.logIn({ ...signIn, port: listening.value.port }));
  if (loggedIn.ok) return succeed({ line, loggedIn: loggedIn.value });
  line.close(loggedIn.fault);
  return loggedIn;
}

/** Whoever gave the login up waits for no answer. Once it is done nobody aborts it any more. */
function closeOnAbort(line: TrackerLine, signal: AbortSignal): void {
  signal.addEventListener("abort", () => line.close(fault("closed", "given up")), { once: true });
}

function settings(identity: TlsIdentity): {
  identity: TlsIdentity;
  alpn: string;
  queueBytesMax: number;
  timeoutMs: number;
} {
  return { identity, alpn: TRACKER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX, timeoutMs: DIAL_TIMEOUT_MS };
}

/** Nobody there is one thing; somebody who is no tracker is another, which waiting will not mend. */
function asTrackerFault(reason: Fault): Fault {
  return reason.code === "unsupported" ? reason : fault("tracker_unreachable", reason.detail);
}
