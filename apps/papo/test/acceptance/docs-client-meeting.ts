import { connect, type Socket } from "node:net";
import type { Frames, Json, Signed } from "./docs-client-wire.ts";

// A second implementation, part five: how two devices come together by a tracker, from docs/protocol/tracker.md §7 and §8 alone.

export type Place = { readonly host: string; readonly port: number };

/** tracker.md §7.5, for a side that gave no addresses and takes nothing but a relay. */
export type RelayPath = { readonly role: "client" | "server"; readonly socket: Socket };

/** Asks by `#ask` and hears on the session's frames. */
export type Session = {
  readonly frames: Frames;
  readonly place: Place;
  readonly ask: (request: Json) => Promise<Json>;
};

/** peer.md §7.1: where a device can be dialled, unsigned. It is the first that this device tells. */
export function addressRecord(device: string, { host, port }: Place): Json {
  const addresses = [{ address: host, port }];
  return { v: 1, device, seq: 1, time: "2026-11-20T12:00:00.000Z", addresses };
}

/** peer.md §7.1: the places of a record. Who it is that answers there is proven by TLS. */
export function placesOf({ text }: Signed): readonly Place[] {
  const { addresses } = JSON.parse(text) as { readonly addresses: readonly { address: string; port: number }[] };
  return addresses.map(({ address: host, port }) => ({ host, port }));
}

/** tracker.md §7.3: to a stranger, who is told nothing of where we are. */
export async function call(session: Session, username: string, device: string): Promise<RelayPath> {
  const { call: id } = await session.ask({ cmd: "CONNECT", username, device, addresses: null, relay: true });
  return relayed(session, id);
}

/** tracker.md §7.4: takes every call as long as the session lives, and tells nobody where we are. */
export async function takeCalls(session: Session, taken: (path: RelayPath) => void): Promise<void> {
  for (;;) {
    const { call: id } = await session.frames.next("CALL", ({ status }) => status === "CALL");
    await session.ask({ cmd: "ANSWER", call: id, accept: true, addresses: null, relay: true });
    taken(await relayed(session, id));
  }
}

async function relayed({ frames, place }: Session, id: unknown): Promise<RelayPath> {
  const paths = await frames.next("PATHS", ({ status, call: of }) => status === "PATHS" && of === id);
  const relay = paths["relay"] as { readonly ticket: string; readonly place: Place | null } | null;
  if (relay === null) throw new Error(`no relay: ${JSON.stringify(paths)}`);
  const socket = connect({ ...(relay.place ?? place) });
  socket.on("error", () => {});
  socket.write(Buffer.concat([Buffer.of(0x50), Buffer.from(relay.ticket, "base64url")]));
  return { role: paths["role"] === "client" ? "client" : "server", socket };
}
