import type { Clock, Link, LinkSettings, Listener, Network } from "@papo/link";
import { type Outcome, fault } from "@papo/protocol";
import { firstSeedWord } from "../mesh/handshake.ts";

export type DoorPorts = { readonly network: Network; readonly clock: Clock; readonly settings: LinkSettings };

/** Listens everywhere, as a Papo does, and answers nothing but a tracker's PING. Whoever opens it closes it. */
export async function openDoor({ network, clock, settings }: DoorPorts): Promise<Outcome<Listener>> {
  const onLink = (link: Link): void => void answerPing(link, clock);
  const how = { ...settings, port: 0, dialects: ["seed"], silentMax: SILENT_MAX, onLink } as const;
  const everywhere = await network.listen({ ...how, host: "::" });
  // A system without IPv6 has no dual-stack socket.
  return everywhere.ok ? everywhere : network.listen({ ...how, host: "0.0.0.0" });
}

/** Whoever else comes by meanwhile costs little. */
const SILENT_MAX = 16;

async function answerPing(link: Link, clock: Clock): Promise<void> {
  const word = await firstSeedWord(link, clock);
  if (!word.ok) return;
  if (word.value.cmd === "PING") link.sendJson({ cmd: "PONG" });
  await link.close(fault("closed", "answered"));
}
