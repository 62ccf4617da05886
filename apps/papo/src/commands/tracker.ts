import { resolve } from "node:path";
import { localAddresses, systemClock, tcpNetwork } from "@papo/link";
import {
  formatTrackerAddress,
  isIpv4,
  OPS_PORT_DEFAULT,
  PING_INTERVAL_MAX_SECONDS,
  safeText,
  TRACKER_PORT_DEFAULT,
} from "@papo/protocol";
import { type AdmissionLimits, openHumanLog, openJsonLog, type TrackerLog } from "@papo/tracker";
import { EXIT } from "../exit-codes.ts";
import { announceTracker } from "../hosting/announce-tracker.ts";
import { openProblemExit, openProblemText } from "../hosting/open-problem-text.ts";
import {
  nowOf,
  type OpenedTracker,
  openTracker,
  type StoreName,
  type TrackerSettings,
} from "../hosting/open-tracker.ts";
import { makeParent } from "../settings/make-parent.ts";
import { untilToldToStop } from "../signals.ts";
import { numberOption, opsPortOption, portOption } from "../settings/number-option.ts";
import { relaySettings } from "../settings/relay-option.ts";
import { CommandError, type CommandProgram, type Invocation } from "./command.ts";

const STORES: readonly StoreName[] = ["sqlite", "json", "memory"];
const EVERY_ADDRESS = new Set(["0.0.0.0", "::"]);

/** `papo tracker`: runs until a signal says otherwise. */
export const tracker: CommandProgram = async (invocation) => {
  const { values, texts, stdio } = invocation;
  const stop = untilToldToStop();
  const log = await openLog(invocation);
  const settings = trackerSettings(invocation, log);
  const opened = await openTracker(settings, { network: tcpNetwork(systemClock), clock: systemClock });
  if (!opened.ok) {
    throw new CommandError(openProblemText(opened.problem, settings, texts), openProblemExit(opened.problem));
  }
  const announce = values.json === true ? announceAsJson : announceToPeople;
  announce(opened.value, settings, invocation);
  const lan = values["no-lan"] === true ? undefined : await announceTracker(opened.value.tracker);
  if (lan !== undefined && values.json !== true) stdio.line(texts.lan.announced);
  // untranslated: scripts wait for this line, in every language and under --json
  stdio.line(`listening on ${hostAndPort(opened.value.tracker)}`);

  await stop;
  await lan?.close();
  await opened.value.ops?.close();
  await opened.value.tracker.drain();
  return EXIT.ok;
};

/** What `papo tracker`, its import and its export have in common: which store, and where. */
export function storeSettings({ values, folders, texts }: Invocation): {
  readonly store: StoreName;
  readonly data: string;
} {
  const store = STORES.find((name) => name === (values.store ?? "sqlite"));
  if (store === undefined) throw new CommandError(texts.problems.badChoice("--store", STORES.join(", ")), EXIT.usage);
  if (values.data !== undefined) return { store, data: resolve(values.data) };
  if (store === "memory") return { store, data: "" };
  if (folders === undefined) throw new CommandError(texts.problems.noHome, EXIT.failed);
  makeParent(folders.tracker, texts);
  return { store, data: folders.tracker };
}

function trackerSettings(invocation: Invocation, log: TrackerLog): TrackerSettings {
  const { values, texts } = invocation;
  return {
    ...storeSettings(invocation),
    host: values.host ?? "0.0.0.0",
    port: portOption(values, texts) ?? TRACKER_PORT_DEFAULT,
    opsPort: opsPortOption(values, texts) ?? OPS_PORT_DEFAULT,
    pingIntervalSeconds: numberOption(values, "ping-interval", { from: 1, to: PING_INTERVAL_MAX_SECONDS, texts }),
    limits: admissionLimits(invocation),
    relay: relaySettings(invocation),
    log,
  };
}

const PER_IP_MAX = 999_999_999;

/** Those that were asked for; 0 on the command line is no limit. */
function admissionLimits({ values, texts }: Invocation): Partial<AdmissionLimits> {
  const asked = (name: "connections-per-ip" | "registrations-per-ip" | "logins-per-ip"): number | undefined => {
    const number = numberOption(values, name, { from: 0, to: PER_IP_MAX, texts });
    return number === 0 ? Number.POSITIVE_INFINITY : number;
  };
  const limits = {
    connectionsPerAddress: asked("connections-per-ip"),
    registrationsPerAddressPerHour: asked("registrations-per-ip"),
    loginAttemptsPerAddressPerMinute: asked("logins-per-ip"),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

export function openLog({ values, stdio }: Invocation): Promise<TrackerLog> | TrackerLog {
  const write = (line: string): void => stdio.line(line);
  return values.json === true ? openJsonLog(write, nowOf(systemClock)) : openHumanLog(write);
}

function announceToPeople(
  { tracker, ops, warnings }: OpenedTracker,
  settings: TrackerSettings,
  invocation: Invocation,
): void {
  const { stdio, texts } = invocation;
  const { trackerProgram } = texts;
  for (const { path, detail } of warnings) stdio.line(`${safeText(path)}: ${safeText(detail)}`);
  stdio.line(trackerProgram.address(shareable(tracker)));
  if (isLoopback(tracker.host)) stdio.line(trackerProgram.loopbackOnly);
  if (settings.store === "memory") stdio.line(trackerProgram.memoryOnly);
  else stdio.line(trackerProgram.data(safeText(settings.data), settings.store));
  if (ops !== undefined) stdio.line(trackerProgram.ops(opsUrl(ops)));
}

function announceAsJson(
  { tracker, ops, warnings }: OpenedTracker,
  settings: TrackerSettings,
  { stdio }: Invocation,
): void {
  const time = nowOf(systemClock)();
  for (const { path, detail } of warnings)
    stdio.line(JSON.stringify({ level: "warn", time, path, detail, event: "store_warning" }));
  const { store, data } = settings;
  const where = store === "memory" ? { store } : { store, data };
  const url = ops === undefined ? {} : { ops: opsUrl(ops) };
  stdio.line(JSON.stringify({ level: "info", time, address: shareable(tracker), ...where, ...url, event: "started" }));
}

export function opsUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host}:${port}/healthz`;
}

export function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The address that others can use: where we listen on every address, one of this machine's own. */
function shareable({ host, port, key }: OpenedTracker["tracker"]): string {
  const reachable = EVERY_ADDRESS.has(host) ? (localAddresses().find(isIpv4) ?? "127.0.0.1") : host;
  return formatTrackerAddress({ dialect: "papo", host: reachable, port, key });
}

export function isLoopback(host: string): boolean {
  return /^127\.|^::1$|^localhost$/u.test(host);
}
