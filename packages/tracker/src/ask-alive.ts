import { type Clock, type Link, type Network, pause } from "@papo/link";
import {
  LINK_QUEUE_BYTES_MAX,
  PONG_BYTES_MAX,
  PONG_TIMEOUT_MS,
  TRACKER_ALPN,
  decodeSeedPeer,
  fault,
} from "@papo/protocol";
import type { AskAlive } from "./services/liveness.ts";
import type { TrackerIdentity } from "./tracker-identity.ts";

type Parts = { readonly network: Network; readonly clock: Clock; readonly identity: TrackerIdentity };

/**
 * Opens a connection, says PING, and counts nothing but a PONG on that very connection, in time and first. Whoever says anything else,
 * or much, or nothing, has not answered. docs/protocol/seed.md §7
 */
export function askAlive({ network, clock, identity }: Parts): AskAlive {
  return async ({ host, port }, signal) => {
    const startedAtMs = clock.monotonicMs();
    const dialled = await network.dial({
      identity: identity.tls,
      alpn: TRACKER_ALPN,
      queueBytesMax: LINK_QUEUE_BYTES_MAX,
      host,
      port,
      dialect: "seed",
      timeoutMs: PONG_TIMEOUT_MS,
      readBytesMax: PONG_BYTES_MAX,
      signal,
    });
    if (!dialled.ok) return false;
    const leftMs = PONG_TIMEOUT_MS - (clock.monotonicMs() - startedAtMs);
    const isAlive = await awaitPong(dialled.value, { clock, leftMs, signal });
    dialled.value.destroy(fault("closed", "PING is done"));
    return isAlive;
  };
}

type Wait = { readonly clock: Clock; readonly leftMs: number; readonly signal: AbortSignal };

async function awaitPong(link: Link, { clock, leftMs, signal }: Wait): Promise<boolean> {
  const heard = new AbortController();
  let isAlive = false;
  link.start({
    message({ payload }) {
      if (heard.signal.aborted) return;
      const said = decodeSeedPeer(payload);
      isAlive = said.ok && said.value.cmd === "PONG";
      heard.abort();
    },
    mistake: () => heard.abort(),
    closed: () => heard.abort(),
  });
  link.sendJson({ cmd: "PING" });
  await pause(clock, leftMs, AbortSignal.any([heard.signal, signal]));
  return isAlive;
}
