import { resolve } from "node:path";
import { systemClock, tcpNetwork } from "@papo/link";
import { RELAY_PORT_DEFAULT, safeText } from "@papo/protocol";
import { EXIT } from "../exit-codes.ts";
import { openProblemExit, openProblemText } from "../hosting/open-problem-text.ts";
import { type OpenedRelay, openRelay, type RelayAloneSettings } from "../hosting/open-relay.ts";
import { nowOf } from "../hosting/open-tracker.ts";
import { numberOption, opsPortOption, portOption } from "../settings/number-option.ts";
import { untilToldToStop } from "../signals.ts";
import { CommandError, type CommandProgram, type Invocation } from "./command.ts";
import { hostAndPort, isLoopback, openLog, opsUrl } from "./tracker.ts";

/** `papo relay`: runs until a signal says otherwise. */
export const relay: CommandProgram = async (invocation) => {
  const { values, texts, stdio } = invocation;
  const stop = untilToldToStop();
  const settings = await relayAloneSettings(invocation);
  const opened = await openRelay(settings, { network: tcpNetwork(systemClock), clock: systemClock });
  if (!opened.ok) {
    const place = { ...settings, data: settings.secretFile };
    throw new CommandError(openProblemText(opened.problem, place, texts), openProblemExit(opened.problem));
  }
  const announce = values.json === true ? announceAsJson : announceToPeople;
  announce(opened.value, settings, invocation);
  // untranslated: scripts wait for this line, in every language and under --json
  stdio.line(`listening on ${hostAndPort(opened.value.relay)}`);

  await stop;
  await opened.value.ops?.close();
  await opened.value.relay.close();
  return EXIT.ok;
};

async function relayAloneSettings(invocation: Invocation): Promise<RelayAloneSettings> {
  const { values, texts } = invocation;
  const { "relay-secret": secret } = values;
  if (secret === undefined) throw new CommandError(texts.relayProgram.needsSecret, EXIT.usage);
  const connections = numberOption(values, "connections-per-ip", { from: 0, to: CONNECTIONS_MAX, texts });
  return {
    host: values.host ?? "0.0.0.0",
    port: portOption(values, texts) ?? RELAY_PORT_DEFAULT,
    opsPort: opsPortOption(values, texts) ?? "off",
    secretFile: resolve(secret),
    connectionsPerAddress: connections === 0 ? Number.POSITIVE_INFINITY : connections,
    log: await openLog(invocation),
  };
}

const CONNECTIONS_MAX = 999_999_999;

function announceToPeople(
  { relay: opened, ops }: OpenedRelay,
  settings: RelayAloneSettings,
  invocation: Invocation,
): void {
  const { stdio, texts } = invocation;
  stdio.line(texts.relayProgram.howToUse(`IP:${opened.port}`, safeText(settings.secretFile)));
  if (isLoopback(opened.host)) stdio.line(texts.trackerProgram.loopbackOnly);
  if (ops !== undefined) stdio.line(texts.trackerProgram.ops(opsUrl(ops)));
}

function announceAsJson(
  { relay: opened, ops }: OpenedRelay,
  _settings: RelayAloneSettings,
  { stdio }: Invocation,
): void {
  const url = ops === undefined ? {} : { ops: opsUrl(ops) };
  const { host, port } = opened;
  stdio.line(JSON.stringify({ level: "info", time: nowOf(systemClock)(), host, port, ...url, event: "started" }));
}
