import { resolve } from "node:path";
import { decodeWith, ipLiteral } from "@papo/protocol";
import { EXIT } from "../exit-codes.ts";
import { CommandError, type Invocation } from "../commands/command.ts";
import type { RelayPlace, RelaySettings } from "../hosting/open-tracker.ts";

const PORT_MAX = 65_535;

/** `--relay on|off|IP:PORT`, with `--relay-secret` for the last of these. */
export function relaySettings({ values, texts }: Invocation): RelaySettings {
  const { relay = "on", "relay-secret": secret } = values;
  const { problems } = texts;
  if (relay === "on" || relay === "off") {
    if (secret !== undefined) throw new CommandError(problems.secretNeedsRelay, EXIT.usage);
    return { at: relay === "on" ? "here" : "nowhere" };
  }
  const place = placeOf(relay);
  if (place === undefined) throw new CommandError(problems.badRelay("--relay"), EXIT.usage);
  if (secret === undefined) throw new CommandError(problems.relayNeedsSecret, EXIT.usage);
  return { at: "elsewhere", place, secretFile: resolve(secret) };
}

/** An address and never a name: everybody is sent there, and nobody should have to look it up. */
function placeOf(text: string): RelayPlace | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/u.exec(text) ?? [];
  const host = decodeWith(ipLiteral, bracketed ?? plain);
  const port = Number(digits);
  return host.ok && port >= 1 && port <= PORT_MAX ? { host: host.value, port } : undefined;
}
