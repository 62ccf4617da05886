import {
  type OpsServer,
  openRelayPrometheus,
  openRelaySecret,
  type Relay,
  startOps,
  startRelay,
  type TrackerLog,
} from "@papo/tracker";
import { fileProblem, listenProblem, type OpenProblem, type TrackerPorts } from "./open-tracker.ts";

export type RelayAloneSettings = {
  readonly host: string;
  readonly port: number;
  readonly opsPort: number | "off";
  /** Shared with the tracker whose links it carries; made if it is missing. */
  readonly secretFile: string;
  /** The relay's own default where undefined. */
  readonly connectionsPerAddress: number | undefined;
  readonly log: TrackerLog;
};

export type OpenedRelay = { readonly relay: Relay; readonly ops: OpsServer | undefined };

type Opening =
  | { readonly ok: true; readonly value: OpenedRelay }
  | { readonly ok: false; readonly problem: OpenProblem };

/** The composition root of a relay alone. It keeps nothing but the secret that it was given. */
export async function openRelay(settings: RelayAloneSettings, ports: TrackerPorts): Promise<Opening> {
  const { host, port, opsPort, connectionsPerAddress, log } = settings;
  const secret = await openRelaySecret(settings.secretFile);
  if (!secret.ok) return { ok: false, problem: fileProblem(secret.problem) };
  const figures = opsPort === "off" ? undefined : await openRelayPrometheus();
  const limits = connectionsPerAddress === undefined ? {} : { connectionsPerAddress };
  const started = await startRelay({
    ...ports,
    ...{ host, port, secret: secret.value, log, metrics: figures?.metrics, limits, admission: limits },
  });
  if (!started.ok) return { ok: false, problem: listenProblem(started.fault) };
  if (opsPort === "off") return { ok: true, value: { relay: started.value, ops: undefined } };

  const ops = await startOps({ port: opsPort, isReady: () => Promise.resolve(true), figures });
  if (ops.ok) return { ok: true, value: { relay: started.value, ops: ops.value } };
  await started.value.close();
  return { ok: false, problem: { kind: "ops-port-in-use" } };
}
