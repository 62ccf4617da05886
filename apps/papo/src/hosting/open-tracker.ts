import { type Clock, type FileProblem, type Network, timestampOf } from "@papo/link";
import {
  type AdmissionLimits,
  createTrackerIdentity,
  openJsonStore,
  openMemoryStore,
  type OpenedStore,
  openPrometheus,
  openSqliteStore,
  openRelaySecret,
  openTrackerIdentity,
  type OpsServer,
  type Prometheus,
  type RelayChoice,
  startOps,
  startTracker,
  type StoreWarning,
  type Tracker,
  type TrackerIdentity,
  type TrackerLog,
} from "@papo/tracker";
import type { TrackerKey } from "@papo/protocol";
import type { StorageProblem } from "@papo/view-model/command-texts";

export type StoreName = "sqlite" | "json" | "memory";

export type TrackerSettings = {
  readonly host: string;
  readonly port: number;
  readonly store: StoreName;
  /** Not used by the memory store. Its parent must exist. */
  readonly data: string;
  readonly opsPort: number | "off";
  readonly pingIntervalSeconds?: number | undefined;
  /** What differs from the tracker's own limits. */
  readonly limits?: Partial<AdmissionLimits> | undefined;
  /** Where links are relayed; here unless said. `secretFile` is shared with the relay elsewhere. */
  readonly relay?: RelaySettings | undefined;
  /** Start only if the tracker of these data has this key: whoever takes over must be who was there before. */
  readonly expectedKey?: TrackerKey | undefined;
  readonly log: TrackerLog;
};

export type RelayPlace = Extract<RelayChoice, { at: "elsewhere" }>["place"];

export type RelaySettings =
  | { readonly at: "here" | "nowhere" }
  | { readonly at: "elsewhere"; readonly place: RelayPlace; readonly secretFile: string };

export type TrackerPorts = { readonly network: Network; readonly clock: Clock };

/** Why a tracker did not start. Everything that was opened on the way is closed again. */
export type OpenProblem =
  | { readonly kind: "data-in-use" }
  | {
      readonly kind: "storage";
      readonly problem: StorageProblem;
      readonly path: string;
      readonly fix: string | undefined;
    }
  | { readonly kind: "port-in-use" }
  | { readonly kind: "port-refused"; readonly detail: string }
  | { readonly kind: "ops-port-in-use" }
  | { readonly kind: "other-key" };

export type OpenedTracker = {
  readonly tracker: Tracker;
  readonly ops: OpsServer | undefined;
  readonly warnings: readonly StoreWarning[];
};

type Opening<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: OpenProblem };

/**
 * The composition root of a tracker, for `papo tracker` and for a Papo that hosts one. The store's lock comes first, so that of
 * several processes on the same data only one ever touches it; then the keys, then the port.
 */
export async function openTracker(settings: TrackerSettings, ports: TrackerPorts): Promise<Opening<OpenedTracker>> {
  const store = await openStore(settings, ports.clock);
  if (!store.ok) return refusedStore(store);
  const { repositories, warnings } = store;
  const abandon = async (problem: OpenProblem): Promise<Opening<never>> => {
    await repositories.close();
    return { ok: false, problem };
  };

  const identity = await openIdentity(settings);
  if (!identity.ok) return abandon(identity.problem);
  const { expectedKey } = settings;
  if (expectedKey !== undefined && expectedKey !== identity.value.key) return abandon({ kind: "other-key" });
  const relay = await openRelayChoice(settings.relay);
  if (!relay.ok) return abandon(relay.problem);
  const prometheus = settings.opsPort === "off" ? undefined : await openPrometheus();
  const { host, port, log, pingIntervalSeconds, limits } = settings;
  const metrics = prometheus?.metrics;
  const started = await startTracker({
    ...ports,
    ...{
      identity: identity.value,
      repositories,
      host,
      port,
      log,
      pingIntervalSeconds,
      metrics,
      limits,
      relay: relay.value,
    },
  });
  if (!started.ok) return abandon(listenProblem(started.fault));

  const ops = await openOps(settings.opsPort, started.value, prometheus);
  if (ops.ok) return { ok: true, value: { tracker: started.value, ops: ops.value, warnings } };
  await started.value.drain();
  return ops;
}

export async function openStore(
  { store, data }: Pick<TrackerSettings, "store" | "data">,
  clock: Clock,
): Promise<OpenedStore> {
  switch (store) {
    case "memory":
      return { ok: true, repositories: openMemoryStore(), warnings: [] };
    case "json":
      return openJsonStore({ directory: data, clock });
    case "sqlite":
      return openSqliteStore({ directory: data });
  }
}

function refusedStore({ refusal }: Extract<OpenedStore, { ok: false }>): Opening<never> {
  return { ok: false, problem: storeProblem(refusal) };
}

export function storeProblem({ problem, path }: Extract<OpenedStore, { ok: false }>["refusal"]): OpenProblem {
  return problem === "in_use" ? { kind: "data-in-use" } : { kind: "storage", problem, path, fix: undefined };
}

async function openIdentity({ store, data }: TrackerSettings): Promise<Opening<TrackerIdentity>> {
  if (store === "memory") return { ok: true, value: createTrackerIdentity() };
  const opened = await openTrackerIdentity(data);
  return opened.ok ? opened : { ok: false, problem: fileProblem(opened.problem) };
}

async function openRelayChoice(settings: RelaySettings = { at: "here" }): Promise<Opening<RelayChoice>> {
  if (settings.at !== "elsewhere") return { ok: true, value: { at: settings.at } };
  const secret = await openRelaySecret(settings.secretFile);
  if (!secret.ok) return { ok: false, problem: fileProblem(secret.problem) };
  return { ok: true, value: { at: "elsewhere", place: settings.place, secret: secret.value } };
}

export function fileProblem({ kind, path, code, fix }: FileProblem): OpenProblem {
  return { kind: "storage", problem: code === "damaged" ? "damaged" : kind, path, fix };
}

export function listenProblem({ code, detail }: { readonly code: string; readonly detail: string }): OpenProblem {
  return code === "busy" ? { kind: "port-in-use" } : { kind: "port-refused", detail };
}

async function openOps(
  port: number | "off",
  tracker: Tracker,
  figures: Prometheus | undefined,
): Promise<Opening<OpsServer | undefined>> {
  if (port === "off") return { ok: true, value: undefined };
  const opened = await startOps({ port, isReady: () => tracker.isReady(), figures });
  return opened.ok ? opened : { ok: false, problem: { kind: "ops-port-in-use" } };
}

/** Under `--json` a time stands on every line. */
export function nowOf(clock: Clock): () => string {
  return () => timestampOf(clock);
}
