import { type Place, untilGone } from "@papo/link";
import type { PeerApi } from "@papo/peer/api";

/**
 * Resolves when the tracker may be gone: the session was lost, or, while there is no session, a connection that does
 * nothing but wait was closed. So nothing is polled, and a tracker that is killed is missed at once.
 */
export async function untilDoubt(peer: PeerApi, place: Place, signal: AbortSignal): Promise<void> {
  const { promise: offline, resolve: sayOffline } = Promise.withResolvers<void>();
  const online = new AbortController();
  const unsubscribe = peer.subscribe((event) => {
    if (event.kind !== "tracker") return;
    if (event.state.kind === "online") online.abort();
    else if (online.signal.aborted) sayOffline();
  });
  signal.addEventListener("abort", () => sayOffline(), { once: true });
  if (peer.trackerState().kind === "online") online.abort();
  await untilGone(place, AbortSignal.any([signal, online.signal]));
  if (online.signal.aborted && !signal.aborted) await offline;
  unsubscribe();
}
